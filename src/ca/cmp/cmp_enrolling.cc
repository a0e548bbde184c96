#include "ca/cmp/cmp_enrolling.h"

#include <algorithm>
#include <utility>

#include "asn1/reader.h"
#include "base/encoding.h"
#include "cmp/client.h"
#include "cmp/encrypted_key.h"
#include "cmp/information.h"
#include "crypto/sm3.h"
#include "x509/certificate_request.h"

namespace hutong::ca {
namespace {

using Stage = EnrolmentState::Stage;
using TransactionState = CmpTransaction::State;

Error not_allowed(std::string detail) { return {Errc::kUnauthorized, "cmp.not_allowed", std::move(detail)}; }
Error bad_template(std::string detail) { return {Errc::kPolicy, "cmp.template", std::move(detail)}; }

cmp::BodyType answer_kind(cmp::BodyType request) {
  switch (request) {
    case cmp::BodyType::kInitialRequest:
      return cmp::BodyType::kInitialResponse;
    case cmp::BodyType::kKeyUpdateRequest:
      return cmp::BodyType::kKeyUpdateResponse;
    default:
      return cmp::BodyType::kCertificationResponse;
  }
}

/// By the header's certProfile, else the address, else the only one that the client may use.
Result<std::string> template_of(const CmpExchange& exchange) {
  if (!exchange.caller.client || !exchange.caller.client->may(CmpRight::kEnrol)) {
    return not_allowed("the sender may not apply for certificates");
  }
  const CmpClient& client = *exchange.caller.client;
  HUTONG_TRY(std::string name, cmp::certificate_profile(exchange.request.header));
  if (name.empty()) {
    name = exchange.profile;
  }
  if (name.empty() && client.templates.size() == 1) {
    name = client.templates.front();
  }
  if (name.empty()) {
    return bad_template("the request names no profile");
  }
  if (!client.may_use(name)) {
    return not_allowed("the client may not use template " + name);
  }
  return name;
}

CmpTransaction new_transaction(const CmpExchange& exchange, std::vector<std::int64_t> ids) {
  const auto sm3 = crypto::sm3(exchange.request.protected_part);
  return {.id = exchange.request.header.transaction_id,
          .sender = exchange.caller.sender.identity(),
          .request_sm3 = to_bytes(sm3),
          .answer_kind = answer_kind(cmp::type_of(exchange.request.body)),
          .request_ids = std::move(ids),
          .order = {},
          .state = TransactionState::kBegun};
}

cmp::PossessionPolicy possession_policy(const CmpCaller& caller) {
  return {.registration_verified = caller.client && caller.client->may(CmpRight::kVouch),
          .empty_sm2_id = caller.client && caller.client->may(CmpRight::kEmptySm2Id)};
}

/// A request for the key of the asker and, perhaps, one for the pair that the CA makes beside it.
Result<std::vector<std::int64_t>> request_ids(const cmp::CertificateRequests& body) {
  std::vector<std::int64_t> ids{body.requests.front().id};
  if (body.requests.size() > 2) {
    return bad_template(
        "a signing certificate and an encryption certificate are all that is asked for at once");
  }
  if (body.requests.size() == 2) {
    if (!body.requests[1].fields.wants_key_pair() || body.requests[1].id == ids.front()) {
      return bad_template("the second request is for a key pair made by the CA, with an id of its own");
    }
    ids.push_back(body.requests[1].id);
  }
  return ids;
}

std::vector<x509::ExtensionValue> extensions_of(const x509::CertificateRequest& request) {
  std::vector<x509::ExtensionValue> values;
  for (const x509::Extension& extension : request.extensions().all) {
    values.push_back({extension.oid, extension.critical, to_bytes(extension.value)});
  }
  return values;
}

x509::CertificateDer der_of(const x509::Certificate& certificate) {
  return x509::CertificateDer(to_bytes(certificate.der()));
}

std::int64_t encryption_id(const std::vector<std::int64_t>& ids) {
  return ids.size() > 1 ? ids[1] : std::max<std::int64_t>(ids.front(), 0) + 1;
}

cmp::CertificateResponse response_without_certificate(std::int64_t id, cmp::StatusInfo status) {
  return {.id = id, .status = std::move(status), .certificate = {}, .private_key = {}, .response_info = {}};
}

std::vector<cmp::CertificateResponse> issued_responses(const std::vector<std::int64_t>& ids,
                                                       const EnrolmentState& state) {
  std::vector<cmp::CertificateResponse> responses;
  responses.push_back({.id = ids.front(),
                       .status = {},
                       .certificate = der_of(*state.certificate),
                       .private_key = {},
                       .response_info = {}});
  if (state.encryption) {
    responses.push_back({.id = encryption_id(ids),
                         .status = {},
                         .certificate = der_of(*state.encryption),
                         .private_key = cmp::write_enveloped_key(state.enveloped_key),
                         .response_info = {}});
  } else if (ids.size() > 1) {
    responses.push_back(response_without_certificate(
        ids[1], cmp::rejection(bad_template("the template has no second certificate"))));
  }
  return responses;
}

/// What a confirmation should hold for a certificate: by the algorithm it names, else by the certificate's.
Result<Bytes> expected_hash(const cmp::CertificateStatus& status, const x509::Certificate& certificate) {
  if (status.hash_algorithm.empty()) {
    return cmp::confirmation_hash(certificate);
  }
  asn1::Reader outer(status.hash_algorithm);
  HUTONG_TRY(asn1::Reader algorithm, outer.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, algorithm.read_oid());
  const auto digest = crypto::digest_from_oid(oid);
  if (!digest) {
    return Error{Errc::kPolicy, "cmp.algorithm", oid.to_string()};
  }
  return certificate.fingerprint(*digest);
}

Status check_confirmed(const cmp::CertificateConfirm& body, const CmpTransaction& transaction,
                       const EnrolmentState& state) {
  for (const cmp::CertificateStatus& status : body.certificates) {
    const bool second = state.encryption && status.id == encryption_id(transaction.request_ids);
    HUTONG_TRY(const Bytes hash, expected_hash(status, second ? *state.encryption : *state.certificate));
    if (status.hash != hash) {
      return Error{Errc::kPolicy, "cmp.certificate_id", "not the hash of a certificate of this transaction"};
    }
  }
  return ok();
}

}  // namespace

Result<cmp::Body> CmpEnrolling::answer(const CmpExchange& exchange,
                                       const cmp::CertificateRequests& body) const {
  const cmp::CertificateRequestMessage& request = body.requests.front();
  HUTONG_TRY(auto key, cmp::check_possession(request, possession_policy(exchange.caller)));
  HUTONG_TRY(auto ids, request_ids(body));
  if (request.fields.issuer && !is_ours(*request.fields.issuer)) {
    return Error{Errc::kPolicy, "cmp.authority", request.fields.issuer->to_string()};
  }
  EnrolmentWish wish{.transaction = to_hex(exchange.request.header.transaction_id),
                     .template_id = {},
                     .subject = request.fields.subject,
                     .extensions = request.fields.extensions,
                     .key = std::move(key),
                     .proof = cmp::to_der(request),
                     .not_before = request.fields.not_before,
                     .not_after = request.fields.not_after,
                     .renewed = std::nullopt};
  if (body.kind == cmp::BodyType::kKeyUpdateRequest) {
    HUTONG_TRY(wish.renewed, renewed_certificate(exchange, request));
  } else {
    HUTONG_TRY(wish.template_id, template_of(exchange));
  }
  return apply(exchange, wish, new_transaction(exchange, std::move(ids)));
}

Result<cmp::Body> CmpEnrolling::answer(const CmpExchange& exchange, const cmp::Pkcs10Request& body) const {
  HUTONG_TRY(const auto request, x509::CertificateRequest::parse(body.der));
  if (!request.is_signed_by_own_key()) {
    return Error{Errc::kCryptoFail, "cmp.possession", "the request is not signed by its own key"};
  }
  HUTONG_TRY(auto key, request.public_key());
  HUTONG_TRY(auto template_id, template_of(exchange));
  const EnrolmentWish wish{.transaction = to_hex(exchange.request.header.transaction_id),
                           .template_id = std::move(template_id),
                           .subject = request.subject(),
                           .extensions = extensions_of(request),
                           .key = std::move(key),
                           .proof = body.der,
                           .not_before = std::nullopt,
                           .not_after = std::nullopt,
                           .renewed = std::nullopt};
  return apply(exchange, wish, new_transaction(exchange, {-1}));
}

Result<cmp::Body> CmpEnrolling::apply(const CmpExchange& exchange, const EnrolmentWish& wish,
                                      CmpTransaction transaction) const {
  HUTONG_TRY(transaction, transactions_.begin(transaction, exchange.now));
  if (transaction.state != TransactionState::kBegun) {
    HUTONG_TRY(const auto state, enrolment_->poll(transaction.order));
    return settled(exchange, transaction, state);
  }
  HUTONG_TRY(const auto state, enrolment_->apply(wish, exchange.caller.sender));
  HUTONG_CHECK(transactions_.ordered(transaction.id, state.order));
  transaction.order = state.order;
  transaction.state = TransactionState::kOrdered;
  return settled(exchange, transaction, state);
}

/// ip, cp or kup. Whoever asked for implicit confirmation has it with the certificate.
Result<cmp::Body> CmpEnrolling::settled(const CmpExchange& exchange, const CmpTransaction& transaction,
                                        const EnrolmentState& state) const {
  cmp::CertificateResponses body;
  body.kind = transaction.answer_kind;
  if (state.stage != Stage::kIssued) {
    const auto status = state.stage == Stage::kWaiting
                            ? cmp::StatusInfo{cmp::PkiStatus::kWaiting, {}, 0}
                            : cmp::rejection({Errc::kPolicy, "order.refused", state.reason});
    for (const std::int64_t id : transaction.request_ids) {
      body.responses.push_back(response_without_certificate(id, status));
    }
    return cmp::Body(std::move(body));
  }
  body.responses = issued_responses(transaction.request_ids, state);
  if (exchange.caller.client && body.kind == cmp::BodyType::kInitialResponse) {
    body.ca_certificates = {der_of(signing_->issuer().certificate())};
  }
  if (cmp::asks_implicit_confirm(exchange.request.header) &&
      transaction.state == TransactionState::kOrdered) {
    HUTONG_CHECK(enrolment_->confirm(transaction.order, exchange.caller.sender));
    HUTONG_CHECK(transactions_.close(transaction.id));
  }
  if (cmp::asks_implicit_confirm(exchange.request.header)) {
    exchange.answer.general_info.push_back(cmp::implicit_confirm());
  }
  return cmp::Body(std::move(body));
}

Result<cmp::Body> CmpEnrolling::answer(const CmpExchange& exchange,
                                       const cmp::CertificateConfirm& body) const {
  const std::string sender = exchange.caller.sender.identity();
  HUTONG_TRY(const auto transaction, transactions_.find(exchange.request.header.transaction_id, sender));
  if (transaction.state != TransactionState::kOrdered) {
    return Error{Errc::kConflict, "cmp.confirmed", "nothing in this transaction waits for confirmation"};
  }
  HUTONG_TRY(const auto state, enrolment_->poll(transaction.order));
  if (state.stage != Stage::kIssued) {
    return Error{Errc::kConflict, "cmp.confirmed", "no certificate was issued in this transaction"};
  }
  HUTONG_CHECK(check_confirmed(body, transaction, state));
  const bool taken =
      !body.certificates.empty() && std::ranges::all_of(body.certificates, &cmp::CertificateStatus::accepted);
  HUTONG_CHECK(taken ? enrolment_->confirm(transaction.order, exchange.caller.sender)
                     : enrolment_->reject(transaction.order, exchange.caller.sender));
  HUTONG_CHECK(transactions_.close(transaction.id));
  return cmp::Body(cmp::Confirm{});
}

Result<cmp::Body> CmpEnrolling::answer(const CmpExchange& exchange, const cmp::PollRequest& body) const {
  const std::string sender = exchange.caller.sender.identity();
  HUTONG_TRY(const auto transaction, transactions_.find(exchange.request.header.transaction_id, sender));
  if (transaction.order.empty()) {
    return Error{Errc::kConflict, "cmp.no_transaction", "nothing was ordered in this transaction"};
  }
  HUTONG_TRY(const auto state, enrolment_->poll(transaction.order));
  if (state.stage != Stage::kWaiting) {
    return settled(exchange, transaction, state);
  }
  cmp::PollResponse answer;
  for (const std::int64_t id : body.ids) {
    answer.answers.push_back({.id = id, .check_after = poll_delay_, .reason = {}});
  }
  return cmp::Body(std::move(answer));
}

/// RFC 9483 4.1.3: the signer's own certificate. A client renews what it enrolled, named by oldCertID.
Result<x509::Serial> CmpEnrolling::renewed_certificate(const CmpExchange& exchange,
                                                       const cmp::CertificateRequestMessage& request) const {
  HUTONG_TRY(const auto named, request.old_certificate());
  if (named && (!named->issuer.name || !is_ours(*named->issuer.name))) {
    return Error{Errc::kPolicy, "cmp.authority", "the old certificate is of another CA"};
  }
  if (!named && !exchange.caller.sender.certificate) {
    return bad_template("the request does not say which certificate is renewed");
  }
  const x509::Serial serial = named ? named->serial : exchange.caller.sender.certificate->serial();
  HUTONG_CHECK(check_owner(exchange, serial, CmpRight::kRenew));
  return serial;
}

Status CmpEnrolling::check_owner(const CmpExchange& exchange, const x509::Serial& serial,
                                 CmpRight right) const {
  const CmpCaller& caller = exchange.caller;
  if (caller.sender.certificate) {
    return caller.sender.certificate->serial() == serial
               ? ok()
               : Status(not_allowed("the certificate is not the signer's own"));
  }
  if (!caller.client || !caller.client->may(right)) {
    return not_allowed("the client lacks the right");
  }
  HUTONG_TRY(const std::string owner, enrolment_->client_of(serial));
  return owner == caller.client->name ? ok()
                                      : Status(not_allowed("the client did not enrol this certificate"));
}

Result<cmp::Body> CmpEnrolling::answer(const CmpExchange& exchange,
                                       const cmp::RevocationRequest& body) const {
  cmp::RevocationResponse answer;
  for (const cmp::RevocationDetails& details : body.certificates) {
    const auto revoked = revoke(exchange, details);
    answer.statuses.push_back(revoked ? cmp::StatusInfo{} : cmp::rejection(revoked.error()));
    if (details.certificate.serial) {
      answer.certificates.push_back(
          {cmp::Party::of(signing_->issuer().certificate().subject()), *details.certificate.serial});
    }
  }
  return cmp::Body(std::move(answer));
}

Status CmpEnrolling::revoke(const CmpExchange& exchange, const cmp::RevocationDetails& details) const {
  const cmp::CertificateTemplateFields& named = details.certificate;
  if (!named.serial || !named.issuer) {
    return bad_template("issuer and serial number say which certificate is revoked");
  }
  if (!is_ours(*named.issuer)) {
    return Error{Errc::kPolicy, "cmp.authority", named.issuer->to_string()};
  }
  HUTONG_TRY(const auto reason, details.reason());
  HUTONG_CHECK(check_owner(exchange, *named.serial, CmpRight::kRevoke));
  return enrolment_->revoke(*named.serial, reason, exchange.caller.sender);
}

bool CmpEnrolling::is_ours(const x509::Name& issuer) const {
  return std::ranges::any_of(signing_->issuers(), [&issuer](const auto& known) {
    return known.second->certificate().subject() == issuer;
  });
}

}  // namespace hutong::ca
