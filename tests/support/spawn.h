#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace hutong::test {

/// A program to start. Of its files, those without a path are ours; what it writes is added to the end of a
/// file.
struct Start {
  std::vector<std::string> command;  ///< the program first; PATH finds it unless it is a path itself
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< beside or instead of ours
  std::vector<std::string> without = {};                              ///< what of ours it does not see
  std::string input = {};
  std::string output = {};
  std::string errors = {};
  bool own_session = false;  ///< without a terminal: it cannot wait for a person
};

/// Starts it; the process is the caller's to wait for. Throws std::runtime_error when there is no such
/// program.
///
/// Never by fork() and exec(): the child of a program with threads inherits the locks that other threads
/// held, the allocator's among them (AddressSanitizer does not release them), and waits for ever at its first
/// allocation.
pid_t spawn(const Start& start);

/// Waits for it; the exit code, 128 and the number after a signal.
int exit_of(pid_t process);

}  // namespace hutong::test
