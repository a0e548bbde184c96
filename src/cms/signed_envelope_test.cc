#include "cms/signed_envelope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cms/internal/test_identities.h"
#include "tests/support/support.h"
#include "x509/extension_builder.h"

namespace hutong::cms {
namespace {

using test::identity;
using testing::IsEmpty;
using x509::Indication;
using x509::Severity;

class SignedEnvelope : public testing::Test {
 protected:
  Bytes make(ByteView plaintext, MessageForm form = MessageForm::kGm) const {
    const auto signer = alice.signer();
    const std::vector<MessageSigner> signers{{signer, alice.certificate}};
    const std::vector<x509::Certificate> recipients{recipient.certificate};
    SignOptions options;
    options.form = form;
    return sign_and_envelop(plaintext, signers, recipients, options).value();
  }
  Result<OpenedSignedEnvelope> open(ByteView message) {
    MemorySink sink(1 << 20);
    VerifyOptions options = trust.at(test::midsummer());
    options.content = &sink;
    auto opened = open_and_verify(message, {opener, &recipient.certificate}, options);
    content = std::move(sink).take();
    return opened;
  }
  test::Trust trust;
  test::Identity alice = identity("signer");
  test::Identity recipient = identity("recipient");
  Sm2KeyOpener opener{recipient.key};
  Bytes content;
};

TEST_F(SignedEnvelope, OpensAndVerifies) {
  for (const MessageForm form : {MessageForm::kGm, MessageForm::kRfc}) {
    for (const std::size_t size : {0U, 16U, 100'000U}) {
      const Bytes original(size, 0x33);
      const Bytes message = make(original, form);
      EXPECT_EQ(recognise_message(message)->type, MessageType::kSignedAndEnvelopedData);
      const auto opened = open(message);
      ASSERT_TRUE(opened) << opened.error().detail;
      EXPECT_EQ(opened->report.indication(), Indication::kValid);
      EXPECT_THAT(test::codes(opened->report, Severity::kError), IsEmpty());
      EXPECT_EQ(content, original);
      EXPECT_EQ(opened->report.content_size, size);
      EXPECT_FALSE(opened->report.signers.at(0).has_signed_attributes);
      EXPECT_EQ(opened->envelope.cipher, "SM4-CBC");
    }
  }
}

TEST_F(SignedEnvelope, ABrokenSignatureIsAReport) {
  Bytes message = make(as_bytes("content"));
  message.back() ^= 1;
  const auto opened = open(message);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->report.indication(), Indication::kInvalid);
  EXPECT_TRUE(opened->report.has("cms.signature_invalid"));
}

TEST_F(SignedEnvelope, AnotherKeyIsAnError) {
  const Bytes message = make(as_bytes("content"));
  EXPECT_EQ(open_and_verify(message, {Sm2KeyOpener(alice.key)}, {}).error().reason, "cms.decrypt");
  EXPECT_EQ(open_and_verify(message, {Sm2KeyOpener(alice.key), &alice.certificate}, {}).error().reason,
            "cms.not_a_recipient");
}

TEST_F(SignedEnvelope, OtherMessagesAreNotMistakenForOne) {
  const Bytes envelope = hutong::test::load_vectors("cms/enveloped_data.vec").at(0).hex("message");
  const auto opened = open(envelope);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->report.has("cms.not_signed_content"));
  EXPECT_EQ(open_envelope(make(as_bytes("x")), {opener}).error().reason, "cms.not_enveloped_data");
}

TEST_F(SignedEnvelope, TruncatedAnywhereItIsNotValid) {
  const Bytes message = make(as_bytes("content"));
  for (std::size_t size = 0; size < message.size(); ++size) {
    const auto opened = open(ByteView(message).first(size));
    EXPECT_TRUE(!opened || opened->report.indication() == Indication::kInvalid) << size;
  }
}

}  // namespace
}  // namespace hutong::cms
