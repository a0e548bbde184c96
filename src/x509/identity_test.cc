#include "x509/identity.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "tests/support/support.h"
#include "x509/extension_builder.h"
#include "x509/oid_names.h"

namespace hutong::x509 {
namespace {

class IdentityVectors : public testing::TestWithParam<test::Vector> {};

TEST_P(IdentityVectors, TextAndTypeAreReadApart) {
  const Bytes der = GetParam().hex("extension");
  QuirkRecorder quirks;
  const auto extensions = parse_extensions(der, quirks);
  ASSERT_TRUE(extensions) << extensions.error().detail;
  const IdentityValue value = read_identity(extensions->front(), quirks);
  EXPECT_EQ(value.text, GetParam().text("text"));
  EXPECT_EQ(to_string(value.kind), GetParam().text("kind"));
  EXPECT_EQ(to_string(value.form), GetParam().text("form"));
  EXPECT_TRUE(is_resident_identity_number(value.text) || is_unified_social_credit_code(value.text));
}
INSTANTIATE_TEST_SUITE_P(GmT0015, IdentityVectors, testing::ValuesIn(test::load_vectors("x509/identity.vec")),
                         [](const auto& vector) { return vector.param.name; });

IdentityValue read(const asn1::Oid& oid, std::string_view hex) {
  static Bytes value;
  value = test::hex(hex);
  QuirkRecorder quirks;
  return read_identity(Extension{oid, false, value, {}}, quirks);
}

TEST(Identity, OddValues) {
  EXPECT_EQ(read(asn1::oids::kTaxationNumber, "0500").form, IdentityForm::kNull);
  EXPECT_EQ(read(asn1::oids::kTaxationNumber, "3132333435").text, "12345");
  EXPECT_EQ(read(asn1::oids::kTaxationNumber, "3132333435").form, IdentityForm::kRawText);
  EXPECT_EQ(read(asn1::oids::kTaxationNumber, "0201FF").text, "#0201ff");
  EXPECT_EQ(read(asn1::oids::kTaxationNumber, "1E044E2D56FD").text, "中国");
  EXPECT_EQ(read(asn1::oids::kTaxationNumber, "FF").text, "\xEF\xBF\xBD");
  EXPECT_EQ(read(asn1::oids::kTaxationNumber, "").text, "");
  EXPECT_EQ(read(asn1::oids::kIdentityCode, "A1080C06E5869BE5AE98").kind, IdentityKind::kMilitaryOfficerCard);
  EXPECT_EQ(read(asn1::oids::kIdentityCode, "A1080C06E5869BE5AE98").text, "军官");
  EXPECT_EQ(read(asn1::oids::kIdentityCode, "820445313233").kind, IdentityKind::kPassport);
}

TEST(Identity, WhatWeWriteWeRead) {
  const ExtensionValue written = extension::identity(asn1::oids::kIdentityCode, "11010519491231002X");
  EXPECT_EQ(to_der(written), test::load_vectors("x509/identity.vec").front().hex("extension"));
}

TEST(Identity, CheckDigits) {
  EXPECT_TRUE(is_resident_identity_number("11010519491231002X"));
  EXPECT_TRUE(is_resident_identity_number("11010519491231002x"));
  EXPECT_FALSE(is_resident_identity_number("110105194912310021"));
  EXPECT_FALSE(is_resident_identity_number("1101051949123100"));
  EXPECT_FALSE(is_resident_identity_number("1101051949123A002X"));
  EXPECT_TRUE(is_unified_social_credit_code("91350100M000100Y43"));
  EXPECT_FALSE(is_unified_social_credit_code("91350100M000100Y44"));
  EXPECT_FALSE(is_unified_social_credit_code("9135O100M000100Y43"));
}

TEST(Identity, ArcsAndNames) {
  EXPECT_EQ(find_identity_arc(asn1::Oid("1.3.6.1.4.1.5315.100.5.8"))->note, "tax CAs");
  EXPECT_EQ(find_identity_arc(asn1::Oid("1.3.6.1.4.1.5315.100")), nullptr);
  EXPECT_EQ(find_identity_arc(asn1::Oid("1.2.3")), nullptr);
  EXPECT_EQ(oid_text(asn1::oids::kKeyUsage), "keyUsage");
  EXPECT_EQ(oid_text_zh(asn1::oids::kOrganizationCode), "企业组织机构代码");
  EXPECT_EQ(oid_text_zh(asn1::Oid("1.2.3")), "1.2.3");
}

}  // namespace
}  // namespace hutong::x509
