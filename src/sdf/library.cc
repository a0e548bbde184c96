#include "sdf/library.h"

#include <dlfcn.h>

#include <array>
#include <cstdio>
#include <string>
#include <utility>

namespace hutong::sdf {
namespace {

constexpr int kFirstOfNorm = 0x01000000;
constexpr int kLastOfNorm = 0x010000FF;

bool may_be_missing(std::string_view name) {
  return name == "SDF_GetPrivateKeyAccessRight" || name == "SDF_ReleasePrivateKeyAccessRight";
}

template <typename Function>
void resolve(void* library, const char* name, Function& function, std::string& missing) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr && !may_be_missing(name)) {
    missing += (missing.empty() ? "" : ", ") + std::string(name);
  }
}

}  // namespace

Result<Library> Library::load(const std::filesystem::path& file) {
  void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return Error{Errc::kUnavailable, "sdf.library", ::dlerror()};
  }
  Library library(handle);
  std::string missing;
#define HUTONG_SDF_RESOLVE(name, parameters) resolve(handle, #name, library.functions_.name, missing);
  HUTONG_SDF_FUNCTIONS(HUTONG_SDF_RESOLVE)
#undef HUTONG_SDF_RESOLVE
  if (!missing.empty()) {
    return Error{Errc::kUnavailable, "sdf.library", file.string() + " has no " + missing};
  }
  return library;
}

Library::Library(Library&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), functions_(other.functions_) {}

Library::~Library() {
  if (handle_ != nullptr) {
    ::dlclose(handle_);
  }
}

bool is_lost(int code) {
  switch (code) {
    case SDR_COMMFAIL:
    case SDR_HARDFAIL:
    case SDR_OPENDEVICE:
    case SDR_OPENSESSION:
      return true;
    default:
      return code != SDR_OK && (code < kFirstOfNorm || code > kLastOfNorm);
  }
}

Error error_of(std::string_view function, int code) {
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "0x%08X", static_cast<unsigned>(code));
  std::string detail = std::string(function) + ": " + number.data();
  if (is_lost(code)) {
    return {Errc::kUnavailable, "sdf.device", "the cryptographic device is not reached: " + detail};
  }
  switch (code) {
    case SDR_PARDENY:
    case SDR_PRKRERR:
      return {Errc::kUnauthorized, "sdf.password", "no right to the private key: " + detail};
    case SDR_KEYNOTEXIST:
      return {Errc::kNotFound, "sdf.no_key", std::move(detail)};
    default:
      return {Errc::kPolicy, "sdf.refused", std::move(detail)};
  }
}

}  // namespace hutong::sdf
