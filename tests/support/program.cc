#include "tests/support/program.h"

#include <cstdlib>
#include <stdexcept>

#include "base/file.h"
#include "tests/support/spawn.h"

namespace hutong::test {
namespace {

constexpr std::size_t kMostOutput = std::size_t{64} << 20;

}  // namespace

nlohmann::json Outcome::json() const { return nlohmann::json::parse(out); }

Outcome program(const std::string& name, const Call& call) {
  const Folder folder;
  folder.write("in", as_bytes(call.input));
  Start start{.command = {name},
              .environment = call.environment,
              .without = {"LC_ALL", "LC_MESSAGES", "LANG"},
              .input = folder.file("in"),
              .output = folder.file("out"),
              .errors = folder.file("err"),
              .own_session = true};
  start.command.insert(start.command.end(), call.arguments.begin(), call.arguments.end());
  Outcome outcome;
  outcome.exit = exit_of(spawn(start));
  outcome.out = std::string(as_text(folder.read("out")));
  outcome.err = std::string(as_text(folder.read("err")));
  return outcome;
}

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hutong_test_XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("no temporary folder");
  }
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, ByteView content) const {
  if (!write_file(path_ / name, content)) {
    throw std::runtime_error("cannot write " + name);
  }
  return file(name);
}

Bytes Folder::read(const std::string& name) const { return read_file(path_ / name, kMostOutput).value(); }

}  // namespace hutong::test
