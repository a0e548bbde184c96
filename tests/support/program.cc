#include "tests/support/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "base/file.h"

namespace hutong::test {
namespace {

constexpr std::size_t kMostOutput = std::size_t{64} << 20;

void redirect(const std::string& path, int descriptor, int flags) {
  const int file = ::open(path.c_str(), flags, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) {
    ::_exit(126);
  }
}

[[noreturn]] void become(const std::string& name, const Call& call, const Folder& folder) {
  redirect(folder.file("in"), STDIN_FILENO, O_RDONLY);
  redirect(folder.file("out"), STDOUT_FILENO, O_WRONLY | O_CREAT);
  redirect(folder.file("err"), STDERR_FILENO, O_WRONLY | O_CREAT);
  ::setsid();  // no controlling terminal: nothing may wait for a person
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    ::unsetenv(variable);
  }
  for (const auto& [variable, value] : call.environment) {
    ::setenv(variable.c_str(), value.c_str(), 1);
  }
  std::vector<char*> argv{const_cast<char*>(name.c_str())};
  for (const auto& argument : call.arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  ::execvp(name.c_str(), argv.data());
  ::_exit(127);
}

}  // namespace

nlohmann::json Outcome::json() const { return nlohmann::json::parse(out); }

Outcome program(const std::string& name, const Call& call) {
  const Folder folder;
  folder.write("in", as_bytes(call.input));
  const pid_t child = ::fork();
  if (child == 0) {
    become(name, call, folder);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) {
    throw std::runtime_error("cannot start " + name);
  }
  Outcome outcome;
  outcome.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
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
