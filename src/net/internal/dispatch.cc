#include <exception>

#include "net/internal/shared.h"
#include "net/log.h"
#include "net/problem.h"

namespace hutong::net::internal {
namespace {

/// The portal is scripts and styles of its own origin; Element Plus sets style attributes. Besides its own
/// server it speaks to hutong-agent, which listens on the loopback interface at a port that may be
/// configured.
constexpr std::string_view kSecurityHeaders =
    "Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
    "blob:; connect-src 'self' https://127.0.0.1:* wss://127.0.0.1:*; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

constexpr std::size_t kUsualHeader = 1'024;

std::string_view phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return status < 400 ? "Done" : "Refused";
  }
}

void add_field(std::string& text, std::string_view name, std::string_view value) {
  if (value.find('\r') != std::string_view::npos || value.find('\n') != std::string_view::npos) {
    return;
  }
  text.append(name).append(": ").append(value).append("\r\n");
}

Response internal_error(const Request& request, std::string_view what) {
  log(LogLevel::kError, "http.handler_failed",
      {{"id", request.id}, {"path", request.path}, {"what", std::string(what)}});
  return to_problem(Error{Errc::kInternal, "internal", {}}, request.id);
}

}  // namespace

Response dispatch(const Route& route, const Request& request) {
  try {
    auto answer = route.handler(request);
    if (answer) {
      return std::move(answer).value();
    }
    if (answer.error().code == Errc::kInternal) {
      return internal_error(request, answer.error().detail);
    }
    return to_problem(answer.error(), request.id);
  } catch (const std::exception& failure) {
    return internal_error(request, failure.what());
  } catch (...) {
    return internal_error(request, "unknown exception");
  }
}

std::optional<Response> dispatch_quickly(const Route& route, const Request& request) {
  if (!route.quick) {
    return std::nullopt;
  }
  try {
    return route.quick(request);
  } catch (const std::exception& failure) {
    return internal_error(request, failure.what());
  } catch (...) {
    return internal_error(request, "unknown exception");
  }
}

std::string header_text(const Response& response, const Request& request, bool keep_alive) {
  std::string text;
  text.reserve(kUsualHeader);
  text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  text.append(phrase(response.status)).append("\r\n");
  text.append(kSecurityHeaders);
  add_field(text, "X-Request-Id", request.id);
  if (response.status != 304) {
    add_field(text, "Content-Type", response.content_type);
    add_field(text, "Content-Length", std::to_string(response.content().size()));
  }
  for (const auto& [name, value] : response.headers) {
    add_field(text, name, value);
  }
  if (request.path.starts_with("/api/")) {
    add_field(text, "Cache-Control", "no-store");
  }
  add_field(text, "Connection", keep_alive ? "keep-alive" : "close");
  text.append("\r\n");
  return text;
}

}  // namespace hutong::net::internal
