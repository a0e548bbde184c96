#include "crypto/signature.h"

#include <gtest/gtest.h>

#include <thread>

#include "asn1/writer.h"
#include "crypto/internal/openssl_peer.h"

namespace hutong::crypto {
namespace {

constexpr DigestAlgorithm kSha[] = {DigestAlgorithm::kSha1, DigestAlgorithm::kSha224,
                                    DigestAlgorithm::kSha256, DigestAlgorithm::kSha384,
                                    DigestAlgorithm::kSha512};

const ossl::Key& rsa_key() {
  static const ossl::Key key = peer::generate_rsa(2048);
  return key;
}

PublicKey public_key_of(const ossl::Key& key) { return PublicKey::from_spki(peer::spki(key)).value(); }

Bytes message() { return to_bytes(as_bytes("what was signed, and nothing else")); }

Bytes digest_info(DigestAlgorithm named, ByteView digest) {
  asn1::Writer out;
  out.sequence([&](asn1::Writer& info) {
    info.sequence([&](asn1::Writer& identifier) {
      identifier.oid(digest_oid(named));
      identifier.null();
    });
    info.octet_string(digest);
  });
  return std::move(out).take();
}

/// The signature is right; every altered message and signature is wrong; chunks make no difference.
void expect_sound(const PublicKey& key, const SignatureAlgorithm& algorithm, const Bytes& signature) {
  EXPECT_TRUE(verify_signature(key, algorithm, message(), signature));
  EXPECT_TRUE(verify_digest(key, algorithm, digest(algorithm.digest, message()), signature) ||
              algorithm.scheme == SignatureScheme::kSm2);
  Bytes other_message = message();
  other_message.back() ^= 1;
  EXPECT_FALSE(verify_signature(key, algorithm, other_message, signature));
  for (std::size_t i = 0; i < signature.size(); i += 7) {
    Bytes altered = signature;
    altered[i] ^= 0x10;
    EXPECT_FALSE(verify_signature(key, algorithm, message(), altered)) << i;
  }
  Bytes longer = signature;
  longer.push_back(0);
  EXPECT_FALSE(verify_signature(key, algorithm, message(), longer));
  EXPECT_FALSE(verify_signature(key, algorithm, message(), ByteView(signature).first(signature.size() - 1)));
  EXPECT_FALSE(verify_signature(key, algorithm, message(), {}));
  auto verifier = SignatureVerifier::create(key, algorithm);
  ASSERT_TRUE(verifier);
  for (const std::uint8_t octet : message()) {
    verifier->update(ByteView(&octet, 1));
  }
  EXPECT_TRUE(verifier->verify(signature));
}

TEST(RsaSignature, OfOpenSslVerifiesWithEveryHash) {
  for (const DigestAlgorithm hash : kSha) {
    const peer::Signed made = peer::sign(rsa_key(), hash, message());
    const auto algorithm = SignatureAlgorithm::from_der(made.algorithm);
    ASSERT_TRUE(algorithm) << algorithm.error().detail;
    EXPECT_EQ(algorithm->scheme, SignatureScheme::kRsaPkcs1);
    EXPECT_EQ(algorithm->digest, hash);
    EXPECT_EQ(algorithm->to_der(), made.algorithm);
    expect_sound(public_key_of(rsa_key()), *algorithm, made.signature);
  }
}

TEST(RsaSignature, WithSm3Verifies) {
  const SignatureAlgorithm algorithm{SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSm3};
  const Bytes payload = digest_info(DigestAlgorithm::kSm3, digest(DigestAlgorithm::kSm3, message()));
  expect_sound(public_key_of(rsa_key()), algorithm, peer::sign_payload(rsa_key(), payload));
}

TEST(RsaSignature, MustNameItsHashInside) {
  const SignatureAlgorithm algorithm{SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha256};
  const PublicKey key = public_key_of(rsa_key());
  const Bytes hash = digest(DigestAlgorithm::kSha256, message());
  const auto verifies = [&](const Bytes& payload) {
    return verify_signature(key, algorithm, message(), peer::sign_payload(rsa_key(), payload));
  };
  const Bytes right = digest_info(DigestAlgorithm::kSha256, hash);
  EXPECT_TRUE(verifies(right));
  EXPECT_FALSE(verifies(digest_info(DigestAlgorithm::kSm3, hash)));
  EXPECT_FALSE(verifies(hash));
  Bytes longer = right;
  longer.push_back(0);
  EXPECT_FALSE(verifies(longer));
}

TEST(RsaSignature, IsAsLongAsTheModulus) {
  const PublicKey key = public_key_of(rsa_key());
  const SignatureAlgorithm algorithm{SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha256};
  Bytes text = message();
  Bytes signature = peer::sign(rsa_key(), DigestAlgorithm::kSha256, text).signature;
  while (signature[0] != 0) {  // one signature in 256 starts with a zero octet
    text.push_back('x');
    signature = peer::sign(rsa_key(), DigestAlgorithm::kSha256, text).signature;
  }
  EXPECT_TRUE(verify_signature(key, algorithm, text, signature));
  EXPECT_FALSE(verify_signature(key, algorithm, text, ByteView(signature).subspan(1)));
  signature.insert(signature.begin(), 0);
  EXPECT_FALSE(verify_signature(key, algorithm, text, signature));
}

struct PssCase {
  DigestAlgorithm hash;
  DigestAlgorithm mgf;
  int salt;
};

TEST(PssSignature, OfOpenSslVerifiesWithItsParameters) {
  constexpr PssCase kCases[] = {
      {DigestAlgorithm::kSha1, DigestAlgorithm::kSha1, 20},
      {DigestAlgorithm::kSha256, DigestAlgorithm::kSha256, 32},
      {DigestAlgorithm::kSha384, DigestAlgorithm::kSha384, 48},
      {DigestAlgorithm::kSha512, DigestAlgorithm::kSha1, 0},
      {DigestAlgorithm::kSha256, DigestAlgorithm::kSha512, 90},
      {DigestAlgorithm::kSha224, DigestAlgorithm::kSha224, 28},
  };
  for (const PssCase& pss : kCases) {
    const peer::Signed made = peer::sign_pss(rsa_key(), pss.hash, pss.mgf, pss.salt, message());
    const auto algorithm = SignatureAlgorithm::from_der(made.algorithm);
    ASSERT_TRUE(algorithm) << algorithm.error().detail;
    EXPECT_EQ(*algorithm, (SignatureAlgorithm{SignatureScheme::kRsaPss, pss.hash,
                                              static_cast<std::uint32_t>(pss.salt), pss.mgf}));
    EXPECT_EQ(algorithm->to_der(), made.algorithm);
    expect_sound(public_key_of(rsa_key()), *algorithm, made.signature);
  }
}

TEST(PssSignature, NeedsTheStatedSaltSizeAndMaskHash) {
  const PublicKey key = public_key_of(rsa_key());
  const peer::Signed made =
      peer::sign_pss(rsa_key(), DigestAlgorithm::kSha256, DigestAlgorithm::kSha256, 32, message());
  SignatureAlgorithm algorithm = SignatureAlgorithm::from_der(made.algorithm).value();
  EXPECT_TRUE(verify_signature(key, algorithm, message(), made.signature));
  algorithm.pss_salt_size = 31;
  EXPECT_FALSE(verify_signature(key, algorithm, message(), made.signature));
  algorithm.pss_salt_size = 32;
  algorithm.pss_mgf_digest = DigestAlgorithm::kSha1;
  EXPECT_FALSE(verify_signature(key, algorithm, message(), made.signature));
  const SignatureAlgorithm pkcs1{SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha256};
  EXPECT_FALSE(verify_signature(key, pkcs1, message(), made.signature));
}

TEST(EcdsaSignature, OfOpenSslVerifiesOnEveryCurveWithEveryHash) {
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    const ossl::Key key = peer::generate_ec(curve);
    for (const DigestAlgorithm hash : kSha) {
      const peer::Signed made = peer::sign(key, hash, message());
      const auto algorithm = SignatureAlgorithm::from_der(made.algorithm);
      ASSERT_TRUE(algorithm) << algorithm.error().detail;
      EXPECT_EQ(*algorithm, (SignatureAlgorithm{SignatureScheme::kEcdsa, hash}));
      expect_sound(public_key_of(key), *algorithm, made.signature);
    }
  }
}

TEST(Sm2SignatureDer, OfOursVerifiesHereAndInOpenSsl) {
  const Sm2Signer signer(Sm2PrivateKey::generate());
  const auto signature = signer.sign(message());
  ASSERT_TRUE(signature);
  expect_sound(signer.public_key(), signer.algorithm(), *signature);
  const ossl::Key key = peer::read_spki(signer.public_key().to_spki());
  EXPECT_TRUE(peer::sm2_verify(key, kSm2DefaultId, message(), *signature));
  EXPECT_FALSE(peer::sm2_verify(key, "another id", message(), *signature));
}

TEST(Sm2SignatureDer, OfOpenSslVerifiesHere) {
  const ossl::Key key = peer::generate_sm2();
  for (const std::string_view id : {kSm2DefaultId, std::string_view("ALICE123@YAHOO.COM")}) {
    const Bytes signature = peer::sm2_sign(key, id, message());
    auto verifier = SignatureVerifier::create(public_key_of(key), kSm2WithSm3, id);
    ASSERT_TRUE(verifier);
    verifier->update(message());
    EXPECT_TRUE(verifier->verify(signature)) << id;
    EXPECT_EQ(verify_signature(public_key_of(key), kSm2WithSm3, message(), signature), id == kSm2DefaultId);
  }
}

TEST(Sm2SignatureDer, OfADigestIsThatOfItsMessage) {
  const Sm2Signer signer(Sm2PrivateKey::generate());
  Digest state(DigestAlgorithm::kSm3);
  state.update(signer.key().public_key().z(as_bytes(kSm2DefaultId)));
  state.update(message());
  const Bytes e = state.finish();
  const auto signature = signer.sign_digest(e);
  ASSERT_TRUE(signature);
  EXPECT_TRUE(verify_signature(signer.public_key(), kSm2WithSm3, message(), *signature));
  EXPECT_TRUE(verify_digest(signer.public_key(), kSm2WithSm3, e, *signature));
  EXPECT_FALSE(
      verify_digest(signer.public_key(), kSm2WithSm3, digest(DigestAlgorithm::kSm3, message()), *signature));
  EXPECT_FALSE(verify_digest(signer.public_key(), kSm2WithSm3, ByteView(e).first(31), *signature));
  const auto refused = signer.sign_digest(ByteView(e).first(31));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "signature.digest");
}

