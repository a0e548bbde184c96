#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "x509/general_name.h"

namespace hutong::x509 {

/// A name that the caller expects the certificate to be for. Only subjectAltName counts, never the common
/// name (RFC 9525 2).
struct PeerName {
  enum class Kind : std::uint8_t { kDns, kIp, kEmail };
  Kind kind;
  std::string text;  ///< a host name in A-label form, an IPv4 or IPv6 address, or a mailbox
};

/// DNS: without case; "*" as the whole first label stands for one label, above at least two more (RFC 9525
/// 6.3). IP: the same octets. Mailbox: local part exactly, host without case (RFC 5280 7.5).
bool matches_peer_name(const PeerName& expected, std::span<const GeneralName> alternative_names);

}  // namespace hutong::x509
