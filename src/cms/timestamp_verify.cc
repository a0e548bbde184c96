#include <algorithm>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "cms/cms_findings.h"
#include "cms/internal/message_check.h"
#include "cms/timestamp.h"
#include "x509/extensions.h"
#include "x509/general_name.h"

namespace hutong::cms {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;

/// Judges one token; the steps share the report.
class StampJudge {
 public:
  StampJudge(const TimestampExpectation& expected, const VerifyOptions& options)
      : expected_(&expected), options_(&options) {}

  TimestampReport run(ByteView response_or_token) {
    Bytes token = to_bytes(response_or_token);
    if (!recognise_message(response_or_token) && !take_from_response(token)) {
      return finished();
    }
    Bytes content;
    const auto signed_data = read_signed_data(token, &content);
    if (!signed_data) {
      add(findings::kStampMalformed, {signed_data.error().detail});
      return finished();
    }
    read_info(*signed_data, content);
    check_signature(token);
    if (report_.info) {
      check_info();
    }
    check_signer();
    return finished();
  }

 private:
  void add(const x509::FindingKind& kind, std::vector<std::string> arguments = {}) {
    report_.findings.emplace_back(kind, "timestamp", std::move(arguments));
  }

  bool take_from_response(Bytes& token) {
    auto response = TimestampResponse::from_der(token);
    if (!response) {
      add(findings::kStampMalformed, {response.error().detail});
      return false;
    }
    if (response->token.empty()) {
      std::string text = response->failure ? std::string(to_string(*response->failure)) : "rejection";
      for (const std::string& line : response->status_text) {
        text += "; " + line;
      }
      add(findings::kStampRefused, {std::move(text)});
      return false;
    }
    token = std::move(response->token);
    return true;
  }

  /// GM/T 0033 prints no OID for TSTInfo: data of GM/T 0010 is read as well.
  void read_info(const SignedData& message, const Bytes& content) {
    if (message.content_type != oids::kTstInfo && message.content_type != oids::kGmData) {
      add(findings::kStampContent, {message.content_type.to_string()});
      return;
    }
    auto info = TstInfo::from_der(content);
    if (info) {
      report_.info = std::move(info).value();
    } else if (info.error().code == Errc::kPolicy) {
      add(findings::kStampDigest, {info.error().detail});
    } else {
      add(findings::kStampMalformed, {info.error().detail});
    }
  }

  void check_signature(const Bytes& token) {
    VerifyOptions options = *options_;
    options.content = nullptr;
    options.at = report_.info ? report_.info->time : options_->at;
    MemorySource source(token);
    auto message = internal::check_message(
        {.message = source, .timestamps = internal::SignatureTimestamps::kIgnore}, options);
    if (message) {
      report_.token = std::move(message).value();
    } else {
      add(findings::kStampMalformed, {message.error().detail});
    }
  }

  void check_info() {
    const TstInfo& info = *report_.info;
    if (info.imprint.algorithm == crypto::DigestAlgorithm::kSha1) {
      add(findings::kStampDigest, {std::string(crypto::digest_name(info.imprint.algorithm))});
    }
    const bool other_imprint = expected_->imprint && !(*expected_->imprint == info.imprint);
    const bool other_data =
        expected_->data && !(imprint_of(*expected_->data, info.imprint.algorithm) == info.imprint);
    if (other_imprint || other_data) {
      add(findings::kStampImprint);
    }
    if (expected_->nonce && info.nonce != expected_->nonce) {
      add(findings::kStampNonce);
    }
    if (expected_->policy && info.policy != *expected_->policy) {
      add(findings::kStampPolicy, {info.policy.to_string()});
    }
    check_time(info);
    check_extensions(info);
  }

  void check_time(const TstInfo& info) {
    const auto tolerance = info.accuracy ? info.accuracy->to_seconds() : std::chrono::seconds(0);
    if (info.time > options_->at + tolerance) {
      add(findings::kStampFuture, {to_rfc3339(info.time)});
    }
    if (info.accuracy && info.accuracy->untagged_millis) {
      add(findings::kStampAccuracy);
    }
  }

