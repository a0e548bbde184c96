#include "crypto/sm3.h"

#include <algorithm>

#include "base/secret.h"
#include "crypto/internal/endian.h"
#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto {
namespace {}  // namespace

Sm3::Sm3() : state_(internal::kSm3InitialState) {}

Sm3::~Sm3() {
  wipe({reinterpret_cast<std::uint8_t*>(state_.data()), sizeof state_});
  wipe(block_);
}

void Sm3::update(ByteView data) {
  const std::size_t buffered = total_ % kSm3BlockSize;
  total_ += data.size();
  if (buffered != 0) {
    const std::size_t taken = std::min(data.size(), kSm3BlockSize - buffered);
    std::copy_n(data.begin(), taken, block_.begin() + static_cast<std::ptrdiff_t>(buffered));
    data = data.subspan(taken);
    if (buffered + taken < kSm3BlockSize) {
      return;
    }
    internal::sm3_kernel().compress(state_, block_.data(), 1);
  }
  const std::size_t whole = data.size() / kSm3BlockSize;
  if (whole != 0) {
    internal::sm3_kernel().compress(state_, data.data(), whole);
  }
  std::ranges::copy(data.subspan(whole * kSm3BlockSize), block_.begin());
}

Sm3Digest Sm3::finish() {
  const std::uint64_t bits = total_ * 8;
  std::size_t used = total_ % kSm3BlockSize;
  block_[used++] = 0x80;
  if (used > kSm3BlockSize - 8) {
    std::fill(block_.begin() + static_cast<std::ptrdiff_t>(used), block_.end(), std::uint8_t{0});
    internal::sm3_kernel().compress(state_, block_.data(), 1);
    used = 0;
  }
  std::fill(block_.begin() + static_cast<std::ptrdiff_t>(used), block_.end() - 8, std::uint8_t{0});
  internal::store_be64(block_.data() + kSm3BlockSize - 8, bits);
  internal::sm3_kernel().compress(state_, block_.data(), 1);

  Sm3Digest digest;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    internal::store_be32(digest.data() + 4 * i, state_[i]);
  }
  *this = Sm3();
  return digest;
}

Sm3Digest sm3(ByteView data) {
  Sm3 hash;
  hash.update(data);
  return hash.finish();
}

HmacSm3::HmacSm3(ByteView key) {
  std::array<std::uint8_t, kSm3BlockSize> pad{};
  const internal::WipeAtExit wipe_pad(pad);
  if (key.size() > kSm3BlockSize) {
    Sm3Digest hashed = sm3(key);
    const internal::WipeAtExit wipe_hashed(hashed);
    std::ranges::copy(hashed, pad.begin());
  } else {
    std::ranges::copy(key, pad.begin());
  }
  const auto flip = [&pad](std::uint8_t mask) {
    for (std::uint8_t& octet : pad) {
      octet = static_cast<std::uint8_t>(octet ^ mask);
    }
  };
  constexpr std::uint8_t kInnerMask = 0x36;
  constexpr std::uint8_t kOuterMask = 0x5C;
  flip(kInnerMask);
  keyed_inner_.update(pad);
  flip(kInnerMask ^ kOuterMask);
  keyed_outer_.update(pad);
  inner_ = keyed_inner_;
  outer_ = keyed_outer_;
}

Sm3Digest HmacSm3::finish() {
  Sm3Digest inner = inner_.finish();
  const internal::WipeAtExit wipe_inner(inner);
  outer_.update(inner);
  const Sm3Digest mac = outer_.finish();
  inner_ = keyed_inner_;
  outer_ = keyed_outer_;
  return mac;
}

Sm3Digest hmac_sm3(ByteView key, ByteView data) {
  HmacSm3 mac(key);
  mac.update(data);
  return mac.finish();
}

}  // namespace hutong::crypto
