#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "ca/cmp/cmp_clients.h"
#include "ca/cmp/cmp_enrolling.h"
#include "ca/cmp/cmp_information.h"
#include "cmp/protection.h"
#include "net/router.h"

namespace hutong::ca {

/// CMP over HTTP (RFC 9811; docs/cmp.md): POST /.well-known/cmp and /.well-known/cmp/p/{name}, where the name
/// is a template's. Whatever has the header of a CMP message is answered by a CMP message, refusals by an
/// error message, protected as the request was; anything else by a problem body. Keeps no state of its own:
/// any node goes on with a transaction. Thread-safe; everything given must outlive it.
class CmpEndpoint {
 public:
  struct Parts {
    storage::Database& database;
    const SigningSystem& signing;
    const CmpClients& clients;
    Enrolment& enrolment;
    const crypto::Signer& signer;          ///< signs the answers that no shared secret protects
    const x509::Certificate& certificate;  ///< the signer's
    const Clock& clock;
    std::chrono::seconds time_tolerance{std::chrono::minutes(10)};
    std::chrono::seconds poll_delay{60};
  };
  explicit CmpEndpoint(const Parts& parts);

  void add_routes(net::Router& router) const;
  /// The answer's DER. kMalformed when not even the request's header can be read.
  Result<Bytes> answer(ByteView request, std::string_view profile) const;

 private:
  Result<cmp::Body> decide(ByteView request, std::string_view profile, Time now, CmpCaller& caller,
                           cmp::Header& header) const;
  Result<net::Response> serve(const net::Request& request) const;
  void record_refusal(const CmpCaller& caller, const cmp::Header& header, const Error& error, Time now) const;

  storage::Database* database_;
  const CmpClients* clients_;
  const Clock* clock_;
  std::chrono::seconds time_tolerance_;
  x509::Name name_;
  cmp::SignatureProtector protector_;
  CmpEnrolling enrolling_;
  CmpInformation information_;
};

}  // namespace hutong::ca
