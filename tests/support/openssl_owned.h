#pragma once

#include <memory>

namespace hutong::test::peer {

/// Owns a handle of OpenSSL's, in tests that use it as the other side.
template <auto kFree>
struct Deleter {
  template <typename T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};
template <typename T, auto kFree>
using Owned = std::unique_ptr<T, Deleter<kFree>>;

}  // namespace hutong::test::peer
