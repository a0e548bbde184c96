#include "agent/origins.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/file.h"

namespace hutong::agent {
namespace {

constexpr std::size_t kMostConsent = std::size_t{1} << 20;
constexpr std::size_t kMostOrigin = 262;
constexpr std::string_view kSecureScheme = "https://";
constexpr std::uint16_t kDefaultPort = 443;

bool contains(const std::vector<std::string>& list, std::string_view origin) {
  return std::ranges::find(list, origin) != list.end();
}

bool is_host_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
         letter == '.' || letter == '[' || letter == ']' || letter == ':';
}

bool is_other_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port != 0 && port != kDefaultPort &&
         text.front() != '0';
}

Error refused(std::string_view reason, std::string_view detail) {
  return {Errc::kUnauthorized, reason, std::string(detail)};
}

}  // namespace

bool is_secure_origin(std::string_view origin) {
  if (!origin.starts_with(kSecureScheme) || origin.size() > kMostOrigin) {
    return false;
  }
  std::string_view host = origin.substr(kSecureScheme.size());
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    if (!is_other_port(host.substr(colon + 1))) {
      return false;
    }
    host = host.substr(0, colon);
  }
  return !host.empty() && host.front() != '.' && host.front() != '-' &&
         std::ranges::all_of(host, is_host_letter);
}

Origins::Origins(OriginPolicy policy, std::filesystem::path consent,
                 std::set<std::string, std::less<>> consented)
    : policy_(std::move(policy)), consent_file_(std::move(consent)), consented_(std::move(consented)) {}

Result<std::unique_ptr<Origins>> Origins::open(OriginPolicy policy, std::filesystem::path consent) {
  std::set<std::string, std::less<>> consented;
  if (!consent.empty() && std::filesystem::exists(consent)) {
    HUTONG_TRY(const Bytes content, read_file(consent, kMostConsent));
    std::string_view lines = as_text(content);
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      if (const auto line = lines.substr(0, end); is_secure_origin(line)) {
        consented.emplace(line);
      }
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
  }
  return std::make_unique<Origins>(std::move(policy), std::move(consent), std::move(consented));
}

Result<std::string> Origins::of(const net::Request& request, std::uint16_t port) const {
  const auto host = request.headers.find("host");
  const std::string suffix = ":" + std::to_string(port);
  if (!host || (*host != "127.0.0.1" + suffix && *host != "localhost" + suffix)) {
    return refused("agent.host", "the request names another host than this machine");
  }
  const auto origin = request.headers.find("origin");
  if (!origin) {
    return refused("agent.origin_missing", "only web pages are served");
  }
  if (contains(policy_.refused, *origin) ||
      (!contains(policy_.allowed, *origin) && !is_secure_origin(*origin))) {
    return refused("agent.origin_refused", "this origin is not served");
  }
  return std::string(*origin);
}

bool Origins::is_allowed(std::string_view origin) const {
  const std::lock_guard lock(lock_);
  return contains(policy_.allowed, origin) || consented_.contains(origin);
}

bool Origins::may_sign_digests(std::string_view origin) const { return contains(policy_.digests, origin); }

Status Origins::allow(const std::string& origin) {
  const std::lock_guard lock(lock_);
  if (contains(policy_.allowed, origin) || consented_.contains(origin)) {
    return ok();
  }
  if (!consent_file_.empty()) {
    std::string lines;
    for (const std::string& known : consented_) {
      lines.append(known).append("\n");
    }
    HUTONG_CHECK(write_file(consent_file_, as_bytes(lines + origin + "\n"), FileMode::kPrivate));
  }
  consented_.insert(origin);
  return ok();
}

}  // namespace hutong::agent
