#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hutong {

/// Reads a program's TOML file of sections and keys. Values are taken out one by one; what is left at
/// finish() nobody knows, and that is an error: a misspelt key never goes unnoticed. The first error counts.
/// Belongs to one thread.
class ConfigReader {
 public:
  /// kMalformed "config.toml", and what read_file says.
  static Result<ConfigReader> open(const std::filesystem::path& file);
  ConfigReader(ConfigReader&&) noexcept;
  ConfigReader& operator=(ConfigReader&&) noexcept;
  ~ConfigReader();

  /// A key that is absent leaves `out` as it is.
  void text(std::string_view section, std::string_view key, std::string& out);
  /// An array of texts.
  void texts(std::string_view section, std::string_view key, std::vector<std::string>& out);
  /// Made absolute against the file's folder; an empty text is as good as none.
  void path(std::string_view section, std::string_view key, std::filesystem::path& out);
  void paths(std::string_view section, std::string_view key, std::vector<std::filesystem::path>& out);
  void flag(std::string_view section, std::string_view key, bool& out);
  template <typename Number>
  void number(std::string_view section, std::string_view key, std::int64_t least, std::int64_t most,
              Number& out) {
    if (const auto value = integer(section, key, least, most)) {
      out = static_cast<Number>(*value);
    }
  }
  /// kMalformed "config.value" (wrong type or out of range), "config.unknown_key".
  Status finish();

 private:
  struct Impl;
  explicit ConfigReader(std::unique_ptr<Impl> impl);
  std::optional<std::int64_t> integer(std::string_view section, std::string_view key, std::int64_t least,
                                      std::int64_t most);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hutong
