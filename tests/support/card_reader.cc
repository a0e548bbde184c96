#include "tests/support/card_reader.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/support/server_program.h"
#include "tests/support/spawn.h"

namespace hutong::test {
namespace {

constexpr const char* kProgram = "/usr/sbin/pcscd";
constexpr const char* kReaderDriver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
constexpr int kHandedOver = 3;  // the first descriptor of sd_listen_fds(3)
constexpr int kMostTries = 50;

bool is_free(std::uint16_t port) {
  const int handle = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  const bool bound = ::bind(handle, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ::close(handle);
  return bound;
}

/// The reader has two slots, at a port and the next one.
std::uint16_t free_pair_of_ports() {
  for (int tries = 0; tries < kMostTries; ++tries) {
    const std::uint16_t port = free_port();
    if (port < 65'535 && is_free(static_cast<std::uint16_t>(port + 1))) {
      return port;
    }
  }
  throw std::runtime_error("no two free ports");
}

int listening_socket(const std::string& path) {
  std::filesystem::remove(path);
  const int handle = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (handle < 0 || ::bind(handle, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(handle, 16) != 0) {
    throw std::runtime_error("cannot listen at " + path);
  }
  return handle;
}

/// As systemd starts it: with a socket that listens already, and the number of its own process.
Start service(int socket, const std::string& configuration, const std::string& log) {
  const std::string as_systemd =
      "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\" " + std::to_string(kHandedOver) + "<&" + std::to_string(socket);
  return {.command = {"setpriv", "--pdeathsig", "KILL", "bash", "-c", as_systemd, "pcscd", kProgram,
                      "--foreground", "--info", "--config", configuration},
          .output = log,
          .errors = log};
}

}  // namespace

const std::string& CardReader::socket() {
  static const Folder folder;
  static const std::string path = [] {
    const std::string at = folder.file("pcscd.comm");
    ::setenv("PCSCLITE_CSOCK_NAME", at.c_str(), 1);
    return at;
  }();
  return path;
}

CardReader::CardReader() : port_(free_pair_of_ports()) {
  if (!std::filesystem::exists(kProgram) || !std::filesystem::exists(kReaderDriver)) {
    throw std::runtime_error("packages pcscd and vsmartcard-vpcd are needed");
  }
  std::filesystem::create_directories(folder_.file("readers"));
  const std::string port = std::to_string(port_);
  folder_.write("readers/vpcd", as_bytes("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:" + port +
                                         "\nLIBPATH " + kReaderDriver + "\nCHANNELID " + port + "\n"));
  const int listening = listening_socket(socket());
  const std::string configuration = folder_.file("readers");
  const std::string log = folder_.file("pcscd.log");
  pid_ = spawn(service(listening, configuration, log));
  ::close(listening);
}

CardReader::~CardReader() {
  std::filesystem::remove(socket());
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void CardReader::signal(int number) const { ::kill(pid_, number); }

}  // namespace hutong::test
