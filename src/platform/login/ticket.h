#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "net/json.h"

namespace hutong::platform::login {

/// base64url without padding (RFC 7515 2).
std::string to_base64url(ByteView octets);
/// Exactly what to_base64url writes: kMalformed "encoding.base64url".
Result<Bytes> from_base64url(std::string_view text);

/// What a ticket is for; one of another kind is as good as none.
enum class TicketKind : std::uint8_t { kRequest, kCode, kAccess, kRefresh, kDevice };

/// Codes and tokens that nobody has to store (decision 0011): a JSON text and an HMAC-SM3 over kind, end and
/// text, in base64url. So strangers who ask for many cost no memory, and every node knows its peers' tickets.
/// That one is used only once is for a row of the database to say. Immutable; any thread.
class Tickets {
 public:
  explicit Tickets(SecretBytes secret) : secret_(std::move(secret)) {}
  std::string make(TicketKind kind, const net::Json& content, Time end) const;
  /// kUnauthorized "login.ticket": not ours, of another kind, or too old.
  Result<net::Json> read(TicketKind kind, std::string_view text, Time now) const;

 private:
  Bytes tag(TicketKind kind, std::string_view content) const;
  SecretBytes secret_;
};

}  // namespace hutong::platform::login
