#include "kmc/api/recovery_routes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "kmc/custody/key_share.h"
#include "kmc/custody/master_key_repository.h"
#include "kmc/recovery/judicial_officer.h"
#include "kmc/rights.h"
#include "kmc/stores/key_repository.h"
#include "net/json_body.h"

namespace hutong::kmc {
namespace {

using net::Json;
using net::JsonBody;
using net::Method;
using net::Request;
using net::Response;
using operators::Authorized;
using storage::Reader;
using storage::Transaction;

constexpr std::size_t kMostDocument = 8 << 20;
constexpr std::size_t kDocumentBody = 12 << 20;  ///< in base64, with the rest of the request
constexpr std::size_t kMostGrounds = 1'000;
constexpr std::size_t kMostNumber = 100;
constexpr std::size_t kMostFileName = 200;
constexpr std::size_t kMostReason = 500;
constexpr std::string_view kEnvelopeType = "application/octet-stream";

/// What a request for a new case says.
struct NewCase {
  RecoveryKind kind = RecoveryKind::kLocal;
  std::string key_id;
  std::string grounds;
  std::string document_number;
  std::string document_name;
  Bytes document;
  std::optional<x509::Certificate> target;
  std::string officer;
  Bytes officer_signature;
};

Result<RecoveryKind> parse_kind(const JsonBody& body) {
  HUTONG_TRY(const auto kind, body.text("kind"));
  if (kind != "local" && kind != "judicial") {
    return Error{Errc::kMalformed, "recovery.kind", "kind must be local or judicial"};
  }
  return kind == "local" ? RecoveryKind::kLocal : RecoveryKind::kJudicial;
}

Result<NewCase> parse_new(const Request& request) {
  HUTONG_TRY(const auto body,
             JsonBody::parse(request, {"kind", "key_id", "grounds", "document_number", "document_name",
                                       "document", "target_certificate", "officer", "officer_signature"}));
  NewCase wanted;
  HUTONG_TRY(wanted.kind, parse_kind(body));
  HUTONG_TRY(wanted.key_id, body.text("key_id"));
  HUTONG_TRY(wanted.grounds, body.text("grounds"));
  HUTONG_CHECK(check_text(wanted.grounds, "grounds", kMostGrounds));
  HUTONG_TRY(wanted.document_number, body.text("document_number"));
  HUTONG_CHECK(check_text(wanted.document_number, "document_number", kMostNumber));
  HUTONG_TRY(wanted.document_name, body.text("document_name"));
  HUTONG_CHECK(check_text(wanted.document_name, "document_name", kMostFileName));
  HUTONG_TRY(wanted.document, body.octets("document"));
  if (wanted.document.empty() || wanted.document.size() > kMostDocument) {
    return Error{Errc::kMalformed, "recovery.document", "the document has 1 octet to 8 MiB"};
  }
  if (wanted.kind == RecoveryKind::kJudicial) {
    HUTONG_TRY(wanted.officer, body.text("officer"));
    HUTONG_TRY(wanted.officer_signature, body.octets("officer_signature"));
  } else {
    HUTONG_TRY(const Bytes der, body.octets("target_certificate"));
    HUTONG_TRY(wanted.target, certificate_from(der));
  }
  return wanted;
}

/// The certificate that the key is enveloped for; a judicial officer must have signed for this very case.
Result<x509::Certificate> target_of(Reader& reader, const NewCase& wanted, const Authorized& by, Time now) {
  if (wanted.kind == RecoveryKind::kLocal) {
    return *wanted.target;
  }
  HUTONG_TRY(const JudicialOfficer officer, OfficerRepository::find(reader, wanted.officer));
  if (officer.state != OfficerState::kActive || now > officer.certificate.not_after()) {
    return Error{Errc::kPolicy, "judicial.retired", "the officer is retired or the certificate ran out"};
  }
  if (!is_signed({.key_id = wanted.key_id,
                  .document_number = wanted.document_number,
                  .document = wanted.document,
                  .session = by.session},
                 officer, wanted.officer_signature)) {
    return Error{Errc::kUnauthorized, "judicial.signature", "the officer's key did not sign this case"};
  }
  return officer.certificate;
}

Result<RecoveryCase> open_case(Transaction& transaction, const RecoveryDesk& desk, const NewCase& wanted,
                               const Authorized& by, Time now) {
  HUTONG_TRY(const HeldKey key, KeyRepository::find_by_id(transaction, wanted.key_id));
  HUTONG_TRY(const auto target, target_of(transaction, wanted, by, now));
  const auto& target_key = target.public_key();
  if (!target_key || target_key->sm2() == nullptr) {
    return Error{Errc::kPolicy, "recovery.target_key", "the target certificate must have an SM2 key"};
  }
  return desk.open(transaction,
                   {.kind = wanted.kind,
                    .key = key,
                    .target = *target_key->sm2(),
                    .target_certificate = to_bytes(target.der()),
                    .officer = wanted.officer.empty() ? std::nullopt : std::optional(wanted.officer),
                    .document_number = wanted.document_number,
                    .grounds = wanted.grounds,
                    .document_name = wanted.document_name,
                    .document = wanted.document,
                    .requested_by = by.actor.fingerprint},
                   now);
}

Json to_json(const RecoveryCase& recovery, unsigned threshold, const std::vector<RecoveryShare>& shares) {
  Json approvals = Json::array();
  for (const RecoveryShare& share : shares) {
    approvals.push_back(
        {{"number", share.number}, {"custodian", share.custodian}, {"given_at", to_rfc3339(share.given_at)}});
  }
  Json json{{"id", recovery.id},
            {"kind", to_string(recovery.kind)},
            {"state", to_string(recovery.state)},
            {"key_id", recovery.key_id},
            {"authority", recovery.authority},
            {"certificate", recovery.certificate.to_hex()},
            {"case_key", to_base64(recovery.case_key)},
            {"requested_by", recovery.requested_by},
            {"grounds", recovery.grounds},
            {"document_number", recovery.document_number},
            {"document_name", recovery.document_name},
            {"has_document", recovery.has_document},
            {"threshold", threshold},
            {"approvals", std::move(approvals)},
            {"created_at", to_rfc3339(recovery.created_at)},
            {"expires_at", to_rfc3339(recovery.expires_at)}};
  if (recovery.target_certificate) {
    const auto target = x509::Certificate::parse(*recovery.target_certificate);
    json["target"] = target ? target->subject().to_string() : "";
  }
  if (recovery.officer) {
    json["officer"] = *recovery.officer;
  }
  if (recovery.finished_at) {
    json["finished_at"] = to_rfc3339(*recovery.finished_at);
  }
  return json;
}

Result<Json> json_of(Reader& reader, const RecoveryCase& recovery) {
  HUTONG_TRY(const MasterKey master, MasterKeyRepository::find(reader, recovery.master));
  HUTONG_TRY(const auto shares, RecoveryRepository::shares(reader, recovery.id));
  return to_json(recovery, master.threshold, shares);
}

void describe(audit::Event& event, const RecoveryCase& recovery) {
  event.object_kind = "recovery";
  event.object_id = recovery.id;
  event.detail = net::to_text({{"kind", to_string(recovery.kind)},
                               {"state", to_string(recovery.state)},
                               {"key", recovery.key_id},
                               {"document", recovery.document_number}});
}

/// The approval and, when it was the last one needed, the release are two records of one transaction.
Status record_approval(Transaction& transaction, const Authorized& by, const RecoveryCase& recovery,
                       Time now) {
  std::vector<audit::Event> events{by.event("recovery.approved", now)};
  describe(events.front(), recovery);
  if (recovery.state == RecoveryState::kReleased) {
    events.push_back({.time = now, .actor = by.actor, .action = "recovery.released"});
    describe(events.back(), recovery);
  }
  return audit::append(transaction, events);
}

}  // namespace

Result<Response> RecoveryRoutes::answer(std::string_view id, int status) const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const RecoveryCase recovery, RecoveryRepository::find(reader, id));
  HUTONG_TRY(const Json json, json_of(reader, recovery));
  return net::json_response(json, status);
}

