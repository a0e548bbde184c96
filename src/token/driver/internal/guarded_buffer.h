#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
    put_belt(0, kFront);
    if (fill != 0) {  // it is zero already
      std::ranges::fill(all.subspan(kFront, size), fill);
    }
    put_belt(kFront + size, all.size());
  }

  void* data() { return memory_.writable().data() + kFront; }
  std::size_t size() const { return size_; }
  std::span<std::uint8_t> writable() & { return memory_.writable().subspan(kFront, size_); }
  ByteView view() const& { return memory_.expose().subspan(kFront, size_); }
  /// How far outside of its octets somebody wrote; 0 when the belts are whole.
  std::size_t overrun() const {
    const ByteView all = memory_.expose();
    for (std::size_t i = all.size(); i > kFront + size_; --i) {
      if (all[i - 1] != pattern(i - 1)) {
        return i - kFront - size_;
      }
    }
    for (std::size_t i = 0; i < kFront; ++i) {
      if (all[i] != pattern(i)) {
        return kFront - i;
      }
    }
    return 0;
  }

 private:
  static constexpr std::size_t kFront = 64;
  static constexpr std::size_t kBack = std::size_t{16} << 10;
  void put_belt(std::size_t from, std::size_t to) {
    const auto all = memory_.writable();
    for (std::size_t i = from; i < to; ++i) {
      all[i] = pattern(i);
    }
  }
  /// Neither zeros nor a repeated octet, which is what overshooting writes leave.
  static std::uint8_t pattern(std::size_t index) { return static_cast<std::uint8_t>(index * 167 + 89); }

  std::size_t size_;
  SecretBytes memory_;
};

}  // namespace hutong::token::host
