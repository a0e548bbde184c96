#include "agent/internal/assuan.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/encoding.h"

namespace hutong::agent::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMostLine = 1'000;
constexpr std::size_t kMostPin = 256;
constexpr milliseconds kLook{200};
constexpr std::chrono::seconds kGrace{5};  ///< after the prompt's own time-out
/// The error of libgpg-error in the low half of the code (gpg-error.h).
constexpr std::uint32_t kErrorMask = 0xFFFF;
constexpr std::uint32_t kTimeout = 62;
constexpr std::uint32_t kCancelled = 99;
constexpr std::uint32_t kNotConfirmed = 114;

Error no_prompt(std::string detail) { return {Errc::kUnavailable, "agent.no_prompt", std::move(detail)}; }

Error late() { return {Errc::kUnavailable, "agent.prompt_timeout", "the user did not answer"}; }

/// "ERR 83886179 Operation cancelled <Pinentry>"
Error error_in(std::string_view rest) {
  std::uint32_t code = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), code);
  switch (code & kErrorMask) {
    case kTimeout:
      return late();
    case kCancelled:
    case kNotConfirmed:
      return {Errc::kUnauthorized, "agent.refused_by_user", "the window was closed or the answer was no"};
    default:
      return no_prompt("pinentry: error " + std::to_string(code));
  }
}

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The octets of a data line, without its escapes.
Result<SecretBytes> unescaped(std::string_view text) {
  SecretBytes out(text.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char octet = text[i];
    if (octet == '%') {
      const int high = i + 2 < text.size() ? value_of(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? value_of(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return no_prompt("pinentry: a broken escape");
      }
      octet = static_cast<char>(high * 16 + low);
      i += 2;
    }
    out.writable()[size++] = static_cast<std::uint8_t>(octet);
  }
  return SecretBytes::copy_of(out.expose().first(size));
}

/// What fits in a line, without half a character or half an escape at its end.
std::string_view cut(std::string_view line) {
  if (line.size() <= kMostLine) {
    return line;
  }
  std::size_t end = kMostLine;
  while ((static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) {
    --end;
  }
  const std::size_t escape = line.rfind('%', end - 1);
  return line.substr(0, escape != std::string_view::npos && escape + 3 > end ? escape : end);
}

/// The program with its standard input and output on one socket; standard error is ours.
Result<pid_t> spawn_on(const std::filesystem::path& program, int socket) {
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, socket, STDOUT_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  std::string name = program.string();
  std::array<char*, 2> arguments{name.data(), nullptr};
  pid_t process = -1;
  const int failure = ::posix_spawn(&process, program.c_str(), &files, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  if (failure != 0) {
    return no_prompt(program.string() + ": " + std::strerror(failure));
  }
  return process;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char octet : text) {
    if (octet == '%' || octet == '\n' || octet == '\r') {
      const std::array<std::uint8_t, 1> one{static_cast<std::uint8_t>(octet)};
      out.append("%").append(to_hex(one));
    } else {
      out.push_back(octet);
    }
  }
  return out;
}

Assuan::Assuan(pid_t process, int socket, steady_clock::time_point deadline,
               const std::atomic<bool>& stopping)
    : process_(process), socket_(socket), deadline_(deadline), stopping_(&stopping), buffer_(2 * kMostLine) {}

Assuan::Assuan(Assuan&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      socket_(std::exchange(other.socket_, -1)),
      deadline_(other.deadline_),
      stopping_(other.stopping_),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_),
      end_(other.end_) {}

Assuan::~Assuan() {
  if (socket_ >= 0) {
    ::close(socket_);
  }
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
}

Result<Assuan> Assuan::start(const std::filesystem::path& program, std::chrono::seconds most,
                             const std::atomic<bool>& stopping) {
  if (program.empty()) {
    return no_prompt("no pinentry program is installed");
  }
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return no_prompt(std::strerror(errno));
  }
  const auto process = spawn_on(program, ends[1]);
  ::close(ends[1]);
  if (!process) {
    ::close(ends[0]);
    return process.error();
  }
  Assuan started(*process, ends[0], steady_clock::now() + most + kGrace, stopping);
  HUTONG_TRY(const std::string_view greeting, started.read_line());
  if (!greeting.starts_with("OK")) {
    return no_prompt("pinentry did not greet");
  }
  return started;
}

Status Assuan::send(std::string_view line) {
  const std::string whole = std::string(cut(line)) + "\n";
  const ssize_t sent = ::send(socket_, whole.data(), whole.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(whole.size()) ? ok() : no_prompt("pinentry is gone");
}

Status Assuan::wait_until_readable() const {
  while (!*stopping_) {
    if (steady_clock::now() >= deadline_) {
      return late();
    }
    pollfd one{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&one, 1, static_cast<int>(kLook.count())) > 0) {
      return ok();
    }
  }
  return no_prompt("the agent stops");
}

Result<std::string_view> Assuan::read_line() {
  while (true) {
    const std::string_view unread = as_text(buffer_.expose()).substr(begin_, end_ - begin_);
    if (const std::size_t at = unread.find('\n'); at != std::string_view::npos) {
      begin_ += at + 1;
      return unread.substr(0, at);
    }
    std::ranges::copy(as_bytes(unread), buffer_.writable().begin());
    end_ -= std::exchange(begin_, 0);
    if (end_ > kMostLine) {
      return no_prompt("pinentry: a line is too long");
    }
    HUTONG_CHECK(wait_until_readable());
    const auto room = buffer_.writable().subspan(end_);
    const ssize_t size = ::recv(socket_, room.data(), room.size(), 0);
    if (size <= 0) {
      return no_prompt("pinentry ended");
    }
    end_ += static_cast<std::size_t>(size);
  }
}

Status Assuan::command(std::string_view line) {
  HUTONG_CHECK(ask(line));
  return ok();
}

Result<SecretBytes> Assuan::ask(std::string_view line) {
  HUTONG_CHECK(send(line));
  SecretBytes data(0);
  while (true) {
    HUTONG_TRY(const std::string_view answer, read_line());
    if (answer == "OK" || answer.starts_with("OK ")) {
      return data;
    }
    if (answer.starts_with("ERR ")) {
      return error_in(answer.substr(4));
    }
    if (answer.starts_with("D ")) {
      HUTONG_TRY(data, unescaped(answer.substr(2)));
      if (data.size() > kMostPin) {
        return no_prompt("pinentry: more data than a PIN has");
      }
    }  // status and comment lines are passed over
  }
}

}  // namespace hutong::agent::internal
