#pragma once

#include <string_view>

namespace hutong::x509 {

/// Whether "*" may stand for the first label (RFC 9525 6.3).
enum class Wildcard : bool { kNo, kYes };

/// Labels of letters, digits, "-" and "_" (1 to 63), at most 253 octets, no empty label; the last label is
/// not all digits, so that an address is no host name.
bool is_host_name(std::string_view text, Wildcard wildcard = Wildcard::kNo);
/// The preferred name syntax of RFC 1034 3.5, which RFC 5280 4.2.1.6 asks for: no "_", no "-" at the ends.
bool is_preferred_host_name(std::string_view text, Wildcard wildcard = Wildcard::kNo);
bool same_ascii(std::string_view a, std::string_view b);  ///< letters without case
/// `name` is `base` or ends in "." and `base`.
bool is_subdomain(std::string_view name, std::string_view base);
/// Local part and host, both non-empty, exactly one "@".
bool is_mailbox(std::string_view text);
/// Host of a URI with an authority ("scheme://user@host:port/path"); empty when there is none or when it is
/// an address literal in brackets.
std::string_view uri_host(std::string_view uri);

}  // namespace hutong::x509
