#include "ca/registration/making_job.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "audit/clock_check.h"
#include "ca/registration/key_centre_tasks.h"
#include "ca/registration/order_rules.h"
#include "x509/certificate.h"
#include "x509/certificate_request.h"

namespace hutong::ca::registration {
namespace {

Result<crypto::PublicKey> key_in_request(const Order& order) {
  if (!order.proven_key.empty()) {
    return crypto::PublicKey::from_spki(order.proven_key);
  }
  if (order.request.empty()) {
    return Error{Errc::kMalformed, "order.request_missing", "the certificate request is not there yet"};
  }
  HUTONG_TRY(const auto request, x509::CertificateRequest::parse(order.request));
  return request.public_key();
}

Result<crypto::PublicKey> key_in(const CertificateRecord& record) {
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(record.der));
  return certificate.public_key();
}

Status plan_templates(storage::Reader& reader, TemplateCache& templates, MakingJob& job) {
  HUTONG_TRY(const bool is_granted, TemplateGrants::is_granted(reader, job.order.template_id));
  if (!is_granted) {
    return Error{Errc::kPolicy, "template.not_granted",
                 "the CA grants the template " + job.order.template_id + " no more"};
  }
  HUTONG_TRY(job.signing_template, templates.in_use(reader, job.order.template_id));
  if (!job.signing_template->encryption_template.empty()) {
    HUTONG_TRY(job.encryption_template, templates.in_use(reader, job.signing_template->encryption_template));
  }
  return ok();
}

/// A new key for the encryption certificate, from the centre.
void plan_application(const SigningSystem& signing, MakingJob& job) {
  const std::uint32_t days = job.order.days.value_or(job.encryption_template->days);
  job.apply =
      cms::ApplyKeyRequest{.certificate = job.order.encryption_serial,
                           .user_spki = job.signing_key->to_spki(),
                           .not_before = job.now,
                           .not_after = std::min(job.now + std::chrono::days(days) - std::chrono::seconds(1),
                                                 signing.issuer().certificate().not_after())};
}

void plan_change(MakingJob& job, const CertificateRecord& record, CertificateState to,
                 std::optional<x509::CrlReason> reason) {
  job.changes.push_back({record.serial, {.to = to, .at = job.now, .reason = reason}});
}

/// Both certificates of the pair, as far as they are not in that state.
Status plan_changes(MakingJob& job, const CertificatePair& pair, CertificateState from, CertificateState to,
                    std::optional<x509::CrlReason> reason) {
  const auto applies = [&](const CertificateRecord& record) {
    return to == CertificateState::kRevoked ? record.state != to : record.state == from;
  };
  if (applies(pair.signing)) {
    plan_change(job, pair.signing, to, reason);
  }
  if (pair.encryption && applies(*pair.encryption)) {
    plan_change(job, *pair.encryption, to, reason);
  }
  if (!job.changes.empty()) {
    return ok();
  }
  return pair.signing.state == CertificateState::kRevoked
             ? Error{Errc::kConflict, "certificate.revoked", "a revocation is final"}
             : Error{Errc::kConflict, "certificate.state",
                     "the certificate is " + std::string(to_string(pair.signing.state))};
}

Status plan_status(storage::Reader& reader, const CertificatePair& pair, MakingJob& job) {
  using State = CertificateState;
  switch (job.order.kind) {
    case OrderKind::kSuspension:
      return plan_changes(job, pair, State::kValid, State::kSuspended, x509::CrlReason::kCertificateHold);
    case OrderKind::kRelease:
      return plan_changes(job, pair, State::kSuspended, State::kValid, std::nullopt);
    default:
      break;
  }
  HUTONG_CHECK(plan_changes(job, pair, State::kValid, State::kRevoked,
                            job.order.reason.value_or(x509::CrlReason::kUnspecified)));
  if (pair.encryption) {
    HUTONG_TRY(job.given_up_key, EscrowedKeys::key_of(reader, pair.encryption->serial));
  }
  return ok();
}

Status need_valid(const CertificateRecord& record) {
  if (record.state == CertificateState::kRevoked) {
    return Error{Errc::kConflict, "certificate.revoked", "the former certificate was revoked"};
  }
  return record.state == CertificateState::kValid
             ? ok()
             : Status(Error{Errc::kConflict, "certificate.state", "the former certificate is suspended"});
}

/// Renewal and change: a new pair in the place of the former one.
Status plan_successor(storage::Reader& reader, const SigningSystem& signing, const CertificatePair& pair,
                      MakingJob& job) {
  HUTONG_CHECK(need_valid(pair.signing));
  const bool keeps_keys = job.order.request.empty();
  HUTONG_TRY(job.signing_key, keeps_keys ? key_in(pair.signing) : key_in_request(job.order));
  HUTONG_CHECK(plan_changes(job, pair, CertificateState::kValid, CertificateState::kRevoked,
                            job.order.kind == OrderKind::kChange ? x509::CrlReason::kAffiliationChanged
                                                                 : x509::CrlReason::kSuperseded));
  if (!pair.encryption) {
    if (job.encryption_template) {
      plan_application(signing, job);
    }
    return ok();
  }
  HUTONG_TRY(const auto former_key, EscrowedKeys::key_of(reader, pair.encryption->serial));
  if (keeps_keys && job.encryption_template) {
    HUTONG_TRY(job.encryption_key, key_in(*pair.encryption));
    job.inherited_key = former_key;
    return ok();
  }
  job.given_up_key = former_key;
  if (job.encryption_template) {
    plan_application(signing, job);
  }
  return ok();
}

/// Recovery: the encryption key once more, under the key of the request or the former signature key. While
/// the encryption certificate stands, the key of the request gets a signing certificate, too.
Status plan_recovery(storage::Reader& reader, TemplateCache& templates, const CertificatePair& pair,
                     MakingJob& job) {
  if (!pair.encryption) {
    return Error{Errc::kMalformed, "order.field", "there is no encryption certificate"};
  }
  const bool has_request = !job.order.request.empty();
  HUTONG_TRY(const auto holder_key, has_request ? key_in_request(job.order) : key_in(pair.signing));
  HUTONG_TRY(const auto known_as, EscrowedKeys::key_of(reader, pair.encryption->serial));
  job.restore = cms::RestoreKeyRequest{known_as, holder_key.to_spki()};
  HUTONG_TRY(job.encryption_key, key_in(*pair.encryption));
  if (!has_request || pair.encryption->state != CertificateState::kValid ||
      pair.encryption->not_after < job.now) {
    return ok();
  }
  HUTONG_CHECK(plan_templates(reader, templates, job));
  job.encryption_template.reset();
  job.signing_key = holder_key;
  job.kept_encryption = pair.encryption->serial;
  if (pair.signing.state != CertificateState::kRevoked) {
    plan_change(job, pair.signing, CertificateState::kRevoked,
                job.order.reason.value_or(x509::CrlReason::kSuperseded));
  }
  return ok();
}

CertificateWish wish_for(const MakingJob& job, const CertificateTemplate& made, const crypto::PublicKey& key,
                         const x509::Serial& serial) {
  return {.template_id = made.id,
          .subject = job.order.content.subject,
          .holder = job.order.holder,
          .order = job.order.id,
          .key = key,
          .not_before = job.now,
          .days = job.order.days,
          .serial = serial};
}

}  // namespace

