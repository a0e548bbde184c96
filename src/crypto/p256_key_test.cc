#include "crypto/p256_key.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace hutong::crypto {
namespace {

/// RFC 7515 A.3: the key, the signing input and the signature that it gives.
const Bytes kExampleKey = *from_hex(
    "30310201010420"
    "8e9b109e719098bf980487df1f5d77e9cb29606ebed2263b5f57c213df84f4b2"
    "a00a06082a8648ce3d030107");
constexpr std::string_view kExampleInput =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const Bytes kExampleSignature = *from_hex(
    "0ed1215379636c483c2f7f155807d402a3b228033af97c7e17819ac3169ea665"
    "c50a07d38c3c70e5d8f12daf084a5480a66590c5f293509a8f3f7f8a83a354d5");

TEST(P256Key, IsReadBackAndSignsTheSame) {
  const P256Key key = P256Key::generate();
  const SecretBytes der = key.to_der();
  const auto again = P256Key::from_der(der.expose());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->public_point(), key.public_point());
  const auto signature = key.sign(as_bytes("text"));
  ASSERT_TRUE(signature);
  EXPECT_EQ(signature->size(), 64U);
  EXPECT_TRUE(again->verify(as_bytes("text"), *signature));
  EXPECT_FALSE(again->verify(as_bytes("other"), *signature));
  EXPECT_FALSE(P256Key::generate().verify(as_bytes("text"), *signature));
  EXPECT_FALSE(key.verify(as_bytes("text"), ByteView(*signature).first(63)));
  EXPECT_FALSE(key.verify(as_bytes("text"), Bytes(64)));
}

TEST(P256Key, IsTheExampleOfRfc7515) {
  const auto key = P256Key::from_der(kExampleKey);
  ASSERT_TRUE(key);
  EXPECT_EQ(to_hex(key->public_point()),
            "047fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445"
            "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad");
  EXPECT_TRUE(key->verify(as_bytes(kExampleInput), kExampleSignature));
}

TEST(P256Key, RefusesWhatIsNone) {
  EXPECT_EQ(P256Key::from_der({}).error().reason, "p256.key");
  EXPECT_EQ(P256Key::from_der(as_bytes("garbage")).error().reason, "p256.key");
  Bytes longer = kExampleKey;
  longer.push_back(0);
  EXPECT_EQ(P256Key::from_der(longer).error().reason, "p256.key");
}

}  // namespace
}  // namespace hutong::crypto