Result<Response> RecoveryRoutes::list(const Request& request) const {
  RecoveryFilter filter;
  if (const std::string state = net::query_text(request, "state"); !state.empty()) {
    filter.state = recovery_state_from(state);
    if (!filter.state) {
      return Error{Errc::kMalformed, "recovery.state", "no such state"};
    }
  }
  HUTONG_TRY(const auto page, net::page_request(request));
  filter.after = page.cursor;
  filter.limit = page.limit + 1;
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const auto cases, RecoveryRepository::search(reader, filter));
  Json items = Json::array();
  for (const RecoveryCase& recovery : cases) {
    HUTONG_TRY(Json json, json_of(reader, recovery));
    items.push_back(std::move(json));
  }
  return net::json_response(page_of(std::move(items), page.limit));
}

Result<Response> RecoveryRoutes::show(const Request& request) const {
  return answer(request.parameters.at("id"), 200);
}

Result<Response> RecoveryRoutes::show_document(const Request& request) const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const auto document, RecoveryRepository::document(reader, request.parameters.at("id")));
  if (!document) {
    return Error{Errc::kNotFound, "recovery.no_document", "no document is attached to this case"};
  }
  return Response{.content_type = std::string(kEnvelopeType),
                  .body = std::string(as_text(*document)),
                  .headers = {{"Content-Disposition", "attachment"}}};
}

Result<Response> RecoveryRoutes::open(const Request& request, const Authorized& by) const {
  const Time now = centre_->clock().now();
  HUTONG_TRY(const NewCase wanted, parse_new(request));
  HUTONG_TRY(
      const RecoveryCase recovery,
      operators::audited_change(centre_->database(), by, "recovery.opened", now,
                                [&](Transaction& transaction, audit::Event& event) -> Result<RecoveryCase> {
                                  HUTONG_TRY(RecoveryCase made,
                                             open_case(transaction, centre_->recovery(), wanted, by, now));
                                  describe(event, made);
                                  return made;
                                }));
  return answer(recovery.id, 201);
}

