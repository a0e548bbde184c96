#include <algorithm>

#include "crypto/internal/pbkdf2_bounds.h"
#include "crypto/pbkdf2.h"
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

void derive_with_sm3(ByteView password, ByteView salt, std::uint64_t rounds, std::span<std::uint8_t> out) {
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

}  // namespace

Status internal::check_pbkdf2(ByteView password, ByteView salt, std::uint64_t rounds, std::size_t size) {
  if (rounds == 0 || size == 0) {
    return Error{Errc::kMalformed, "pbkdf2.parameters", "PBKDF2 needs one round and one octet at least"};
  }
  if (rounds > kPbkdf2MostRounds) {
    return Error{Errc::kLimit, "pbkdf2.rounds", std::to_string(rounds) + " rounds"};
  }
  if (size > kPbkdf2MostOctets || salt.size() > kPbkdf2MostInput || password.size() > kPbkdf2MostInput) {
    return Error{Errc::kLimit, "pbkdf2.size", "password, salt or derived key are too long"};
  }
  return ok();
}

Result<SecretBytes> pbkdf2_sm3(ByteView password, ByteView salt, std::uint64_t rounds, std::size_t size) {
  HUTONG_CHECK(internal::check_pbkdf2(password, salt, rounds, size));
  SecretBytes out(size);
  derive_with_sm3(password, salt, rounds, out.writable());
  return out;
}

}  // namespace hutong::crypto
