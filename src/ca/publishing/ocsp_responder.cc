#include "ca/publishing/ocsp_responder.h"

#include <algorithm>
#include <utility>

namespace hutong::ca {
namespace {

using x509::OcspCertStatus;
using x509::OcspResponseStatus;

OcspAnswer error_answer(OcspResponseStatus status) {
  const auto der = x509::ocsp_error(status);
  return {std::make_shared<const Bytes>(der.view().begin(), der.view().end()), std::nullopt};
}

OcspCertStatus status_from(CertificateState state) {
  return state == CertificateState::kValid ? OcspCertStatus::kGood : OcspCertStatus::kRevoked;
}

}  // namespace

OcspResponder::OcspResponder(storage::Database& database, const SigningSystem& signing, Delegates delegates,
                             const OcspOptions& options)
    : database_(&database), signing_(&signing), delegates_(std::move(delegates)), options_(options) {}

const std::string* OcspResponder::authority_of(const x509::OcspCertId& id) const {
  for (const auto& [authority, issuer] : signing_->issuers()) {
    if (id.names_issuer(issuer->certificate().subject(), issuer->certificate().key_octets())) {
      return &authority;
    }
  }
  return nullptr;
}

Result<x509::OcspSingleResponse> OcspResponder::status_of(storage::Reader& reader, std::string_view authority,
                                                          const x509::OcspCertId& id, Time now) const {
  x509::OcspSingleResponse answer;
  answer.certificate = id;
  answer.this_update = now;
  answer.next_update = now + options_.validity;
  HUTONG_TRY(const auto record, CertificateRepository::status(reader, authority, id.serial));
  if (record) {
    answer.status = status_from(record->state);
    if (answer.status == OcspCertStatus::kRevoked) {
      answer.revoked_at = record->changed_at;
      answer.reason =
          record->state == CertificateState::kSuspended ? x509::CrlReason::kCertificateHold : record->reason;
    }
  }
  return answer;
}

Result<OcspResponder::Signed> OcspResponder::sign(const x509::OcspRequest& request,
                                                  std::string_view authority, Time now) const {
  const Delegate& delegate = delegates_.find(authority)->second;
  x509::TbsOcspResponse response{.responder = x509::key_identifier(delegate.signer->public_key()),
                                 .produced_at = now,
                                 .responses = {},
                                 .nonce = request.nonce,
                                 .certificates = {}};
  const ByteView certificate = delegate.certificate.der();
  response.certificates.emplace_back(Bytes(certificate.begin(), certificate.end()));
  HUTONG_TRY(auto reader, database_->read());
  Signed result;
  HUTONG_TRY(result.last_change, CertificateRepository::last_change(reader));
  for (const x509::OcspCertId& id : request.certificates) {
    HUTONG_TRY(auto status, status_of(reader, authority, id, now));
    result.is_known = result.is_known && status.status != OcspCertStatus::kUnknown;
    response.responses.push_back(std::move(status));
  }
  HUTONG_TRY(const auto der, x509::sign(response, *delegate.signer));
  result.der.assign(der.view().begin(), der.view().end());
  return result;
}

OcspAnswer OcspResponder::answer(ByteView request_der, Time now) {
  const auto parsed = x509::OcspRequest::parse(request_der);
  if (!parsed || parsed.value().has_unknown_critical_extension || parsed.value().certificates.empty() ||
      parsed.value().certificates.size() > options_.most_certificates) {
    return error_answer(OcspResponseStatus::kMalformedRequest);
  }
  const x509::OcspRequest& request = parsed.value();
  const bool is_common = request.certificates.size() == 1 && !request.nonce;
  std::string key;
  if (is_common) {
    key = std::string(as_text(request.certificates[0].to_der()));
    if (auto kept = find_kept(key, now)) {
      return *kept;
    }
  }
  const std::string* authority = authority_of(request.certificates[0]);
  const bool is_ours = authority != nullptr && delegates_.contains(*authority) &&
                       std::ranges::all_of(request.certificates, [&](const x509::OcspCertId& id) {
                         return authority_of(id) == authority;
                       });
  if (!is_ours) {
    return error_answer(OcspResponseStatus::kUnauthorized);
  }
  auto made = sign(request, *authority, now);
  if (!made) {
    return error_answer(OcspResponseStatus::kTryLater);
  }
  OcspAnswer answer{std::make_shared<const Bytes>(std::move(made.value().der)), std::nullopt};
  if (is_common && made.value().is_known) {
    answer.fresh_until = now + options_.validity;
    keep(std::move(key), request.certificates[0].serial, answer, made.value().last_change);
  }
  return answer;
}

std::optional<OcspAnswer> OcspResponder::find_kept(const std::string& key, Time now) const {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end() || found->second.fresh_until - now < options_.renewal) {
    return std::nullopt;
  }
  return OcspAnswer{found->second.der, found->second.fresh_until};
}

void OcspResponder::keep(std::string key, const x509::Serial& serial, const OcspAnswer& answer,
                         std::int64_t last_change) {
  const std::scoped_lock lock(mutex_);
  if (last_change < changes_seen_) {
    return;  // refresh() has forgotten this certificate already, maybe
  }
  if (const auto old = kept_.find(key); old != kept_.end()) {
    old->second.der = answer.der;
    old->second.fresh_until = *answer.fresh_until;
    ages_.splice(ages_.end(), ages_, old->second.age);
    return;
  }
  while (kept_.size() >= options_.kept_answers) {
    forget(kept_.find(ages_.front())->second.serial);
  }
  std::string name = serial.to_hex();
  ages_.push_back(key);
  by_serial_.emplace(name, key);
  kept_.emplace(std::move(key),
                Kept{answer.der, *answer.fresh_until, std::move(name), std::prev(ages_.end())});
}

void OcspResponder::forget(const std::string& serial) {
  const auto [first, last] = by_serial_.equal_range(serial);
  for (auto entry = first; entry != last; ++entry) {
    const auto kept = kept_.find(entry->second);
    ages_.erase(kept->second.age);
    kept_.erase(kept);
  }
  by_serial_.erase(first, last);
}

Status OcspResponder::refresh() {
  HUTONG_TRY(auto reader, database_->read());
  const std::scoped_lock lock(mutex_);
  return CertificateRepository::for_each_change_after(
      reader, changes_seen_, [this](std::int64_t number, const x509::Serial& serial) {
        changes_seen_ = number;
        forget(serial.to_hex());
        return ok();
      });
}

std::size_t OcspResponder::kept_answers() const {
  const std::scoped_lock lock(mutex_);
  return kept_.size();
}

}  // namespace hutong::ca