Status plan(storage::Reader& reader, TemplateCache& templates, const SigningSystem& signing, MakingJob& job) {
  HUTONG_CHECK(state_after(job.order, StepKind::kMake));
  HUTONG_CHECK(audit::check_clock(reader, job.now));
  if (job.order.kind == OrderKind::kApplication) {
    HUTONG_CHECK(plan_templates(reader, templates, job));
    HUTONG_TRY(job.signing_key, key_in_request(job.order));
    if (job.encryption_template) {
      plan_application(signing, job);
    }
    return ok();
  }
  HUTONG_TRY(const auto pair, find_pair(reader, *job.order.target));
  if (changes_status_only(job.order.kind)) {
    return plan_status(reader, pair, job);
  }
  if (job.order.kind == OrderKind::kRecovery) {
    return plan_recovery(reader, templates, pair, job);
  }
  HUTONG_CHECK(plan_templates(reader, templates, job));
  return plan_successor(reader, signing, pair, job);
}

Status sign(const SigningSystem& signing, MakingJob& job) {
  if (job.signing_template) {
    HUTONG_TRY(job.signing, signing.prepare(wish_for(job, *job.signing_template, *job.signing_key,
                                                     job.order.signing_serial),
                                            *job.signing_template));
  }
  if (job.encryption_template) {
    HUTONG_TRY(job.encryption, signing.prepare(wish_for(job, *job.encryption_template, *job.encryption_key,
                                                        job.order.encryption_serial),
                                               *job.encryption_template));
  }
  if (job.signing && job.encryption) {
    SigningSystem::pair(*job.signing, *job.encryption);
  } else if (job.signing && job.kept_encryption) {
    job.signing->record.pair = job.kept_encryption;
  }
  return ok();
}

}  // namespace hutong::ca::registration
