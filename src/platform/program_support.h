#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "net/client.h"
#include "net/json.h"

namespace hutong::platform::test {

/// A demonstration region in a folder of its own, made by the real program.
class RegionFolder {
 public:
  RegionFolder();
  RegionFolder(const RegionFolder&) = delete;
  RegionFolder& operator=(const RegionFolder&) = delete;
  ~RegionFolder();
  const std::filesystem::path& path() const { return path_; }
  Bytes file(const std::string& name) const;

 private:
  std::filesystem::path path_;
};

/// The real hutong-platform in a process of its own, on a free port.
class Program {
 public:
  explicit Program(const std::filesystem::path& config);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();  ///< SIGTERM, and waits

  bool alive() const;
  std::uint16_t port() const { return port_; }
  std::string log() const;
  /// The most memory it ever used, in MiB (VmHWM).
  std::size_t peak_mebibytes() const;
  /// Sends SIGTERM and tells the exit status.
  int stop();

  net::ClientResponse send(const net::ClientRequest& request) const;
  net::ClientResponse get(const std::string& target) const;
  /// POST /api/v1/validations as a form.
  net::ClientResponse validate(const std::vector<net::FormPart>& parts) const;

 private:
  std::filesystem::path log_file_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

net::Json json_of(const net::ClientResponse& response);

}  // namespace hutong::platform::test
