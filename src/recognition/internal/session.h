#pragma once

#include <optional>
#include <string>
#include <vector>

#include "asn1/oid.h"
#include "cms/verify.h"
#include "recognition/detect.h"
#include "recognition/judge.h"
#include "recognition/report.h"
#include "x509/certificate.h"
#include "x509/crl.h"
#include "x509/name.h"
#include "x509/ocsp.h"

namespace hutong::recognition::internal {

/// One act of judging: the question, what was found in the file, and the report that grows. The judges of the
/// kinds use it to build paths and to add what they find; finish() adds what concerns every kind.
class Session {
 public:
  Session(const Question& question, const Trust& trust, Detected detected);

  const Question& question() const { return question_; }
  const Detected& detected() const { return detected_; }
  const TrustList* list() const { return list_; }  ///< may be null
  RecognitionReport& report() { return report_; }
  void add(const x509::FindingKind& kind, std::string where = {}, std::vector<std::string> arguments = {});
  void add(const std::vector<x509::Finding>& findings);
  /// The object itself does not parse.
  void add_unreadable(const Error& error);

  /// Certificates that came along with the file, in its order.
  const std::vector<x509::Certificate>& companions() const { return companions_; }
  const std::vector<x509::Crl>& crls() const { return crls_; }
  const std::vector<x509::OcspResponse>& ocsp_responses() const { return ocsp_responses_; }
  /// Everything that may have issued something: companions, the caller's, the list's. Of the list only what
  /// matters to these issuer names, or everything.
  void gather_candidates(std::vector<x509::Name> issuers);
  void gather_all_candidates();
  const std::vector<x509::TrustAnchor>& anchors() const { return anchors_; }
  const std::vector<x509::Certificate>& intermediates() const { return intermediates_; }
  /// Certificates, anchors included, with this subject.
  std::vector<x509::Certificate> certificates_named(const x509::Name& subject) const;

  x509::VerifyReport verify(const x509::Certificate& leaf,
                            std::optional<asn1::Oid> purpose = std::nullopt) const;
  /// Puts a path and its findings into the report as the chain.
  void adopt(const x509::VerifyReport& verified);
  std::vector<ChainElement> chain_of(const x509::VerifyReport& verified) const;
  /// What the list says about the services in a path at a time.
  std::vector<x509::Finding> service_findings(const std::vector<ChainElement>& chain, Time at) const;
  /// Deviations among `findings` that the list refuses for a service of the path.
  std::vector<x509::Finding> refused_quirks(const std::vector<ChainElement>& chain,
                                            const std::vector<x509::Finding>& findings) const;
  /// For messages: the context in which cms judges signers.
  cms::TrustContext message_trust() const;
  /// The findings about them are path validation's.
  void count_quirks(const std::vector<ChainElement>& chain);
  /// The revocation objects that a path's statuses rest on. `more_crls` follow crls() in the numbering.
  void note_revocation(const x509::VerifyReport& verified, const std::vector<x509::Crl>& more_crls = {});

  RecognitionReport finish() &&;

 private:
  void read_companions();
  void read_companion(ByteView file, std::size_t number);
  void add_companion_certificate(ByteView der, std::size_t number);
  void add_list_state();
  void take_back_validity();
  void add_candidates(const std::vector<x509::TrustAnchor>& anchors,
                      const std::vector<x509::Certificate>& intermediates);

  const Question& question_;
  const Trust& trust_;
  Detected detected_;
  const TrustList* list_;  ///< may be null
  std::vector<x509::Certificate> companions_;
  std::vector<x509::Crl> crls_;
  std::vector<x509::OcspResponse> ocsp_responses_;
  std::vector<x509::TrustAnchor> anchors_;
  std::vector<x509::Certificate> intermediates_;
  RecognitionReport report_;
};

/// One judge for each kind.
void judge_certificate(Session& session);
void judge_bundle(Session& session);
void judge_crl(Session& session);
void judge_request(Session& session);
void judge_ocsp_response(Session& session);
void judge_signed_message(Session& session);
void judge_envelope(Session& session);
void judge_timestamp(Session& session);

}  // namespace hutong::recognition::internal
