#include "tests/support/postgresql_server.h"

#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/spawn.h"

namespace hutong::test {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
using Command = std::vector<std::string>;

pid_t start(const Command& command, const std::string& log) {
  return spawn({.command = command, .output = log, .errors = log});
}

int run(const Command& command, const std::string& log) { return exit_of(start(command, log)); }

class Server {
 public:
  Server() : folder_(make_folder()), log_(folder_ + "/server.log"), owner_(::getpid()) {
    must(run(as_server({program("initdb"), "--pgdata=" + data(), "--username=hutong", "--auth=trust",
                        "--encoding=UTF8", "--locale=C", "--no-sync"}),
             log_),
         "initdb");
    // A test may crash the server: one syncfs then, instead of an fsync for each file of every test's
    // database.
    process_ = start(as_server({program("postgres"), "-D", data(), "-k", folder_, "-c",
                                "listen_addresses=", "-c", "recovery_init_sync_method=syncfs"}),
                     log_);
    wait_until_ready();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    if (::getpid() != owner_) {
      return;  // a forked child of the test
    }
    ::kill(process_, SIGQUIT);
    ::waitpid(process_, nullptr, 0);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string new_database() {
    const std::string name = "test_" + std::to_string(++databases_);
    must(run({program("createdb"), "--host=" + folder_, "--username=hutong", "--template=template0", name},
             log_),
         "createdb");
    return "postgresql:///" + name + "?user=hutong&host=" + folder_;
  }

 private:
  static std::string program(const char* name) { return std::string(kPrograms) + name; }
  std::string data() const { return folder_ + "/data"; }

  static const passwd* server_user() {
    const passwd* user = ::getpwnam("postgres");
    return user != nullptr ? user : ::getpwnam("nobody");
  }

  static std::string make_folder() {
    std::string folder = std::filesystem::temp_directory_path() / "hutong-pg-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) {
      throw std::runtime_error("cannot make a folder for PostgreSQL");
    }
    if (::geteuid() == 0) {
      const passwd* user = server_user();
      if (user == nullptr || ::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) {
        throw std::runtime_error("no user for PostgreSQL");
      }
    }
    return folder;
  }

  /// Told to quit when this program dies, and never as root.
  static Command as_server(const Command& command) {
    Command wrapped{"setpriv", "--pdeathsig=QUIT"};
    if (::geteuid() == 0) {
      const passwd* user = server_user();
      wrapped.insert(wrapped.end(), {"--reuid=" + std::to_string(user->pw_uid),
                                     "--regid=" + std::to_string(user->pw_gid), "--clear-groups"});
    }
    wrapped.insert(wrapped.end(), command.begin(), command.end());
    return wrapped;
  }

  void must(int exit_code, const char* what) const {
    if (exit_code != 0) {
      throw std::runtime_error(std::string(what) + " failed, see " + log_);
    }
  }

  void wait_until_ready() const {
    for (int attempt = 0; attempt < 300; ++attempt) {
      if (run({program("pg_isready"), "--quiet", "--host=" + folder_}, log_) == 0) {
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    must(1, "postgres");
  }

  const std::string folder_;
  const std::string log_;
  const pid_t owner_;
  pid_t process_ = -1;
  int databases_ = 0;
};

}  // namespace

std::optional<std::string> new_postgresql_database() {
  if (!std::filesystem::exists(std::string(kPrograms) + "initdb")) {
    std::fputs("skipped: PostgreSQL not found\n", stderr);
    return std::nullopt;
  }
  static Server server;
  return server.new_database();
}

}  // namespace hutong::test
