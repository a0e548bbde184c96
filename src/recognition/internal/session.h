#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
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
#include "x509/trust_source.h"

namespace hutong::recognition::internal {

/// One act of judging: the question, what was found in the file, and the report that grows. The judges of the
/// kinds use it to build paths and to add what they find; finish() adds what concerns every kind.
class Session final : public x509::TrustSource {
 public:
  Session(const Question& question, const Trust& trust, Detected detected);

  const Question& question() const { return question_; }
  const Detected& detected() const { return detected_; }
  /// Detected::signature, which only one can have.
  std::optional<cms::SignedData> take_signature() { return std::exchange(detected_.signature, std::nullopt); }
  const TrustList* list() const { return list_; }  ///< may be null
  RecognitionReport& report() { return report_; }
  void add(const x509::FindingKind& kind, std::string where = {}, std::vector<std::string> arguments = {});
  void add(const std::vector<x509::Finding>& findings);
  /// The object itself does not parse.
  void add_unreadable(const Error& error);

  /// Certificates that came along with the file, in its order.
  const std::vector<x509::Certificate>& companions() const { return companions_; }
  /// Everything that may have issued something and what says who is revoked: what came along, the caller's,
  /// the list's. Of the list and the caller's revocation data only what matters to these issuer names, or
  /// everything.
  void gather_candidates(std::vector<x509::Name> issuers);
  void gather_all_candidates();
  const std::vector<x509::TrustAnchor>& anchors() const { return known_.anchors; }
  const std::vector<x509::Certificate>& intermediates() const { return known_.intermediates; }
  /// The same for the signers of messages, without the companions.
  Known known_about(std::span<const x509::Certificate> certificates) const override;
  /// From Trust::paths, when nothing came along that could have changed the answer.
  std::shared_ptr<const x509::VerifyReport> remembered(const x509::Certificate& leaf, Time at) const override;
  void remember(const x509::Certificate& leaf, Time at, const x509::VerifyReport& report) const override;
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
  /// For messages: the context in which cms judges signers. It asks this session, which must outlive it.
  cms::TrustContext message_trust() const;
  /// The findings about them are path validation's.
  void count_quirks(const std::vector<ChainElement>& chain);
  /// The revocation objects that a path's statuses rest on.
  void note_revocation(const x509::VerifyReport& verified);

  RecognitionReport finish() &&;

 private:
  void read_companions();
  void read_companion(ByteView file, std::size_t number);
  void add_companion_certificate(ByteView der, std::size_t number);
  void add_list_state();
  void take_back_validity();
  Known known_for(std::vector<x509::Name> issuers) const;
  Known known_to_caller() const;
  bool has_memory() const;
  void consider(std::span<const x509::Crl> crls, std::span<const x509::OcspResponse> responses) const;

  const Question& question_;
  const Trust& trust_;
  Detected detected_;
  const TrustList* list_;  ///< may be null
  std::vector<x509::Certificate> companions_;
  std::vector<x509::Crl> companion_crls_;
  std::vector<x509::OcspResponse> companion_responses_;
  Known known_;
  RecognitionReport report_;
  mutable std::vector<x509::RevocationSource> considered_;  ///< also by what is asked through TrustSource
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
