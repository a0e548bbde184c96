#include "cms/enveloped_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "cms/internal/test_identities.h"
#include "crypto/sm4.h"
#include "tests/support/support.h"
#include "x509/extension_builder.h"

namespace hutong::cms {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;
using test::identity;

class EnvelopedDataVectors : public testing::TestWithParam<hutong::test::Vector> {};

TEST_P(EnvelopedDataVectors, OpenToTheirContent) {
  const auto recipient = identity("recipient");
  const Sm2KeyOpener opener(recipient.key);
  const Bytes message = GetParam().hex("message");
  for (const x509::Certificate* certificate :
       {&recipient.certificate, static_cast<const x509::Certificate*>(nullptr)}) {
    const auto content = open_envelope(message, {opener, certificate});
    ASSERT_TRUE(content) << content.error().detail;
    EXPECT_EQ(*content, GetParam().hex("content"));
  }
}

TEST_P(EnvelopedDataVectors, AreWrittenOctetForOctet) {
  Bytes script = GetParam().hex("content_key");
  append(script, GetParam().hex("iv"));
  append(script, GetParam().hex("nonce"));
  test::ScriptedRandom random(script);
  EnvelopeOptions options;
  options.random = &random;
  const std::vector<x509::Certificate> recipients{identity("recipient").certificate};
  const auto message = envelop(GetParam().hex("content"), recipients, options);
  ASSERT_TRUE(message) << message.error().detail;
  EXPECT_EQ(*message, GetParam().hex("message"));
}

INSTANTIATE_TEST_SUITE_P(NormSheet, EnvelopedDataVectors,
                         testing::ValuesIn(hutong::test::load_vectors("cms/enveloped_data.vec")),
                         [](const auto& vector) { return vector.param.name; });

x509::ExtensionValue for_encryption() {
  return x509::extension::key_usage({x509::KeyUsageBit::kKeyEncipherment});
}

TEST(EnvelopedData, EachOfSeveralRecipientsOpensIt) {
  const auto first = identity("recipient");
  const auto second = test::issue({"second", 0x31, {for_encryption()}});
  const auto stranger = test::issue({"stranger", 0x32, {for_encryption()}});
  const std::vector<x509::Certificate> recipients{first.certificate, second.certificate};
  for (const MessageForm form : {MessageForm::kGm, MessageForm::kRfc}) {
    EnvelopeOptions options;
    options.form = form;
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 100'000U}) {
      const Bytes content(size, 0x5A);
      const auto message = envelop(content, recipients, options);
      ASSERT_TRUE(message) << message.error().detail;
      for (const test::Identity* who : {&first, &second}) {
        const auto opened = open_envelope(*message, {Sm2KeyOpener(who->key), &who->certificate});
        ASSERT_TRUE(opened) << opened.error().detail;
        EXPECT_EQ(*opened, content);
      }
      EXPECT_EQ(open_envelope(*message, {Sm2KeyOpener(stranger.key), &stranger.certificate}).error().reason,
                "cms.not_a_recipient");
      EXPECT_EQ(open_envelope(*message, {Sm2KeyOpener(stranger.key)}).error().reason, "cms.decrypt");
    }
  }
}

TEST(EnvelopedData, RefusesRecipientsThatCannotReceive) {
  const std::vector<x509::Certificate> signer{identity("signer").certificate};
  EXPECT_EQ(envelop(as_bytes("x"), signer).error().reason, "cms.recipient_usage");
  EXPECT_EQ(envelop(as_bytes("x"), {}).error().reason, "cms.no_recipient");
}

TEST(EnvelopedData, NamesItsRecipientsWithoutAKey) {
  const Bytes message = hutong::test::load_vectors("cms/enveloped_data.vec").at(0).hex("message");
  MemorySource source(message);
  const auto recipients = recipients_of(source);
  ASSERT_TRUE(recipients);
  ASSERT_EQ(recipients->size(), 1U);
  EXPECT_EQ(recipients->at(0).identifier.to_string(), "CN=Test SM2 Root,O=Test CA,C=CN, 03");
}

