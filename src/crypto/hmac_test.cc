#include "crypto/hmac.h"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include "crypto/internal/openssl.h"
#include "crypto/sm3.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

using test::hex;

Bytes octets(std::size_t size, std::uint8_t value) { return Bytes(size, value); }

/// RFC 4231, cases 1, 2, 4 and 6 (a key longer than a block).
TEST(Hmac, GivesTheValuesOfRfc4231) {
  const auto sha256 = [](ByteView key, ByteView data) { return hmac(DigestAlgorithm::kSha256, key, data); };
  EXPECT_EQ(sha256(octets(20, 0x0B), as_bytes("Hi There")),
            hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
  EXPECT_EQ(sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")),
            hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
  EXPECT_EQ(sha256(hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), octets(50, 0xCD)),
            hex("82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"));
  EXPECT_EQ(sha256(octets(131, 0xAA), as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")),
            hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
}

TEST(Hmac, EqualsOpenSslWithEveryHashAndKeySize) {
  for (const auto algorithm :
       {DigestAlgorithm::kSm3, DigestAlgorithm::kSha1, DigestAlgorithm::kSha224, DigestAlgorithm::kSha256,
        DigestAlgorithm::kSha384, DigestAlgorithm::kSha512}) {
    for (const std::size_t size : {1U, 20U, 63U, 64U, 65U, 127U, 128U, 129U, 300U}) {
      const Bytes key = octets(size, 0x5A);
      Bytes theirs(EVP_MAX_MD_SIZE);
      unsigned length = 0;
      ASSERT_NE(HMAC(ossl::message_digest(algorithm), key.data(), static_cast<int>(key.size()), key.data(),
                     key.size(), theirs.data(), &length),
                nullptr);
      theirs.resize(length);
      EXPECT_EQ(hmac(algorithm, key, key), theirs) << digest_name(algorithm) << ' ' << size;
    }
  }
}

TEST(Hmac, WithSm3IsTheStreamingOne) {
  const Bytes key = octets(100, 0x11);
  const auto streamed = hmac_sm3(key, as_bytes("互通"));
  EXPECT_TRUE(equal(hmac(DigestAlgorithm::kSm3, key, as_bytes("互通")), streamed));
}

}  // namespace
}  // namespace hutong::crypto
