// Our own client against the endpoint: both protections, dual certificates, and everything that is refused.

#include "ca/cmp/cmp_endpoint.h"

#include <gtest/gtest.h>

#include <optional>

#include "asn1/oids.h"
#include "audit/audit_log.h"
#include "ca/cmp/requested_subject.h"
#include "ca/cmp/test_ca_over_cmp.h"
#include "ca/publishing/list_publisher.h"
#include "cmp/client.h"
#include "cmp/information.h"
#include "cmp/oids.h"
#include "cms/enveloped_data.h"
#include "cms/enveloped_key.h"
#include "net/client.h"

namespace hutong::ca {
namespace {

using test::CaOverCmp;
using test::must;

SecretBytes secret() { return SecretBytes::copy_of(as_bytes(CaOverCmp::kSecret)); }
x509::Name name(std::string_view text) { return must(x509::Name::from_string(text)); }
Time now() { return SystemClock().now(); }

cmp::CertificateRequestMessage request_for(const crypto::Signer& key, std::string_view subject,
                                           std::int64_t id = 0) {
  cmp::CertificateTemplateFields fields;
  fields.subject = name(subject);
  fields.spki = key.public_key().to_spki();
  auto request = cmp::request_certificate(id, fields);
  must(cmp::prove_possession(request, key));
  return request;
}

class CmpOverHttp : public testing::Test {
 protected:
  net::ClientResponse post(ByteView der, const std::string& path = "/.well-known/cmp",
                           const std::string& type = "application/pkixcmp") {
    return must(net::fetch("127.0.0.1", server_.port(),
                           {.method = net::Method::kPost,
                            .target = path,
                            .headers = {{"Content-Type", type}},
                            .body = std::string(as_text(der))}));
  }
  Result<cmp::ReceivedMessage> ask(cmp::ClientTransaction& transaction, const cmp::Body& body,
                                   const std::string& profile = {}) {
    const auto response = post(must(transaction.write(body, now())),
                               "/.well-known/cmp" + (profile.empty() ? "" : "/p/" + profile));
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.headers.find("Content-Type"), "application/pkixcmp");
    return transaction.read(as_bytes(response.body));
  }
  cmp::ClientTransaction with_secret(std::vector<cmp::TypedValue> information = {}) {
    return {
        {.sender = name("CN=applicant"), .recipient = name("CN=CMP"), .general_info = std::move(information)},
        by_secret_,
        knows_secret_};
  }
  std::vector<cmp::EnrolledCertificate> enrol(const crypto::Signer& key, const std::string& profile,
                                              const std::string& subject) {
    auto transaction = with_secret();
    const cmp::CertificateRequests body{cmp::BodyType::kInitialRequest, {request_for(key, subject)}};
    auto certificates = must(cmp::enrolled_certificates(must(ask(transaction, body, profile))));
    EXPECT_EQ(cmp::type_of(must(ask(transaction, cmp::confirm(certificates))).body), cmp::BodyType::kConfirm);
    return certificates;
  }
  /// What the error message says: "badPOP cmp.possession".
  std::string refusal(ByteView der, const std::string& path = "/.well-known/cmp/p/interoperability-test") {
    const auto response = post(der, path);
    EXPECT_EQ(response.status, 200) << response.body;
    const auto message = must(cmp::read_message(as_bytes(response.body)));
    const auto* const error = std::get_if<cmp::ErrorMessage>(&message.body);
    if (error == nullptr) {
      return std::string(cmp::to_string(cmp::type_of(message.body)));
    }
    const auto shown = error->status.to_string();
    return shown.substr(0, shown.find(": ", shown.find("): ") + 3));
  }
  cmp::Message unprotected(const cmp::Body& body) {
    cmp::Header header;
    header.sender = cmp::Party::of(name("CN=applicant"));
    header.recipient = cmp::Party::of(name("CN=CMP"));
    header.message_time = now();
    header.transaction_id = Bytes(16, ++counter_);
    header.sender_nonce = Bytes(16, 0x22);
    return {header, body, {}};
  }
  Bytes by_secret(const cmp::Message& message) { return must(by_secret_.protect(message)); }
  std::string last_audit() {
    auto reader = must(server_.ca().database().read());
    const auto page = must(audit::search(reader, {}));
    return page.records.empty() ? "" : page.records.front().event.action;
  }

