#include "cms/enveloped_key.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "cms/internal/test_identities.h"
#include "crypto/sm4.h"
#include "tests/support/support.h"

namespace hutong::cms {
namespace {

using test::identity;

class EnvelopedKeyVectors : public testing::TestWithParam<hutong::test::Vector> {};

TEST_P(EnvelopedKeyVectors, OpenToTheKeyInside) {
  const auto holder = identity("signer");
  const auto inside = identity("root");
  const auto key = unwrap_key_pair(GetParam().hex("message"), Sm2KeyOpener(holder.key));
  ASSERT_TRUE(key) << key.error().detail;
  EXPECT_EQ(key->public_key(), inside.key.public_key());
  EXPECT_EQ(*enveloped_public_key(GetParam().hex("message")), inside.key.public_key());
}

TEST_P(EnvelopedKeyVectors, AreWrittenOctetForOctet) {
  Bytes script = GetParam().hex("symmetric_key");
  append(script, GetParam().hex("nonce"));
  test::ScriptedRandom random(script);
  const auto form =
      GetParam().text("name") == "104.1 with NULL" ? EnvelopedKeyForm::kSm4Ecb : EnvelopedKeyForm::kSm4;
  const auto message = wrap_key_pair(identity("root").key, identity("signer").key.public_key(), form, random);
  ASSERT_TRUE(message);
  EXPECT_EQ(*message, GetParam().hex("message"));
}

TEST_P(EnvelopedKeyVectors, DoNotOpenWhenChangedOrForSomebodyElse) {
  const auto holder = identity("signer");
  const Bytes message = GetParam().hex("message");
  EXPECT_EQ(unwrap_key_pair(message, Sm2KeyOpener(identity("recipient").key)).error().reason,
            "enveloped_key.open");
  for (std::size_t at = 0; at < message.size(); ++at) {
    Bytes changed = message;
    changed[at] ^= 0x10;
    EXPECT_FALSE(unwrap_key_pair(changed, Sm2KeyOpener(holder.key))) << at;
  }
}

INSTANTIATE_TEST_SUITE_P(NormSheet, EnvelopedKeyVectors,
                         testing::ValuesIn(hutong::test::load_vectors("cms/enveloped_key.vec")),
                         [](const auto& vector) { return vector.param.name; });

/// An enveloped key whose private part is any plaintext of whole blocks.
Bytes with_plaintext(ByteView plaintext, const crypto::Sm2PublicKey& inside) {
  const Bytes symmetric(16, 0x42);
  Bytes encrypted(plaintext.size());
  crypto::Sm4Key::from_octets(symmetric)->encrypt_blocks(plaintext, encrypted);
  asn1::Writer out;
  out.sequence([&](asn1::Writer& body) {
    body.sequence([](asn1::Writer& algorithm) { algorithm.oid(asn1::oids::kSm4); });
    body.raw(crypto::sm2_encrypt(identity("signer").key.public_key(), symmetric).value());
    body.bit_string(inside.octets());
    body.bit_string(encrypted);
  });
  return std::move(out).take();
}

Bytes padded(Bytes content) {
  const auto padding = static_cast<std::uint8_t>(16 - content.size() % 16);
  content.insert(content.end(), padding, padding);
  return content;
}

TEST(EnvelopedKey, ReadsTheFormsOfOtherKeyCentres) {
  const auto holder = identity("signer");
  const auto inside = identity("root");
  const Bytes d = to_bytes(inside.key.expose().expose());
  Bytes integer{0x02, 0x21, 0x00};
  append(integer, d);
  Bytes field(32);
  append(field, d);
  for (const Bytes& plaintext : {d, padded(d), padded(integer), field}) {
    const auto key =
        unwrap_key_pair(with_plaintext(plaintext, inside.key.public_key()), Sm2KeyOpener(holder.key));
    ASSERT_TRUE(key) << plaintext.size();
    EXPECT_EQ(key->public_key(), inside.key.public_key());
  }
}

TEST(EnvelopedKey, IsTakenApartForDevicesThatOpenItThemselves) {
  const auto inside = identity("root");
  const Bytes d = to_bytes(inside.key.expose().expose());
  const auto parts = read_enveloped_key(with_plaintext(d, inside.key.public_key()));
  ASSERT_TRUE(parts) << parts.error().detail;
  EXPECT_EQ(parts->public_key, inside.key.public_key());
  EXPECT_EQ(parts->encrypted_private_key.size(), d.size());
  EXPECT_EQ(crypto::sm2_decrypt(identity("signer").key, parts->cipher)->size(), 16U);
  EXPECT_EQ(read_enveloped_key({}).error().code, Errc::kMalformed);
}

TEST(EnvelopedKey, RefusesAPrivateKeyThatIsNotThePublicKeys) {
  const auto holder = identity("signer");
  const Bytes d = to_bytes(identity("root").key.expose().expose());
  const auto key =
      unwrap_key_pair(with_plaintext(d, identity("recipient").key.public_key()), Sm2KeyOpener(holder.key));
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, Errc::kCryptoFail);
  EXPECT_EQ(key.error().reason, "enveloped_key.open");
}

}  // namespace
}  // namespace hutong::cms
