#pragma once

#include <filesystem>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace hutong::test {

/// A file or folder of the project's own test data, tests/data/<name>.
std::filesystem::path data_path(std::string_view name);

/// A file or folder of the corpus (HUTONG_CORPUS, default ../shared/corpus beside the project); empty when
/// there is no corpus, after saying so loudly once on standard error. Use HUTONG_NEED_CORPUS first.
std::filesystem::path corpus_path(std::string_view name);
bool has_corpus();

/// Reads a whole file or fails the running test by throwing.
Bytes read(const std::filesystem::path& path);

/// Octets from hexadecimal in a test; throws on a typing error.
Bytes hex(std::string_view text);

/// One record of a vector file: `key = value` lines, records separated by a blank line, `#` starts a comment
/// line. The record's first value becomes its name (made fit for GTest).
struct Vector {
  std::string name;
  std::map<std::string, std::string, std::less<>> fields;
  const std::string& text(std::string_view key) const;  ///< throws when the key is missing
  Bytes hex(std::string_view key) const;
  bool has(std::string_view key) const { return fields.find(key) != fields.end(); }
};
std::ostream& operator<<(std::ostream& out, const Vector& vector);
std::vector<Vector> load_vectors(std::string_view data_file);

}  // namespace hutong::test

#define HUTONG_NEED_CORPUS()                     \
  if (!::hutong::test::has_corpus()) {           \
    GTEST_SKIP() << "skipped: corpus not found"; \
  }                                              \
  static_assert(true, "a semicolon follows")
