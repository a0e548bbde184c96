#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "sdf/sdf.h"

namespace hutong::sdf {

/// The functions of a library by name. Only the two of the access right may be null: not every device has
/// them.
struct Functions {
#define HUTONG_SDF_MEMBER(name, parameters) name##Function name = nullptr;
  HUTONG_SDF_FUNCTIONS(HUTONG_SDF_MEMBER)
#undef HUTONG_SDF_MEMBER
};

/// The library of a device's maker, in this process: it is part of the machine that keeps the keys, and
/// trusted like it. Move-only.
class Library {
 public:
  /// kUnavailable "sdf.library": the loader's words, or which functions are missing.
  static Result<Library> load(const std::filesystem::path& file);
  Library(Library&& other) noexcept;
  Library& operator=(Library&&) = delete;
  ~Library();
  const Functions& functions() const { return functions_; }

 private:
  explicit Library(void* handle) : handle_(handle) {}
  void* handle_;
  Functions functions_;
};

/// Whether after this result the device must be opened anew: it is not reached, or a result of the maker's
/// own.
bool is_lost(int code);

/// What a function's result means: kUnavailable "sdf.device", kUnauthorized "sdf.password" (no right to the
/// private key), kNotFound "sdf.no_key", kPolicy "sdf.refused" for the rest. The detail has the number.
Error error_of(std::string_view function, int code);

}  // namespace hutong::sdf
