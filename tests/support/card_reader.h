#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "tests/support/program.h"

namespace hutong::test {

/// The service for smart cards (pcscd) with a virtual reader (vpcd), for this test alone: its socket is ours,
/// as systemd hands one over, so that any number run beside each other and beside the machine's own. All
/// services of one test program have the same socket, for libpcsclite looks for it once.
class CardReader {
 public:
  CardReader();  ///< starts it; throws when it does not
  CardReader(const CardReader&) = delete;
  CardReader& operator=(const CardReader&) = delete;
  ~CardReader();

  /// What programs find this service by; set in this program's environment as well.
  static const std::string& socket();
  /// Where a card is put in.
  std::uint16_t port() const { return port_; }
  /// SIGSTOP and SIGCONT: it does not answer any more, and does again.
  void signal(int number) const;

 private:
  Folder folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace hutong::test
