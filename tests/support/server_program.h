#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hutong::test {

/// One of our server programs in a process of its own; what it logs goes to a file.
class ServerProgram {
 public:
  /// Starts it and waits until its log holds every one of `events` with a port. Throws when it ends before.
  ServerProgram(const std::vector<std::string>& command, std::filesystem::path log_file,
                const std::vector<std::string>& events);
  ServerProgram(const ServerProgram&) = delete;
  ServerProgram& operator=(const ServerProgram&) = delete;
  ~ServerProgram();  ///< SIGTERM, and waits

  bool alive() const;
  std::string log() const;
  std::uint16_t port(std::string_view event = "server.listening") const;
  /// The most memory it ever used, in MiB (VmHWM).
  std::size_t peak_mebibytes() const;
  /// Ends it by this signal; the exit status.
  int end(int signal);

 private:
  std::filesystem::path log_file_;
  pid_t pid_ = -1;
};

/// A port of 127.0.0.1 that was free a moment ago, for addresses that must be known before a server starts.
std::uint16_t free_port();

}  // namespace hutong::test
