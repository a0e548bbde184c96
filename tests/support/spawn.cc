#include "tests/support/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

extern char** environ;

namespace hutong::test {
namespace {

/// Where a program's files lie and whose session it is in, as posix_spawn takes it.
class SpawnPlan {
 public:
  explicit SpawnPlan(const Start& start) {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&attributes_);
    open(STDIN_FILENO, start.input, O_RDONLY);
    open(STDOUT_FILENO, start.output, O_WRONLY | O_CREAT | O_APPEND);
    open(STDERR_FILENO, start.errors, O_WRONLY | O_CREAT | O_APPEND);
    posix_spawnattr_setflags(&attributes_, start.own_session ? POSIX_SPAWN_SETSID : 0);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  const posix_spawn_file_actions_t* files() const { return &files_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  void open(int descriptor, const std::string& path, int flags) {
    if (!path.empty()) {
      posix_spawn_file_actions_addopen(&files_, descriptor, path.c_str(), flags, 0600);
    }
  }
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

bool is_ours_no_more(std::string_view name, const Start& start) {
  return std::ranges::any_of(start.environment, [&](const auto& set) { return set.first == name; }) ||
         std::ranges::find(start.without, name) != start.without.end();
}

/// Ours, with what the start says instead.
std::vector<std::string> environment_of(const Start& start) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (!is_ours_no_more(text.substr(0, text.find('=')), start)) {
      all.emplace_back(text);
    }
  }
  for (const auto& [name, value] : start.environment) {
    all.push_back(name + "=" + value);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    out.push_back(text.data());
  }
  out.push_back(nullptr);
  return out;
}

}  // namespace

pid_t spawn(const Start& start) {
  const SpawnPlan plan(start);
  auto command = start.command;
  auto environment = environment_of(start);
  pid_t process = -1;
  if (posix_spawnp(&process, command.at(0).c_str(), plan.files(), plan.attributes(), pointers(command).data(),
                   pointers(environment).data()) != 0) {
    throw std::runtime_error("cannot start " + command[0]);
  }
  return process;
}

int exit_of(pid_t process) {
  int status = 0;
  if (waitpid(process, &status, 0) != process) {
    throw std::runtime_error("cannot wait for a program");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace hutong::test
