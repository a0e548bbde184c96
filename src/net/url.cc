#include "net/url.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace hutong::net {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::size_t kMostUrl = 8'192;
constexpr std::string_view kHostCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
constexpr std::string_view kAddressCharacters = "0123456789abcdefABCDEF:.";

/// Removes the prefix, whatever its case.
bool take(std::string_view& text, std::string_view prefix) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  if (text.size() < prefix.size() ||
      !std::equal(prefix.begin(), prefix.end(), text.begin(), [&](char p, char t) { return same(t, p); })) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

bool is_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

/// The host at the front of "host:port" or "[address]:port"; what follows stays.
std::optional<std::string> take_host(std::string_view& authority) {
  const bool bracketed = authority.starts_with('[');
  const auto end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const auto host = bracketed ? authority.substr(1, end - 1) : authority.substr(0, end);
  if (!is_of(host, bracketed ? kAddressCharacters : kHostCharacters)) {
    return std::nullopt;
  }
  authority.remove_prefix(end + (bracketed ? 1 : 0));
  return std::string(host);
}

/// ":port" or nothing at all.
std::optional<std::uint16_t> port_of(std::string_view text, std::uint16_t usual) {
  if (text.empty()) {
    return usual;
  }
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), port);
  const bool good =
      text.front() == ':' && error == std::errc() && end == text.data() + text.size() && port != 0;
  return good ? std::optional(port) : std::nullopt;
}

}  // namespace

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const auto usual = scheme == Scheme::kHttps ? kHttpsPort : kHttpPort;
  return port == usual ? name : name + ":" + std::to_string(port);
}

Result<Url> parse_url(std::string_view text) {
  const Error malformed{Errc::kMalformed, "client.url", "this is not an http or https URL"};
  std::string_view rest = text;
  const bool secure = take(rest, "https://");
  const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  if ((!secure && !take(rest, "http://")) || !printable || text.size() > kMostUrl ||
      text.find('#') != std::string_view::npos) {
    return malformed;
  }
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, end);
  std::string target(rest.substr(end));
  if (!target.starts_with('/')) {
    target.insert(0, "/");
  }
  const auto host = take_host(authority);
  const auto port = port_of(authority, secure ? kHttpsPort : kHttpPort);
  if (!host || !port) {
    return malformed;
  }
  return Url{.scheme = secure ? Url::Scheme::kHttps : Url::Scheme::kHttp,
             .host = *host,
             .port = *port,
             .target = std::move(target)};
}

}  // namespace hutong::net
