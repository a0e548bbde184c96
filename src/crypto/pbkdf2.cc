#include "crypto/pbkdf2.h"

#include <algorithm>

#include "crypto/internal/openssl.h"
#include "crypto/sm3.h"

namespace hutong::crypto {
namespace {

/// One block T_i = U_1 xor U_2 xor ... (RFC 8018 5.2).
void sm3_block(HmacSm3& keyed, ByteView salt, std::uint32_t index, std::uint64_t rounds, Sm3Digest& block) {
  const std::uint8_t number[] = {static_cast<std::uint8_t>(index >> 24),
                                 static_cast<std::uint8_t>(index >> 16),
                                 static_cast<std::uint8_t>(index >> 8), static_cast<std::uint8_t>(index)};
  keyed.update(salt);
  keyed.update(number);
  Sm3Digest u = keyed.finish();
  const ScopedWipe wipe_u(u);
  block = u;
  for (std::uint64_t round = 1; round < rounds; ++round) {
    keyed.update(u);
    u = keyed.finish();
    for (std::size_t i = 0; i < block.size(); ++i) {
      block[i] = static_cast<std::uint8_t>(block[i] ^ u[i]);
    }
  }
}

void pbkdf2_sm3(ByteView password, ByteView salt, std::uint64_t rounds, std::span<std::uint8_t> out) {
  HmacSm3 keyed(password);
  Sm3Digest block;
  const ScopedWipe wipe_block(block);
  for (std::uint32_t index = 1; !out.empty(); ++index) {
    sm3_block(keyed, salt, index, rounds, block);
    const std::size_t size = std::min(out.size(), block.size());
    std::copy_n(block.begin(), size, out.begin());
    out = out.subspan(size);
  }
}

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
  if (rounds == 0 || size == 0) {
    return Error{Errc::kMalformed, "pbkdf2.parameters", "PBKDF2 needs one round and one octet at least"};
  }
  if (rounds > kPbkdf2MostRounds) {
    return Error{Errc::kLimit, "pbkdf2.rounds", std::to_string(rounds) + " rounds"};
  }
  if (size > kPbkdf2MostOctets || salt.size() > kPbkdf2MostInput || password.size() > kPbkdf2MostInput) {
    return Error{Errc::kLimit, "pbkdf2.size", "password, salt or derived key are too long"};
  }
  SecretBytes out(size);
  if (prf == DigestAlgorithm::kSm3) {
    pbkdf2_sm3(password, salt, rounds, out.writable());
  } else if (!pbkdf2_openssl(prf, password, salt, rounds, out.writable())) {
    return Error{Errc::kInternal, "pbkdf2.failed", "OpenSSL refused to derive a key"};
  }
  return out;
}

}  // namespace hutong::crypto
