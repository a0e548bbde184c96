#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "crypto/pem.h"
#include "tests/support/support.h"
#include "tests/tools/explain.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"
#include "x509/crl.h"

namespace hutong::x509 {
namespace {

using nlohmann::json;
using test::explain;

/// The time of validation where a case gives none: the certificates are made to be valid for centuries.
constexpr std::string_view kDefaultTime = "2024-01-01T00:00:00Z";

struct LimboCase {
  std::string id;
  json content;
};
void PrintTo(const LimboCase& test, std::ostream* out) { *out << test.id; }

std::vector<LimboCase> load_cases() {
  if (!test::has_corpus()) {
    return {};
  }
  std::ifstream in(test::corpus_path("limbo/limbo.json"));
  std::vector<LimboCase> cases;
  const json suite = json::parse(in);
  for (const auto& entry : suite.at("testcases")) {
    cases.push_back({entry.at("id"), entry});
  }
  return cases;
}

/// Rules of the CA/Browser Forum for TLS servers that are none of ours; the cases are accepted. A case that
/// starts to be refused must leave this table.
const std::map<std::string_view, std::string_view>& not_ours() {
  static const std::map<std::string_view, std::string_view> table = {
      {"webpki::aki::root-with-aki-missing-keyidentifier", "BR 7.1.2.1.3: keyIdentifier in a root's AKI"},
      {"webpki::aki::root-with-aki-authoritycertissuer", "BR 7.1.2.1.3: no authorityCertIssuer"},
      {"webpki::aki::root-with-aki-authoritycertserialnumber", "BR 7.1.2.1.3: no authorityCertSerialNumber"},
      {"webpki::aki::root-with-aki-all-fields", "BR 7.1.2.1.3: keyIdentifier only"},
      {"webpki::aki::root-with-aki-ski-mismatch", "BR 7.1.2.1.3: a root's AKI equals its SKI"},
      {"webpki::cn::ipv4-hex-mismatch", "BR 7.1.4.3: form of the common name"},
      {"webpki::cn::ipv4-leading-zeros-mismatch", "BR 7.1.4.3: form of the common name"},
      {"webpki::cn::ipv6-uppercase-mismatch", "BR 7.1.4.3: form of the common name"},
      {"webpki::cn::ipv6-uncompressed-mismatch", "BR 7.1.4.3: form of the common name"},
      {"webpki::cn::ipv6-non-rfc5952-mismatch", "BR 7.1.4.3: form of the common name"},
      {"webpki::cn::punycode-not-in-san", "BR 7.1.4.3: the common name is one of the alternative names"},
      {"webpki::cn::utf8-vs-punycode-mismatch", "BR 7.1.4.3: form of the common name"},
      {"webpki::cn::not-in-san", "BR 7.1.4.3: the common name is one of the alternative names"},
      {"webpki::cn::case-mismatch", "BR 7.1.4.3: the common name is a copy of an alternative name"},
      {"webpki::eku::ee-anyeku", "BR 7.1.2.7.10: no anyExtendedKeyUsage"},
      {"webpki::eku::ee-critical-eku", "BR 7.1.2.7.6: extKeyUsage not critical"},
      {"webpki::eku::ee-without-eku", "BR 7.1.2.7.6: extKeyUsage present"},
      {"webpki::eku::root-has-eku", "BR 7.1.2.1.2: no extKeyUsage in a root"},
      {"webpki::san::public-suffix-multi-label-wildcard-san", "BR 3.2.2.6: no wildcard on a public suffix"},
      {"webpki::san::public-suffix-private-namespace-wildcard-san",
       "BR 3.2.2.6: no wildcard on a public suffix"},
      {"webpki::san::san-critical-with-nonempty-subject", "BR 7.1.2.7.12: subjectAltName not critical"},
      {"webpki::forbidden-rsa-not-divisible-by-8-in-root", "BR 6.1.5: RSA modulus of whole octets"},
      {"webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf", "BR 6.1.5: RSA modulus of whole octets"},
      {"webpki::ee-basicconstraints-ca", "BR 7.1.2.7.8: a server is no CA"},
      {"webpki::ca-as-leaf", "BR 7.1.2.7.8: a server is no CA"},
  };
  return table;
}

std::optional<Certificate> certificate_from_pem(const std::string& pem) {
  const auto blocks = crypto::read_pem(pem);
  if (!blocks || blocks->empty()) {
    return std::nullopt;
  }
  auto certificate = Certificate::parse(blocks->front().der);
  return certificate ? std::optional(*std::move(certificate)) : std::nullopt;
}

asn1::Oid purpose_from(const std::string& name) {
  static const std::map<std::string_view, asn1::Oid> purposes = {{"serverAuth", asn1::oids::kServerAuth},
                                                                 {"clientAuth", asn1::oids::kClientAuth}};
  return purposes.at(name);
}

PeerName peer_name_from(const json& name) {
  static const std::map<std::string_view, PeerName::Kind> kinds = {
      {"DNS", PeerName::Kind::kDns}, {"IP", PeerName::Kind::kIp}, {"RFC822", PeerName::Kind::kEmail}};
  return {kinds.at(name.at("kind").get<std::string>()), name.at("value")};
}

/// What a case is made of, parsed. An object that does not parse is no candidate; a leaf that does not is
/// refused by that.
struct Material {
  std::optional<Certificate> leaf;
  std::vector<Certificate> intermediates;
  std::vector<TrustAnchor> anchors;
  std::vector<Crl> crls;
};

Material material_of(const json& test) {
  Material material;
  material.leaf = certificate_from_pem(test.at("peer_certificate"));
  for (const auto& pem : test.at("untrusted_intermediates")) {
    if (auto certificate = certificate_from_pem(pem)) {
      material.intermediates.push_back(*certificate);
    }
  }
  for (const auto& pem : test.at("trusted_certs")) {
    const auto certificate = certificate_from_pem(pem);
    if (auto anchor = certificate ? TrustAnchor::of(*certificate) : Error{}; anchor) {
      material.anchors.push_back(*std::move(anchor));
    }
  }
  for (const auto& pem : test.at("crls")) {
    const auto blocks = crypto::read_pem(pem.get<std::string>());
    EXPECT_TRUE(blocks);
    if (auto crl = Crl::parse(blocks->front().der)) {
      material.crls.push_back(*std::move(crl));
    }
  }
  return material;
}

/// A webpki case whose twin states the opposite under the profile of RFC 5280.
bool contradicts_profile(const json& test) {
  return test.at("id").get<std::string>().starts_with("webpki::") && !test.at("conflicts_with").empty();
}

VerifyReport verify(const Material& material, const json& test) {
  const std::string time = test.at("validation_time").is_null()
                               ? std::string(kDefaultTime)
                               : test.at("validation_time").get<std::string>();
  VerifyRequest request{.leaf = *material.leaf, .at = *from_rfc3339(time)};
  request.anchors = material.anchors;
  request.intermediates = material.intermediates;
  request.crls = material.crls;
  request.revocation = material.crls.empty() ? RevocationMode::kNone : RevocationMode::kPrefer;
  request.profile = contradicts_profile(test) ? Profile::kTolerant : Profile::kRfc5280;
  for (const auto& name : test.at("expected_peer_names")) {
    request.peer_names.push_back(peer_name_from(name));
  }
  if (const auto& name = test.at("expected_peer_name"); !name.is_null()) {
    request.peer_names.push_back(peer_name_from(name));
  }
  if (const auto& purposes = test.at("extended_key_usage"); !purposes.empty()) {
    request.purpose = purpose_from(purposes.front());
  }
  if (!test.at("key_usage").empty()) {
    request.key_usage.bits = static_cast<std::uint16_t>(KeyUsageBit::kDigitalSignature);
  }
  if (const auto& depth = test.at("max_chain_depth"); !depth.is_null()) {
    request.most_intermediates = depth.get<std::uint32_t>();
  }
  return verify_chain(request);
}

class Limbo : public testing::TestWithParam<LimboCase> {};
TEST_P(Limbo, AsStated) {
  const json& test = GetParam().content;
  const Material material = material_of(test);
  const bool stated = test.at("expected_result") == "SUCCESS";
  if (!material.leaf) {
    EXPECT_FALSE(stated) << "the leaf does not parse";
    EXPECT_FALSE(not_ours().contains(GetParam().id)) << "agrees now";
    return;
  }
  const VerifyReport report = verify(material, test);
  const Budget budget;
  EXPECT_LE(report.work.signature_checks, budget.signature_checks);
  EXPECT_LE(report.work.path_steps, budget.path_steps);
  if (not_ours().contains(GetParam().id)) {
    EXPECT_NE(report.trusted(), stated) << "agrees now: " << explain(report);
    return;
  }
  EXPECT_EQ(report.trusted(), stated) << test.at("description").get<std::string>() << explain(report);
}
INSTANTIATE_TEST_SUITE_P(All, Limbo, testing::ValuesIn(load_cases()), [](const auto& limbo) {
  std::string name = limbo.param.id;
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name + "_" + std::to_string(limbo.index);
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Limbo);

TEST(LimboSuite, NamesOnlyItsOwnCases) {
  HUTONG_NEED_CORPUS();
  const auto cases = load_cases();
  EXPECT_EQ(cases.size(), 193U);
  for (const auto& [id, rule] : not_ours()) {
    EXPECT_TRUE(id.starts_with("webpki::")) << id;
    EXPECT_TRUE(std::ranges::any_of(cases, [&id = id](const LimboCase& test) { return test.id == id; }))
        << id;
  }
}

}  // namespace
}  // namespace hutong::x509
