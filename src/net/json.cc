#include "net/json.h"

#include <algorithm>

namespace hutong::net {
namespace {

/// Counts brackets and commas outside of strings before anything is built. The text need not be right: what
/// is wrong is left to the parser.
Status check_limits(std::string_view text, const JsonLimits& limits) {
  std::size_t depth = 0;
  std::size_t values = 1;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      ++values;
      if (++depth > limits.depth) {
        return Error{Errc::kLimit, "json.depth", "the JSON is nested too deeply"};
      }
    } else if (c == ']' || c == '}') {
      depth -= std::min<std::size_t>(depth, 1);
    } else if (c == ',' && ++values > limits.values) {
      return Error{Errc::kLimit, "json.values", "the JSON holds too many values"};
    }
  }
  return ok();
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  HUTONG_CHECK(check_limits(text, limits));
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    return Error{Errc::kMalformed, "json.syntax", "the body is not JSON (RFC 8259)"};
  }
  return json;
}

std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace hutong::net
