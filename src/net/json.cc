#include "net/json.h"

#include <simdjson.h>

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace hutong::net {
namespace {

/// The position after the string that begins at `begin`; the text's end when it does not end.
std::size_t skip_string(std::string_view text, std::size_t begin) {
  for (std::size_t quote = text.find('"', begin + 1); quote != text.npos; quote = text.find('"', quote + 1)) {
    std::size_t backslashes = 0;
    while (text[quote - 1 - backslashes] == '\\') {
      ++backslashes;
    }
    if (backslashes % 2 == 0) {
      return quote + 1;
    }
  }
  return text.size();
}

/// Counts brackets and commas outside of strings before anything is built. The text need not be right: what
/// is wrong is left to the parser.
Status check_limits(std::string_view text, const JsonLimits& limits) {
  std::size_t depth = 0;
  std::size_t values = 1;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      i = skip_string(text, i);
      continue;
    }
    ++i;
    if (c == '[' || c == '{') {
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

Error not_json(std::string detail) { return {Errc::kMalformed, "json.syntax", std::move(detail)}; }

Result<Json> json_of(simdjson::dom::element element);

Result<Json> json_of(simdjson::dom::array elements) {
  Json json = Json::array();
  for (const simdjson::dom::element element : elements) {
    HUTONG_TRY(auto value, json_of(element));
    json.push_back(std::move(value));
  }
  return json;
}

/// Few names are compared one by one, many are looked up.
bool has_twice(const simdjson::dom::object& members) {
  constexpr std::size_t kFew = 16;
  std::vector<std::string_view> few;
  std::unordered_set<std::string_view> many;
  for (const auto& [name, value] : members) {
    if (few.size() < kFew) {
      if (std::ranges::find(few, name) != few.end()) {
        return true;
      }
      few.push_back(name);
    } else if (std::ranges::find(few, name) != few.end() || !many.insert(name).second) {
      return true;
    }
  }
  return false;
}

Result<Json> json_of(simdjson::dom::object members) {
  if (has_twice(members)) {
    return not_json("an object has a name twice");
  }
  Json json = Json::object();
  auto& object = json.get_ref<Json::object_t&>();
  for (const auto& [name, member] : members) {
    HUTONG_TRY(auto value, json_of(member));
    object.std::vector<Json::object_t::value_type>::emplace_back(std::string(name), std::move(value));
  }
  return json;
}

Result<Json> json_of(simdjson::dom::element element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::ARRAY:
      return json_of(element.get_array().value_unsafe());
    case element_type::OBJECT:
      return json_of(element.get_object().value_unsafe());
    case element_type::INT64: {
      const std::int64_t number = element.get_int64().value_unsafe();
      return number < 0 ? Json(number) : Json(static_cast<std::uint64_t>(number));
    }
    case element_type::UINT64:
      return Json(element.get_uint64().value_unsafe());
    case element_type::DOUBLE:
      return Json(element.get_double().value_unsafe());
    case element_type::STRING:
      return Json(std::string(element.get_string().value_unsafe()));
    case element_type::BOOL:
      return Json(element.get_bool().value_unsafe());
    case element_type::NULL_VALUE:
      break;
  }
  return Json(nullptr);
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.empty()) {
    return not_json("there is no JSON");  // and perhaps not even an address to copy nothing from
  }
  HUTONG_CHECK(check_limits(text, limits));
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) {
    return not_json("the body is not JSON (RFC 8259)");
  }
  return json_of(root);
}

std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace hutong::net
