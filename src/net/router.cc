#include "net/router.h"

#include <optional>

namespace hutong::net {
namespace {

using Parameters = std::map<std::string, std::string, std::less<>>;

std::string_view take_segment(std::string_view& path) {
  const auto end = path.find('/');
  const auto segment = path.substr(0, end);
  path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
  return segment;
}

/// The name between the braces, nothing when this is no parameter.
std::string_view parameter_of(std::string_view segment) {
  const bool is_parameter = segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
  return is_parameter ? segment.substr(1, segment.size() - 2) : std::string_view();
}

std::optional<Parameters> match(std::string_view pattern, std::string_view path) {
  Parameters parameters;
  while (!pattern.empty() && !path.empty()) {
    const auto expected = take_segment(pattern);
    const auto name = parameter_of(expected);
    if (name.ends_with('*')) {
      parameters.emplace(name.substr(0, name.size() - 1), path);
      path = {};
      continue;
    }
    const auto actual = take_segment(path);
    if (!name.empty() && !actual.empty()) {
      parameters.emplace(name, actual);
    } else if (expected != actual) {
      return std::nullopt;
    }
  }
  return pattern.empty() && path.empty() ? std::optional(std::move(parameters)) : std::nullopt;
}

}  // namespace

void Router::set_fallback(Handler handler) {
  fallback_ = {.method = Method::kGet,
               .pattern = "static",
               .weight = Weight::kLight,
               .body_limit = 0,
               .handler = std::move(handler)};
}

Result<Router::Match> Router::find(Method method, std::string_view path) const {
  const Method wanted = method == Method::kHead ? Method::kGet : method;
  bool known_path = false;
  for (const Route& route : routes_) {
    if (auto parameters = match(route.pattern, path)) {
      if (route.method == wanted) {
        return Match{&route, std::move(*parameters)};
      }
      known_path = true;
    }
  }
  if (!known_path && wanted == Method::kGet && fallback_.handler && !path.starts_with("/api/")) {
    return Match{&fallback_, {}};
  }
  if (known_path) {
    return Error{Errc::kPolicy, "http.method", "the resource does not answer to this method"};
  }
  return Error{Errc::kNotFound, "http.not_found", "there is nothing at this address"};
}

Response json_response(const Json& json, int status) { return {.status = status, .body = to_text(json)}; }

}  // namespace hutong::net
