#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/time.h"
#include "cms/message.h"
#include "cms/signed_data.h"
#include "cms/tst_info.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"
#include "x509/crl.h"
#include "x509/report.h"

/// What judging a signed message or a time stamp answers (design decision 5). Plain values.
namespace hutong::cms {

struct TimestampReport;

/// One signer. Findings say "signer[i]" as their place, i counting as in the message.
struct SignerReport {
  x509::Indication indication = x509::Indication::kIndeterminate;
  std::vector<x509::Finding> findings;
  PartyIdentifier identifier;
  Bytes signature;        ///< as the message has it
  std::string digest;     ///< "SM3" …; empty when unknown
  std::string algorithm;  ///< "SM2-SM3", "RSA-SHA-256" …; empty when unknown
  bool has_signed_attributes = false;
  bool identifies_certificate = false;  ///< by signingCertificate or signingCertificateV2
  /// Content and signature belong together under the certificate's key; says nothing about trust.
  bool signature_verified = false;
  std::optional<x509::Certificate> certificate;
  std::optional<Time> claimed_signing_time;  ///< the signer's word, proves nothing
  std::vector<TimestampReport> timestamps;   ///< on the signature (RFC 3161 appendix A)
  std::optional<Time> validated_at;          ///< the time the certification path was judged for
  std::optional<x509::VerifyReport> chain;   ///< absent without a trust context or without a certificate
};

struct SignedMessageReport {
  std::vector<x509::Finding> findings;  ///< about the message as a whole
  std::vector<SignerReport> signers;
  MessageForm form = MessageForm::kGm;
  asn1::Oid content_type;
  bool detached = false;
  std::uint64_t content_size = 0;
  Bytes content_sm3;                            ///< SM3 of the content octets; empty when there was none
  std::vector<x509::Certificate> certificates;  ///< carried by the message, those that could be read
  std::vector<x509::Crl> crls;                  ///< likewise

  /// Valid when there is a signer and all of them are; invalid when anything is.
  x509::Indication indication() const;
  bool has(std::string_view code) const;  ///< anywhere: message, signers
};

struct TimestampReport {
  x509::Indication indication = x509::Indication::kIndeterminate;
  std::vector<x509::Finding> findings;  ///< of the stamp itself; those of its signature are in `token`
  std::optional<TstInfo> info;
  SignedMessageReport token;
};

}  // namespace hutong::cms
