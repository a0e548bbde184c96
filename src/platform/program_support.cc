#include "platform/program_support.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/support/program.h"
#include "tests/support/support.h"

namespace hutong::platform::test {

RegionFolder::RegionFolder()
    : path_(std::filesystem::path(testing::TempDir()) / ("hutong-region-" + std::to_string(getpid()))) {
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
  const auto made =
      hutong::test::program(HUTONG_DEMONSTRATION, {.arguments = {path_.string(), "--listen", "127.0.0.1:0"}});
  if (made.exit != 0) {
    throw std::runtime_error("hutong-demonstration failed: " + made.err);
  }
}

RegionFolder::~RegionFolder() { std::filesystem::remove_all(path_); }

Bytes RegionFolder::file(const std::string& name) const { return hutong::test::read(path_ / name); }

Program::Program(const std::filesystem::path& config)
    : ServerProgram({HUTONG_PLATFORM, "--config", config.string()}, config.string() + ".log",
                    {"server.listening"}) {}

net::ClientResponse Program::send(const net::ClientRequest& request) const {
  auto response = net::fetch("127.0.0.1", port(), request, std::chrono::seconds(120));
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
