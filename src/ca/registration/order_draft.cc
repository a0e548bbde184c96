#include "ca/registration/order_draft.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ca/registration/certificate_subject.h"
#include "ca/registration/order_content.h"
#include "ca/registration/order_repository.h"
#include "ca/registration/request_check.h"
#include "ca/registration/template_grants.h"
#include "ca/signing/issuer.h"
#include "ca/signing/template_repository.h"
#include "crypto/random.h"
#include "net/ulid.h"
#include "x509/certificate.h"
#include "x509/identity.h"

namespace hutong::ca::registration {
namespace {

Error field(std::string_view what) { return {Errc::kMalformed, "order.field", std::string(what)}; }

Status check_members(const NewOrder& wish) {
  if (wish.kind == OrderKind::kApplication) {
    if (!wish.applicant || wish.template_id.empty() || !wish.subject || wish.target) {
      return field("an application has applicant, template and subject, and no certificate");
    }
    return ok();
  }
  if (!wish.target || !wish.template_id.empty()) {
    return field("this kind of order names a certificate and no template");
  }
  if (wish.kind == OrderKind::kChange ? !wish.subject : wish.subject.has_value()) {
    return field("a change, and nothing but a change, says the new subject");
  }
  if (changes_status_only(wish.kind) && (!wish.request.empty() || wish.days)) {
    return field("nothing is issued: neither request nor days");
  }
  const bool may_have_reason = wish.kind == OrderKind::kRevocation || wish.kind == OrderKind::kRecovery;
  return wish.reason && !may_have_reason ? Status(field("only a revocation or recovery has a reason")) : ok();
}

bool is_check_of(IdentityCheck check, std::string_view number) {
  return (check == IdentityCheck::kUnifiedSocialCreditCode && x509::is_unified_social_credit_code(number)) ||
         (check == IdentityCheck::kResidentIdentityCard && x509::is_resident_identity_number(number));
}

/// What the applicant has said already need not be said again for the subject; and must not be said
/// otherwise.
Status complete_subject(const CertificateTemplate& made, const Applicant& applicant, SubjectData& subject) {
  for (const IdentityRule& rule : made.identity) {
    if (!is_check_of(rule.check, applicant.number)) {
      continue;
    }
    const auto [place, is_new] = subject.identities.try_emplace(rule.field, applicant.number);
    if (!is_new && place->second != applicant.number && is_check_of(rule.check, place->second)) {
      return Error{Errc::kPolicy, "order.number_mismatch",
                   "the subject's " + rule.field + " is not the applicant's number"};
    }
  }
  for (const SubjectRule& rule : made.subject) {
    if (rule.required && rule.fixed.empty() && (rule.attribute == "O" || rule.attribute == "CN")) {
      subject.attributes.try_emplace(rule.attribute, applicant.name);
    }
  }
  return ok();
}

Status check_subject(const CertificateTemplate& made, const NewOrder& wish, Order& order) {
  HUTONG_CHECK(complete_subject(made, order.content.applicant, order.content.subject));
  HUTONG_CHECK(subject_name(made, order.content.subject));
  HUTONG_CHECK(identity_extensions(made, order.content.subject));
  if (wish.days && (*wish.days == 0 || *wish.days > made.most_days)) {
    return Error{Errc::kPolicy, "issuing.days",
                 "the template allows 1 to " + std::to_string(made.most_days) + " days"};
  }
  return ok();
}

std::string holder_of(const PersonalSeal& seal, const Applicant& applicant) {
  return applicant.is_person() ? seal.blind(applicant.number) : applicant.number;
}

Status fill_application(storage::Reader& reader, const PersonalSeal& seal, const NewOrder& wish,
                        Order& order) {
  order.content = {*wish.applicant, *wish.subject};
  HUTONG_CHECK(check_applicant(order.content.applicant));
  order.template_id = wish.template_id;
  order.holder = holder_of(seal, order.content.applicant);
  HUTONG_TRY(const auto made, TemplateGrants::for_orders(reader, wish.template_id));
  return check_subject(made, wish, order);
}

Error wrong_state(const CertificateRecord& record) {
  return {Errc::kConflict, "certificate.state", "the certificate is " + std::string(to_string(record.state))};
}

Status check_target(const NewOrder& wish, const CertificatePair& pair, Time now) {
  const CertificateRecord& record = pair.signing;
  const bool recovers = wish.kind == OrderKind::kRecovery;
  if (recovers && !pair.encryption) {
    return field("there is no encryption certificate whose key could be recovered");
  }
  if (record.state == CertificateState::kRevoked && !recovers) {
    return Error{Errc::kConflict, "certificate.revoked", "a revocation is final"};
  }
  if (record.not_after < now && !recovers) {
    return Error{Errc::kConflict, "certificate.expired", "the certificate has expired"};
  }
  const bool wants_suspended = wish.kind == OrderKind::kRelease;
  const bool wants_valid = wish.kind == OrderKind::kSuspension || wish.kind == OrderKind::kRenewal ||
                           wish.kind == OrderKind::kChange;
  const bool is_valid = record.state == CertificateState::kValid;
  return (wants_valid && !is_valid) || (wants_suspended && is_valid) ? Status(wrong_state(record)) : ok();
}

/// The applicant of the order that the certificate came from; of any other certificate what it says itself.
Result<Applicant> applicant_before(storage::Reader& reader, const PersonalSeal& seal,
                                   const CertificateRecord& record, const SubjectData& subject) {
  if (record.order.empty()) {
    return applicant_of(subject);
  }
  const auto former = OrderRepository(seal).find(reader, record.order);
  if (!former && former.error().code != Errc::kNotFound) {
    return former.error();
  }
  return former ? former->content.applicant : applicant_of(subject);
}

Status fill_from_certificate(storage::Reader& reader, const PersonalSeal& seal, const NewOrder& wish,
                             Time now, Order& order) {
  HUTONG_TRY(const auto pair, find_pair(reader, *wish.target));
  HUTONG_CHECK(check_target(wish, pair, now));
  const CertificateRecord& record = pair.signing;
  HUTONG_TRY(const auto made,
             TemplateRepository::find_version(reader, record.template_id, record.template_version));
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(record.der));
  order.content.subject = wish.subject ? *wish.subject : subject_of(certificate, made);
  HUTONG_TRY(order.content.applicant, wish.applicant
                                          ? Result<Applicant>(*wish.applicant)
                                          : applicant_before(reader, seal, record, order.content.subject));
  if (wish.applicant) {
    HUTONG_CHECK(check_applicant(*wish.applicant));
  }
  order.target = record.serial;
  order.template_id = record.template_id;
  order.holder = wish.applicant ? holder_of(seal, *wish.applicant) : record.holder;
  if (order.holder != record.holder) {
    return Error{Errc::kPolicy, "order.number_mismatch", "the certificate belongs to somebody else"};
  }
  if (changes_status_only(wish.kind)) {
    return ok();
  }
  HUTONG_TRY(const auto current, TemplateGrants::for_orders(reader, record.template_id));
  return check_subject(current, wish, order);
}

}  // namespace