/// A message put together by hand, to be odd in one way.
struct Odd {
  Bytes recipient_identifier;  ///< DER
  asn1::Oid key_algorithm = oids::kSm2Encrypt;
  Bytes encrypted_key;
  asn1::Oid cipher = oids::kSm4Cbc;
  Bytes ciphertext;
  unsigned recipient_version = 1;
  bool in_pieces = false;

  Bytes build() const {
    Writer out;
    out.sequence([&](Writer& info) {
      info.oid(oids::kGmEnvelopedData);
      info.constructed(asn1::context_constructed(0), [&](Writer& wrapped) {
        wrapped.sequence([&](Writer& body) {
          body.small(1);
          body.constructed(Tag::kSet, [&](Writer& set) { set.sequence([&](Writer& r) { recipient(r); }); });
          body.sequence([&](Writer& content) { encrypted(content); });
        });
      });
    });
    return std::move(out).take();
  }
  void recipient(Writer& out) const {
    out.small(recipient_version);
    out.raw(recipient_identifier);
    out.sequence([&](Writer& algorithm) { algorithm.oid(key_algorithm); });
    out.octet_string(encrypted_key);
  }
  void encrypted(Writer& out) const {
    out.oid(oids::kGmData);
    out.sequence([&](Writer& algorithm) {
      algorithm.oid(cipher);
      algorithm.octet_string(Bytes(16, 0x11));
    });
    if (!in_pieces) {
      out.element(asn1::context(0), ciphertext);
      return;
    }
    out.constructed(asn1::context_constructed(0), [&](Writer& pieces) {
      pieces.octet_string(ByteView(ciphertext).first(5));
      pieces.octet_string(ByteView(ciphertext).subspan(5));
    });
  }
};