TEST(Sm2SignatureDer, InRawFormIsNoDer) {
  const Sm2Signer signer(Sm2PrivateKey::generate());
  const auto raw = signer.key().sign(message()).to_raw();
  EXPECT_FALSE(verify_signature(signer.public_key(), kSm2WithSm3, message(), raw));
}

TEST(SignatureVerifier, RefusesKeysThatCannotHaveMadeTheSignature) {
  const PublicKey keys[] = {PublicKey(Sm2PrivateKey::generate().public_key()), public_key_of(rsa_key()),
                            public_key_of(peer::generate_ec("P-256"))};
  const SignatureAlgorithm algorithms[] = {
      kSm2WithSm3,
      {SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha256},
      {SignatureScheme::kRsaPss, DigestAlgorithm::kSha256, 32, DigestAlgorithm::kSha256},
      {SignatureScheme::kEcdsa, DigestAlgorithm::kSha256}};
  for (const PublicKey& key : keys) {
    for (const SignatureAlgorithm& algorithm : algorithms) {
      const auto verifier = SignatureVerifier::create(key, algorithm);
      EXPECT_EQ(verifier.has_value(), algorithm.fits(key.type())) << key.name() << " " << algorithm.name();
      if (!verifier) {
        EXPECT_EQ(verifier.error().reason, "signature.key_mismatch");
        EXPECT_EQ(verifier.error().code, Errc::kPolicy);
        EXPECT_FALSE(verify_signature(key, algorithm, message(), Bytes(72)));
      }
    }
  }
}

