#pragma once

#include <mutex>
#include <optional>

namespace hutong::x509::internal {

/// A value made by the first thread that asks for it.
template <typename T>
class Lazy {
 public:
  template <typename Make>
  const T& get(Make&& make) const {
    std::call_once(once_, [&] { value_.emplace(make()); });
    return *value_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::optional<T> value_;
};

}  // namespace hutong::x509::internal
