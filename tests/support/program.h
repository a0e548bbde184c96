#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace hutong::test {

/// What a program that ran has said.
struct Outcome {
  int exit = -1;
  std::string out;
  std::string err;
  nlohmann::json json() const;  ///< of standard output; throws when it is none
};

struct Call {
  std::vector<std::string> arguments;
  std::string input = {};  ///< standard input
  std::vector<std::pair<std::string, std::string>> environment = {};
};
/// Any program, found by PATH unless its name is a path; without a terminal. Throws when it cannot be
/// started.
Outcome program(const std::string& name, const Call& call);

/// A folder of its own for each test, removed at the end.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, ByteView content) const;
  Bytes read(const std::string& name) const;
  bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }

 private:
  std::filesystem::path path_;
};

}  // namespace hutong::test
