#include "x509/peer_name.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/bytes.h"
#include "x509/internal/host_name.h"

namespace hutong::x509 {
namespace {

bool dns_matches(std::string_view presented, std::string_view expected) {
  if (!is_preferred_host_name(presented, Wildcard::kYes) || !is_preferred_host_name(expected)) {
    return false;
  }
  if (!presented.starts_with("*.")) {
    return same_ascii(presented, expected);
  }
  const std::string_view parent = presented.substr(2);
  const std::size_t dot = expected.find('.');
  return parent.find('.') != std::string_view::npos && dot != std::string_view::npos &&
         same_ascii(expected.substr(dot + 1), parent);
}

Bytes address_octets(const std::string& text) {
  std::array<std::uint8_t, 16> octets{};
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    return {octets.begin(), octets.begin() + 4};
  }
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) {
    return {octets.begin(), octets.end()};
  }
  return {};
}

bool email_matches(std::string_view presented, std::string_view expected) {
  if (!is_mailbox(presented) || !is_mailbox(expected)) {
    return false;
  }
  const std::size_t at = expected.find('@');
  return presented.substr(0, presented.find('@')) == expected.substr(0, at) &&
         same_ascii(presented.substr(presented.find('@')), expected.substr(at));
}

}  // namespace

bool matches_peer_name(const PeerName& expected, std::span<const GeneralName> alternative_names) {
  const Bytes address = expected.kind == PeerName::Kind::kIp ? address_octets(expected.text) : Bytes{};
  return std::ranges::any_of(alternative_names, [&](const GeneralName& name) {
    switch (expected.kind) {
      case PeerName::Kind::kDns:
        return name.kind == GeneralNameKind::kDnsName && dns_matches(name.text(), expected.text);
      case PeerName::Kind::kIp:
        return name.kind == GeneralNameKind::kIpAddress && !address.empty() && equal(name.value, address);
      case PeerName::Kind::kEmail:
        break;
    }
    return name.kind == GeneralNameKind::kRfc822Name && email_matches(name.text(), expected.text);
  });
}

}  // namespace hutong::x509
