#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace hutong::net {

struct ClientRequest {
  Method method = Method::kGet;
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};
struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body = {};
};

/// One request over one connection, blocking; for tests and the command line. kUnavailable "client.connect",
/// "client.transfer". Not for untrusted servers: answers up to 256 MiB are held in memory.
Result<ClientResponse> fetch(const std::string& host, std::uint16_t port, const ClientRequest& request,
                             std::chrono::seconds timeout = std::chrono::seconds(30));

/// Sends octets as they are, half-closes when asked to and returns everything that comes back until the
/// server closes: for tests of broken HTTP.
enum class AfterSending : std::uint8_t { kHalfClose, kKeepOpen };
Result<std::string> exchange_raw(const std::string& host, std::uint16_t port, std::string_view octets,
                                 AfterSending after, std::chrono::seconds timeout = std::chrono::seconds(30));

struct FormPart {
  std::string name;
  std::string file_name = {};
  std::string content = {};
};
/// A POST with a multipart/form-data body.
ClientRequest form_request(std::string target, const std::vector<FormPart>& parts);

}  // namespace hutong::net
