#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace hutong::agent::internal {

/// Percent escapes of the Assuan protocol for what would end a line.
std::string escaped(std::string_view text);

/// A program that speaks the Assuan protocol, as far as pinentry needs it. Killed when dropped. Move-only;
/// belongs to one thread. Lines are at most 1,000 octets long; what was read is wiped.
class Assuan {
 public:
  /// kUnavailable "agent.no_prompt". `stopping` is looked at while waiting.
  static Result<Assuan> start(const std::filesystem::path& program, std::chrono::seconds most,
                              const std::atomic<bool>& stopping);
  Assuan(Assuan&& other) noexcept;
  Assuan& operator=(Assuan&&) = delete;
  ~Assuan();

  /// Sends a line and waits for OK. kUnauthorized "agent.refused_by_user", kUnavailable
  /// "agent.prompt_timeout", "agent.no_prompt".
  Status command(std::string_view line);
  /// The data lines that come before OK, their escapes undone.
  Result<SecretBytes> ask(std::string_view line);

 private:
  Assuan(pid_t process, int socket, std::chrono::steady_clock::time_point deadline,
         const std::atomic<bool>& stopping);
  Status send(std::string_view line);
  /// The next line, without its end, at the front of buffer_; valid until the next call.
  Result<std::string_view> read_line();
  Status wait_until_readable() const;

  pid_t process_;
  int socket_;
  std::chrono::steady_clock::time_point deadline_;
  const std::atomic<bool>* stopping_;
  SecretBytes buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace hutong::agent::internal
