#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "net/client.h"
#include "net/json.h"
#include "tests/support/server_program.h"

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
class Program : public hutong::test::ServerProgram {
 public:
  explicit Program(const std::filesystem::path& config);

  net::ClientResponse send(const net::ClientRequest& request) const;
  net::ClientResponse get(const std::string& target) const;
  /// POST /api/v1/validations as a form.
  net::ClientResponse validate(const std::vector<net::FormPart>& parts) const;
};

net::Json json_of(const net::ClientResponse& response);

}  // namespace hutong::platform::test
