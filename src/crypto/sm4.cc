#include "crypto/sm4.h"

#include <algorithm>

#include "crypto/internal/sm4_kernel.h"

namespace hutong::crypto {
namespace {

constexpr std::size_t kRoundKeysSize = internal::kSm4RoundKeysSize;

}  // namespace

Result<Sm4Key> Sm4Key::from_octets(ByteView key) {
  if (key.size() != kSm4KeySize) {
    return Error{Errc::kMalformed, "sm4.key", "an SM4 key is 16 octets"};
  }
  SecretBytes round_keys(2 * kRoundKeysSize);
  std::uint8_t* const forward = round_keys.writable().data();
  internal::sm4_kernel().expand_key(key.data(), forward);
  for (std::size_t i = 0; i < kRoundKeysSize; i += 4) {
    std::copy_n(forward + kRoundKeysSize - 4 - i, 4, forward + kRoundKeysSize + i);
  }
  return Sm4Key(std::move(round_keys));
}

void Sm4Key::encrypt_blocks(ByteView in, std::span<std::uint8_t> out) const {
  internal::sm4_kernel().encrypt(round_keys_.expose().data(), in.data(), out.data(),
                                 in.size() / kSm4BlockSize);
}

void Sm4Key::decrypt_blocks(ByteView in, std::span<std::uint8_t> out) const {
  internal::sm4_kernel().encrypt(round_keys_.expose().data() + kRoundKeysSize, in.data(), out.data(),
                                 in.size() / kSm4BlockSize);
}

void Sm4Key::encrypt_chain(Sm4Block& chain, ByteView in, std::span<std::uint8_t> out) const {
  internal::sm4_kernel().encrypt_chain(round_keys_.expose().data(), chain.data(), in.data(), out.data(),
                                       in.size() / kSm4BlockSize);
}

}  // namespace hutong::crypto
