#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/router.h"
#include "operators/authorized.h"
#include "operators/certificate_policy.h"
#include "operators/rights.h"
#include "operators/session.h"
#include "operators/settings.h"
#include "storage/database.h"

namespace hutong::operators {

/// Says who sends a request and whether they may do what it asks. An operator shows the token of a session
/// and, for everything but GET and HEAD, the carrier's signature over the request (GM/T 0037 8.6.1): fields
/// Hutong-Time and Hutong-Signature over action_text. An API client shows its TLS certificate, or its key.
/// What is refused to somebody known is audited as "access.refused". State lives in the database, so any node
/// may answer; any thread may call.
class Guard {
 public:
  Guard(storage::Database& database, const RightsCatalogue& catalogue, const CertificateAuthority& authority,
        const Settings& settings, const Clock& clock)
      : database_(&database),
        catalogue_(&catalogue),
        authority_(&authority),
        settings_(&settings),
        clock_(&clock) {}

  /// kUnauthorized "session.missing" (401), "session.ended" (401; logged out, idle, too old, carrier pulled,
  /// rights changed), "client.unknown", "client.key_refused", "right.missing", "action.signature",
  /// "action.time", "action.replayed" and those of check_still_good. A signed request counts as used when
  /// this returns ok, whatever becomes of it.
  Result<Authorized> authorize(const net::Request& request, std::string_view right) const;
  /// The same for a heartbeat: it proves that the carrier is there, but nobody's activity.
  Result<Authorized> heartbeat(const net::Request& request) const;
  /// Ends the session whose token is shown. Not signed: one logs out also when the carrier is gone.
  Status log_out(const net::Request& request) const;

 private:
  enum class Counts { kAsActivity, kAsHeartbeat };
  Result<Authorized> session_of(std::string_view token, const net::Request& request, std::string_view right,
                                Counts counts) const;
  Result<Authorized> client_of(const net::Request& request, std::string_view key,
                               std::string_view right) const;
  Status end_session(const Session& session, const Operator& who, std::string_view why, Time now) const;
  Status check_session(const Session& session, const Operator& who, Time now) const;
  Status check_carrier(const net::Request& request, const Session& session, const Authorized& by,
                       Time now) const;
  Result<audit::OperatorSignature> check_action(const net::Request& request, const Session& session,
                                                const Operator& who, Time now) const;
  Status record_use(const Session& session, const Authorized& by, Counts counts, Time now) const;
  Error refused(const net::Request& request, const Authorized& by, Error why) const;

  storage::Database* database_;
  const RightsCatalogue* catalogue_;
  const CertificateAuthority* authority_;
  const Settings* settings_;
  const Clock* clock_;
};

/// net::serve for a handler whose process() is told who asks: first the guard, then parse, process, render.
template <typename HandlerClass>
Result<net::Response> serve(const HandlerClass& handler, const Guard& guard, std::string_view right,
                            const net::Request& request) {
  HUTONG_TRY(const Authorized by, guard.authorize(request, right));
  HUTONG_TRY(const auto input, HandlerClass::parse(request));
  HUTONG_TRY(const auto output, handler.process(input, by));
  return HandlerClass::render(output);
}

}  // namespace hutong::operators
