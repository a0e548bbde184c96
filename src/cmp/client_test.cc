#include "cmp/client.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "cmp/encrypted_key.h"
#include "cmp/information.h"
#include "cmp/internal/test_messages.h"
#include "cmp/server.h"
#include "crypto/sm3.h"

namespace hutong::cmp {
namespace {

using test::midsummer;
using test::must;

SecretBytes secret() { return SecretBytes::copy_of(as_bytes("geheim")); }

/// A client and what a CA would answer to it.
class Transactions : public testing::Test {
 protected:
  Bytes answered(const Bytes& request, const Body& body) {
    const auto read = must(read_message(request));
    Message answer{answer_header(read.header, test::certificate("root").subject(), midsummer()), body, {}};
    return must(ca_.protect(std::move(answer)));
  }
  std::string_view refusal(const Bytes& answer) {
    const auto read = client_.read(answer);
    return read ? "read" : read.error().reason;
  }
  static CertificateResponse granted(std::int64_t id, std::string_view name) {
    CertificateResponse response;
    response.id = id;
    response.certificate = x509::CertificateDer(to_bytes(test::certificate(name).der()));
    return response;
  }

  SignatureProtector ca_{test::signer("signer"), test::certificate("signer")};
  PasswordProtector own_{secret(), {1}};
  KnownSignerCheck check_{{test::certificate("signer")}};
  ClientTransaction client_{{.sender = test::name("CN=张三"),
                             .recipient = test::certificate("root").subject(),
                             .general_info = {certificate_profile("organisation")}},
                            own_,
                            check_};
};

TEST_F(Transactions, BringDualCertificatesAndConfirmThem) {
  const Bytes request = must(client_.write(GeneralMessage{}, midsummer()));
  const Bytes enveloped{0x30, 0x03, 0x02, 0x01, 0x05};
  CertificateResponses body;
  body.responses = {granted(0, "signer"), granted(1, "recipient")};
  body.responses[1].private_key = write_enveloped_key(enveloped);
  const auto answer = must(client_.read(answered(request, body)));
  const auto certificates = must(enrolled_certificates(answer));
  ASSERT_EQ(certificates.size(), 2U);
  EXPECT_EQ(certificates[0].certificate, test::certificate("signer"));
  EXPECT_TRUE(certificates[0].enveloped_key.empty());
  EXPECT_EQ(certificates[1].enveloped_key, enveloped);
  const auto confirmation = confirm(certificates);
  EXPECT_EQ(confirmation.certificates.at(1).hash,
            to_bytes(crypto::sm3(test::certificate("recipient").der())));
  const Bytes next = must(client_.write(confirmation, midsummer()));
  const auto read = must(read_message(next));
  EXPECT_EQ(read.header.transaction_id, must(read_message(request)).header.transaction_id);
  EXPECT_EQ(read.header.recipient_nonce, answer.header.sender_nonce);
  EXPECT_TRUE(client_.read(answered(next, Confirm{})));
}

TEST_F(Transactions, WaitAndPoll) {
  const Bytes request = must(client_.write(GeneralMessage{}, midsummer()));
  CertificateResponses body;
  body.responses = {{.id = 0,
                     .status = {PkiStatus::kWaiting, {}, 0},
                     .certificate = {},
                     .private_key = {},
                     .response_info = {}}};
  EXPECT_EQ(enrolled_certificates(must(client_.read(answered(request, body)))).error().reason, "cmp.waiting");
  const Bytes poll = must(client_.write(PollRequest{{0}}, midsummer()));
  const auto answer = must(client_.read(answered(poll, PollResponse{{{0, std::chrono::seconds(30), {}}}})));
  EXPECT_EQ(must(poll_delay(answer)), std::chrono::seconds(30));
  EXPECT_EQ(enrolled_certificates(answer).error().reason, "cmp.structure");
}

TEST_F(Transactions, RefusalsReachTheCaller) {
  const Bytes request = must(client_.write(GeneralMessage{}, midsummer()));
  const Error error{Errc::kPolicy, "cmp.possession", "nicht bewiesen"};
  EXPECT_EQ(client_.read(answered(request, error_message(error))).error().detail,
            "rejection (badPOP): cmp.possession: nicht bewiesen");
  CertificateResponses body;
  body.responses = {
      {.id = 0, .status = rejection(error), .certificate = {}, .private_key = {}, .response_info = {}}};
  EXPECT_EQ(enrolled_certificates(must(client_.read(answered(request, body)))).error().reason, "cmp.refused");
  const RevocationResponse revocation{{rejection(error)}, {}, {}};
  EXPECT_EQ(check_revoked(must(client_.read(answered(request, revocation)))).error().reason, "cmp.refused");
  EXPECT_TRUE(check_revoked(must(client_.read(answered(request, RevocationResponse{{{}}, {}, {}})))));
}

TEST_F(Transactions, AnswersToSomethingElseAreRefused) {
  const Bytes first = must(client_.write(Confirm{}, midsummer()));
  const Bytes second = must(client_.write(Confirm{}, midsummer()));
  EXPECT_EQ(refusal(answered(first, Confirm{})), "cmp.recipient_nonce");
  ClientTransaction other({.sender = test::name("CN=张三"), .recipient = {}, .general_info = {}}, own_,
                          check_);
  EXPECT_EQ(refusal(answered(must(other.write(Confirm{}, midsummer())), Confirm{})), "cmp.transaction");
  EXPECT_EQ(refusal(second), "cmp.protection_kind");
  EXPECT_EQ(refusal(answered(second, Confirm{})), "read");
}

TEST(EnvelopedKeys, TravelInAnEncryptedValue) {
  const Bytes key{0x30, 0x03, 0x02, 0x01, 0x05};
  const Bytes written = write_enveloped_key(key);
  EXPECT_EQ(must(read_enveloped_key(written)), key);
  EXPECT_EQ(to_hex(written),
            "302a"
            "a013"
            "06072a8648ce3d0201"
            "06082a811ccf5501822d"
            "a30b"
            "06092a811ccf5501822d03"
            "0306"
            "00"
            "3003020105");
  for (std::size_t size = 0; size < written.size(); ++size) {
    EXPECT_FALSE(read_enveloped_key(ByteView(written).first(size)));
  }
  EXPECT_EQ(read_enveloped_key(Bytes{0xA0, 0x02, 0x30, 0x00}).error().reason, "cmp.key_form");
  EXPECT_EQ(read_enveloped_key(Bytes{0x30, 0x02, 0x05, 0x00}).error().reason, "cmp.key_form");
}

TEST(RequestHeaders, NeedIdentifierNonceAndAPlausibleTime) {
  const auto check = [](auto change) {
    Header header = test::sample_header();
    change(header);
    const auto checked = check_request_header(header, midsummer(), std::chrono::minutes(5));
    return std::string_view(checked ? "good" : checked.error().reason);
  };
  EXPECT_EQ(check([](Header&) {}), "good");
  EXPECT_EQ(check([](Header& header) { header.message_time.reset(); }), "good");
  EXPECT_EQ(check([](Header& header) { header.transaction_id.resize(15); }), "cmp.structure");
  EXPECT_EQ(check([](Header& header) { header.sender_nonce.clear(); }), "cmp.sender_nonce");
  EXPECT_EQ(check([](Header& header) { *header.message_time += std::chrono::minutes(6); }), "cmp.time");
  EXPECT_EQ(check([](Header& header) { *header.message_time -= std::chrono::minutes(6); }), "cmp.time");
}

}  // namespace
}  // namespace hutong::cmp
