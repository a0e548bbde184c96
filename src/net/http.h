#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace hutong::net {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kDelete, kOptions, kOther };
std::string_view to_string(Method method);
Method method_from(std::string_view name);

/// Header fields in the order received; names compare without regard to case.
class Headers {
 public:
  void add(std::string_view name, std::string_view value);
  /// The first field of this name, or nothing.
  std::optional<std::string_view> find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// One request, read completely. `path` and `query` are percent-decoded; `parameters` are the {name} parts of
/// the route that matched.
struct Request {
  std::string id;  ///< ULID; goes back as X-Request-Id, into the log and into problem bodies
  Method method = Method::kGet;
  std::string path;
  std::map<std::string, std::string, std::less<>> query;
  std::map<std::string, std::string, std::less<>> parameters;
  Headers headers;
  Bytes body = {};
  std::string remote;             ///< address of the peer, without the port
  Bytes client_certificate = {};  ///< DER, verified in the TLS handshake; empty when none was shown
  std::string target = {};        ///< path and query as they were sent: what a client signs
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string problem_code = {};  ///< the stable code when the body is a problem; for metrics and logs
  /// Takes the place of `body` when it is not null: what others keep and send as well, not copied.
  std::shared_ptr<const Bytes> shared_body = {};

  std::string_view content() const { return shared_body ? as_text(*shared_body) : std::string_view(body); }
  void drop_content() {
    body.clear();
    shared_body.reset();
  }
};

/// The tag of this content, with its quotes: half of its SM3.
std::string entity_tag_of(ByteView content);
/// If-None-Match names this entity tag (with its quotes), or any: who asks has the answer (RFC 9110 13.1.2).
bool is_known_already(const Request& request, std::string_view entity_tag);

/// A time as header fields write it (RFC 9110 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT". Years of four
/// digits.
std::string http_date(Time time);

/// What a request target "/a/b%20c?x=1" says. Nothing when it is not an absolute path, holds a broken escape,
/// a NUL, a backslash or a "." or ".." segment (also when written with escapes).
struct Target {
  std::string path;
  std::map<std::string, std::string, std::less<>> query;
};
std::optional<Target> parse_target(std::string_view target);

/// "multipart/form-data; boundary=x" taken apart: type in lower case, parameters with lower-case names.
struct MediaType {
  std::string type;
  std::map<std::string, std::string, std::less<>> parameters;
};
MediaType parse_media_type(std::string_view text);

}  // namespace hutong::net
