#include "ca/cmp/test_ca_over_cmp.h"

#include <stdexcept>
#include <utility>

#include "asn1/oids.h"
#include "audit/audit_log.h"
#include "ca/cmp/cmp_schema.h"
#include "ca/cmp/requested_subject.h"
#include "cms/enveloped_key.h"
#include "tests/tools/peer_signer.h"
#include "x509/extension_builder.h"

namespace hutong::ca::test {
namespace {

using Stage = EnrolmentState::Stage;

constexpr std::string_view kInteroperability = R"({
  "id": "interoperability-test", "version": 1, "name_zh": "互操作测试", "name_en": "Interoperability test",
  "key": "request", "key_algorithms": ["SM2", "P-256"], "days": 30, "most_days": 365,
  "subject": [{"attribute": "C", "required": true, "fixed": "CN"}, {"attribute": "O", "required": false},
              {"attribute": "CN", "required": true}],
  "key_usage": ["digitalSignature", "nonRepudiation"], "extended_key_usage": ["1.3.6.1.5.5.7.3.2"]
})";

/// What a request says, with the credit code that the templates of organisations want.
Result<SubjectData> subject_data(const EnrolmentWish& wish, const CertificateTemplate& made) {
  HUTONG_TRY(auto data, requested_subject(*wish.subject, wish.extensions, made));
  if (!made.identity.empty()) {
    data.identities["credit_code"] = "91350100M000100Y43";
  }
  return data;
}

x509::Certificate self_signed_by(const crypto::Signer& key) {
  const auto name = must(x509::Name::from_string("CN=CMP,O=演示认证中心,C=CN"));
  const auto der = must(x509::sign(
      x509::TbsCertificate{
          .serial = fresh_serial(),
          .issuer = name,
          .subject = name,
          .not_before = at("2026-01-01"),
          .not_after = at("2036-01-01"),
          .spki = key.public_key().to_spki(),
          .extensions = {x509::extension::key_usage({x509::KeyUsageBit::kDigitalSignature}),
                         x509::extension::subject_key_identifier(x509::key_identifier(key.public_key()))}},
      key));
  return must(x509::Certificate::parse(der.view()));
}

}  // namespace

Result<EnrolmentState> DirectEnrolment::apply(const EnrolmentWish& wish, const CmpSender& sender) {
  const auto made = [&]() -> Result<CertificateTemplate> {
    HUTONG_TRY(auto reader, ca_->database().read());
    if (!wish.renewed) {
      return TemplateRepository::find(reader, wish.template_id);
    }
    HUTONG_TRY(const auto record, CertificateRepository::find(reader, *wish.renewed));
    return TemplateRepository::find(reader, record.template_id);
  }();
  if (!made) {
    return made.error();
  }
  HUTONG_TRY(auto state, issue(wish, *made));
  clients_[state.certificate->serial()] = sender.client;
  state.stage = refuses ? Stage::kRefused : waits > 0 ? Stage::kWaiting : Stage::kIssued;
  state.reason = "材料不全";
  states_[state.order] = state;
  return state;
}

Result<EnrolmentState> DirectEnrolment::issue(const EnrolmentWish& wish, const CertificateTemplate& made) {
  EnrolmentState state;
  state.order = wish.transaction;
  HUTONG_TRY(const auto subject, subject_data(wish, made));
  HUTONG_TRY(auto signing,
             ca_->signing().prepare({.template_id = made.id,
                                     .subject = subject,
                                     .holder = {},
                                     .order = state.order,
                                     .key = wish.key,
                                     .not_before = SystemClock().now() - std::chrono::hours(1)}));
  state.certificate = signing.certificate;
  std::optional<PreparedCertificate> encryption;
  if (!made.encryption_template.empty()) {
    HUTONG_TRY(encryption, encryption_certificate(wish, made.encryption_template, state));
    SigningSystem::pair(signing, *encryption);
  }
  const auto stored =
      storage::in_transaction(ca_->database(), [&](storage::Transaction& transaction) -> Status {
        HUTONG_CHECK(SigningSystem::store(transaction, signing));
        return encryption ? SigningSystem::store(transaction, *encryption) : ok();
      });
  if (!stored) {
    return stored.error();
  }
  return state;
}

