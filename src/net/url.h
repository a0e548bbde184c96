#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hutong::net {

/// An absolute http or https URL, taken apart.
struct Url {
  enum class Scheme : std::uint8_t { kHttp, kHttps };
  Scheme scheme;
  std::string host;  ///< name or address, an IPv6 address without its brackets
  std::uint16_t port;
  std::string target;  ///< path and query as written, at least "/"

  /// What goes into the Host field: the port only when it is not the scheme's own.
  std::string authority() const;
};

/// kMalformed "client.url" for another scheme, user information, a fragment, anything but printable ASCII.
Result<Url> parse_url(std::string_view text);

}  // namespace hutong::net
