#include "agent/request.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/bytes.h"
#include "base/encoding.h"

namespace hutong::agent {
namespace {

constexpr net::JsonLimits kFrameLimits{.depth = 16, .values = 20'000};
constexpr std::array<std::string_view, 5> kMembers{"id", "method", "purpose", "params", "stream"};
constexpr std::size_t kMostMethod = 64;

Error malformed(std::string detail) { return {Errc::kMalformed, "agent.request", std::move(detail)}; }

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char octet) { return (static_cast<unsigned char>(octet) & 0xC0) != 0x80; }));
}

bool is_one_line(std::string_view text) {
  return !text.empty() && is_utf8(text) && characters(text) <= kMostPurpose &&
         std::ranges::none_of(text, [](char octet) {
           const auto value = static_cast<unsigned char>(octet);
           return value < 0x20 || value == 0x7F;
         });
}

Result<net::Json> read_object(std::string_view frame) {
  auto json = net::parse_json(frame, kFrameLimits);
  if (!json || !json->is_object()) {
    return malformed(json ? "a request is a JSON object" : json.error().detail);
  }
  return *std::move(json);
}

std::uint32_t id_in(const net::Json& json) {
  const auto found = json.find("id");
  if (found == json.end() || !found->is_number_unsigned()) {
    return 0;
  }
  const auto id = found->get<std::uint64_t>();
  return id <= std::numeric_limits<std::uint32_t>::max() ? static_cast<std::uint32_t>(id) : 0;
}

Status read_purpose(const net::Json& json, PageRequest& request) {
  const auto found = json.find("purpose");
  if (found == json.end()) {
    return ok();
  }
  if (!found->is_string() || !is_one_line(found->get_ref<const std::string&>())) {
    return Error{Errc::kMalformed, "agent.purpose", "a purpose is one line of 1 to 200 characters"};
  }
  request.purpose = found->get<std::string>();
  return ok();
}

Status read_stream(const net::Json& json, PageRequest& request) {
  const auto found = json.find("stream");
  if (found == json.end()) {
    return ok();
  }
  if (!found->is_object()) {
    return malformed("stream is an object");
  }
  StreamWish wish;
  for (const auto& [name, value] : found->items()) {
    if (name == "size" && value.is_number_unsigned()) {
      wish.size = value.get<std::uint64_t>();
    } else if (name == "rewindable" && value.is_boolean()) {
      wish.rewindable = value.get<bool>();
    } else if (name != "size" || !value.is_null()) {
      return malformed("stream." + name);
    }
  }
  request.stream = wish;
  return ok();
}

}  // namespace

Result<PageRequest> read_request(std::string_view frame) {
  HUTONG_TRY(auto json, read_object(frame));
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(kMembers, name) == kMembers.end()) {
      return malformed("no such member: " + name.substr(0, kMostMethod));
    }
  }
  PageRequest request;
  request.id = id_in(json);
  if (request.id == 0) {
    return malformed("id is a number from 1 to 4294967295");
  }
  const auto method = json.find("method");
  if (method == json.end() || !method->is_string() || method->get_ref<const std::string&>().empty() ||
      method->get_ref<const std::string&>().size() > kMostMethod) {
    return malformed("method is a text");
  }
  request.method = method->get<std::string>();
  HUTONG_CHECK(read_purpose(json, request));
  HUTONG_CHECK(read_stream(json, request));
  if (const auto params = json.find("params"); params != json.end()) {
    if (!params->is_object()) {
      return malformed("params is an object");
    }
    request.params = std::move(*params);
  }
  return request;
}

std::uint32_t id_of(std::string_view frame) {
  const auto json = read_object(frame);
  return json ? id_in(*json) : 0;
}

}  // namespace hutong::agent
