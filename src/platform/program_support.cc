#include "platform/program_support.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/support.h"

extern char** environ;

namespace hutong::platform::test {
namespace {

constexpr std::chrono::seconds kPatience{60};

pid_t spawn(const std::vector<std::string>& command, const std::filesystem::path& errors) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0600);
  pid_t pid = -1;
  const int trouble = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (trouble != 0) {
    throw std::runtime_error("cannot start " + command[0]);
  }
  return pid;
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

RegionFolder::RegionFolder()
    : path_(std::filesystem::path(testing::TempDir()) / ("hutong-region-" + std::to_string(getpid()))) {
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
  const pid_t pid =
      spawn({HUTONG_DEMONSTRATION, path_.string(), "--listen", "127.0.0.1:0"}, path_ / "demonstration.log");
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || status != 0) {
    throw std::runtime_error("hutong-demonstration failed: " + read_text(path_ / "demonstration.log"));
  }
}

RegionFolder::~RegionFolder() { std::filesystem::remove_all(path_); }

Bytes RegionFolder::file(const std::string& name) const { return hutong::test::read(path_ / name); }

Program::Program(const std::filesystem::path& config) : log_file_(config.string() + ".log") {
  pid_ = spawn({HUTONG_PLATFORM, "--config", config.string()}, log_file_);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  constexpr std::string_view kPort = "\"port\":";
  while (std::chrono::steady_clock::now() < until && alive()) {
    const std::string text = log();
    if (const auto at = text.find(kPort);
        at != std::string::npos && text.find('\n', at) != std::string::npos) {
      port_ = static_cast<std::uint16_t>(std::stoul(text.substr(at + kPort.size())));
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  throw std::runtime_error("hutong-platform did not start: " + log());
}

Program::~Program() { stop(); }

bool Program::alive() const { return pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == 0; }

std::string Program::log() const { return read_text(log_file_); }

std::size_t Program::peak_mebibytes() const {
  std::istringstream status(read_text("/proc/" + std::to_string(pid_) + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::stoul(line.substr(6)) / 1024;
    }
  }
  throw std::runtime_error("no VmHWM");
}

int Program::stop() {
  if (pid_ <= 0) {
    return 0;
  }
  kill(pid_, SIGTERM);
  int status = -1;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return status;
}

net::ClientResponse Program::send(const net::ClientRequest& request) const {
  auto response = net::fetch("127.0.0.1", port_, request, std::chrono::seconds(120));
  if (!response) {
    throw std::runtime_error(request.target + ": " + response.error().detail);
  }
  return std::move(*response);
}

net::ClientResponse Program::get(const std::string& target) const { return send({.target = target}); }

net::ClientResponse Program::validate(const std::vector<net::FormPart>& parts) const {
  return send(net::form_request("/api/v1/validations", parts));
}

net::Json json_of(const net::ClientResponse& response) {
  auto json = net::parse_json(response.body, {.depth = 64, .values = 10'000'000});
  if (!json) {
    throw std::runtime_error("no JSON: " + response.body.substr(0, 200));
  }
  return std::move(*json);
}

}  // namespace hutong::platform::test