  CaOverCmp server_;
  cmp::PasswordProtector by_secret_{secret(), to_bytes(as_bytes(CaOverCmp::kReference))};
  cmp::PasswordCheck knows_secret_{secret()};
  crypto::Sm2Signer key_{crypto::Sm2PrivateKey::generate()};
  std::uint8_t counter_ = 0;
};

constexpr const char* kOrganisation = "CN=演示公司,O=演示公司,C=CN";
constexpr const char* kDevice = "CN=device,O=演示公司,C=CN";

TEST_F(CmpOverHttp, BringsDualCertificatesWithTheEncryptionKey) {
  const auto certificates = enrol(key_, "organization-signing", kOrganisation);
  ASSERT_EQ(certificates.size(), 2U);
  EXPECT_EQ(certificates[1].id, 1);
  EXPECT_TRUE(certificates[1].certificate.extensions().key_usage->can_encrypt());
  const cms::Sm2KeyOpener holder(key_.key());
  const auto pair = must(cms::unwrap_key_pair(certificates[1].enveloped_key, holder));
  EXPECT_EQ(crypto::PublicKey(pair.public_key()), *certificates[1].certificate.public_key());
  EXPECT_EQ(server_.enrolment().confirmed, 1);
}

TEST_F(CmpOverHttp, TheSecondCertificateTakesTheIdThatWasAskedFor) {
  auto transaction = with_secret({cmp::certificate_profile("organization-signing"), cmp::implicit_confirm()});
  cmp::CertificateTemplateFields fields;
  fields.subject = name(kOrganisation);
  const cmp::CertificateRequests body{
      cmp::BodyType::kCertificationRequest,
      {request_for(key_, kOrganisation, 5), cmp::request_certificate(9, fields)}};
  const auto answer = must(ask(transaction, body));
  const auto certificates = must(cmp::enrolled_certificates(answer));
  ASSERT_EQ(certificates.size(), 2U);
  EXPECT_EQ(certificates[0].id, 5);
  EXPECT_EQ(certificates[1].id, 9);
  EXPECT_TRUE(cmp::asks_implicit_confirm(answer.header));
  EXPECT_EQ(server_.enrolment().confirmed, 1);
}

TEST_F(CmpOverHttp, ASubscriberRenewsAndRevokesItsOwnCertificateWithItsKey) {
  const auto old = enrol(key_, "interoperability-test", kDevice).at(0).certificate;
  const cmp::SignatureProtector protector(key_, old);
  const cmp::KnownSignerCheck check({server_.signer()});
  cmp::ClientTransaction renewal({.sender = {}, .recipient = name("CN=CMP"), .general_info = {}}, protector,
                                 check);
  const crypto::Sm2Signer next(crypto::Sm2PrivateKey::generate());
  const auto renewed = must(cmp::enrolled_certificates(must(ask(
      renewal, cmp::CertificateRequests{cmp::BodyType::kKeyUpdateRequest, {request_for(next, kDevice)}}))));
  EXPECT_EQ(renewed.at(0).certificate.subject(), old.subject());
  EXPECT_TRUE(ask(renewal, cmp::confirm(renewed)));
  cmp::ClientTransaction other({.sender = {}, .recipient = name("CN=CMP"), .general_info = {}}, protector,
                               check);
  const auto refused = must(ask(other, cmp::RevocationRequest{{cmp::revocation_of(
                                           renewed[0].certificate, x509::CrlReason::kSuperseded)}}));
  EXPECT_EQ(cmp::check_revoked(refused).error().reason, "cmp.refused");
  EXPECT_EQ(server_.state_of(renewed[0].certificate.serial()), CertificateState::kValid);
  const cmp::RevocationRequest own{{cmp::revocation_of(old, x509::CrlReason::kSuperseded)}};
  EXPECT_TRUE(cmp::check_revoked(must(ask(other, own))));
  EXPECT_EQ(server_.state_of(old.serial()), CertificateState::kRevoked);
  EXPECT_EQ(ask(other, own).error().detail.substr(0, 23), "rejection (certRevoked)");
}

TEST_F(CmpOverHttp, TheSameMessageTwiceIsOneOrder) {
  const Bytes der = by_secret(
      unprotected(cmp::CertificateRequests{cmp::BodyType::kInitialRequest, {request_for(key_, kDevice)}}));
  EXPECT_EQ(refusal(der), "ip");
  EXPECT_EQ(refusal(der), "ip");
  EXPECT_EQ(server_.enrolment().orders(), 1U);
  EXPECT_EQ(server_.certificates(), 1U);
  counter_ = 0;  // the same transaction, another message
  EXPECT_EQ(refusal(by_secret(unprotected(cmp::CertificateRequests{cmp::BodyType::kCertificationRequest,
                                                                   {request_for(key_, kDevice)}}))),
            "rejection (transactionIdInUse): cmp.transaction");
}

TEST_F(CmpOverHttp, ACertificateThatIsNotTakenIsRevoked) {
  auto transaction = with_secret();
  const cmp::CertificateRequests body{cmp::BodyType::kInitialRequest, {request_for(key_, kDevice)}};
  const auto certificates =
      must(cmp::enrolled_certificates(must(ask(transaction, body, "interoperability-test"))));
  auto wrong = cmp::confirm(certificates);
  wrong.certificates[0].hash[0] ^= 1;
  EXPECT_EQ(ask(transaction, wrong).error().detail,
            "rejection (badCertId): cmp.certificate_id: not the hash of a certificate of this transaction");
  auto rejected = cmp::confirm(certificates);
  rejected.certificates[0].status = cmp::StatusInfo{cmp::PkiStatus::kRejection, {}, 0};
  EXPECT_TRUE(ask(transaction, rejected));
  EXPECT_EQ(server_.state_of(certificates[0].certificate.serial()), CertificateState::kRevoked);
  EXPECT_EQ(server_.enrolment().rejected, 1);
  EXPECT_FALSE(ask(transaction, rejected));
}

TEST_F(CmpOverHttp, RefusesAndRecords) {
  const auto ir = [&](const cmp::CertificateRequestMessage& request) {
    return unprotected(cmp::CertificateRequests{cmp::BodyType::kInitialRequest, {request}});
  };
  const auto good = request_for(key_, kDevice);
  EXPECT_EQ(refusal(cmp::write_unprotected(ir(good))), "rejection (wrongIntegrity): cmp.protection_kind");
  auto foreign = request_for(key_, kDevice);
  must(cmp::prove_possession(foreign, crypto::Sm2Signer(crypto::Sm2PrivateKey::generate())));
  EXPECT_EQ(refusal(by_secret(ir(foreign))), "rejection (badPOP): cmp.possession");
  EXPECT_EQ(last_audit(), "cmp.refused");
  EXPECT_EQ(refusal(by_secret(ir(good)), "/.well-known/cmp"), "rejection (badCertTemplate): cmp.template");
  EXPECT_EQ(refusal(by_secret(ir(good)), "/.well-known/cmp/p/operator"),
            "rejection (notAuthorized): cmp.not_allowed");
  EXPECT_EQ(refusal(by_secret(ir(request_for(key_, "O=x,C=CN")))),
            "rejection (badCertTemplate): subject.missing");
  auto late = ir(good);
  *late.header.message_time -= std::chrono::hours(1);
  EXPECT_EQ(refusal(by_secret(late)), "rejection (badTime): cmp.time");
  auto short_nonce = ir(good);
  short_nonce.header.sender_nonce.resize(8);
  EXPECT_EQ(refusal(by_secret(short_nonce)), "rejection (badSenderNonce): cmp.sender_nonce");
  auto old_version = ir(good);
  old_version.header.version = 1;
  EXPECT_EQ(refusal(by_secret(old_version)), "rejection (unsupportedVersion): cmp.version");
  EXPECT_EQ(refusal(by_secret(unprotected(cmp::PollRequest{{0}}))),
            "rejection (badRequest): cmp.no_transaction");
  EXPECT_EQ(refusal(by_secret(unprotected(cmp::PollResponse{{{0, {}, {}}}}))),
            "rejection (badRequest): cmp.body");
  EXPECT_EQ(server_.certificates(), 0U);
}

TEST_F(CmpOverHttp, RefusesSignersWithoutAStandingCertificate) {
  const auto certificate = enrol(key_, "interoperability-test", kDevice).at(0).certificate;
  const auto kur = [&] {
    return unprotected(
        cmp::CertificateRequests{cmp::BodyType::kKeyUpdateRequest, {request_for(key_, kDevice)}});
  };
  const crypto::Sm2Signer other(crypto::Sm2PrivateKey::generate());
  EXPECT_EQ(refusal(must(cmp::SignatureProtector(other, certificate).protect(kur()))),
            "rejection (badMessageCheck): cmp.integrity");
  EXPECT_EQ(refusal(must(cmp::SignatureProtector(key_, server_.signer()).protect(kur()))),
            "rejection (signerNotTrusted): cmp.signer");
  EXPECT_EQ(refusal(must(cmp::SignatureProtector(key_, certificate)
                             .protect(unprotected(cmp::CertificateRequests{cmp::BodyType::kInitialRequest,
                                                                           {request_for(key_, kDevice)}})))),
            "rejection (notAuthorized): cmp.not_allowed");
  must(server_.enrolment().revoke(certificate.serial(), x509::CrlReason::kKeyCompromise, {}));
  EXPECT_EQ(refusal(must(cmp::SignatureProtector(key_, certificate).protect(kur()))),
            "rejection (certRevoked): certificate.revoked");
}

TEST(RequestedSubject, TakesAttributesIdentitiesAndNames) {
  CertificateTemplate made;
  made.identity = {{.field = "credit_code", .oid = asn1::oids::kOrganizationCode}};
  const auto read = must(requested_subject(
      name(kDevice),
      {x509::extension::identity(asn1::oids::kOrganizationCode, "91350100M000100Y43"),
       x509::extension::subject_alt_name({x509::dns_name("a.example"), x509::email_name("a@b.example")}),
       x509::extension::key_usage({x509::KeyUsageBit::kKeyCertSign})},
      made));
  EXPECT_EQ(read.attributes.at("O"), "演示公司");
  EXPECT_EQ(read.identities.at("credit_code"), "91350100M000100Y43");
  EXPECT_EQ(read.dns_names, std::vector<std::string>{"a.example"});
  EXPECT_EQ(read.emails, std::vector<std::string>{"a@b.example"});
  EXPECT_EQ(requested_subject(name("OU=a,OU=b"), {}, made).error().reason, "cmp.template");
  EXPECT_EQ(
      requested_subject(name("CN=a"), {x509::extension::subject_alt_name({x509::uri_name("x:y")})}, made)
          .error()
          .reason,
      "cmp.template");
}

TEST_F(CmpOverHttp, AnswersWhatIsNoCmpWithAProblem) {
  EXPECT_EQ(post(as_bytes("hello")).status, 400);
  EXPECT_EQ(post({}).status, 400);
  EXPECT_EQ(post(as_bytes("hello"), "/.well-known/cmp", "text/plain").status, 415);
  EXPECT_EQ(post(Bytes(cmp::kMostMessageOctets + 1)).status, 413);
}

TEST_F(CmpOverHttp, TellsAboutTheCa) {
  const auto& issuer = server_.ca().signing().issuer();
  const ListPublisher publisher(server_.ca().database(), server_.ca().signing(), {});
  must(publisher.publish(server_.ca().signing().authority(), 0, ListKind::kFull, now()));
  const cmp::Party address{x509::uri_name("http://ca.example/0.crl"), std::nullopt};
  const cmp::CrlStatus list{cmp::CrlStatus::Source::kDistributionPoint, {address}, std::nullopt};
  auto transaction = with_secret();
  const auto answer = must(ask(transaction, cmp::GeneralMessage{cmp::BodyType::kGeneralMessage,
                                                                {{cmp::oids::kCaCertificates, {}},
                                                                 cmp::root_certificate(issuer.certificate()),
                                                                 cmp::crl_status_list({list})}}));
  const auto& items = std::get<cmp::GeneralMessage>(answer.body).items;
  ASSERT_EQ(items.size(), 3U);
  EXPECT_TRUE(equal(must(cmp::read_certificates_value(items[0])).at(0).view(), issuer.certificate().der()));
  EXPECT_EQ(items[1].type, cmp::oids::kRootKeyUpdate);
  EXPECT_TRUE(items[1].value.empty());
  EXPECT_EQ(must(x509::Crl::parse(must(cmp::read_crls_value(items[2])).at(0))).issuer(),
            issuer.certificate().subject());
  EXPECT_EQ(ask(transaction, cmp::GeneralMessage{cmp::BodyType::kGeneralMessage,
                                                 {{cmp::oids::kPreferredSymmetricAlgorithm, {}}}})
                .error()
                .detail.substr(0, 31),
            "rejection (addInfoNotAvailable)");
}

TEST_F(CmpOverHttp, ClientsAreRegisteredRetiredAndSealed) {
  const CmpClients& clients = server_.clients();
  const CmpClient added{.reference = {1}, .name = "second", .templates = {"device"}, .rights = 1};
  must(clients.add(added, as_bytes("0123456789abcdef"), {}, now()));
  EXPECT_EQ(last_audit(), "cmp_client.added");
  EXPECT_EQ(clients.add(added, as_bytes("0123456789abcdef"), {}, now()).error().reason, "storage.constraint");
  EXPECT_EQ(clients.add({.reference = {2}, .name = "x"}, as_bytes("short"), {}, now()).error().reason,
            "cmp.client");
  const auto found = must(clients.find(Bytes{1}));
  EXPECT_TRUE(equal(found.secret.expose(), as_bytes("0123456789abcdef")));
  auto reader = std::make_optional(must(server_.ca().database().read()));
  const auto sealed = must(reader->query("SELECT sealed_secret FROM cmp_clients ORDER BY name"));
  EXPECT_EQ(as_text(sealed.at(0).bytes(0)).find("0123456789abcdef"), std::string_view::npos);
  reader.reset();
  must(storage::in_transaction(server_.ca().database(), [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute("UPDATE cmp_clients SET sealed_secret = ? WHERE name = 'second'",
                                     sealed.at(1).bytes(0)));
    return ok();
  }));
  EXPECT_EQ(clients.find(Bytes{1}).error().reason, "cmp.client_secret");
  must(clients.retire(Bytes{1}, {}, now()));
  EXPECT_EQ(last_audit(), "cmp_client.retired");
  EXPECT_EQ(clients.find(Bytes{1}).error().reason, "cmp.client_unknown");
  EXPECT_EQ(clients.retire(Bytes{1}, {}, now()).error().reason, "cmp.client_unknown");
  EXPECT_EQ(must(clients.list()).size(), 2U);
}

}  // namespace
}  // namespace hutong::ca
