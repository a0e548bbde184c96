#include "ca/signing/issuer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "ca/test_support.h"
#include "x509/extension_builder.h"
#include "x509/identity.h"
#include "x509/lint.h"

namespace hutong::ca {
namespace {

namespace extension = x509::extension;
using test::at;
using x509::KeyUsageBit;

const CertificateTemplate& template_named(std::string_view id) {
  return *std::ranges::find(default_templates(), id, &CertificateTemplate::id);
}

crypto::Sm2Signer new_key() { return crypto::Sm2Signer(crypto::Sm2PrivateKey::generate()); }

x509::Certificate root_for(const crypto::Sm2Signer& key, std::optional<std::uint32_t> path_length) {
  const auto name = x509::Name::from_string("CN=演示CA甲,O=演示认证中心,C=CN").value();
  const Bytes id = x509::key_identifier(key.public_key());
  const auto der = x509::sign(
      x509::TbsCertificate{
          .serial = fresh_serial(),
          .issuer = name,
          .subject = name,
          .not_before = at("2026-01-01"),
          .not_after = at("2031-01-01"),
          .spki = key.public_key().to_spki(),
          .extensions = {extension::basic_constraints(true, path_length),
                         extension::key_usage({KeyUsageBit::kKeyCertSign, KeyUsageBit::kCrlSign}),
                         extension::subject_key_identifier(id)}},
      key);
  return x509::Certificate::parse(der.value().view()).value();
}

class IssuerTest : public testing::Test {
 protected:
  static SubjectData supplier() {
    return {.attributes = {{"ST", "内蒙古自治区"},
                           {"L", "呼和浩特市"},
                           {"O", "草原供应有限公司"},
                           {"CN", "草原供应有限公司"}},
            .identities = {{"credit_code", "91150100MA0N3R5X4T"}}};
  }
  static SubjectData data_for(const CertificateTemplate& made) {
    SubjectData data;
    for (const SubjectRule& rule : made.subject) {
      if (rule.required && rule.fixed.empty()) {
        data.attributes[rule.attribute] = "演示主体";
      }
    }
    for (const IdentityRule& rule : made.identity) {
      data.identities[rule.field] =
          rule.check == IdentityCheck::kResidentIdentityCard ? "110101199003070572" : kCreditCode;
    }
    if (made.id == "device") {
      data.dns_names = {"ca.example"};
    }
    return data;
  }
  Result<x509::Certificate> issue(const CertificateTemplate& made, const SubjectData& data,
                                  std::optional<std::uint32_t> days = std::nullopt) {
    const auto holder = new_key();
    return issuer_.issue({.certificate_template = made,
                          .subject = data,
                          .key = holder.public_key(),
                          .not_before = at("2026-06-01"),
                          .days = days});
  }
  std::string_view reason_of(const Result<x509::Certificate>& result) {
    return result ? std::string_view("issued") : result.error().reason;
  }

