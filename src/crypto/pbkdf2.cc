#include "crypto/pbkdf2.h"

#include "crypto/internal/openssl.h"
#include "crypto/internal/pbkdf2_bounds.h"

namespace hutong::crypto {
namespace {

bool pbkdf2_openssl(DigestAlgorithm prf, ByteView password, ByteView salt, std::uint64_t rounds,
                    std::span<std::uint8_t> out) {
  const ossl::ErrorScope errors;
  return PKCS5_PBKDF2_HMAC(as_text(password).data(), static_cast<int>(password.size()), salt.data(),
                           static_cast<int>(salt.size()), static_cast<int>(rounds), ossl::message_digest(prf),
                           static_cast<int>(out.size()), out.data()) == 1;
}

}  // namespace

Result<SecretBytes> pbkdf2(DigestAlgorithm prf, ByteView password, ByteView salt, std::uint64_t rounds,
                           std::size_t size) {
  if (prf == DigestAlgorithm::kSm3) {
    return pbkdf2_sm3(password, salt, rounds, size);
  }
  HUTONG_CHECK(internal::check_pbkdf2(password, salt, rounds, size));
  SecretBytes out(size);
  if (!pbkdf2_openssl(prf, password, salt, rounds, out.writable())) {
    return Error{Errc::kInternal, "pbkdf2.failed", "OpenSSL refused to derive a key"};
  }
  return out;
}

}  // namespace hutong::crypto
