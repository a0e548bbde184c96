#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "crypto/sm3.h"
#include "token/driver/functions.h"
#include "token/driver/protocol.h"

namespace hutong::token::host {

/// Why a library was not loaded, and its SM3 as far as it could be read.
struct LoadFailure {
  LoadOutcome outcome = LoadOutcome::kUnreadable;
  std::string text;
};

/// A driver loaded into this process, for good: drivers do not survive dlclose. Symbols are looked up when
/// they are first called, except those that every driver must have. Belongs to one thread.
class Library {
 public:
  /// SM3 of the file. Nothing when it cannot be read.
  static std::optional<crypto::Sm3Digest> digest_of(const std::filesystem::path& file);
  /// Loads with RTLD_NOW and RTLD_LOCAL. An exception of the driver's own initialisation ends the process.
  std::optional<LoadFailure> load(const std::filesystem::path& file);
  /// Null when the library does not export the function under any of its names.
  void* symbol(Function function);

 private:
  void* look_up(const FunctionName& name) const;
  void* handle_ = nullptr;
  std::array<std::optional<void*>, kFunctionCount> symbols_{};
};

}  // namespace hutong::token::host
