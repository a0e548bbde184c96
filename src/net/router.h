#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/http.h"
#include "net/json.h"
#include "net/web_socket.h"

namespace hutong::net {

/// Answers one request; an Error becomes a problem body. May be called from many threads at once.
using Handler = std::function<Result<Response>(const Request&)>;

/// Answers one request on the I/O thread if that takes microseconds (no file, no database, no cryptography to
/// speak of); nothing when it cannot.
using QuickHandler = std::function<std::optional<Response>(const Request&)>;

enum class Weight : std::uint8_t {
  kLight,  ///< answered on an I/O thread: no file, no cryptography, microseconds
  kHeavy,  ///< answered by the worker pool
};

struct Route {
  Method method = Method::kGet;
  std::string pattern = {};  ///< "/api/v1/examples/{name}"; {name} is one whole, non-empty segment,
                             ///< {name*} at the end is all that is left, not empty, with its slashes
  Weight weight = Weight::kHeavy;
  std::size_t body_limit = 0;
  Handler handler = {};
  /// Tried before `handler`. What it answers is counted in the log, not told one by one ("http.requests");
  /// the observer hears of each.
  QuickHandler quick = {};
  /// For GET requests that ask for a WebSocket (RFC 6455); others are answered by `handler`.
  SocketAcceptor socket = {};
};

/// Which handler answers what. Filled before the server starts, then only read. HEAD is answered by GET
/// routes.
class Router {
 public:
  struct Match {
    const Route* route;
    std::map<std::string, std::string, std::less<>> parameters;
  };

  void add(Route route) { routes_.push_back(std::move(route)); }
  /// For GET requests that no route knows, outside of /api/: static files.
  void set_fallback(Handler handler);
  /// kNotFound "http.not_found", kPolicy "http.method" when the path exists under another method.
  Result<Match> find(Method method, std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  Route fallback_;
};

/// Parse, process, render: a handler class has Input, Output and these three functions (see the README).
template <typename HandlerClass>
Result<Response> serve(const HandlerClass& handler, const Request& request) {
  HUTONG_TRY(const auto input, HandlerClass::parse(request));
  HUTONG_TRY(const auto output, handler.process(input));
  return HandlerClass::render(output);
}

/// An application/json answer.
Response json_response(const Json& json, int status = 200);

}  // namespace hutong::net