Result<PreparedCertificate> DirectEnrolment::encryption_certificate(const EnrolmentWish& wish,
                                                                    const std::string& template_id,
                                                                    EnrolmentState& state) {
  const auto pair = crypto::Sm2PrivateKey::generate();
  HUTONG_TRY(state.enveloped_key, cms::wrap_key_pair(pair, *wish.key.sm2()));
  const auto made = [&]() -> Result<CertificateTemplate> {
    HUTONG_TRY(auto reader, ca_->database().read());
    return TemplateRepository::find(reader, template_id);
  }();
  HUTONG_TRY(const auto subject, subject_data(wish, *made));
  HUTONG_TRY(auto prepared,
             ca_->signing().prepare({.template_id = template_id,
                                     .subject = subject,
                                     .holder = {},
                                     .order = state.order,
                                     .key = crypto::PublicKey(pair.public_key()),
                                     .not_before = SystemClock().now() - std::chrono::hours(1)}));
  state.encryption = prepared.certificate;
  return prepared;
}

Result<EnrolmentState> DirectEnrolment::poll(const std::string& order) {
  EnrolmentState& state = states_.at(order);
  if (state.stage == Stage::kWaiting && --waits <= 0) {
    state.stage = Stage::kIssued;
  }
  return state;
}

Status DirectEnrolment::confirm(const std::string&, const CmpSender&) {
  ++confirmed;
  return ok();
}

Status DirectEnrolment::reject(const std::string& order, const CmpSender& sender) {
  ++rejected;
  return revoke(states_.at(order).certificate->serial(), x509::CrlReason::kCessationOfOperation, sender);
}

Status DirectEnrolment::revoke(const x509::Serial& serial, x509::CrlReason reason, const CmpSender&) {
  return storage::in_transaction(ca_->database(), [&](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(const auto record, CertificateRepository::find_for_update(transaction, serial));
    return CertificateRepository::change_state(
        transaction, record, {.to = CertificateState::kRevoked, .at = at("2026-07-01"), .reason = reason});
  });
}

Result<std::string> DirectEnrolment::client_of(const x509::Serial& serial) {
  const auto found = clients_.find(serial);
  if (found == clients_.end()) {
    return Error{Errc::kNotFound, "certificate.unknown", serial.to_hex()};
  }
  return found->second;
}

CaOverCmp::CaOverCmp() : ca_({.crl = "http://ca.example/{partition}.crl"}) {
  must(storage::migrate(ca_.database(), "audit", audit::migrations(), clock_));
  must(storage::migrate(ca_.database(), kCmpComponent, cmp_migrations(), clock_));
  const auto made = must(template_from_json(net::Json::parse(kInteroperability)));
  must(storage::in_transaction(ca_.database(), [&](storage::Transaction& transaction) {
    return TemplateRepository::add(transaction, made, at("2026-01-01"));
  }));
  clients_ = std::make_unique<CmpClients>(must(CmpClients::load(ca_.database(), keys_)));
  const CmpClient client{.reference = to_bytes(as_bytes(kReference)),
                         .name = "test-client",
                         .templates = {"interoperability-test", "device", "organization-signing"},
                         .rights = 0x3F & ~static_cast<std::uint32_t>(CmpRight::kVouch)};
  must(clients_->add(client, as_bytes(kSecret), {}, clock_.now()));
  signer_ = hutong::test::p256_signer();
  signer_certificate_ = std::make_unique<x509::Certificate>(self_signed_by(*signer_));
  endpoint_ = std::make_unique<CmpEndpoint>(CmpEndpoint::Parts{.database = ca_.database(),
                                                               .signing = ca_.signing(),
                                                               .clients = *clients_,
                                                               .enrolment = enrolment_,
                                                               .signer = *signer_,
                                                               .certificate = *signer_certificate_,
                                                               .clock = clock_,
                                                               .poll_delay = std::chrono::seconds(1)});
  endpoint_->add_routes(router_);
  server_ = must(net::Server::listen({}, router_));
  thread_ = std::thread([this] { server_->run(); });
}

CaOverCmp::~CaOverCmp() {
  server_->stop();
  thread_.join();
}

CertificateState CaOverCmp::state_of(const x509::Serial& serial) {
  auto reader = must(ca_.database().read());
  return must(CertificateRepository::find(reader, serial)).state;
}

std::size_t CaOverCmp::certificates() {
  auto reader = must(ca_.database().read());
  const auto counts = must(CertificateRepository::counts(reader));
  return static_cast<std::size_t>(counts[0] + counts[1] + counts[2]);
}

}  // namespace hutong::ca::test
