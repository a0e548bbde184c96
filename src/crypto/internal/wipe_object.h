#pragma once

#include <cstdint>
#include <type_traits>

#include "base/secret.h"

namespace hutong::crypto::internal {

/// Wipes a plain object (words, points, states) when the scope ends.
template <typename T>
class WipeAtExit {
 public:
  static_assert(std::is_trivially_copyable_v<T>);
  explicit WipeAtExit(T& object) : object_(object) {}
  WipeAtExit(const WipeAtExit&) = delete;
  WipeAtExit& operator=(const WipeAtExit&) = delete;
  ~WipeAtExit() { wipe({reinterpret_cast<std::uint8_t*>(&object_), sizeof(T)}); }

 private:
  T& object_;
};

}  // namespace hutong::crypto::internal