Result<CertificatePair> find_pair(storage::Reader& reader, const x509::Serial& serial) {
  HUTONG_TRY(auto named, CertificateRepository::find(reader, serial));
  if (!named.pair) {
    return CertificatePair{std::move(named), std::nullopt};
  }
  HUTONG_TRY(auto other, CertificateRepository::find(reader, *named.pair));
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(named.der));
  const auto& usage = certificate.extensions().key_usage;
  const bool named_signs = usage && usage->can_sign();
  return named_signs ? CertificatePair{std::move(named), std::move(other)}
                     : CertificatePair{std::move(other), std::move(named)};
}

namespace {

Status put_key(storage::Reader& reader, Order& order, const Bytes& request, CheckedRequest checked) {
  HUTONG_TRY(const bool is_certified, CertificateRepository::has_key(reader, checked.key_sm3));
  HUTONG_TRY(const bool is_ordered, OrderRepository::has_key(reader, checked.key_sm3));
  const bool is_own = order.key_sm3 == checked.key_sm3;
  if (is_certified || (is_ordered && !is_own)) {
    return Error{Errc::kConflict, "order.key_repeated", "a certificate or another order has this key"};
  }
  order.request = request;
  order.key_sm3 = std::move(checked.key_sm3);
  order.signing_serial = fresh_serial();
  order.encryption_serial = fresh_serial();
  return ok();
}

Status put_proven_key(storage::Reader& reader, Order& order, const Bytes& proof,
                      const crypto::PublicKey& key) {
  HUTONG_TRY(const auto made, TemplateGrants::for_orders(reader, order.template_id));
  if (std::ranges::find(made.key_algorithms, key.name()) == made.key_algorithms.end()) {
    return Error{Errc::kPolicy, "issuing.key",
                 std::string(key.name()) + " keys are not certified by this template"};
  }
  HUTONG_TRY(auto checked, check_proven_key(key));
  HUTONG_CHECK(put_key(reader, order, proof, std::move(checked)));
  order.proven_key = key.to_spki();
  return ok();
}

}  // namespace

Status put_request(storage::Reader& reader, Order& order, const Bytes& request) {
  HUTONG_TRY(auto checked, check_request(request));
  HUTONG_CHECK(put_key(reader, order, request, std::move(checked)));
  order.proven_key.clear();
  return ok();
}

Result<Order> draft_order(storage::Reader& reader, const PersonalSeal& seal, const NewOrder& wish, Time now) {
  HUTONG_CHECK(check_members(wish));
  HUTONG_CHECK(check_key_choice(wish.key_algorithm, wish.key_bits));
  Order order;
  order.id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random());
  order.kind = wish.kind;
  order.days = wish.days;
  order.reason = wish.reason;
  order.batch = wish.batch;
  order.client = wish.client;
  order.idempotency_key = wish.idempotency_key;
  order.entered_at = now;
  order.changed_at = now;
  order.signing_serial = fresh_serial();
  order.encryption_serial = fresh_serial();
  HUTONG_CHECK(wish.kind == OrderKind::kApplication ? fill_application(reader, seal, wish, order)
                                                    : fill_from_certificate(reader, seal, wish, now, order));
  if (wish.proven_key) {
    HUTONG_CHECK(put_proven_key(reader, order, wish.request, *wish.proven_key));
  } else if (!wish.request.empty()) {
    HUTONG_CHECK(put_request(reader, order, wish.request));
  }
  return order;
}

}  // namespace hutong::ca::registration
