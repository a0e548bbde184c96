#pragma once

#include <openssl/core.h>

#include <memory>
#include <utility>

namespace hutong::provider {

/// One function in the table that a provider hands to OpenSSL. `Function` is the type that
/// openssl/core_dispatch.h gives to `id`, so that a wrong signature does not compile.
template <typename Function>
OSSL_DISPATCH entry(int id, Function* function) {
  return {id, reinterpret_cast<void (*)()>(function)};
}
inline constexpr OSSL_DISPATCH kEndOfDispatch{0, nullptr};

/// C++ behind a function of C: no exception (no memory, a caller's bug) may pass into OpenSSL, so it becomes
/// failure here. 1 is success, 0 is failure.
template <typename Action>
int guarded(Action&& action) noexcept {
  try {
    return std::forward<Action>(action)() ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

/// Contexts belong to OpenSSL, as void pointers; null when there is no memory.
template <typename Context, typename... Arguments>
void* make_context(Arguments&&... arguments) noexcept {
  try {
    return std::make_unique<Context>(std::forward<Arguments>(arguments)...).release();
  } catch (...) {
    return nullptr;
  }
}

template <typename Context>
void* copy_context(void* context) noexcept {
  return make_context<Context>(*static_cast<const Context*>(context));
}

template <typename Context>
void drop_context(void* context) noexcept {
  const std::unique_ptr<Context> owner(static_cast<Context*>(context));
}

}  // namespace hutong::provider
