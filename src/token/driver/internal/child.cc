#include "token/driver/internal/child.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

namespace hutong::token::internal {
namespace {

using std::chrono::milliseconds;

constexpr int kSocketInChild = 3;

/// Processes that did not end at once, to be reaped when the next one ends.
class Leftovers {
 public:
  void add(pid_t process) {
    const std::lock_guard lock(mutex_);
    std::erase_if(processes_, [](pid_t left) { return ::waitpid(left, nullptr, WNOHANG) != 0; });
    if (process > 0) {
      processes_.push_back(process);
    }
  }

 private:
  std::mutex mutex_;
  std::vector<pid_t> processes_;
};

Leftovers& leftovers() {
  static Leftovers all;
  return all;
}

/// What posix_spawn takes, released at the end.
class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawnattr_init(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  void set_up(int socket) {
    ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&files_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files_, socket, kSocketInChild);
    ::posix_spawn_file_actions_addclosefrom_np(&files_, kSocketInChild + 1);
    sigset_t none;
    ::sigemptyset(&none);
    sigset_t all;
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  const posix_spawn_file_actions_t* files() const { return &files_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    out.push_back(const_cast<char*>(text.c_str()));
  }
  out.push_back(nullptr);
  return out;
}

int spawn(const Child::Start& how, int socket, pid_t& process) {
  SpawnPlan plan;
  plan.set_up(socket);
  std::vector<std::string> texts{how.program.string()};
  texts.insert(texts.end(), how.arguments.begin(), how.arguments.end());
  auto arguments = pointers(texts);
  auto environment = pointers(how.environment);
  return ::posix_spawn(&process, how.program.c_str(), plan.files(), plan.attributes(), arguments.data(),
                       environment.data());
}

/// Waits until something can be moved; false when the time is over.
bool ready(int socket, short events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return false;
    }
    constexpr std::int64_t kMostWait = 60'000;
    pollfd watched{.fd = socket, .events = events, .revents = 0};
    const int found = ::poll(&watched, 1, static_cast<int>(std::min<std::int64_t>(left.count(), kMostWait)));
    if (found > 0) {
      return true;
    }
    if (found < 0 && errno != EINTR) {
      return false;
    }
  }
}

bool try_again() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Result<Child> Child::start(const Start& how) {
  leftovers().add(0);
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    return Error{Errc::kUnavailable, "token.host_not_started", std::strerror(errno)};
  }
  if (sockets[1] == kSocketInChild) {  // a descriptor duplicated onto itself would stay close-on-exec
    sockets[1] = ::fcntl(sockets[1], F_DUPFD_CLOEXEC, kSocketInChild + 1);
    ::close(kSocketInChild);
  }
  pid_t process = 0;
  const int error = spawn(how, sockets[1], process);
  ::close(sockets[1]);
  if (error != 0) {
    ::close(sockets[0]);
    return Error{Errc::kUnavailable, "token.host_not_started",
                 how.program.string() + ": " + std::strerror(error)};
  }
  ::fcntl(sockets[0], F_SETFL, O_NONBLOCK);
  return Child(process, sockets[0]);
}

Child::Child(Child&& other) noexcept
    : process_(std::exchange(other.process_, 0)), socket_(std::exchange(other.socket_, -1)) {}

Child::~Child() { end(); }

Transfer Child::send(ByteView octets, Deadline deadline) {
  while (!octets.empty()) {
    if (!ready(socket_, POLLOUT, deadline)) {
      return Transfer::kLate;
    }
    const ssize_t sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent < 0 && !try_again()) {
      return Transfer::kClosed;
    }
    octets = octets.subspan(sent > 0 ? static_cast<std::size_t>(sent) : 0);
  }
  return Transfer::kDone;
}

Transfer Child::receive(std::span<std::uint8_t> out, Deadline deadline) {
  while (!out.empty()) {
    if (!ready(socket_, POLLIN, deadline)) {
      return Transfer::kLate;
    }
    const ssize_t got = ::recv(socket_, out.data(), out.size(), 0);
    if (got == 0 || (got < 0 && !try_again())) {
      return Transfer::kClosed;
    }
    out = out.subspan(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
  return Transfer::kDone;
}

std::optional<int> Child::wait_a_moment() const {
  constexpr int kTries = 50;
  constexpr milliseconds kPause(4);
  for (int i = 0; i < kTries; ++i) {
    int status = 0;
    const pid_t ended = ::waitpid(process_, &status, WNOHANG);
    if (ended != 0) {
      return ended == process_ ? std::optional(status) : std::optional(0);
    }
    std::this_thread::sleep_for(kPause);
  }
  return std::nullopt;
}

std::string Child::end() {
  if (process_ <= 0) {
    return {};
  }
  if (socket_ >= 0) {
    ::close(std::exchange(socket_, -1));  // an idle one ends by itself
  }
  siginfo_t ended{};
  const bool already =
      ::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
      ended.si_pid == process_;
  if (!already) {
    ::kill(process_, SIGKILL);
  }
  const std::optional<int> status = wait_a_moment();
  if (!status) {
    leftovers().add(process_);
  }
  process_ = 0;
  if (!already || !status) {
    return "killed";
  }
  return WIFSIGNALED(*status)
             ? "signal " + std::to_string(WTERMSIG(*status)) + " (" + ::strsignal(WTERMSIG(*status)) + ")"
             : "exit code " + std::to_string(WEXITSTATUS(*status));
}

}  // namespace hutong::token::internal
