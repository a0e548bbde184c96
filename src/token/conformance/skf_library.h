#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "token/skf.h"

namespace hutong::token::conformance {

/// The functions of a library, by name; null where it has none.
struct SkfTable {
#define HUTONG_SKF_MEMBER(name, parameters) name##Function name = nullptr;
  HUTONG_SKF_FUNCTIONS(HUTONG_SKF_MEMBER)
  HUTONG_SKF_EXTENSIONS(HUTONG_SKF_MEMBER)
#undef HUTONG_SKF_MEMBER
};

/// An SKF library in this process. Its code runs with all our rights and may do anything: load libraries of
/// others in a process that has nothing to lose.
class SkfLibrary {
 public:
  /// kUnavailable "token.library" with the words of the system's loader.
  static Result<SkfLibrary> load(const std::filesystem::path& file);
  SkfLibrary(SkfLibrary&& other) noexcept;
  SkfLibrary& operator=(SkfLibrary&&) = delete;
  ~SkfLibrary();

  const SkfTable& functions() const { return table_; }
  /// Functions of the norm's text that the library does not have.
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  explicit SkfLibrary(void* handle);
  void* handle_;
  SkfTable table_;
  std::vector<std::string> missing_;
};

}  // namespace hutong::token::conformance
