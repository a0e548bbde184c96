#include "crypto/digest.h"

#include <gtest/gtest.h>

#include "crypto/internal/openssl.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

constexpr DigestAlgorithm kAllDigests[] = {DigestAlgorithm::kSm3,    DigestAlgorithm::kSha1,
                                           DigestAlgorithm::kSha224, DigestAlgorithm::kSha256,
                                           DigestAlgorithm::kSha384, DigestAlgorithm::kSha512};

Bytes by_openssl(DigestAlgorithm algorithm, ByteView data) {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  EXPECT_EQ(EVP_Digest(data.data(), data.size(), out.data(), &size, ossl::message_digest(algorithm), nullptr),
            1);
  out.resize(size);
  return out;
}

Bytes message_of(std::size_t size) {
  Bytes message(size);
  for (std::size_t i = 0; i < size; ++i) {
    message[i] = static_cast<std::uint8_t>(i * 131 + i / 251);
  }
  return message;
}

class Digests : public testing::TestWithParam<DigestAlgorithm> {};

TEST_P(Digests, EqualThoseOfOpenSslAtEverySize) {
  for (const std::size_t size :
       {0U, 1U, 55U, 56U, 63U, 64U, 65U, 111U, 112U, 127U, 128U, 129U, 1000U, 65537U}) {
    const Bytes message = message_of(size);
    EXPECT_EQ(digest(GetParam(), message), by_openssl(GetParam(), message)) << size;
  }
}

TEST_P(Digests, DoNotDependOnHowTheMessageIsCut) {
  const Bytes message = message_of(1000);
  const Bytes whole = digest(GetParam(), message);
  for (const std::size_t chunk : {1U, 7U, 64U, 100U, 999U}) {
    Digest state(GetParam());
    for (std::size_t at = 0; at < message.size(); at += chunk) {
      state.update(ByteView(message).subspan(at, std::min(chunk, message.size() - at)));
    }
    EXPECT_EQ(state.finish(), whole) << chunk;
  }
}

TEST_P(Digests, AreAsNewAfterFinishAndKeepTheirStateWhenMoved) {
  const Bytes message = message_of(100);
  Digest state(GetParam());
  state.update(message_of(33));
  state.finish();
  state.update(ByteView(message).first(10));
  Digest moved(std::move(state));
  moved.update(ByteView(message).subspan(10));
  EXPECT_EQ(moved.finish(), digest(GetParam(), message));
  EXPECT_EQ(moved.algorithm(), GetParam());
}

TEST_P(Digests, HaveTheirSizeAndTheirObjectIdentifier) {
  EXPECT_EQ(digest(GetParam(), {}).size(), digest_size(GetParam()));
  EXPECT_EQ(digest_from_oid(digest_oid(GetParam())), GetParam());
  const int nid = EVP_MD_get_type(ossl::message_digest(GetParam()));
  char dotted[64] = "";
  OBJ_obj2txt(dotted, sizeof dotted, OBJ_nid2obj(nid), 1);
  EXPECT_EQ(digest_oid(GetParam()).to_string(), dotted);
}

INSTANTIATE_TEST_SUITE_P(All, Digests, testing::ValuesIn(kAllDigests), [](const auto& algorithm) {
  std::string name(digest_name(algorithm.param));
  std::erase(name, '-');
  return name;
});

TEST(DigestOid, OfMd5IsUnknown) { EXPECT_EQ(digest_from_oid(asn1::Oid("1.2.840.113549.2.5")), std::nullopt); }

}  // namespace
}  // namespace hutong::crypto
