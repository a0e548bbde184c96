#include "cms/internal/message_check.h"

#include <algorithm>

#include "asn1/oids.h"
#include "cms/cms_findings.h"
#include "cms/internal/content_hasher.h"
#include "cms/internal/replay_source.h"
#include "cms/internal/signer_check.h"
#include "cms/timestamp.h"

namespace hutong::cms::internal {
namespace {

constexpr std::size_t kMostJudged = 64;
constexpr std::size_t kMostTimestamps = 4;

/// Errors of the input become findings; errors of source and sink stay errors.
const x509::FindingKind* finding_for(const Error& error) {
  if (error.reason == "cms.not_signed_data") {
    return &findings::kNotSignedContent;
  }
  if (error.code == Errc::kMalformed) {
    return &findings::kMalformed;
  }
  return error.code == Errc::kLimit && (error.reason.starts_with("cms.") || error.reason.starts_with("asn1."))
             ? &findings::kTooLarge
             : nullptr;
}

/// Judges one message; the steps share what was read.
class Judge {
 public:
  Judge(const MessageCheck& check, const VerifyOptions& options)
      : check_(&check), options_(&options), message_source_(check.message, options.most_kept) {}

  Result<SignedMessageReport> run() {
    ContentHasher inside(options_->content);
    auto message = check_->read(message_source_, inside);
    if (!message) {
      const x509::FindingKind* kind = finding_for(message.error());
      if (kind == nullptr) {
        return std::move(message).error();
      }
      add(*kind, {message.error().detail});
      return std::move(report_);
    }
    message_ = std::move(message).value();
    inside.finish();
    describe();
    read_certificates();
    prepare_signers();
    HUTONG_CHECK(judge_content(inside));
    judge_certificates();
    return std::move(report_);
  }

 private:
  void add(const x509::FindingKind& kind, std::vector<std::string> arguments = {}) {
    report_.findings.emplace_back(kind, "", std::move(arguments));
  }

  void describe() {
    report_.form = message_.form;
    report_.content_type = message_.content_type;
    report_.detached = message_.content == ContentPresence::kAbsent;
    if (message_.ber) {
      add(findings::kBerEncoding);
    }
    const auto inner = message_kind_of(message_.content_type);
    if (inner && inner->form != message_.form) {
      add(findings::kMixedForms);
    }
    if (message_.other_certificates > 0) {
      add(findings::kOtherCertificates, {std::to_string(message_.other_certificates)});
    }
    if (message_.signers.empty()) {
      add(findings::kNoSigner);
    }
    if (message_.signers.size() > kMostJudged) {
      add(findings::kTooLarge, {std::to_string(message_.signers.size()) + " signers"});
    }
  }

  x509::SignatureCache* cache() const {
    return options_->trust != nullptr ? options_->trust->cache : nullptr;
  }

  Result<x509::Certificate> read_certificate(ByteView der) const {
    return cache() != nullptr ? cache()->certificates().parse(der) : x509::Certificate::parse(der);
  }

  void read_certificates() {
    for (const Bytes& der : message_.certificates) {
      if (auto certificate = read_certificate(der)) {
        index_.add(*certificate);
        report_.certificates.push_back(std::move(certificate).value());
      } else {
        add(findings::kCertificateMalformed, {certificate.error().detail});
      }
    }
    for (const Bytes& der : message_.crls) {
      if (auto crl = x509::Crl::parse(ByteView(der))) {
        report_.crls.push_back(std::move(crl).value());
      } else {
        add(findings::kCrlMalformed, {crl.error().detail});
      }
    }
    for (const x509::Certificate& certificate : options_->certificates) {
      index_.add(certificate);
    }
  }

  void prepare_signers() {
    const std::size_t count = std::min(message_.signers.size(), kMostJudged);
    report_.signers.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      checks_.emplace_back(message_.signers[i], message_, "signer[" + std::to_string(i) + "]",
                           report_.signers[i], cache());
      checks_.back().find_candidates(index_);
    }
  }

  /// The digests must be those of the content that the signature is about.
  Status judge_content(ContentHasher& inside) {
    if (message_.content == ContentPresence::kAbsent) {
      return judge_detached();
    }
    note_content(inside);
    if (check_->content != nullptr) {
      HUTONG_CHECK(compare_outside(inside));
    }
    if (has_all_digests(inside)) {
      judge_signers(inside);
      return ok();
    }
    return judge_second_pass(inside);
  }

  Status judge_detached() {
    if (check_->content == nullptr) {
      add(findings::kMissingContent);
      return ok();
    }
    ContentHasher outside(options_->content);
    add_needs(outside);
    HUTONG_CHECK(copy_all(*check_->content, outside));
    outside.finish();
    note_content(outside);
    judge_signers(outside);
    return ok();
  }

