#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace hutong::platform {

/// Example files for newcomers: a folder with manifest.json (an array of name, title_zh, title_en, hint_zh,
/// hint_en, expected, content) and the files it names; in a demonstration also logins.json, an array that
/// says who can log in where, with which key file and which password. Read once; only files that the manifest
/// names are handed out. Immutable, usable from any thread.
class ExampleSet {
 public:
  ExampleSet() = default;
  /// kNotFound, kMalformed "examples.manifest", "examples.logins"; what read_file says.
  static Result<ExampleSet> load(const std::filesystem::path& folder);
  /// GET /api/v1/examples
  net::Response list() const;
  /// GET /api/v1/examples/{name}; kNotFound "example.not_found".
  Result<net::Response> file(std::string_view name) const;
  /// GET /api/v1/demonstration; an empty array where keys are worth something.
  net::Response logins() const;

 private:
  std::string manifest_ = "[]";
  std::string logins_ = "[]";
  std::map<std::string, std::string, std::less<>> files_;
};

}  // namespace hutong::platform
