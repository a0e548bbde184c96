#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/http.h"
#include "net/tls.h"
#include "net/url.h"

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

struct ClientOptions {
  std::shared_ptr<const ClientTls> tls = {};         ///< for https
  std::chrono::milliseconds connect_timeout{5'000};  ///< name, connection and TLS handshake together
  std::chrono::milliseconds timeout{30'000};         ///< from then to the last octet of the answer
  std::size_t answer_limit = std::size_t{16} << 20;  ///< octets of the answer's body
};

/// A blocking client of one HTTP or HTTPS server, one connection for each request. Redirects are not
/// followed; an answer of any status is an answer. Immutable: one instance serves all threads. Never give it
/// an address that a stranger chose without checking where that address leads.
class Client {
 public:
  /// `base`: "https://kmc.example:8443", or with a path that goes before every target. kMalformed
  /// "client.url"; kPolicy "client.no_tls" for https without options.tls.
  static Result<Client> create(std::string_view base, ClientOptions options = {});
  /// kUnavailable "client.resolve", "client.connect", "client.tls" (the server is not whom we believe, or it
  /// does not believe us), "client.transfer"; kLimit "client.too_large"; kMalformed "client.request" for a
  /// target or header field that would break the request.
  Result<ClientResponse> send(const ClientRequest& request) const;

 private:
  Client(Url base, ClientOptions options) : base_(std::move(base)), options_(std::move(options)) {}
  Url base_;
  ClientOptions options_;
};

/// The request to a URL, once: its target is taken from the URL. Errors as for Client.
Result<ClientResponse> fetch(std::string_view url, ClientRequest request = {},
                             const ClientOptions& options = {});

/// Plain HTTP to an address, with room for answers of 256 MiB: for tests and the command line. Errors as for
/// Client.
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
