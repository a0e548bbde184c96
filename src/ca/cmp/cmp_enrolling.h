#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "ca/cmp/cmp_caller.h"
#include "ca/cmp/cmp_transactions.h"
#include "ca/cmp/enrolment.h"
#include "ca/signing/signing_system.h"
#include "cmp/message.h"

namespace hutong::ca {

/// One request and what its answer needs.
struct CmpExchange {
  const cmp::ReceivedMessage& request;
  const CmpCaller& caller;
  std::string profile;  ///< of the address; the header's certProfile goes before it
  Time now{};
  cmp::Header& answer;  ///< implicitConfirm is granted here
};

/// Applications, renewals, confirmations, polling and revocation over CMP (RFC 9483 4.1, 4.2, 4.4). All
/// reasons: those of Enrolment, of possession and transactions, kUnauthorized "cmp.not_allowed" (the caller
/// lacks the right, or the certificate is not its own), kPolicy "cmp.template" (no profile, or parts of a
/// request that are not for us), "cmp.authority" (a certificate of another CA), "cmp.certificate_id" (not
/// the hash of what was issued), kConflict "cmp.confirmed".
class CmpEnrolling {
 public:
  CmpEnrolling(storage::Database& database, const SigningSystem& signing, Enrolment& enrolment,
               std::chrono::seconds poll_delay)
      : transactions_(database), signing_(&signing), enrolment_(&enrolment), poll_delay_(poll_delay) {}

  Result<cmp::Body> answer(const CmpExchange& exchange, const cmp::CertificateRequests& body) const;
  Result<cmp::Body> answer(const CmpExchange& exchange, const cmp::Pkcs10Request& body) const;
  Result<cmp::Body> answer(const CmpExchange& exchange, const cmp::CertificateConfirm& body) const;
  Result<cmp::Body> answer(const CmpExchange& exchange, const cmp::PollRequest& body) const;
  Result<cmp::Body> answer(const CmpExchange& exchange, const cmp::RevocationRequest& body) const;

 private:
  Result<cmp::Body> apply(const CmpExchange& exchange, const EnrolmentWish& wish,
                          CmpTransaction transaction) const;
  Result<cmp::Body> settled(const CmpExchange& exchange, const CmpTransaction& transaction,
                            const EnrolmentState& state) const;
  Result<x509::Serial> renewed_certificate(const CmpExchange& exchange,
                                           const cmp::CertificateRequestMessage& request) const;
  Status check_owner(const CmpExchange& exchange, const x509::Serial& serial, CmpRight right) const;
  Status revoke(const CmpExchange& exchange, const cmp::RevocationDetails& details) const;
  bool is_ours(const x509::Name& issuer) const;

  CmpTransactions transactions_;
  const SigningSystem* signing_;
  Enrolment* enrolment_;
  std::chrono::seconds poll_delay_;
};

}  // namespace hutong::ca
