#include "cmp/protection.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "cmp/internal/test_messages.h"
#include "cmp/oids.h"
#include "crypto/sm3.h"
#include "tests/support/support.h"

namespace hutong::cmp {
namespace {

using test::must;
using test::openssl;
using test::sample_header;

SecretBytes secret(std::string_view text) { return SecretBytes::copy_of(as_bytes(text)); }
std::string_view reason(const Status& status) { return status ? "good" : status.error().reason; }

TEST(PasswordMac, OfOpenSslIsRight) {
  for (const auto* const name : {"ir", "ip", "conf", "pkiconf", "ir256", "cr", "p10cr", "kur", "rr", "rp",
                                 "genm", "genp", "pollreq", "pollrep", "error", "irsm2"}) {
    const auto message = must(read_message(openssl(name)));
    EXPECT_EQ(must(protection_kind(message)), ProtectionKind::kPasswordMac);
    EXPECT_EQ(reason(check_password_mac(message, as_bytes(test::kOpensslSecret))), "good") << name;
    EXPECT_EQ(reason(check_password_mac(message, as_bytes("Insta"))), "cmp.integrity") << name;
  }
}

TEST(PasswordMac, NoChangedOctetOfAProtectedMessagePasses) {
  const Bytes der =
      must(PasswordProtector(secret("geheim"), {1, 2, 3}).protect({sample_header(), Confirm{}, {}}));
  ASSERT_EQ(reason(PasswordCheck(secret("geheim")).check(must(read_message(der)))), "good");
  for (std::size_t i = 0; i < der.size(); ++i) {
    Bytes changed = der;
    changed[i] ^= 0x01;
    const auto read = read_message(changed);
    EXPECT_TRUE(!read || !PasswordCheck(secret("geheim")).check(*read)) << "octet " << i;
  }
}

TEST(PasswordMac, OursIsSm3WithAFreshSaltEachTime) {
  const PasswordProtector protector(secret("geheim"), {1, 2, 3});
  const auto first = must(read_message(must(protector.protect({sample_header(), Confirm{}, {}}))));
  const auto second = must(read_message(must(protector.protect({sample_header(), Confirm{}, {}}))));
  const auto parameters = must(PasswordMacParameters::from_der(first.header.protection_algorithm));
  EXPECT_EQ(parameters.one_way, crypto::DigestAlgorithm::kSm3);
  EXPECT_EQ(parameters.mac, asn1::oids::kHmacSm3);
  EXPECT_EQ(parameters.salt.size(), 16U);
  EXPECT_EQ(first.header.sender_key_id, (Bytes{1, 2, 3}));
  EXPECT_NE(first.header.protection_algorithm, second.header.protection_algorithm);
}

TEST(PasswordMac, WithSm3IsWhatTheNormSays) {
  PasswordMacParameters parameters;
  parameters.salt = hutong::test::hex("000102030405060708090A0B0C0D0E0F");
  parameters.iterations = 100;
  Bytes key = to_bytes(as_bytes("insta"));
  append(key, parameters.salt);
  for (int round = 0; round < 100; ++round) {
    key = to_bytes(crypto::sm3(key));
  }
  EXPECT_EQ(must(password_mac(parameters, as_bytes("insta"), as_bytes("message"))),
            to_bytes(crypto::hmac_sm3(key, as_bytes("message"))));
}

TEST(PasswordMac, ParametersSurvive) {
  for (const auto& mac :
       {asn1::oids::kHmacSm3, asn1::oids::kHmacSm3OpenSsl, oids::kHmacSha1Pkix, asn1::oids::kHmacSha1,
        asn1::oids::kHmacSha256, oids::kHmacSha384, asn1::oids::kHmacSha512}) {
    PasswordMacParameters parameters = PasswordMacParameters::fresh();
    parameters.one_way = crypto::DigestAlgorithm::kSha256;
    parameters.mac = mac;
    EXPECT_EQ(must(PasswordMacParameters::from_der(parameters.to_der())), parameters) << mac.to_string();
  }
}

std::string_view parameters_refusal(const PasswordMacParameters& parameters) {
  const auto read = PasswordMacParameters::from_der(parameters.to_der());
  return read ? "read" : read.error().reason;
}

TEST(PasswordMac, HostileAndWeakParametersAreRefused) {
  const auto varied = [](auto change) {
    PasswordMacParameters parameters = PasswordMacParameters::fresh();
    change(parameters);
    return parameters_refusal(parameters);
  };
  EXPECT_EQ(varied([](auto& p) { p.iterations = 99; }), "cmp.iterations");
  EXPECT_EQ(varied([](auto& p) { p.iterations = 0; }), "cmp.iterations");
  EXPECT_EQ(varied([](auto& p) { p.iterations = 100'001; }), "cmp.iterations");
  EXPECT_EQ(varied([](auto& p) { p.iterations = 1ULL << 62U; }), "cmp.iterations");
  EXPECT_EQ(varied([](auto& p) { p.iterations = 100'000; }), "read");
  EXPECT_EQ(varied([](auto& p) { p.salt.clear(); }), "cmp.structure");
  EXPECT_EQ(varied([](auto& p) { p.salt.resize(129); }), "cmp.structure");
  EXPECT_EQ(varied([](auto& p) { p.one_way = crypto::DigestAlgorithm::kSha1; }), "cmp.algorithm");
  EXPECT_EQ(varied([](auto& p) { p.mac = asn1::oids::kSm3; }), "cmp.algorithm");
}

TEST(Signatures, BySm2AreRightAndNoChangedOctetPasses) {
  const auto certificate = test::certificate("signer");
  const SignatureProtector protector(test::signer("signer"), certificate);
  const Bytes der = must(protector.protect({sample_header(), Confirm{}, {}}));
  const auto message = must(read_message(der));
  EXPECT_EQ(must(protection_kind(message)), ProtectionKind::kSignature);
  EXPECT_EQ(message.header.sender.name, certificate.subject());
  EXPECT_EQ(must(signer_certificate(message)), certificate);
  EXPECT_EQ(reason(check_signature(message, certificate)), "good");
  const std::size_t signed_octets = der.size() - certificate.der().size();
  for (std::size_t i = 0; i < signed_octets; ++i) {
    Bytes changed = der;
    changed[i] ^= 0x01;
    const auto read = read_message(changed);
    EXPECT_TRUE(!read || !check_signature(*read, certificate)) << "octet " << i;
  }
}

TEST(Signatures, OfOpenSslWithP256AreRight) {
  const auto request = must(read_message(openssl("kurs")));
  const auto signer = must(signer_certificate(request));
  EXPECT_TRUE(equal(signer.der(), openssl("ee_certificate")));
  EXPECT_EQ(reason(check_signature(request, signer)), "good");
  const auto ca = must(x509::Certificate::parse(openssl("ca_certificate")));
  EXPECT_EQ(reason(KnownSignerCheck({ca}).check(must(read_message(openssl("kups"))))), "good");
}

TEST(Signatures, OfSomebodyElseAreRefused) {
  const auto signer = test::certificate("signer");
  const SignatureProtector posing(test::signer("recipient"), signer);
  const auto posed = must(read_message(must(posing.protect({sample_header(), Confirm{}, {}}))));
  EXPECT_EQ(reason(check_signature(posed, signer)), "cmp.integrity");
  EXPECT_EQ(reason(check_signature(posed, test::certificate("root"))), "cmp.signer");
  EXPECT_EQ(reason(KnownSignerCheck({test::certificate("root")}).check(posed)), "cmp.signer");
  const auto recipient = test::certificate("recipient");  // an encryption certificate
  const SignatureProtector wrong_usage(test::signer("recipient"), recipient);
  const auto message = must(read_message(must(wrong_usage.protect({sample_header(), Confirm{}, {}}))));
  EXPECT_EQ(reason(check_signature(message, recipient)), "cmp.signer");
}

TEST(Protection, OfAnotherKindOrHalfIsRefused) {
  const auto bare = test::reread({sample_header(), Confirm{}, {}});
  EXPECT_EQ(must(protection_kind(bare)), ProtectionKind::kNone);
  EXPECT_EQ(reason(check_password_mac(bare, as_bytes("x"))), "cmp.protection_kind");
  EXPECT_EQ(reason(check_signature(bare, test::certificate("signer"))), "cmp.protection_kind");
  const auto mac = must(read_message(openssl("ir")));
  EXPECT_EQ(reason(check_signature(mac, test::certificate("signer"))), "cmp.protection_kind");
  Message half{sample_header(), Confirm{}, {}};
  half.header.protection_algorithm = PasswordMacParameters::fresh().to_der();
  EXPECT_EQ(protection_kind(test::reread(half)).error().reason, "cmp.structure");
  EXPECT_EQ(signer_certificate(bare).error().reason, "cmp.signer");
}

}  // namespace
}  // namespace hutong::cmp
