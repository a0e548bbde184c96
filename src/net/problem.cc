#include "net/problem.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "net/json.h"

namespace hutong::net {
namespace {

/// Every limit of ours is over after a minute at the latest.
constexpr std::string_view kRetryAfter = "60";

struct Kind {
  int status;
  std::string_view title;
};

/// HTTP has a status of its own for these; everything else goes by its Errc.
constexpr std::array<std::pair<std::string_view, Kind>, 9> kOwnStatus{{
    {"session.missing", {401, "Not logged in"}},
    {"session.ended", {401, "Not logged in"}},
    {"http.method", {405, "Method not allowed"}},
    {"http.timeout", {408, "The request took too long"}},
    {"http.length", {411, "Length required"}},
    {"http.content_type", {415, "Unsupported content type"}},
    {"session.delayed", {429, "Too many attempts"}},
    {"http.too_many_requests", {429, "Too many requests"}},
    {"http.header_too_large", {431, "Header fields too large"}},
}};

Kind kind_of(const Error& error) {
  const auto own =
      std::ranges::find_if(kOwnStatus, [&error](const auto& entry) { return entry.first == error.reason; });
  if (own != kOwnStatus.end()) {
    return own->second;
  }
  switch (error.code) {
    case Errc::kMalformed:
      return {400, "The request is malformed"};
    case Errc::kUnauthorized:
      return {403, "Not allowed"};
    case Errc::kNotFound:
      return {404, "Not found"};
    case Errc::kConflict:
      return {409, "Conflict"};
    case Errc::kPolicy:
    case Errc::kCryptoFail:
      return {422, "Refused"};
    case Errc::kLimit:
      return {413, "Too large"};
    case Errc::kUnavailable:
      return {503, "Unavailable"};
    case Errc::kInternal:
      break;
  }
  return {500, "Internal error"};
}

}  // namespace

Response to_problem(const Error& error, std::string_view request_id) {
  const Kind kind = kind_of(error);
  const std::string code(error.reason);
  const Json body = {{"type", "/problems/" + code},
                     {"title", kind.title},
                     {"status", kind.status},
                     {"detail", error.code == Errc::kInternal ? "" : error.detail},
                     {"code", code},
                     {"instance", request_id}};
  Response response{.status = kind.status,
                    .content_type = "application/problem+json",
                    .body = to_text(body),
                    .problem_code = code};
  if (kind.status == 401) {
    response.headers.emplace_back("WWW-Authenticate", "Bearer");  // RFC 9110 11.6.1
  }
  if (kind.status == 429) {
    response.headers.emplace_back("Retry-After", kRetryAfter);
  }
  return response;
}

}  // namespace hutong::net