  static constexpr const char* kCreditCode = "91350100M000100Y43";
  crypto::Sm2Signer key_ = new_key();
  Issuer issuer_{root_for(key_, std::nullopt), key_,
                 PublishingAddresses{.crl = "http://ca.example/crl/{partition}.crl",
                                     .crl_partitions = 4,
                                     .delta_crl = "http://ca.example/crl/{partition}-delta.crl",
                                     .ocsp = "http://ca.example/ocsp",
                                     .ca_certificate = "http://ca.example/ca.cer"}};
};

TEST_F(IssuerTest, EveryDefaultTemplateMakesACleanCertificateThatVerifies) {
  for (const CertificateTemplate& made : default_templates()) {
    const auto certificate = issue(made, data_for(made));
    ASSERT_TRUE(certificate) << made.id << ": " << certificate.error().detail;
    EXPECT_TRUE(certificate.value().is_signed_by(key_.public_key())) << made.id;
    const auto report = x509::lint_certificate(certificate.value().der());
    for (const auto& finding : report.value().findings) {
      EXPECT_EQ(finding.severity(), x509::Severity::kInfo) << made.id << ' ' << finding.code();
    }
    EXPECT_EQ(certificate.value().is_ca(), made.is_authority());
  }
}

TEST_F(IssuerTest, NamesStandInTheOrderOfTheTemplate) {
  auto data = supplier();
  data.identities["credit_code"] = kCreditCode;
  const auto certificate = issue(template_named("organization-signing"), data).value();
  EXPECT_EQ(certificate.subject().to_string(x509::NameOrder::kEncoded),
            "C=CN,ST=内蒙古自治区,L=呼和浩特市,O=草原供应有限公司,CN=草原供应有限公司");
  ASSERT_EQ(certificate.identities().size(), 1U);
  EXPECT_EQ(certificate.identities()[0].text, kCreditCode);
}

TEST_F(IssuerTest, TheDistributionPointIsThatOfTheSerialsPartition) {
  const auto& made = template_named("device");
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 40; ++i) {
    const auto certificate = issue(made, data_for(made)).value();
    const auto partition = partition_of(certificate.serial(), 4);
    seen.insert(partition);
    const auto text = as_text(certificate.der());
    EXPECT_NE(text.find("http://ca.example/crl/" + std::to_string(partition) + ".crl"),
              std::string_view::npos);
    EXPECT_NE(text.find("http://ca.example/crl/" + std::to_string(partition) + "-delta.crl"),
              std::string_view::npos);
  }
  EXPECT_EQ(seen.size(), 4U);
}

TEST_F(IssuerTest, ACertificateNeverOutlivesItsIssuer) {
  const auto& made = template_named("subordinate-ca");
  const auto certificate = issue(made, data_for(made)).value();
  EXPECT_EQ(certificate.not_after(), at("2031-01-01"));
  const auto organization = issue(template_named("device"), data_for(template_named("device")), 10).value();
  EXPECT_EQ(organization.not_after(), at("2026-06-10T23:59:59Z"));
}

TEST_F(IssuerTest, RefusesOrdersThatBreakTheTemplate) {
  const auto& made = template_named("organization-signing");
  auto data = data_for(made);
  EXPECT_EQ(reason_of(issue(made, data, 5000)), "issuing.days");
  EXPECT_EQ(reason_of(issue(made, data, 0)), "issuing.days");
  data.attributes["CN"] = " 空格";
  EXPECT_EQ(reason_of(issue(made, data)), "subject.text");
  data.attributes["CN"] = std::string(65, 'a');
  EXPECT_EQ(reason_of(issue(made, data)), "subject.text");
  data.attributes.erase("CN");
  EXPECT_EQ(reason_of(issue(made, data)), "subject.missing");
  data = data_for(made);
  data.attributes["C"] = "US";
  EXPECT_EQ(reason_of(issue(made, data)), "subject.fixed");
  data = data_for(made);
  data.attributes["title"] = "经理";
  EXPECT_EQ(reason_of(issue(made, data)), "subject.not_in_template");
  data = data_for(made);
  data.identities["credit_code"] = "91350100M000100Y44";
  EXPECT_EQ(reason_of(issue(made, data)), "subject.identity");
}

TEST_F(IssuerTest, CertifiesOtherKeysOnlyWhereTheTemplateAllowsThem) {
  const auto p256 =
      crypto::PublicKey::from_spki(
          from_hex(
              "3059301306072a8648ce3d020106082a8648ce3d03010703420004223e9b9b70945b28b673a55a4b57993a31dc45"
              "4dec5a45d4c33c0c6ba234a09bd21a448607fdc5e38c658e44fd48d2325b6f54176f88e57b687f848c431d11bf")
              .value())
          .value();
  CertificateTemplate made = template_named("device");
  const auto data = data_for(made);
  const auto with = [&](const crypto::PublicKey& key) {
    return issuer_.issue(
        {.certificate_template = made, .subject = data, .key = key, .not_before = at("2026-06-01")});
  };
  EXPECT_EQ(with(p256).error().reason, "issuing.key");
  made.key_algorithms = {"P-256"};
  const auto certificate = with(p256);
  ASSERT_TRUE(certificate) << certificate.error().detail;
  EXPECT_EQ(certificate->public_key()->name(), "P-256");
  EXPECT_EQ(with(new_key().public_key()).error().reason, "issuing.key");
}

TEST_F(IssuerTest, LintStandsBeforeEverySignature) {
  const auto& made = template_named("device");
  auto data = data_for(made);
  data.attributes["OU"] = "双\xE2\x80\x8B宽";  // harmless for lint
  ASSERT_TRUE(issue(made, data));
  const auto holder = new_key();
  auto tbs = issuer_.draft({.certificate_template = made,
                            .subject = data,
                            .key = holder.public_key(),
                            .not_before = at("2026-06-01")});
  tbs.value().extensions.push_back(tbs.value().extensions.front());
  const auto linted = lint(std::move(tbs).value());
  ASSERT_FALSE(linted);
  EXPECT_EQ(linted.error().reason, "issuing.lint");
  EXPECT_NE(linted.error().detail.find("lint.cert.extensions_unique"), std::string::npos);
}

TEST_F(IssuerTest, APathLengthOfZeroAllowsNoCaBelow) {
  const Issuer narrow(root_for(key_, 0), key_, {});
  const auto& made = template_named("subordinate-ca");
  const auto data = data_for(made);
  const auto holder = new_key();
  const auto result = narrow.issue({.certificate_template = made,
                                    .subject = data,
                                    .key = holder.public_key(),
                                    .not_before = at("2026-06-01")});
  EXPECT_EQ(reason_of(result), "issuing.depth");
}

TEST_F(IssuerTest, NothingIsIssuedOutsideOfTheCasOwnValidity) {
  const auto& made = template_named("device");
  const auto data = data_for(made);
  const auto holder = new_key();
  for (const char* when : {"2025-12-31", "2031-01-02"}) {
    const auto result = issuer_.issue(
        {.certificate_template = made, .subject = data, .key = holder.public_key(), .not_before = at(when)});
    EXPECT_EQ(reason_of(result), "issuing.validity") << when;
  }
}

}  // namespace
}  // namespace hutong::ca