TEST(SignatureVerifier, RefusesAnIdThatIsTooLong) {
  const PublicKey key(Sm2PrivateKey::generate().public_key());
  EXPECT_TRUE(SignatureVerifier::create(key, kSm2WithSm3, std::string(8191, 'i')));
  const auto verifier = SignatureVerifier::create(key, kSm2WithSm3, std::string(8192, 'i'));
  ASSERT_FALSE(verifier);
  EXPECT_EQ(verifier.error().reason, "signature.id");
}

TEST(SignatureVerifier, LetsThreadsShareAKey) {
  const PublicKey rsa = public_key_of(rsa_key());
  const peer::Signed made = peer::sign(rsa_key(), DigestAlgorithm::kSha256, message());
  const SignatureAlgorithm algorithm = SignatureAlgorithm::from_der(made.algorithm).value();
  std::atomic<int> verified = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        verified += verify_signature(rsa, algorithm, message(), made.signature) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(verified, 200);
}

TEST(SignatureVerifier, LeavesNothingInTheErrorQueueOfOpenSsl) {
  ERR_clear_error();
  const SignatureAlgorithm algorithm{SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha256};
  EXPECT_FALSE(verify_signature(public_key_of(rsa_key()), algorithm, message(), Bytes(256, 0x55)));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace hutong::crypto
