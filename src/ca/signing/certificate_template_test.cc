#include "ca/signing/certificate_template.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace hutong::ca {
namespace {

net::Json sample() { return to_json(default_templates().front()); }

std::string_view reason_of(const net::Json& json) {
  const auto read = template_from_json(json);
  return read ? std::string_view("accepted") : read.error().reason;
}

TEST(CertificateTemplate, DefaultsCoverEveryKindAndSurviveTheirJson) {
  ASSERT_GE(default_templates().size(), 10U);
  for (const CertificateTemplate& made : default_templates()) {
    const auto again = template_from_json(to_json(made));
    ASSERT_TRUE(again) << made.id << ": " << again.error().detail;
    EXPECT_EQ(again.value(), made);
  }
}

TEST(CertificateTemplate, EncryptionTemplatesExistAndTakeKeysFromTheCentre) {
  for (const CertificateTemplate& made : default_templates()) {
    if (made.encryption_template.empty()) {
      continue;
    }
    const auto found =
        std::ranges::find(default_templates(), made.encryption_template, &CertificateTemplate::id);
    ASSERT_NE(found, default_templates().end()) << made.id;
    EXPECT_EQ(found->key, KeyOrigin::kKeyCentre);
    EXPECT_TRUE(found->key_usage.can_encrypt());
    EXPECT_FALSE(found->key_usage.can_sign());
  }
}

TEST(CertificateTemplate, RefusesWhatItDoesNotKnow) {
  auto json = sample();
  json["colour"] = "red";
  EXPECT_EQ(reason_of(json), "template.field");
  json = sample();
  json["key_usage"] = {"everything"};
  EXPECT_EQ(reason_of(json), "template.field");
  json = sample();
  json["subject"][0]["attribute"] = "nonsense";
  EXPECT_EQ(reason_of(json), "template.field");
  json = sample();
  json["days"] = -1;
  EXPECT_EQ(reason_of(json), "template.field");
  json = sample();
  json["extended_key_usage"] = {"1.two.3"};
  EXPECT_EQ(reason_of(json), "template.field");
  EXPECT_EQ(reason_of(net::Json::array()), "template.field");
}

TEST(CertificateTemplate, CertifiesSm2KeysUnlessItSaysOtherwise) {
  EXPECT_EQ(default_templates().front().key_algorithms, std::vector<std::string>{"SM2"});
  EXPECT_FALSE(sample().contains("key_algorithms"));
  auto json = sample();
  json["key_algorithms"] = {"SM2", "P-256"};
  EXPECT_EQ(template_from_json(json)->key_algorithms, (std::vector<std::string>{"SM2", "P-256"}));
  EXPECT_EQ(to_json(template_from_json(json).value())["key_algorithms"], json["key_algorithms"]);
  json["key_algorithms"] = {"RSA-1024"};
  EXPECT_EQ(reason_of(json), "template.field");
  auto encryption = to_json(default_templates().at(1));
  encryption["key_algorithms"] = {"P-256"};
  EXPECT_EQ(reason_of(encryption), "template.rule");
}

TEST(CertificateTemplate, RefusesContradictions) {
  auto json = sample();
  json["days"] = json["most_days"].get<int>() + 1;
  EXPECT_EQ(reason_of(json), "template.rule");
  json = sample();
  json["subject"] = net::Json::array();
  EXPECT_EQ(reason_of(json), "template.rule");
  json = sample();
  json["key"] = "key_centre";  // a signature key that others hold would sign nothing
  EXPECT_EQ(reason_of(json), "template.rule");
}

}  // namespace
}  // namespace hutong::ca
