#include "x509/chain_verifier.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tools/explain.h"
#include "tests/tools/peer_signer.h"
#include "tests/tools/test_ca.h"

namespace hutong::x509 {
namespace {

using test::explain;
using test::issue;
using test::Kind;
using test::kMid2027;
using test::Party;
using test::self_signed;
using test::Ticket;

/// Root, intermediate, leaf; every test bends one thing.
struct Chain {
  Party root{"Root"};
  Party middle{"Middle"};
  Party end{"End"};
  Certificate root_certificate = self_signed(root);
  Certificate middle_certificate = issue(root, middle, {.kind = Kind::kCa, .serial = 2});
  Certificate leaf = issue(middle, end, {.serial = 3});
  std::vector<TrustAnchor> anchors = {*TrustAnchor::of(root_certificate, "test root")};
  std::vector<Certificate> intermediates = {middle_certificate};

  VerifyRequest request() const {
    VerifyRequest request{.leaf = leaf, .at = kMid2027};
    request.anchors = anchors;
    request.intermediates = intermediates;
    request.revocation = RevocationMode::kNone;
    return request;
  }
  void replace_middle(Ticket ticket) {
    ticket.kind = Kind::kCa;
    middle_certificate = issue(root, middle, ticket);
    intermediates = {middle_certificate};
  }
};

void expect_only_error(const VerifyReport& report, std::string_view code, std::string_view where) {
  EXPECT_EQ(report.indication, Indication::kInvalid) << explain(report);
  for (const auto& finding : report.findings) {
    if (finding.severity() >= Severity::kUndecided) {
      EXPECT_EQ(finding.code(), code) << explain(report);
      EXPECT_EQ(finding.where(), where);
      EXPECT_FALSE(finding.message_zh().empty());
      EXPECT_FALSE(finding.clause().empty());
    }
  }
  EXPECT_TRUE(has_finding(report.findings, code)) << explain(report);
}

TEST(VerifyChain, TrustsAnSm2Chain) {
  const Chain chain;
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_TRUE(report.trusted()) << explain(report);
  ASSERT_EQ(report.path.size(), 3U);
  EXPECT_EQ(report.path[0].certificate, chain.leaf);
  EXPECT_EQ(report.path[2].certificate, chain.root_certificate);
  EXPECT_EQ(report.path[0].revocation.status, CertificateStatus::kNotChecked);
  EXPECT_EQ(report.anchor, 0U);
  EXPECT_EQ(report.work.signature_checks, 2U);
}

TEST(VerifyChain, TrustsANameAndAKey) {
  Chain chain;
  chain.anchors = {TrustAnchor::of(chain.root.name, chain.root.key())};
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_TRUE(report.trusted()) << explain(report);
  EXPECT_EQ(report.path.size(), 2U);
}

TEST(VerifyChain, NamesTheExpiredCertificate) {
  Chain chain;
  chain.replace_middle({.until = kMid2027 - std::chrono::seconds(1)});
  expect_only_error(verify_chain(chain.request()), "path.expired", "chain[1]");
  chain.replace_middle({.from = kMid2027 + std::chrono::seconds(1)});
  expect_only_error(verify_chain(chain.request()), "path.not_yet_valid", "chain[1]");
}

TEST(VerifyChain, ValidityIncludesBothEnds) {
  Chain chain;
  chain.replace_middle({.from = kMid2027, .until = kMid2027});
  EXPECT_TRUE(verify_chain(chain.request()).trusted());
}

TEST(VerifyChain, NamesTheForgedCertificate) {
  Chain chain;
  chain.leaf = test::issue_signed_by(chain.middle, chain.end, {.serial = 3}, *Party("Mallory").signer);
  const VerifyReport report = verify_chain(chain.request());
  expect_only_error(report, "path.signature_invalid", "chain[0]");
  EXPECT_EQ(report.path.size(), 3U);
}

TEST(VerifyChain, WantsCaCertificates) {
  Chain chain;
  chain.replace_middle({.extensions = {extension::basic_constraints(false)}});
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_EQ(report.indication, Indication::kInvalid);
  EXPECT_TRUE(has_finding(report.findings, "path.not_a_ca")) << explain(report);
  chain.replace_middle({.extensions = {extension::key_usage({KeyUsageBit::kCrlSign})}});
  expect_only_error(verify_chain(chain.request()), "path.key_usage", "chain[1].keyUsage");
}

TEST(VerifyChain, CountsThePathLength) {
  Chain chain;
  const Party lower("Lower");
  chain.replace_middle({.extensions = {extension::basic_constraints(true, 0)}});
  chain.intermediates.push_back(issue(chain.middle, lower, {.kind = Kind::kCa}));
  chain.leaf = issue(lower, chain.end, {});
  expect_only_error(verify_chain(chain.request()), "path.path_length", "chain[1]");
  VerifyRequest request = chain.request();
  request.most_intermediates = 1;
  EXPECT_TRUE(has_finding(verify_chain(request).findings, "path.too_long"));
}

TEST(VerifyChain, RefusesUnknownCriticalExtensions) {
  Chain chain;
  chain.replace_middle({.extensions = {{asn1::Oid("1.2.3.4.5"), true, {0x05, 0x00}}}});
  expect_only_error(verify_chain(chain.request()), "path.unknown_critical", "chain[1]");
  chain.replace_middle({.extensions = {{asn1::Oid("1.2.3.4.5"), false, {0x05, 0x00}}}});
  EXPECT_TRUE(verify_chain(chain.request()).trusted());
}

TEST(VerifyChain, AppliesNameConstraints) {
  Chain chain;
  chain.replace_middle({.extensions = {extension::name_constraints({dns_name("example.cn")}, {})}});
  chain.leaf = issue(chain.middle, chain.end,
                     {.extensions = {extension::subject_alt_name({dns_name("www.example.org")})}});
  expect_only_error(verify_chain(chain.request()), "path.name_constraints", "chain[0]");
  chain.leaf = issue(chain.middle, chain.end,
                     {.extensions = {extension::subject_alt_name({dns_name("www.example.cn")})}});
  EXPECT_TRUE(verify_chain(chain.request()).trusted());
}

TEST(VerifyChain, AsksForPolicies) {
  Chain chain;
  VerifyRequest request = chain.request();
  request.policy.explicit_policy = InitialExplicitPolicy::kRequired;
  EXPECT_TRUE(has_finding(verify_chain(request).findings, "path.policy_required"));

  constexpr asn1::Oid kPolicy("2.16.156.112554.1.1");
  chain.replace_middle({.extensions = {extension::certificate_policies({{kPolicy}})}});
  chain.leaf = issue(chain.middle, chain.end, {.extensions = {extension::certificate_policies({{kPolicy}})}});
  VerifyRequest with_policy = chain.request();
  with_policy.policy.explicit_policy = InitialExplicitPolicy::kRequired;
  const VerifyReport report = verify_chain(with_policy);
  EXPECT_TRUE(report.trusted()) << explain(report);
  EXPECT_EQ(report.user_constrained_policy_set, PolicySet{kPolicy});
}

TEST(VerifyChain, ChecksWhatIsWanted) {
  Chain chain;
  VerifyRequest request = chain.request();
  request.key_usage.bits = static_cast<std::uint16_t>(KeyUsageBit::kKeyAgreement);
  expect_only_error(verify_chain(request), "path.key_usage", "chain[0].keyUsage");
  VerifyRequest named = chain.request();
  named.peer_names = {{PeerName::Kind::kDns, "example.cn"}};
  expect_only_error(verify_chain(named), "path.peer_name", "chain[0].subjectAltName");
  chain.leaf = issue(chain.middle, chain.end,
                     {.extensions = {extension::extended_key_usage({asn1::oids::kClientAuth})}});
  VerifyRequest server = chain.request();
  server.purpose = asn1::oids::kServerAuth;
  expect_only_error(verify_chain(server), "path.extended_key_usage", "chain[0].extKeyUsage");
}

TEST(VerifyChain, IsUndecidedWithoutAnIssuer) {
  Chain chain;
  chain.intermediates.clear();
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_EQ(report.indication, Indication::kIndeterminate);
  EXPECT_TRUE(has_finding(report.findings, "path.no_issuer"));
  EXPECT_FALSE(report.anchor);
  ASSERT_EQ(report.path.size(), 1U);
}

TEST(VerifyChain, IsUndecidedAboutAnUntrustedRoot) {
  Chain chain;
  chain.intermediates.push_back(chain.root_certificate);
  chain.anchors = {*TrustAnchor::of(self_signed(Party("Other")))};
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_EQ(report.indication, Indication::kIndeterminate) << explain(report);
  EXPECT_TRUE(has_finding(report.findings, "path.untrusted_root"));
  EXPECT_EQ(report.path.size(), 3U);
}

TEST(VerifyChain, AnchorsHaveAWindow) {
  Chain chain;
  chain.anchors[0].trusted_until = kMid2027 - std::chrono::seconds(1);
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_EQ(report.indication, Indication::kIndeterminate);
  EXPECT_TRUE(has_finding(report.findings, "path.anchor_window"));
  chain.anchors[0].trusted_until = kMid2027;
  EXPECT_TRUE(verify_chain(chain.request()).trusted());
}

TEST(VerifyChain, TrustsAnAnchorItself) {
  Chain chain;
  chain.leaf = chain.root_certificate;
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_TRUE(report.trusted()) << explain(report);
  EXPECT_EQ(report.path.size(), 1U);
}

/// The first way up is expired, the second is not.
TEST(VerifyChain, FindsTheWayThatHolds) {
  Chain chain;
  const Certificate expired =
      issue(chain.root, chain.middle, {.kind = Kind::kCa, .until = kMid2027 - std::chrono::hours(1)});
  const Party other("Middle", "another key");
  chain.intermediates = {expired, issue(chain.root, other, {.kind = Kind::kCa}), chain.middle_certificate};
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_TRUE(report.trusted()) << explain(report);
  EXPECT_EQ(report.path[1].certificate, chain.middle_certificate);
}

TEST(VerifyChain, CrossCertificatesLeadToTheAnchor) {
  const Party a("A");
  const Party b("B");
  const Party c("C");
  const Party end("End");
  Chain chain;
  chain.leaf = issue(c, end, {});
  chain.intermediates = {issue(a, c, {.kind = Kind::kCa}), issue(b, a, {.kind = Kind::kCa}),
                         issue(a, b, {.kind = Kind::kCa}), issue(chain.root, b, {.kind = Kind::kCa})};
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_TRUE(report.trusted()) << explain(report);
  EXPECT_EQ(report.path.size(), 5U);
}

/// RSA root over ECDSA over SM2, and SM2 root over RSA over ECDSA.
TEST(VerifyChain, TrustsMixedChains) {
  const Party rsa_root("RSA root", test::rsa_signer(2048, crypto::DigestAlgorithm::kSha256));
  const Party ec_middle("EC middle", test::p256_signer());
  const Party sm2_lower("SM2 lower");
  const Party ec_end("EC end", test::p256_signer());
  Chain chain;
  chain.anchors = {*TrustAnchor::of(self_signed(rsa_root))};
  chain.intermediates = {issue(rsa_root, ec_middle, {.kind = Kind::kCa}),
                         issue(ec_middle, sm2_lower, {.kind = Kind::kCa})};
  chain.leaf = issue(sm2_lower, ec_end, {});
  const VerifyReport report = verify_chain(chain.request());
  EXPECT_TRUE(report.trusted()) << explain(report);
  EXPECT_EQ(report.path.size(), 4U);

  const Party rsa_middle("RSA middle", test::rsa_signer(2048, crypto::DigestAlgorithm::kSha256));
  Chain other;
  other.intermediates = {issue(other.root, rsa_middle, {.kind = Kind::kCa})};
  other.leaf = issue(rsa_middle, ec_end, {});
  EXPECT_TRUE(verify_chain(other.request()).trusted());
}

TEST(VerifyChain, AppliesTheAlgorithmPolicy) {
  const Party old_root("Old root", test::rsa_signer(1024, crypto::DigestAlgorithm::kSha1));
  Chain chain;
  chain.anchors = {*TrustAnchor::of(self_signed(old_root))};
  chain.intermediates.clear();
  chain.leaf = issue(old_root, chain.end, {});
  const VerifyReport refused = verify_chain(chain.request());
  EXPECT_EQ(refused.indication, Indication::kInvalid);
  EXPECT_TRUE(has_finding(refused.findings, "path.algorithm_refused")) << explain(refused);
  EXPECT_TRUE(has_finding(refused.findings, "path.key_refused"));
  VerifyRequest lenient = chain.request();
  lenient.algorithms.sha1 = Sha1::kAccepted;
  lenient.algorithms.smallest_rsa_bits = 1024;
  EXPECT_TRUE(verify_chain(lenient).trusted());
  lenient.algorithms.refused_schemes = {crypto::SignatureScheme::kRsaPkcs1};
  EXPECT_TRUE(has_finding(verify_chain(lenient).findings, "path.algorithm_refused"));
}

TEST(VerifyChain, ProfileDecidesHowDeviationsCount) {
  Chain chain;
  chain.replace_middle({.extensions = {extension::inhibit_any_policy(3)}});
  Ticket ticket;
  ticket.extensions = {extension::inhibit_any_policy(3)};
  ticket.extensions[0].critical = false;
  chain.replace_middle(ticket);
  const VerifyReport tolerant = verify_chain(chain.request());
  EXPECT_TRUE(tolerant.trusted()) << explain(tolerant);
  EXPECT_TRUE(has_finding(tolerant.findings, "profile.criticality"));
  VerifyRequest strict = chain.request();
  strict.profile = Profile::kRfc5280;
  expect_only_error(verify_chain(strict), "profile.criticality", "chain[1]");
}

TEST(VerifyChain, TheCacheSavesSignatures) {
  const Chain chain;
  SignatureCache cache;
  VerifyRequest request = chain.request();
  request.cache = &cache;
  EXPECT_EQ(verify_chain(request).work.signature_checks, 2U);
  EXPECT_EQ(cache.size(), 2U);
  const VerifyReport again = verify_chain(request);
  EXPECT_TRUE(again.trusted());
  EXPECT_EQ(again.work.signature_checks, 0U);
  EXPECT_EQ(again.work.cached_signatures, 2U);
}

TEST(VerifyChain, TheCacheHoldsNoBadSignature) {
  Chain chain;
  chain.leaf = test::issue_signed_by(chain.middle, chain.end, {.serial = 3}, *Party("Mallory").signer);
  SignatureCache cache;
  VerifyRequest request = chain.request();
  request.cache = &cache;
  EXPECT_FALSE(verify_chain(request).trusted());
  EXPECT_FALSE(verify_chain(request).trusted());
  EXPECT_FALSE(cache.contains(chain.leaf, chain.middle_certificate.spki()));
}

TEST(VerifyChain, TheCacheMakesKeysReady) {
  const Chain chain;
  SignatureCache cache(1, {.uses_before = 3});  // one entry: every certificate is checked again
  VerifyRequest request = chain.request();
  request.cache = &cache;
  for (int i = 0; i < 6; ++i) {
    const VerifyReport report = verify_chain(request);
    EXPECT_TRUE(report.trusted()) << explain(report);
  }
  EXPECT_EQ(cache.keys().tables(), 2U) << "of the root and of the intermediate";
  Chain forged = chain;
  forged.leaf = test::issue_signed_by(chain.middle, chain.end, {.serial = 3}, *Party("Mallory").signer);
  VerifyRequest wrong = forged.request();
  wrong.cache = &cache;
  EXPECT_FALSE(verify_chain(wrong).trusted()) << "a table refuses what the key refuses";
}

TEST(SignatureCacheTest, ForgetsTheOldest) {
  const Chain chain;
  SignatureCache cache(2);
  const auto spki = chain.root_certificate.spki();
  cache.add(chain.root_certificate, spki);
  cache.add(chain.middle_certificate, spki);
  cache.add(chain.middle_certificate, spki);
  cache.add(chain.leaf, spki);
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_FALSE(cache.contains(chain.root_certificate, spki));
  EXPECT_TRUE(cache.contains(chain.middle_certificate, spki));
  EXPECT_TRUE(cache.contains(chain.leaf, spki));
  EXPECT_FALSE(cache.contains(chain.leaf, chain.leaf.spki()));
}

}  // namespace
}  // namespace hutong::x509
