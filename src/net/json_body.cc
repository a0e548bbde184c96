#include "net/json_body.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/encoding.h"

namespace hutong::net {
namespace {

Error wrong(std::string_view name, std::string_view expected) {
  return {Errc::kMalformed, "request.member",
          "the member \"" + std::string(name) + "\" must be " + std::string(expected)};
}

}  // namespace

Result<JsonBody> JsonBody::parse(const Request& request, std::initializer_list<std::string_view> known) {
  if (request.body.empty()) {
    return JsonBody(Json::object());
  }
  HUTONG_TRY(auto json, parse_json(as_text(request.body)));
  return of(std::move(json), {known.begin(), known.size()});
}

Result<JsonBody> JsonBody::of(Json json, std::span<const std::string_view> known) {
  if (!json.is_object()) {
    return Error{Errc::kMalformed, "request.body", "a JSON object is expected"};
  }
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(known, std::string_view(name)) == known.end()) {
      return Error{Errc::kMalformed, "request.unknown_member", name};
    }
  }
  return JsonBody(std::move(json));
}

/// Null counts as absent.
const Json* JsonBody::find(std::string_view name) const {
  const auto found = json_.find(name);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

Result<std::string> JsonBody::text(std::string_view name) const {
  HUTONG_TRY(auto text, optional_text(name));
  return text ? Result<std::string>(std::move(*text)) : wrong(name, "a text");
}

Result<std::optional<std::string>> JsonBody::optional_text(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr) {
    return std::optional<std::string>();
  }
  if (!value->is_string()) {
    return wrong(name, "a text");
  }
  return std::optional(value->get<std::string>());
}

Result<bool> JsonBody::flag(std::string_view name, bool unless_given) const {
  const Json* value = find(name);
  if (value == nullptr) {
    return unless_given;
  }
  return value->is_boolean() ? Result<bool>(value->get<bool>()) : wrong(name, "true or false");
}

Result<std::int64_t> JsonBody::integer(std::string_view name) const {
  HUTONG_TRY(const auto number, optional_integer(name));
  return number ? Result<std::int64_t>(*number) : wrong(name, "a whole number");
}

Result<std::optional<std::int64_t>> JsonBody::optional_integer(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr) {
    return std::optional<std::int64_t>();
  }
  constexpr std::uint64_t kMost = INT64_MAX;
  if (!value->is_number_integer() || (value->is_number_unsigned() && value->get<std::uint64_t>() > kMost)) {
    return wrong(name, "a whole number");
  }
  return std::optional(value->get<std::int64_t>());
}

Result<std::optional<std::vector<std::string>>> JsonBody::optional_texts(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr) {
    return std::optional<std::vector<std::string>>();
  }
  const auto is_text = [](const Json& item) { return item.is_string(); };
  if (!value->is_array() || !std::all_of(value->begin(), value->end(), is_text)) {
    return wrong(name, "a list of texts");
  }
  return std::optional(value->get<std::vector<std::string>>());
}

Result<std::optional<JsonBody>> JsonBody::optional_object(
    std::string_view name, std::initializer_list<std::string_view> known) const {
  const Json* value = find(name);
  if (value == nullptr) {
    return std::optional<JsonBody>();
  }
  if (!value->is_object()) {
    return wrong(name, "an object");
  }
  HUTONG_TRY(auto inner, of(*value, {known.begin(), known.size()}));
  return std::optional(std::move(inner));
}

Result<Bytes> JsonBody::octets(std::string_view name) const {
  HUTONG_TRY(const auto encoded, text(name));
  auto octets = from_base64(encoded);
  if (!octets || octets->empty()) {
    return wrong(name, "base64");
  }
  return octets;
}

Result<PageRequest> page_request(const Request& request) {
  PageRequest page{.cursor = query_text(request, "cursor")};
  if (const auto given = query_text(request, "limit"); !given.empty()) {
    constexpr std::int64_t kMost = 1'000;
    const auto limit = whole_number(given, "limit");
    if (!limit || *limit < 1 || *limit > kMost) {
      return Error{Errc::kMalformed, "request.limit", "limit is a number from 1 to 1000"};
    }
    page.limit = static_cast<std::size_t>(*limit);
  }
  return page;
}

std::string query_text(const Request& request, std::string_view name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

Result<std::int64_t> whole_number(std::string_view text, std::string_view name) {
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) {
    return Error{Errc::kMalformed, "request.number", std::string(name) + " must be a whole number"};
  }
  return number;
}

}  // namespace hutong::net
