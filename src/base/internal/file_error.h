#pragma once

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hutong::internal {

/// What errno says now about the file; `reason` unless the file is missing, which is always "file.not_found".
inline Error from_errno(const std::filesystem::path& path, std::string_view reason) {
  const int number = errno;
  const std::string detail = path.string() + ": " + std::strerror(number);
  if (number == ENOENT) {
    return {Errc::kNotFound, "file.not_found", detail};
  }
  return {Errc::kUnavailable, reason, detail};
}

}  // namespace hutong::internal
