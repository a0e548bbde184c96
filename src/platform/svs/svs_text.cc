#include "platform/svs/svs_text.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/encoding.h"

namespace hutong::platform::svs {
namespace {

Error wrong(std::string_view name, std::string_view what) {
  return {Errc::kMalformed, "svs.member", std::string(name.substr(0, 40)) + " " + std::string(what)};
}

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

Result<Member> member_named(Type type, Direction direction, std::string_view name) {
  for (const MemberRule& rule : rules_of(type, direction)) {
    if (same_name(to_string(rule.member), name)) {
      return rule.member;
    }
  }
  return wrong(name, "is no member of this packet");
}

Status set_from_text(Member member, std::string text, Packet& packet) {
  const auto name = to_string(member);
  switch (kind_of(member)) {
    case MemberKind::kInteger: {
      std::uint64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size() || number > INT64_MAX) {
        return wrong(name, "must be a whole number");
      }
      packet.set(member, number);
      return ok();
    }
    case MemberKind::kBoolean:
      if (!same_name(text, "TRUE") && !same_name(text, "FALSE")) {
        return wrong(name, "must be TRUE or FALSE");
      }
      packet.set_flag(member, same_name(text, "TRUE"));
      return ok();
    case MemberKind::kOctets:
    case MemberKind::kCertificate:
      break;
  }
  std::ranges::replace(text, ' ', '+');
  auto octets = from_base64(text);
  if (!octets) {
    return wrong(name, "must be Base64");
  }
  packet.set(member, std::move(*octets));
  return ok();
}

Result<Packet> complete(Type type, Direction direction, Packet packet) {
  for (const MemberRule& rule : rules_of(type, direction)) {
    if (rule.presence == Presence::kRequired && !packet.has(rule.member)) {
      return wrong(to_string(rule.member), "is missing");
    }
  }
  return packet;
}

std::string text_of(Member member, const Packet& packet) {
  switch (kind_of(member)) {
    case MemberKind::kInteger:
      return std::to_string(*packet.number(member));
    case MemberKind::kBoolean:
      return packet.flag(member) ? "TRUE" : "FALSE";
    case MemberKind::kOctets:
    case MemberKind::kCertificate:
      break;
  }
  return to_base64(packet.octets(member));
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned octet = 0;
    const char* start = text.data() + i + 1;
    if (text.size() - i < 3 || std::from_chars(start, start + 2, octet, 16).ptr != start + 2) {
      return std::nullopt;
    }
    out += static_cast<char>(octet);
    i += 2;
  }
  return out;
}

/// What Base64 has besides letters and digits.
std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
  }
  return out;
}

Result<std::string> json_text(std::string_view name, const net::Json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (value.is_number_unsigned()) {
    return std::to_string(value.get<std::uint64_t>());
  }
  if (value.is_number_integer()) {
    return std::to_string(value.get<std::int64_t>());
  }
  if (value.is_boolean()) {
    return std::string(value.get<bool>() ? "TRUE" : "FALSE");
  }
  return wrong(name, "must be a text");
}

}  // namespace

Result<Packet> read_form_packet(Type type, Direction direction, std::string_view body) {
  Packet packet;
  while (!body.empty()) {
    const std::string_view pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(pair.size() + 1, body.size()));
    const auto equals = pair.find('=');
    const auto name = unescape(pair.substr(0, equals));
    auto value = unescape(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    if (!name || !value) {
      return wrong(pair.substr(0, equals), "is not escaped as a form is");
    }
    HUTONG_TRY(const Member member, member_named(type, direction, *name));
    if (packet.has(member)) {
      return wrong(*name, "came twice");
    }
    HUTONG_CHECK(set_from_text(member, std::move(*value), packet));
  }
  return complete(type, direction, std::move(packet));
}

std::string write_form_packet(Type type, Direction direction, const Packet& packet) {
  std::string out;
  for (const MemberRule& rule : rules_of(type, direction)) {
    if (packet.has(rule.member)) {
      out += (out.empty() ? "" : "&") + std::string(to_string(rule.member)) + "=" +
             escape(text_of(rule.member, packet));
    }
  }
  return out;
}

Result<Packet> read_json_packet(Type type, Direction direction, const net::Json& members) {
  if (!members.is_object()) {
    return wrong(direction == Direction::kRequest ? "request" : "respond", "must be an object");
  }
  Packet packet;
  for (const auto& [name, value] : members.items()) {
    HUTONG_TRY(const Member member, member_named(type, direction, name));
    if (packet.has(member)) {
      return wrong(name, "came twice");
    }
    HUTONG_TRY(auto text, json_text(name, value));
    HUTONG_CHECK(set_from_text(member, std::move(text), packet));
  }
  return complete(type, direction, std::move(packet));
}

net::Json write_json_packet(Type type, Direction direction, const Packet& packet) {
  net::Json members = net::Json::object();
  for (const MemberRule& rule : rules_of(type, direction)) {
    if (packet.has(rule.member)) {
      members[std::string(to_string(rule.member))] = text_of(rule.member, packet);
    }
  }
  return members;
}

}  // namespace hutong::platform::svs