  void check_extensions(const TstInfo& info) {
    if (info.extensions.empty()) {
      return;
    }
    x509::QuirkRecorder quirks;
    const auto extensions = x509::parse_extensions(info.extensions, quirks);
    if (!extensions) {
      add(findings::kStampMalformed, {extensions.error().detail});
      return;
    }
    for (const x509::Extension& extension : *extensions) {
      if (extension.critical) {
        add(findings::kStampExtension, {extension.oid.to_string()});
      }
    }
  }

  void check_signer() {
    if (report_.token.signers.size() != 1) {
      add(findings::kStampSigners);
      return;
    }
    const SignerReport& signer = report_.token.signers.front();
    if (signer.certificate) {
      check_purpose(*signer.certificate);
      check_authority(*signer.certificate);
    }
    if (signer.signature_verified && !signer.identifies_certificate) {
      add(findings::kStampSigningCertificate);
    }
    if (signer.chain) {
      check_later_revocation(*signer.chain);
    }
  }

  /// RFC 3161 2.3: timeStamping, critical, alone.
  void check_purpose(const x509::Certificate& certificate) {
    const auto& usage = certificate.extensions().extended_key_usage;
    if (!usage || !usage->has(oids::kTimeStamping)) {
      add(findings::kStampPurpose);
    } else if (usage->purposes.size() != 1 ||
               !certificate.extensions().is_critical(oids::kExtendedKeyUsage)) {
      add(findings::kStampPurposeForm);
    }
  }

  void check_authority(const x509::Certificate& certificate) {
    if (!report_.info || report_.info->authority.empty()) {
      return;
    }
    asn1::Reader reader(report_.info->authority);
    x509::QuirkRecorder quirks;
    const auto name = x509::parse_general_name(reader, quirks);
    const auto is_same = [&name](const x509::GeneralName& other) { return equal(other.der, name->der); };
    const auto& others = certificate.extensions().subject_alt_name;
    const bool fits = name && ((name->directory && *name->directory == certificate.subject()) ||
                               (others && std::ranges::any_of(*others, is_same)));
    if (!fits) {
      add(findings::kStampAuthority);
    }
  }

  /// RFC 3161 section 4: only these reasons leave earlier stamps valid.
  void check_later_revocation(const x509::VerifyReport& chain) {
    if (chain.path.empty()) {
      return;
    }
    const x509::RevocationStatus& status = chain.path.front().revocation;
    const bool harmless = status.reason && (*status.reason == x509::CrlReason::kUnspecified ||
                                            *status.reason == x509::CrlReason::kAffiliationChanged ||
                                            *status.reason == x509::CrlReason::kSuperseded ||
                                            *status.reason == x509::CrlReason::kCessationOfOperation);
    if (status.revoked_at && !harmless) {
      add(findings::kStampAuthorityRevoked, {to_rfc3339(*status.revoked_at)});
    }
  }

  TimestampReport finished() {
    const x509::Indication own = x509::indication_of(report_.findings);
    const x509::Indication token = report_.token.indication();
    const auto either = [own, token](x509::Indication what) { return own == what || token == what; };
    report_.indication = either(x509::Indication::kInvalid)         ? x509::Indication::kInvalid
                         : either(x509::Indication::kIndeterminate) ? x509::Indication::kIndeterminate
                                                                    : x509::Indication::kValid;
    return std::move(report_);
  }

  const TimestampExpectation* expected_;
  const VerifyOptions* options_;
  TimestampReport report_;
};

}  // namespace

TimestampExpectation expectation_of(const TimestampRequest& request) {
  return {.imprint = request.imprint, .nonce = request.nonce, .policy = request.policy};
}

TimestampReport verify_timestamp(ByteView response_or_token, const TimestampExpectation& expected,
                                 const VerifyOptions& options) {
  return StampJudge(expected, options).run(response_or_token);
}

}  // namespace hutong::cms
