#include "platform/login/ticket.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/constant_time.h"
#include "crypto/sm3.h"

namespace hutong::platform::login {
namespace {

constexpr std::string_view kEnd = "exp";

}  // namespace

std::string to_base64url(ByteView octets) {
  std::string text = to_base64(octets);
  text.resize(text.find_last_not_of('=') + 1);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

Result<Bytes> from_base64url(std::string_view text) {
  std::string usual(text);
  std::ranges::replace(usual, '-', '+');
  std::ranges::replace(usual, '_', '/');
  auto octets = from_base64(usual);
  if (!octets || to_base64url(*octets) != text) {
    return Error{Errc::kMalformed, "encoding.base64url", "no base64url"};
  }
  return octets;
}

Bytes Tickets::tag(TicketKind kind, std::string_view content) const {
  const auto kind_octet = static_cast<std::uint8_t>(kind);
  crypto::HmacSm3 hmac(secret_.expose());
  hmac.update(as_bytes("hutong-ticket-1"));
  hmac.update(ByteView(&kind_octet, 1));
  hmac.update(as_bytes(content));
  return to_bytes(hmac.finish());
}

std::string Tickets::make(TicketKind kind, const net::Json& content, Time end) const {
  net::Json whole = content;
  whole[kEnd] = end.time_since_epoch().count();
  const std::string text = net::to_text(whole);
  return to_base64url(as_bytes(text)) + "." + to_base64url(tag(kind, text));
}

Result<net::Json> Tickets::read(TicketKind kind, std::string_view text, Time now) const {
  const Error refused{Errc::kUnauthorized, "login.ticket", "not made by this system, or too old"};
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) {
    return refused;
  }
  const auto content = from_base64url(text.substr(0, dot));
  const auto shown = from_base64url(text.substr(dot + 1));
  if (!content || !shown || !crypto::constant_time_equal(tag(kind, as_text(*content)), *shown)) {
    return refused;
  }
  HUTONG_TRY(auto json, net::parse_json(as_text(*content)));
  if (now.time_since_epoch().count() >= json.at(kEnd).get<std::int64_t>()) {
    return refused;
  }
  return json;
}

}  // namespace hutong::platform::login
