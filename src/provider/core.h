#pragma once

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

#include "base/result.h"

namespace hutong::provider {

/// What OpenSSL lends to this provider when it loads it: the one upcall that we need is the error queue. One
/// object per OSSL_LIB_CTX; it outlives every context made by the provider. Usable from any thread.
class Core {
 public:
  Core(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* upcalls);

  /// Puts the error on the thread's error queue: the reason is the number of its code, the text "sm4.tag: the
  /// authentication tag is wrong".
  void raise(const Error& error) const;
  /// True, or raises the error.
  bool check(const Status& status) const;

  /// The texts of the reason numbers.
  static const OSSL_ITEM* reason_strings();

 private:
  const OSSL_CORE_HANDLE* handle_;
  OSSL_FUNC_core_new_error_fn* new_error_ = nullptr;
  OSSL_FUNC_core_vset_error_fn* vset_error_ = nullptr;
};

/// The provider context as OpenSSL hands it back.
inline const Core& core_of(void* provider_context) { return *static_cast<const Core*>(provider_context); }

}  // namespace hutong::provider
