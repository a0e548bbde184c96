#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/bytes.h"
#include "base/secret.h"

namespace hutong::token::host {

/// A buffer that a driver may write to: its octets stand between two belts of a known pattern, the one behind
/// it as wide as drivers were seen to overshoot. Wiped when dropped; never moves.
class GuardedBuffer {
 public:
  explicit GuardedBuffer(std::size_t size = 0, std::uint8_t fill = 0)
      : size_(size), memory_(kFront + size + kBack) {
    const auto all = memory_.writable();
    std::ranges::copy(front_belt(), all.begin());
    if (fill != 0) {  // it is zero already
      std::ranges::fill(all.subspan(kFront, size), fill);
    }
    std::ranges::copy(back_belt(), all.last(kBack).begin());
  }

  void* data() { return memory_.writable().data() + kFront; }
  std::size_t size() const { return size_; }
  std::span<std::uint8_t> writable() & { return memory_.writable().subspan(kFront, size_); }
  ByteView view() const& { return memory_.expose().subspan(kFront, size_); }
  /// How far outside of its octets somebody wrote; 0 when the belts are whole.
  std::size_t overrun() const {
    const ByteView front = memory_.expose().first(kFront);
    const ByteView back = memory_.expose().last(kBack);
    if (std::memcmp(back.data(), kBelt.data(), kBack) != 0) {
      std::size_t reach = kBack;
      while (back[reach - 1] == kBelt[reach - 1]) {
        --reach;
      }
      return reach;
    }
    const auto [written, whole] = std::ranges::mismatch(front, front_belt());
    return static_cast<std::size_t>(front.end() - written);
  }

 private:
  static constexpr std::size_t kFront = 64;
  static constexpr std::size_t kBack = std::size_t{16} << 10;
  /// Neither zeros nor a repeated octet, which is what overshooting writes leave.
  static constexpr std::array<std::uint8_t, kBack> kBelt = [] {
    std::array<std::uint8_t, kBack> belt{};
    for (std::size_t i = 0; i < kBack; ++i) {
      belt[i] = static_cast<std::uint8_t>(i * 167 + 89);
    }
    return belt;
  }();
  static ByteView front_belt() { return ByteView(kBelt).first(kFront); }
  static ByteView back_belt() { return kBelt; }

  std::size_t size_;
  SecretBytes memory_;
};

}  // namespace hutong::token::host
