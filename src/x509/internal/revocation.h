#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "x509/internal/path_session.h"
#include "x509/path_findings.h"

namespace hutong::x509 {

/// Revocation status of the certificates of one path: by lists as in RFC 5280 6.3, by OCSP as in RFC 6960. A
/// revocation known from any source counts, a hold only when the newest data says so. Data newer than the
/// time of validation is welcome: it says when a certificate was revoked. List issuers and responders that
/// are not in the path get paths of their own, to the same anchor and from the same budget. Belongs to one
/// thread.
class RevocationCheck {
 public:
  RevocationCheck(PathSession& session, const Path& path) : session_(&session), path_(&path) {}

  /// Statuses in the order of shown_certificates(path); stops below a revoked CA. Appends findings.
  std::vector<RevocationStatus> run(std::vector<Finding>& findings);

 private:
  /// What one kind of data said.
  struct Answer {
    CertificateStatus status = CertificateStatus::kUnknown;
    std::optional<Time> revoked_at;
    std::optional<CrlReason> reason;
    Time as_of{};  ///< thisUpdate of the newest data used
    std::vector<RevocationSource> sources;
    std::vector<Finding> infos;
    std::vector<Finding> issues;  ///< why there is no answer
  };
  struct Target {
    const Certificate* certificate;
    Issuer issuer;
    std::string where;
  };

  RevocationStatus check(const Target& target, std::vector<Finding>& findings);
  static Answer merge(Answer a, Answer b);
  RevocationStatus conclude(const Target& target, Answer answer, std::vector<Finding>& findings) const;
  /// The finding in the severity of the request's mode.
  Finding modal(const findings::ModalKind& kind, const Target& target,
                std::vector<std::string> arguments = {}) const;
  void note_revoked(const CrlEntry& entry, Answer& answer) const;
  bool is_fresh(const Target& target, Time this_update, std::optional<Time> next_update,
                Answer& answer) const;

  Answer ask_lists(const Target& target);
  std::vector<std::size_t> complete_lists_newest_first() const;
  /// Adds to `covered` the reasons that the list speaks about with authority; a revocation goes to `answer`.
  void read_list(const Target& target, std::size_t index, std::uint16_t reasons, std::uint16_t& covered,
                 Answer& answer);
  bool is_readable(const Target& target, const Crl& crl, Answer& answer) const;
  std::optional<std::size_t> find_delta(const Crl& complete, const Issuer& signer);
  /// Who signed the list with the right to do so; explains in `answer` when nobody did.
  std::optional<Issuer> list_signer(const Target& target, const Crl& crl, Answer& answer);
  bool is_in_path(const Issuer& issuer) const;
  bool has_valid_path(const Certificate& signer);

  Answer ask_responders(const Target& target);
  void read_response(const Target& target, std::size_t index, const OcspSingleResponse& single,
                     Answer& answer);
  bool is_authorised(const Target& target, const OcspResponse& response, Answer& answer);
  bool is_delegate(const Target& target, const Certificate& responder, const OcspResponse& response);
  bool is_trusted_delegate(const Target& target, const Certificate& responder, Answer& answer);

  PathSession* session_;
  const Path* path_;
  std::vector<const Certificate*> in_progress_;
};

}  // namespace hutong::x509