Result<Response> RecoveryRoutes::approve(const Request& request, const Authorized& by) const {
  const Time now = centre_->clock().now();
  const std::string& id = request.parameters.at("id");
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"share"}));
  HUTONG_TRY(const Bytes share, body.octets("share"));
  const Custodian custodian{.name = by.operator_ ? by.operator_->display_name : by.actor.subject,
                            .fingerprint = by.actor.fingerprint};
  const auto done =
      storage::in_transaction(centre_->database(), [&](Transaction& transaction) -> Result<RecoveryCase> {
        HUTONG_TRY(RecoveryCase recovery,
                   centre_->recovery().approve(transaction, id, custodian, share, now));
        HUTONG_CHECK(record_approval(transaction, by, recovery, now));
        return recovery;
      });
  if (!done) {
    audit::Event refused = by.event("recovery.approved", now);
    refused.object_kind = "recovery";
    refused.object_id = id;
    refused.outcome = audit::Outcome::kRefused;
    HUTONG_CHECK(operators::audit_refusal(centre_->database(), std::move(refused), done.error()));
    return done.error();
  }
  return answer(id, 200);
}

Result<Response> RecoveryRoutes::refuse(const Request& request, const Authorized& by) const {
  const Time now = centre_->clock().now();
  const std::string& id = request.parameters.at("id");
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"reason"}));
  HUTONG_TRY(const auto reason, body.text("reason"));
  HUTONG_CHECK(check_text(reason, "reason", kMostReason));
  const Status done = operators::audited_change(centre_->database(), by, "recovery.refused", now,
                                                [&](Transaction& transaction, audit::Event& event) -> Status {
                                                  event.object_kind = "recovery";
                                                  event.object_id = id;
                                                  event.detail = net::to_text({{"reason", reason}});
                                                  HUTONG_CHECK(RecoveryDesk::refuse(transaction, id, now));
                                                  return ok();
                                                });
  HUTONG_CHECK(done);
  return answer(id, 200);
}

Result<Response> RecoveryRoutes::fetch_envelope(const Request& request, const Authorized& by) const {
  const Time now = centre_->clock().now();
  HUTONG_TRY(const Bytes envelope,
             operators::audited_change(
                 centre_->database(), by, "recovery.fetched", now,
                 [&](Transaction& transaction, audit::Event& event) -> Result<Bytes> {
                   HUTONG_TRY(const RecoveryCase recovery,
                              RecoveryRepository::find(transaction, request.parameters.at("id")));
                   describe(event, recovery);
                   if (!recovery.envelope || recovery.kind == RecoveryKind::kUser) {
                     return Error{Errc::kConflict, "recovery.not_released",
                                  "the case is not released, or the key goes to the CA that asked"};
                   }
                   return *recovery.envelope;
                 }));
  return Response{.content_type = std::string(kEnvelopeType), .body = std::string(as_text(envelope))};
}

Result<Response> RecoveryRoutes::show_custody(const Authorized& by) const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const auto shares, MasterKeyRepository::shares(reader, centre_->master().id));
  const auto own = std::ranges::find_if(
      shares, [&](const MasterShare& share) { return share.fingerprint == by.actor.fingerprint; });
  if (own == shares.end() || by.actor.fingerprint.empty()) {
    return Error{Errc::kNotFound, "custody.no_share", "no share is kept here for this certificate"};
  }
  HUTONG_TRY(const ShareFile file, read_share(as_bytes(own->file)));
  return net::json_response({{"master_key", file.label.master},
                             {"number", file.label.number},
                             {"threshold", file.label.threshold},
                             {"shares", file.label.shares},
                             {"share_file", own->file},
                             {"sealed", to_base64(file.sealed)}});
}

void RecoveryRoutes::add_to(const GuardedRoutes& routes) const {
  const std::string one = "/api/v1/recoveries/{id}";
  routes.get("/api/v1/recoveries", kReadRecoveries,
             [self = *this](const Request& request, const Authorized&) { return self.list(request); });
  routes.get(one, kReadRecoveries,
             [self = *this](const Request& request, const Authorized&) { return self.show(request); });
  routes.get(one + "/document", kReadRecoveries, [self = *this](const Request& request, const Authorized&) {
    return self.show_document(request);
  });
  routes.get(one + "/envelope", kRecoverKeys, [self = *this](const Request& request, const Authorized& by) {
    return self.fetch_envelope(request, by);
  });
  routes.get("/api/v1/custody", kCustody,
             [self = *this](const Request&, const Authorized& by) { return self.show_custody(by); });
  routes.change(
      Method::kPost, "/api/v1/recoveries", kRecoverKeys,
      [self = *this](const Request& request, const Authorized& by) { return self.open(request, by); },
      kDocumentBody);
  routes.change(
      Method::kPost, one + "/approval", kCustody,
      [self = *this](const Request& request, const Authorized& by) { return self.approve(request, by); });
  routes.change(
      Method::kPost, one + "/refusal", kCustody,
      [self = *this](const Request& request, const Authorized& by) { return self.refuse(request, by); });
}

}  // namespace hutong::kmc
