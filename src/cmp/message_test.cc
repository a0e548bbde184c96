#include "cmp/message.h"

#include <gtest/gtest.h>

#include <functional>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "cmp/information.h"
#include "cmp/internal/test_messages.h"
#include "cmp/protection.h"
#include "tests/support/support.h"

namespace hutong::cmp {
namespace {

using asn1::context_constructed;
using asn1::Writer;
using test::must;
using test::openssl;
using test::reread;
using test::sample_header;

struct Expected {
  const char* name;
  BodyType type;
};
void PrintTo(const Expected& expected, std::ostream* out) { *out << expected.name; }

class OpenSslMessages : public testing::TestWithParam<Expected> {};

TEST_P(OpenSslMessages, AreReadAndWrittenAgainOctetForOctet) {
  const Bytes der = openssl(GetParam().name);
  const auto read = read_message(der);
  ASSERT_TRUE(read) << read.error().reason << ' ' << read.error().detail;
  EXPECT_EQ(type_of(read->body), GetParam().type);
  EXPECT_EQ(read->header.transaction_id.size(), 16U);
  ASSERT_TRUE(read->protection);
  EXPECT_EQ(write_protected_part(read->header, read->body), read->protected_part);
  EXPECT_EQ(write_with_protection({read->header, read->body, read->extra_certificates}, *read->protection),
            der);
  EXPECT_EQ(must(read_header(der)).transaction_id, read->header.transaction_id);
}

TEST_P(OpenSslMessages, CutShortTheyAreRefused) {
  const Bytes der = openssl(GetParam().name);
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(read_message(ByteView(der).first(size))) << size;
  }
  Bytes longer = der;
  longer.push_back(0);
  EXPECT_EQ(read_message(longer).error().reason, "asn1.trailing_data");
}

INSTANTIATE_TEST_SUITE_P(
    Cmp, OpenSslMessages,
    testing::Values(
        Expected{"ir", BodyType::kInitialRequest}, Expected{"ip", BodyType::kInitialResponse},
        Expected{"conf", BodyType::kCertificateConfirm}, Expected{"pkiconf", BodyType::kConfirm},
        Expected{"ir256", BodyType::kInitialRequest}, Expected{"cr", BodyType::kCertificationRequest},
        Expected{"cp", BodyType::kCertificationResponse}, Expected{"p10cr", BodyType::kPkcs10Request},
        Expected{"p10conf", BodyType::kCertificateConfirm},
        Expected{"p10cp", BodyType::kCertificationResponse}, Expected{"kur", BodyType::kKeyUpdateRequest},
        Expected{"kup", BodyType::kKeyUpdateResponse}, Expected{"kurs", BodyType::kKeyUpdateRequest},
        Expected{"kups", BodyType::kKeyUpdateResponse}, Expected{"rr", BodyType::kRevocationRequest},
        Expected{"rp", BodyType::kRevocationResponse}, Expected{"genm", BodyType::kGeneralMessage},
        Expected{"genp", BodyType::kGeneralResponse}, Expected{"waiting", BodyType::kInitialResponse},
        Expected{"pollreq", BodyType::kPollRequest}, Expected{"pollrep", BodyType::kPollResponse},
        Expected{"error", BodyType::kError}, Expected{"irra", BodyType::kInitialRequest},
        Expected{"irsm2", BodyType::kInitialRequest}),
    [](const auto& expected) { return std::string(expected.param.name); });

TEST(OpenSslContents, AreUnderstood) {
  const auto request = must(read_message(openssl("cr")));
  const auto& asked = std::get<CertificateRequests>(request.body).requests.at(0);
  EXPECT_EQ(asked.id, 0);
  EXPECT_EQ(asked.fields.subject->to_string(), "CN=device");
  EXPECT_NE(asked.fields.find(asn1::oids::kSubjectAltName), nullptr);
  EXPECT_TRUE(asked.fields.not_after);
  EXPECT_TRUE(asks_implicit_confirm(request.header));
  const auto update = must(read_message(openssl("kur")));
  const auto old = must(std::get<CertificateRequests>(update.body).requests.at(0).old_certificate());
  ASSERT_TRUE(old);
  const auto certificate = must(x509::Certificate::parse(openssl("ee_certificate")));
  EXPECT_EQ(*old, CertificateId::of(certificate));
  const auto revocation = must(read_message(openssl("rr")));
  const auto& details = std::get<RevocationRequest>(revocation.body).certificates.at(0);
  EXPECT_EQ(details.certificate.serial, certificate.serial());
  EXPECT_EQ(must(details.reason()), x509::CrlReason::kKeyCompromise);
  const auto waiting = must(read_message(openssl("waiting")));
  EXPECT_EQ(std::get<CertificateResponses>(waiting.body).responses.at(0).status.status, PkiStatus::kWaiting);
  const auto error = must(read_message(openssl("error")));
  EXPECT_EQ(std::get<ErrorMessage>(error.body).status.status, PkiStatus::kRejection);
}

CertificateResponses full_responses() {
  CertificateResponses body;
  body.kind = BodyType::kKeyUpdateResponse;
  const x509::CertificateDer root(to_bytes(test::certificate("root").der()));
  body.ca_certificates = {root};
  body.responses = {
      {.id = -1, .status = {}, .certificate = root, .private_key = {0x30, 0x00}, .response_info = {7}},
      {.id = 128,
       .status = {PkiStatus::kRejection, {"不行", "no"}, 1U << 9U | 1U},
       .certificate = {},
       .private_key = {},
       .response_info = {}}};
  return body;
}

TEST(Messages, EveryFieldOfTheHeaderSurvives) {
  Message message{sample_header(), Confirm{}, {}};
  message.header.version = kVersion3;
  message.header.sender_key_id = {1, 2};
  message.header.recipient_key_id = {3};
  message.header.recipient_nonce = {4};
  message.header.free_text = {"你好", "hello"};
  message.header.general_info = {implicit_confirm(), confirm_wait_time(test::midsummer())};
  const auto read = reread(message);
  EXPECT_EQ(read.header.version, kVersion3);
  EXPECT_EQ(read.header.sender, message.header.sender);
  EXPECT_EQ(read.header.sender.name->display(), "张三");
  EXPECT_EQ(read.header.message_time, test::midsummer());
  EXPECT_EQ(read.header.sender_key_id, message.header.sender_key_id);
  EXPECT_EQ(read.header.recipient_key_id, message.header.recipient_key_id);
  EXPECT_EQ(read.header.recipient_nonce, message.header.recipient_nonce);
  EXPECT_EQ(read.header.free_text, message.header.free_text);
  EXPECT_EQ(read.header.general_info, message.header.general_info);
  EXPECT_FALSE(read.protection);
}

TEST(Messages, BodiesSurvive) {
  const auto responses = full_responses();
  const auto read = reread({sample_header(), responses, {}});
  const auto& body = std::get<CertificateResponses>(read.body);
  EXPECT_EQ(body.kind, BodyType::kKeyUpdateResponse);
  EXPECT_EQ(body.ca_certificates, responses.ca_certificates);
  ASSERT_EQ(body.responses.size(), 2U);
  EXPECT_EQ(body.responses[0].id, -1);
  EXPECT_EQ(body.responses[0].certificate, responses.responses[0].certificate);
  EXPECT_EQ(body.responses[0].private_key, responses.responses[0].private_key);
  EXPECT_EQ(body.responses[0].response_info, Bytes{7});
  EXPECT_EQ(body.responses[1].id, 128);
  EXPECT_EQ(body.responses[1].status, responses.responses[1].status);
  EXPECT_TRUE(body.responses[1].status.has(Failure::kBadPop));

  const ErrorMessage error{{PkiStatus::kRejection, {}, 1U << 26U}, -129, {"detail"}};
  const auto read_error = std::get<ErrorMessage>(reread({sample_header(), error, {}}).body);
  EXPECT_EQ(read_error.code, -129);
  EXPECT_EQ(read_error.details, error.details);
  EXPECT_TRUE(read_error.status.has(Failure::kDuplicateCertReq));

  const PollResponse poll{{{5, std::chrono::seconds(60), {"等待审核"}}}};
  const auto read_poll = std::get<PollResponse>(reread({sample_header(), poll, {}}).body);
  EXPECT_EQ(read_poll.answers.at(0).check_after, std::chrono::seconds(60));
  EXPECT_EQ(read_poll.answers.at(0).reason, poll.answers[0].reason);
}

TEST(Messages, RevocationsAndConfirmationsSurvive) {
  const auto signer = test::certificate("signer");
  const RevocationRequest revocation{{revocation_of(signer, x509::CrlReason::kAffiliationChanged)}};
  const auto read = std::get<RevocationRequest>(reread({sample_header(), revocation, {}}).body);
  EXPECT_EQ(read.certificates.at(0).certificate.serial, signer.serial());
  EXPECT_EQ(must(read.certificates.at(0).reason()), x509::CrlReason::kAffiliationChanged);
  const RevocationResponse answer{{{}}, {CertificateId::of(signer)}, {Bytes{0x30, 0x00}}};
  const auto read_answer = std::get<RevocationResponse>(reread({sample_header(), answer, {}}).body);
  EXPECT_EQ(read_answer.certificates, answer.certificates);
  EXPECT_EQ(read_answer.crls, answer.crls);
  const CertificateConfirm confirm{{{Bytes(32, 7), -1, StatusInfo{PkiStatus::kRejection, {}, 0},
                                     hutong::test::hex("300A06082A811CCF55018311")}}};
  const auto read_confirm = std::get<CertificateConfirm>(reread({sample_header(), confirm, {}}).body);
  EXPECT_EQ(read_confirm.certificates.at(0).hash_algorithm, confirm.certificates[0].hash_algorithm);
  EXPECT_FALSE(read_confirm.certificates.at(0).accepted());
}

/// A message with a body made by hand.
Bytes with_body(std::uint8_t tag, const std::function<void(Writer&)>& fill) {
  const auto empty = must(read_message(write_unprotected({sample_header(), Confirm{}, {}})));
  asn1::Reader outer(empty.protected_part);
  auto fields = must(outer.enter_sequence());
  Writer out;
  out.sequence([&](Writer& message) {
    message.raw(must(fields.read_any()).encoded);
    message.constructed(context_constructed(tag), fill);
  });
  return std::move(out).take();
}

std::string_view refusal(std::uint8_t tag, const std::function<void(Writer&)>& fill) {
  const auto read = read_message(with_body(tag, fill));
  return read ? std::string_view("read") : read.error().reason;
}

TEST(Refusals, BodiesThatWeDoNotSpeak) {
  for (const int tag : {5, 6, 9, 10, 13, 14, 15, 16, 17, 18, 20, 27, 30}) {
    EXPECT_EQ(refusal(static_cast<std::uint8_t>(tag), [](Writer& body) { body.null(); }), "cmp.body") << tag;
  }
}

TEST(Refusals, BrokenBodies) {
  const auto nothing = [](Writer&) {};
  const auto empty_list = [](Writer& body) { body.sequence([](Writer&) {}); };
  EXPECT_EQ(refusal(0, empty_list), "cmp.structure");
  EXPECT_EQ(refusal(0, nothing), "asn1.truncated");
  EXPECT_EQ(refusal(11, empty_list), "cmp.structure");
  EXPECT_EQ(refusal(25, empty_list), "cmp.structure");
  EXPECT_EQ(refusal(19, [](Writer& body) { body.small(1); }), "asn1.tag");
  EXPECT_EQ(refusal(19,
                    [](Writer& body) {
                      body.null();
                      body.null();
                    }),
            "asn1.trailing_data");
  const auto status = [](std::uint64_t number, ByteView text) {
    return [number, text](Writer& body) {
      body.sequence([&](Writer& error) {
        error.sequence([&](Writer& info) {
          info.small(number);
          info.sequence([&](Writer& texts) { texts.element(asn1::Tag::kUtf8String, text); });
        });
      });
    };
  };
  EXPECT_EQ(refusal(23, status(6, as_bytes("fine"))), "read");
  EXPECT_EQ(refusal(23, status(7, as_bytes("x"))), "cmp.structure");
  EXPECT_EQ(refusal(23, status(2, Bytes{0xFF, 0xFE})), "cmp.text");
}

TEST(Refusals, TooMuchOfEverything) {
  PollRequest poll;
  poll.ids.assign(kMostRequests + 1, 0);
  EXPECT_EQ(read_message(write_unprotected({sample_header(), poll, {}})).error().reason, "cmp.too_many");
  GeneralMessage general;
  general.items.assign(kMostTypedValues + 1, implicit_confirm());
  EXPECT_EQ(read_message(write_unprotected({sample_header(), general, {}})).error().reason, "cmp.too_many");
  Message certificates{sample_header(), Confirm{}, {}};
  certificates.extra_certificates.assign(kMostCertificates + 1, x509::CertificateDer({0x30, 0x00}));
  EXPECT_EQ(read_message(write_unprotected(certificates)).error().reason, "cmp.too_many");
  EXPECT_EQ(read_message(Bytes(kMostMessageOctets + 1)).error().reason, "cmp.too_large");
  Message nonce{sample_header(), Confirm{}, {}};
  nonce.header.sender_nonce.resize(kMostIdentifierOctets + 1);
  EXPECT_EQ(read_message(write_unprotected(nonce)).error().reason, "cmp.structure");
}

TEST(Refusals, OtherVersions) {
  for (const std::uint64_t version : {0U, 1U, 4U, 99U}) {
    Message message{sample_header(), Confirm{}, {}};
    message.header.version = version;
    EXPECT_EQ(read_message(write_unprotected(message)).error().reason, "cmp.version") << version;
  }
}

TEST(Refusals, UniqueIdentifiersAndOldVersionsInATemplate) {
  const auto request = [](auto fill) {
    return [fill](Writer& body) {
      body.sequence([&](Writer& list) {
        list.sequence([&](Writer& message) {
          message.sequence([&](Writer& asked) {
            asked.small(0);
            asked.sequence(fill);
          });
        });
      });
    };
  };
  EXPECT_EQ(refusal(0, request([](Writer& fields) {
                      fields.element(asn1::context(7), Bytes{0, 1});
                    })),
            "cmp.template");
  EXPECT_EQ(refusal(0, request([](Writer& fields) { fields.element(asn1::context(0), Bytes{1}); })),
            "cmp.template");
  EXPECT_EQ(refusal(0, request([](Writer& fields) { fields.element(asn1::context(0), Bytes{2}); })), "read");
}

TEST(Refusals, AnEncryptedCertificate) {
  EXPECT_EQ(refusal(1,
                    [](Writer& body) {
                      body.sequence([](Writer& answer) {
                        answer.sequence([](Writer& list) {
                          list.sequence([](Writer& response) {
                            response.small(0);
                            response.sequence([](Writer& status) { status.small(0); });
                            response.sequence([](Writer& pair) {
                              pair.constructed(context_constructed(1), [](Writer& key) { key.null(); });
                            });
                          });
                        });
                      });
                    }),
            "cmp.encrypted_certificate");
}

}  // namespace
}  // namespace hutong::cmp
