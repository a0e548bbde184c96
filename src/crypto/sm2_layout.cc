#include "crypto/sm2_layout.h"

#include "crypto/internal/sm2_ciphertext.h"

namespace hutong::crypto {

Result<Bytes> sm2_change_layout(ByteView ciphertext, Sm2CipherLayout from, Sm2CipherLayout to) {
  HUTONG_TRY(const internal::Sm2Ciphertext parts, internal::read_ciphertext(ciphertext, from));
  return internal::write_ciphertext(parts, to);
}

}  // namespace hutong::crypto
