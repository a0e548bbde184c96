#include "provider/core.h"

#include <cstdarg>
#include <string>

namespace hutong::provider {
namespace {

/// The core takes its arguments as a va_list, which only a variadic function can make.
void set_error(OSSL_FUNC_core_vset_error_fn* set, const OSSL_CORE_HANDLE* handle, std::uint32_t reason,
               const char* format, ...) {  // NOLINT(cert-dcl50-cpp): see above
  va_list arguments;
  va_start(arguments, format);
  set(handle, reason, format, arguments);
  va_end(arguments);
}

constexpr unsigned number(Errc code) { return static_cast<unsigned>(code); }

void* text(const char* literal) { return const_cast<char*>(literal); }  // OSSL_ITEM has no const

}  // namespace

Core::Core(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* upcalls) : handle_(handle) {
  for (; upcalls->function_id != 0; ++upcalls) {
    if (upcalls->function_id == OSSL_FUNC_CORE_NEW_ERROR) {
      new_error_ = OSSL_FUNC_core_new_error(upcalls);
    } else if (upcalls->function_id == OSSL_FUNC_CORE_VSET_ERROR) {
      vset_error_ = OSSL_FUNC_core_vset_error(upcalls);
    }
  }
}

void Core::raise(const Error& error) const {
  if (new_error_ == nullptr || vset_error_ == nullptr) {
    return;
  }
  new_error_(handle_);
  const std::string reason(error.reason);
  set_error(vset_error_, handle_, number(error.code), "%s: %s", reason.c_str(), error.detail.c_str());
}

bool Core::check(const Status& status) const {
  if (!status) {
    raise(status.error());
  }
  return status.has_value();
}

const OSSL_ITEM* Core::reason_strings() {
  static const OSSL_ITEM strings[] = {
      {number(Errc::kMalformed), text("malformed input")},
      {number(Errc::kPolicy), text("not supported")},
      {number(Errc::kInternal), text("functions called in a wrong order")},
      {number(Errc::kLimit), text("too long")},
      {number(Errc::kCryptoFail), text("a cryptographic check failed")},
      {0, nullptr},
  };
  return strings;
}

}  // namespace hutong::provider
