#include "agent/browsers.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace hutong::agent {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNickname = "hutong-agent";

/// Runs certutil on a store; its output is nobody's.
Status certutil(const fs::path& store, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"certutil", "-d", "sql:" + store.string()});
  std::vector<char*> pointers;
  for (std::string& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t process = -1;
  const int failure = ::posix_spawnp(&process, "certutil", &files, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  int status = 0;
  if (failure != 0 || ::waitpid(process, &status, 0) != process || status != 0) {
    return Error{Errc::kUnavailable, "agent.certutil",
                 store.string() + (failure != 0 ? ": certutil is not installed (package libnss3-tools)"
                                                : ": certutil refused " + arguments.at(3))};
  }
  return ok();
}

bool is_store(const fs::path& folder) { return fs::exists(folder / "cert9.db"); }

}  // namespace

std::vector<fs::path> browser_stores(const fs::path& home) {
  std::vector<fs::path> stores{home / ".pki/nssdb"};
  std::error_code error;
  for (const char* profiles : {".mozilla/firefox", "snap/firefox/common/.mozilla/firefox"}) {
    for (const auto& entry : fs::directory_iterator(home / profiles, error)) {
      if (is_store(entry.path())) {
        stores.push_back(entry.path());
      }
    }
  }
  std::ranges::sort(stores);
  return stores;
}

Status trust_in_store(const fs::path& store, const fs::path& authority) {
  if (!is_store(store)) {
    std::error_code failure;
    fs::create_directories(store, failure);
    HUTONG_CHECK(certutil(store, {"-N", "--empty-password"}));
  }
  // An earlier one has the same nickname; there may be none.
  static_cast<void>(certutil(store, {"-D", "-n", kNickname}));
  return certutil(store, {"-A", "-n", kNickname, "-t", "C,,", "-a", "-i", authority.string()});
}

Status forget_in_store(const fs::path& store) {
  if (!is_store(store)) {
    return ok();
  }
  return certutil(store, {"-D", "-n", kNickname});
}

}  // namespace hutong::agent
