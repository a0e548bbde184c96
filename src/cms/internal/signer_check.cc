#include "cms/internal/signer_check.h"

#include <algorithm>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "cms/attributes.h"
#include "cms/cms_findings.h"

namespace hutong::cms::internal {
namespace {

namespace oids = asn1::oids;

bool has_key_identifier(const x509::Certificate& certificate, ByteView identifier) {
  if (const auto& extension = certificate.extensions().subject_key_identifier) {
    return equal(*extension, identifier);
  }
  return equal(crypto::digest(crypto::DigestAlgorithm::kSha1, certificate.key_octets()), identifier);
}

bool has_error(const std::vector<x509::Finding>& found) {
  return x509::indication_of(found) == x509::Indication::kInvalid;
}

}  // namespace

void CertificateIndex::add(const x509::Certificate& certificate) {
  by_serial_.emplace(certificate.serial(), certificate);
}

std::vector<x509::Certificate> CertificateIndex::find(const PartyIdentifier& party, std::size_t most) const {
  std::vector<x509::Certificate> found;
  const auto take = [&found, most](const x509::Certificate& certificate) {
    if (found.size() < most && std::ranges::find(found, certificate) == found.end()) {
      found.push_back(certificate);
    }
  };
  if (party.issuer) {
    const auto [begin, end] = by_serial_.equal_range(party.serial);
    for (auto at = begin; at != end; ++at) {
      if (at->second.issuer() == *party.issuer) {
        take(at->second);
      }
    }
    return found;
  }
  for (const auto& [serial, certificate] : by_serial_) {
    if (has_key_identifier(certificate, party.subject_key_identifier)) {
      take(certificate);
    }
  }
  return found;
}

SignerCheck::SignerCheck(const SignerInfo& signer, const SignedData& message, std::string where,
                         SignerReport& report, x509::SignatureCache* cache)
    : signer_(&signer), message_(&message), where_(std::move(where)), report_(&report), cache_(cache) {
  report.identifier = signer.identifier;
  report.signature = signer.signature;
  report.has_signed_attributes = signer.signed_attributes.has_value();
  const auto digest = read_digest_algorithm(signer.digest_algorithm);
  if (!digest) {
    add_algorithm_error(digest.error());
    return;
  }
  digest_ = *digest;
  report.digest = crypto::digest_name(*digest);
  const bool announced = std::ranges::any_of(message.digest_algorithms, [&digest](const Bytes& der) {
    const auto listed = read_digest_algorithm(der);
    return listed && *listed == *digest;
  });
  if (!announced) {
    add(findings::kDigestNotAnnounced);
  }
}

void SignerCheck::add(const x509::FindingKind& kind, std::vector<std::string> arguments) {
  report_->findings.emplace_back(kind, where_, std::move(arguments));
}

void SignerCheck::add_algorithm_error(const Error& error) {
  add(error.code == Errc::kPolicy ? findings::kAlgorithmUnsupported : findings::kAlgorithmMismatch,
      {error.detail});
}

void SignerCheck::find_candidates(const CertificateIndex& certificates) {
  const auto found = certificates.find(signer_->identifier, kMostCandidates);
  if (found.empty()) {
    add(findings::kSignerCertificateMissing, {signer_->identifier.to_string()});
  }
  for (const x509::Certificate& certificate : found) {
    add_candidate(certificate);
  }
  if (!candidates_.empty()) {
    report_->algorithm = candidates_.front().choice.algorithm.name();
  }
}

void SignerCheck::add_candidate(const x509::Certificate& certificate) {
  if (!report_->certificate) {
    report_->certificate = certificate;
  }
  const auto& key = certificate.public_key();
  if (!key) {
    add(findings::kSignerKeyUnsupported, {key.error().detail});
    return;
  }
  if (!digest_) {
    return;
  }
  const auto choice = choose_signature(signer_->signature_algorithm, *digest_, *key);
  if (!choice) {
    add_algorithm_error(choice.error());
    return;
  }
  Candidate candidate{certificate, *choice, {*digest_, {}}};
  if (key->sm2() != nullptr && !signer_->signed_attributes) {
    const auto z = key->sm2()->z(as_bytes(crypto::kSm2DefaultId));
    candidate.need.prefix.assign(z.begin(), z.end());
  }
  needs_.push_back(candidate.need);
  candidates_.push_back(std::move(candidate));
}

/// GM/T 0010: over the attributes as SET OF with tag 31, as received; in DER order when that fails; or over
/// the content.
bool SignerCheck::verifies(const Candidate& candidate, const ContentHasher& content) {
  const crypto::PublicKey& key = *candidate.certificate.public_key();
  const auto prepared = cache_ != nullptr ? cache_->keys().use(key) : nullptr;
  return prepared != nullptr ? verifies(*prepared, candidate, content) : verifies(key, candidate, content);
}

template <typename Key>
bool SignerCheck::verifies(const Key& key, const Candidate& candidate, const ContentHasher& content) {
  const crypto::SignatureAlgorithm& algorithm = candidate.choice.algorithm;
  if (!signer_->signed_attributes) {
    const Bytes* digest = content.digest(candidate.need);
    return digest != nullptr && crypto::verify_digest(key, algorithm, *digest, signer_->signature);
  }
  const AttributeSet& attributes = *signer_->signed_attributes;
  if (crypto::verify_signature(key, algorithm, attributes.encoded, signer_->signature)) {
    return true;
  }
  used_sorted_attributes_ =
      !attributes.sorted &&
      crypto::verify_signature(key, algorithm, attributes.encoded_sorted(), signer_->signature);
  return used_sorted_attributes_;
}

void SignerCheck::judge(const ContentHasher& content) {
  if (candidates_.empty()) {
    return;
  }
  const auto right = std::ranges::find_if(
      candidates_, [&](const Candidate& candidate) { return verifies(candidate, content); });
  const Candidate& chosen = right != candidates_.end() ? *right : candidates_.front();
  report_->certificate = chosen.certificate;
  report_->algorithm = chosen.choice.algorithm.name();
  const std::size_t findings_before = report_->findings.size();
  if (right == candidates_.end()) {
    add(findings::kSignatureInvalid);
  }
  if (used_sorted_attributes_) {
    add(findings::kAttributesUnsorted);
  }
  if (!chosen.choice.odd_name.empty()) {
    add(findings::kAlgorithmName, {chosen.choice.odd_name});
  }
  if (signer_->signed_attributes) {
    check_attributes(content);
  } else {
    check_plain_content(content);
  }
  const std::vector<x509::Finding> own(
      report_->findings.begin() + static_cast<std::ptrdiff_t>(findings_before), report_->findings.end());
  report_->signature_verified = !has_error(own);
  check_certificate();
}

void SignerCheck::check_attributes(const ContentHasher& content) {
  const AttributeSet& attributes = *signer_->signed_attributes;
  check_content_type(attributes);
  check_message_digest(attributes, content);
  check_signing_time(attributes);
  check_signing_certificate(attributes);
}

void SignerCheck::check_content_type(const AttributeSet& attributes) {
  if (attributes.count(oids::kContentType) == 0) {
    add(findings::kAttributeMissing, {"contentType"});
    return;
  }
  const Bytes* value = attributes.single(oids::kContentType);
  const auto type = value != nullptr ? asn1::Reader(*value).read_oid()
                                     : Result<asn1::Oid>(Error{Errc::kMalformed, "cms.attribute", ""});
  if (!type) {
    add(findings::kAttributeMalformed, {"contentType"});
  } else if (*type == message_->content_type) {
    return;
  } else if (is_data(*type) && is_data(message_->content_type)) {
    add(findings::kContentTypeAlias);
  } else {
    add(findings::kContentTypeMismatch, {type->to_string()});
  }
}

void SignerCheck::check_message_digest(const AttributeSet& attributes, const ContentHasher& content) {
  if (attributes.count(oids::kMessageDigest) == 0) {
    add(findings::kAttributeMissing, {"messageDigest"});
    return;
  }
  const Bytes* value = attributes.single(oids::kMessageDigest);
  const auto stated = value != nullptr ? asn1::Reader(*value).read_octet_string()
                                       : Result<ByteView>(Error{Errc::kMalformed, "cms.attribute", ""});
  if (!stated) {
    add(findings::kAttributeMalformed, {"messageDigest"});
    return;
  }
  const Bytes* computed = content.digest({*digest_, {}});  // without Z (GM/T 0010)
  if (stated->size() != crypto::digest_size(*digest_)) {
    add(findings::kDigestLength);
  } else if (computed == nullptr || !equal(*computed, *stated)) {
    add(findings::kDigestMismatch);
  }
}

void SignerCheck::check_signing_time(const AttributeSet& attributes) {
  const auto time = signing_time_of(attributes);
  if (!time) {
    add(findings::kAttributeMalformed, {"signingTime"});
    return;
  }
  report_->claimed_signing_time = *time;
  const x509::Certificate& certificate = *report_->certificate;
  if (*time && (**time < certificate.not_before() || **time > certificate.not_after())) {
    add(findings::kClaimedOutsideValidity, {to_rfc3339(**time)});
  }
}

void SignerCheck::check_signing_certificate(const AttributeSet& attributes) {
  const auto id = signing_certificate_of(attributes);
  if (!id) {
    add(id.error().code == Errc::kPolicy ? findings::kAlgorithmUnsupported : findings::kAttributeMalformed,
        {id.error().code == Errc::kPolicy ? id.error().detail : "signingCertificate"});
    return;
  }
  report_->identifies_certificate = id->has_value();
  if (*id && !(*id)->names(*report_->certificate)) {
    add(findings::kSigningCertificateMismatch);
  }
}

/// A signature over attributes can be passed off as one over content that is their encoding.
void SignerCheck::check_plain_content(const ContentHasher& content) {
  if (!is_data(message_->content_type)) {
    add(findings::kAttributesRequired);
  }
  const Bytes& beginning = content.beginning();
  if (content.size() != beginning.size() || beginning.empty() || beginning[0] != 0x31) {
    return;
  }
  const auto attributes = read_attributes(beginning);
  if (attributes && attributes->count(oids::kContentType) > 0 &&
      attributes->count(oids::kMessageDigest) > 0) {
    add(findings::kContentIsAttributes);
  }
}

void SignerCheck::check_certificate() {
  const auto& usage = report_->certificate->extensions().key_usage;
  if (usage && !usage->can_sign()) {
    add(findings::kSignerKeyUsage);
  }
}

}  // namespace hutong::cms::internal
