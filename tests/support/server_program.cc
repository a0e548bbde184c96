#include "tests/support/server_program.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "tests/support/spawn.h"

namespace hutong::test {
namespace {

constexpr std::chrono::seconds kPatience{60};

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

ServerProgram::ServerProgram(const std::vector<std::string>& command, std::filesystem::path log_file,
                             const std::vector<std::string>& events)
    : log_file_(std::move(log_file)) {
  std::filesystem::remove(log_file_);
  pid_ = spawn({.command = command, .errors = log_file_.string()});
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until && alive()) {
    if (std::ranges::all_of(events, [this](const std::string& event) { return port(event) != 0; })) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  end(SIGKILL);
  throw std::runtime_error(command[0] + " did not start: " + log());
}

ServerProgram::~ServerProgram() { end(SIGTERM); }

bool ServerProgram::alive() const { return pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == 0; }

std::string ServerProgram::log() const { return read_text(log_file_); }

std::uint16_t ServerProgram::port(std::string_view event) const {
  constexpr std::string_view kPort = "\"port\":";
  const std::string text = log();
  const auto line = text.find("\"" + std::string(event) + "\"");
  const auto at = line == std::string::npos ? line : text.find(kPort, line);
  if (at == std::string::npos || text.find('\n', at) == std::string::npos) {
    return 0;
  }
  return static_cast<std::uint16_t>(std::stoul(text.substr(at + kPort.size())));
}

std::size_t ServerProgram::peak_mebibytes() const {
  std::istringstream status(read_text("/proc/" + std::to_string(pid_) + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::stoul(line.substr(6)) / 1024;
    }
  }
  throw std::runtime_error("no VmHWM");
}

int ServerProgram::end(int signal) {
  if (pid_ <= 0) {
    return 0;
  }
  kill(pid_, signal);
  int status = -1;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return status;
}

std::uint16_t free_port() {
  const int socket_handle = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(socket_handle, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket_handle, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  close(socket_handle);
  return ntohs(address.sin_port);
}

}  // namespace hutong::test