  Status compare_outside(const ContentHasher& inside) {
    ContentHasher outside;
    HUTONG_CHECK(copy_all(*check_->content, outside));
    outside.finish();
    if (outside.sm3() != inside.sm3() || outside.size() != inside.size()) {
      add(findings::kContentDiffers);
    }
    return ok();
  }

  Status judge_second_pass(const ContentHasher& first) {
    if (!message_source_.can_rewind()) {
      for (SignerCheck& check : checks_) {
        if (!has_digests(check, first)) {
          check.add(findings::kTooLarge, {"the message must be read twice; give it as a file"});
        } else {
          check.judge(first);
        }
      }
      return ok();
    }
    HUTONG_CHECK(message_source_.rewind());
    ContentHasher second;
    add_needs(second);
    const auto again = check_->read(message_source_, second);
    second.finish();
    if (!again || second.sm3() != first.sm3() || second.size() != first.size()) {
      return Error{Errc::kUnavailable, "cms.source_changed", "the message changed while it was read"};
    }
    judge_signers(second);
    return ok();
  }

  void note_content(const ContentHasher& content) {
    report_.content_size = content.size();
    report_.content_sm3 = content.sm3();
  }

  void add_needs(ContentHasher& hasher) const {
    for (const SignerCheck& check : checks_) {
      for (const DigestNeed& need : check.needs()) {
        hasher.add(need);
      }
    }
  }

  static bool has_digests(const SignerCheck& check, const ContentHasher& hasher) {
    return std::ranges::all_of(check.needs(),
                               [&](const DigestNeed& need) { return hasher.digest(need) != nullptr; });
  }

  bool has_all_digests(const ContentHasher& hasher) const {
    return std::ranges::all_of(checks_, [&](const SignerCheck& check) { return has_digests(check, hasher); });
  }

  void judge_signers(const ContentHasher& content) {
    for (SignerCheck& check : checks_) {
      check.judge(content);
    }
  }

  void judge_certificates() {
    for (std::size_t i = 0; i < report_.signers.size(); ++i) {
      SignerReport& signer = report_.signers[i];
      const std::string where = "signer[" + std::to_string(i) + "]";
      check_digest_strength(where, signer);
      const Time at = judge_timestamps(message_.signers[i], where, signer);
      if (signer.certificate) {
        check_path(report_, *options_, at, where, signer);
      }
      signer.indication = x509::indication_of(signer.findings);
      if (signer.indication == x509::Indication::kValid && !signer.signature_verified) {
        signer.indication = x509::Indication::kIndeterminate;
      }
    }
  }

  void check_digest_strength(const std::string& where, SignerReport& signer) const {
    const bool refused =
        options_->trust == nullptr || options_->trust->algorithms.sha1 == x509::Sha1::kRefused;
    if (refused && signer.digest == crypto::digest_name(crypto::DigestAlgorithm::kSha1)) {
      signer.findings.emplace_back(findings::kWeakDigest, where, std::vector<std::string>{signer.digest});
    }
  }

  /// The time at which the certificate is judged: the earliest valid time stamp on the signature, else the
  /// caller's time. The signer's own claim proves nothing.
  Time judge_timestamps(const SignerInfo& info, const std::string& where, SignerReport& signer) {
    std::optional<Time> stamped;
    for (const Bytes& token : timestamps_of(info)) {
      auto stamp = verify_timestamp(token, {.data = ByteView(info.signature)}, *options_);
      if (stamp.indication == x509::Indication::kValid) {
        stamped = std::min(stamped.value_or(stamp.info->time), stamp.info->time);
      } else {
        signer.findings.emplace_back(findings::kTimestampNotUsed, where);
      }
      signer.timestamps.push_back(std::move(stamp));
    }
    if (stamped) {
      signer.findings.emplace_back(findings::kTimestampUsed, where,
                                   std::vector<std::string>{to_rfc3339(*stamped)});
    }
    return stamped.value_or(options_->at);
  }

  std::vector<Bytes> timestamps_of(const SignerInfo& info) const {
    std::vector<Bytes> tokens;
    if (check_->timestamps == SignatureTimestamps::kIgnore || !info.unsigned_attributes) {
      return tokens;
    }
    for (const Attribute& attribute : info.unsigned_attributes->attributes) {
      if (attribute.type == asn1::oids::kSignatureTimeStampToken) {
        tokens.insert(tokens.end(), attribute.values.begin(), attribute.values.end());
      }
    }
    tokens.resize(std::min(tokens.size(), kMostTimestamps));
    return tokens;
  }

  const MessageCheck* check_;
  const VerifyOptions* options_;
  ReplaySource message_source_;
  SignedData message_;
  CertificateIndex index_;
  std::vector<SignerCheck> checks_;
  SignedMessageReport report_;
};

}  // namespace

Result<SignedMessageReport> check_message(const MessageCheck& check, const VerifyOptions& options) {
  return Judge(check, options).run();
}

}  // namespace hutong::cms::internal