class OddEnvelope : public testing::Test {
 protected:
  Bytes encrypted_for_recipient(ByteView secret,
                                crypto::Sm2CipherLayout layout = crypto::Sm2CipherLayout::kAsn1) const {
    return crypto::sm2_encrypt(recipient.key.public_key(), secret, layout).value();
  }
  static Bytes encrypt(ByteView plaintext, ByteView with, crypto::Padding padding) {
    crypto::Sm4Block iv{};
    iv.fill(0x11);
    crypto::Sm4Cbc cbc(crypto::Sm4Key::from_octets(with).value(), iv, crypto::Direction::kEncrypt, padding);
    Bytes out = cbc.update(plaintext);
    append(out, cbc.finish().value());
    return out;
  }
  Odd usual() const {
    Writer name;
    name.sequence([this](Writer& body) {
      const auto& issuer = recipient.certificate.issuer();
      const auto& serial = recipient.certificate.serial();
      body.raw(issuer.der());
      body.element(Tag::kInteger, serial.content());
    });
    return {.recipient_identifier = Bytes(name.view().begin(), name.view().end()),
            .encrypted_key = encrypted_for_recipient(key),
            .ciphertext = encrypt(as_bytes("some content"), key, crypto::Padding::kPkcs7)};
  }
  Result<OpenedEnvelope> open(const Odd& odd) {
    message = odd.build();
    MemorySource source(message);
    MemorySink sink(1'000);
    auto opened = open_envelope(source, {opener, &recipient.certificate}, sink);
    content = std::move(sink).take();
    return opened;
  }
  test::Identity recipient = identity("recipient");
  Sm2KeyOpener opener{recipient.key};
  Bytes key = hutong::test::hex("0123456789ABCDEFFEDCBA9876543210");
  Bytes message;
  Bytes content;
};

TEST_F(OddEnvelope, TheUsualFormOpensWithoutFindings) {
  const auto opened = open(usual());
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(as_text(content), "some content");
  EXPECT_THAT(opened->findings, testing::IsEmpty());
  EXPECT_EQ(opened->cipher, "SM4-CBC");
}

TEST_F(OddEnvelope, GmSslsKeyAlgorithmAndPlainSm4AreRead) {
  Odd odd = usual();
  odd.key_algorithm = oids::kSm2KeyExchange;
  odd.cipher = oids::kSm4;
  const auto opened = open(odd);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(as_text(content), "some content");
  EXPECT_TRUE(x509::has_finding(opened->findings, "cms.plain_sm4"));
}

TEST_F(OddEnvelope, CfcasRecipientsAreRead) {
  Odd odd = usual();
  odd.recipient_version = 2;
  Writer identifier;
  identifier.element(asn1::context(0), *recipient.certificate.extensions().subject_key_identifier);
  odd.recipient_identifier = Bytes(identifier.view().begin(), identifier.view().end());
  for (const auto layout :
       {crypto::Sm2CipherLayout::kC1C3C2, crypto::Sm2CipherLayout::kC1C2C3,
        crypto::Sm2CipherLayout::kC1C3C2NoPrefix, crypto::Sm2CipherLayout::kC1C2C3NoPrefix}) {
    odd.encrypted_key = encrypted_for_recipient(key, layout);
    const auto opened = open(odd);
    ASSERT_TRUE(opened) << opened.error().detail << " layout " << static_cast<int>(layout);
    EXPECT_EQ(as_text(content), "some content");
    EXPECT_TRUE(x509::has_finding(opened->findings, "cms.raw_cipher"));
  }
}

TEST_F(OddEnvelope, CiphertextInPiecesIsRead) {
  Odd odd = usual();
  odd.in_pieces = true;
  ASSERT_TRUE(open(odd));
  EXPECT_EQ(as_text(content), "some content");
}

TEST_F(OddEnvelope, EverythingThatDependsOnTheKeyIsOneError) {
  Odd wrong_size = usual();
  wrong_size.encrypted_key = encrypted_for_recipient(ByteView(key).first(15));
  Odd wrong_recipient = usual();
  wrong_recipient.encrypted_key = crypto::sm2_encrypt(identity("signer").key.public_key(), key).value();
  Odd wrong_key = usual();
  wrong_key.encrypted_key = encrypted_for_recipient(Bytes(16, 0x77));
  Odd bad_padding = usual();
  bad_padding.ciphertext = encrypt(Bytes(16, 0x00), key, crypto::Padding::kNone);
  Odd cut = usual();
  cut.ciphertext.pop_back();
  Odd empty = usual();
  empty.ciphertext.clear();
  Odd no_ciphertext_of_the_key = usual();
  no_ciphertext_of_the_key.encrypted_key.clear();
  for (const Odd* odd :
       {&wrong_size, &wrong_recipient, &wrong_key, &bad_padding, &cut, &empty, &no_ciphertext_of_the_key}) {
    const auto opened = open(*odd);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::kCryptoFail);
    EXPECT_EQ(opened.error().reason, "cms.decrypt");
    EXPECT_EQ(opened.error().detail, open(wrong_key).error().detail);
  }
}

TEST_F(OddEnvelope, UnknownAlgorithmsAreNamed) {
  Odd rsa = usual();
  rsa.key_algorithm = oids::kRsaEncryption;
  EXPECT_EQ(open(rsa).error().reason, "cms.algorithm_unsupported");
  Odd gcm = usual();
  gcm.cipher = oids::kSm4Gcm;
  EXPECT_EQ(open(gcm).error().reason, "cms.algorithm_unsupported");
}

TEST_F(OddEnvelope, AesContentIsRead) {
  // openssl enc -aes-128-cbc -K 0123456789abcdeffedcba9876543210 -iv 1111…11 of "some content"
  Odd odd = usual();
  odd.cipher = oids::kAes128Cbc;
  odd.ciphertext = hutong::test::hex("e10cfdefdcd4010dab0a8c8bc2423786");
  const auto opened = open(odd);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(as_text(content), "some content");
  EXPECT_EQ(opened->cipher, "AES-128-CBC");
}

}  // namespace
}  // namespace hutong::cms
