#include "token/conformance/skf_library.h"

#include <dlfcn.h>

#include <utility>

namespace hutong::token::conformance {
namespace {

template <typename Function>
bool resolve(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace

Result<SkfLibrary> SkfLibrary::load(const std::filesystem::path& file) {
  void* handle = ::dlopen(std::filesystem::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return Error{Errc::kUnavailable, "token.library", ::dlerror()};
  }
  return SkfLibrary(handle);
}

SkfLibrary::SkfLibrary(void* handle) : handle_(handle) {
#define HUTONG_SKF_REQUIRED(name, parameters) \
  if (!resolve(handle, #name, table_.name)) { \
    missing_.emplace_back(#name);             \
  }
#define HUTONG_SKF_OPTIONAL(name, parameters) resolve(handle, #name, table_.name);
  HUTONG_SKF_FUNCTIONS(HUTONG_SKF_REQUIRED)
  HUTONG_SKF_EXTENSIONS(HUTONG_SKF_OPTIONAL)
#undef HUTONG_SKF_REQUIRED
#undef HUTONG_SKF_OPTIONAL
}

SkfLibrary::SkfLibrary(SkfLibrary&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      table_(other.table_),
      missing_(std::move(other.missing_)) {}

SkfLibrary::~SkfLibrary() {
  if (handle_ != nullptr) {
    ::dlclose(handle_);
  }
}

}  // namespace hutong::token::conformance
