#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace hutong::cli::test {

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
/// The real `hutong`, without a terminal, in Chinese unless the environment says otherwise.
Outcome hutong(const std::vector<std::string>& arguments);
Outcome hutong(const Call& call);
/// Any other program, found by PATH.
Outcome program(const std::string& name, const std::vector<std::string>& arguments);

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

}  // namespace hutong::cli::test
