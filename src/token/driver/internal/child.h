#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::token::internal {

using Deadline = std::chrono::steady_clock::time_point;

/// How an exchange over the socket ended.
enum class Transfer { kDone, kClosed, kLate };

/// A program started with one end of a socket pair as its descriptor 3, no other open file, standard streams
/// on /dev/null and a session of its own. Move-only; killed when dropped. Belongs to one thread at a time.
class Child {
 public:
  struct Start {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    std::vector<std::string> environment;  ///< NAME=value, all of it
  };
  /// kUnavailable "token.host_not_started".
  static Result<Child> start(const Start& how);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  Transfer send(ByteView octets, Deadline deadline);
  Transfer receive(std::span<std::uint8_t> out, Deadline deadline);
  /// Kills it and says how it had ended before that: "signal 11 (Segmentation fault)", "exit code 2",
  /// "killed". Waits a moment at most: a process that hangs in the kernel is left to be reaped later.
  std::string end();
  pid_t process() const { return process_; }

 private:
  Child(pid_t process, int socket) : process_(process), socket_(socket) {}
  std::optional<int> wait_a_moment() const;
  pid_t process_;
  int socket_;
};

}  // namespace hutong::token::internal
