#include "x509/name.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "tests/support/support.h"

namespace hutong::x509 {
namespace {

using asn1::Tag;
namespace oids = asn1::oids;

Name cn(Tag tag, std::string_view text) { return NameBuilder().add(oids::kCommonName, tag, text).build(); }

TEST(Name, TextIsInRfc4514OrderAndBack) {
  const Name name = NameBuilder()
                        .add(oids::kCountry, "CN")
                        .add(oids::kOrganization, "甲, 乙 + \"丙\"")
                        .add(oids::kCommonName, " #首 ")
                        .build();
  EXPECT_EQ(name.to_string(), "CN=\\ #首\\ ,O=甲\\, 乙 \\+ \\\"丙\\\",C=CN");
  EXPECT_EQ(name.to_string(NameOrder::kEncoded), "C=CN,O=甲\\, 乙 \\+ \\\"丙\\\",CN=\\ #首\\ ");
  const auto back = Name::from_string(name.to_string());
  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_TRUE(back->der_equal(name));
}

TEST(Name, ReadsTheFormsOfTools) {
  const Name expected = NameBuilder().add(oids::kCountry, "CN").add(oids::kCommonName, "a,b").build();
  for (const std::string text : {"CN=a\\,b,C=CN", "cn=a\\2Cb, c=CN", "CN=\"a,b\"; C=CN",
                                 "2.5.4.3=a\\,b ,C = CN", "CN=#0C03612C62,C=CN"}) {
    const auto name = Name::from_string(text);
    ASSERT_TRUE(name) << text << ": " << name.error().detail;
    EXPECT_TRUE(name->der_equal(expected)) << text;
  }
}

TEST(Name, RefusesBrokenText) {
  for (const std::string text : {"CN", "CN=a,", "=a", "XX=a", "CN=a\\", "CN=a\\q", "CN=\"a", "CN=\"a\"b",
                                 "CN=a<b", "CN=#0C05", "CN=#0G", "CN=\xFF"}) {
    EXPECT_FALSE(Name::from_string(text)) << text;
  }
  EXPECT_TRUE(Name::from_string("")->empty());
}

TEST(Name, RfcExamplesOfSpecialForms) {
  const auto multi = Name::from_string("OU=Sales+CN=J.  Smith,DC=example,DC=net");
  ASSERT_TRUE(multi);
  EXPECT_EQ(multi->rdn_count(), 3U);
  EXPECT_EQ(multi->find(oids::kDomainComponent)->tag, Tag::kIa5String);
  const auto unknown = Name::from_string("1.3.6.1.4.1.1466.0=#04024869,O=Test,C=GB");
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->to_string(), "1.3.6.1.4.1.1466.0=#04024869,O=Test,C=GB");
  EXPECT_EQ(cn(Tag::kUtf8String, std::string_view("a\0\x01\x7F", 4)).to_string(), "CN=a\\00\\01\\7f");
}

TEST(Name, ComparesAsRfc5280Says) {
  const Name base = cn(Tag::kPrintableString, "Test CA");
  EXPECT_EQ(base, cn(Tag::kUtf8String, "Test CA"));
  EXPECT_EQ(base, cn(Tag::kUtf8String, "TEST ca"));
  EXPECT_EQ(base, cn(Tag::kUtf8String, "  Test \t  CA "));
  EXPECT_EQ(base, cn(Tag::kBmpString, std::string_view("\0T\0e\0s\0t\0 \0C\0A", 14)));
  EXPECT_EQ(base, cn(Tag::kUtf8String, "Te\xC2\xADst CA"));  // soft hyphen
  EXPECT_EQ(cn(Tag::kUtf8String, "ÄÖ Σ Ж"), cn(Tag::kUtf8String, "äö σ ж"));
  EXPECT_NE(base, cn(Tag::kUtf8String, "TestCA"));
  EXPECT_NE(base, cn(Tag::kUtf8String, "Test CB"));
  EXPECT_FALSE(base.der_equal(cn(Tag::kUtf8String, "Test CA")));
  EXPECT_EQ(base.hash(), cn(Tag::kUtf8String, "test  ca").hash());
  EXPECT_NE(cn(Tag::kUtf8String, "\xFF"), cn(Tag::kUtf8String, "\xFE"));
  EXPECT_NE(NameBuilder().add(oids::kOrganization, "x").build(), cn(Tag::kUtf8String, "x"));
  EXPECT_TRUE(same_text("  甲 公司", "甲\xE3\x80\x80公司 "));
}

TEST(Name, MultiValuedRdnsCompareAsSets) {
  const auto one = Name::from_string("CN=a+OU=b,C=CN").value();
  const auto other = Name::from_string("OU=B+CN=A,C=CN").value();
  EXPECT_EQ(one, other);
  EXPECT_NE(one, Name::from_string("CN=a,OU=b,C=CN").value());
}

TEST(Name, WithinIsAPrefixOfRdns) {
  const auto base = Name::from_string("O=甲,C=CN").value();
  EXPECT_TRUE(Name::from_string("CN=x,O=甲,C=cn").value().is_within(base));
  EXPECT_TRUE(base.is_within(base));
  EXPECT_TRUE(base.is_within(Name()));
  EXPECT_FALSE(Name::from_string("O=甲乙,C=CN").value().is_within(base));
  EXPECT_FALSE(Name::from_string("C=CN").value().is_within(base));
  EXPECT_FALSE(Name::from_string("C=CN,O=甲").value().is_within(base));
}

TEST(Name, RelativeNameIsAppended) {
  const auto issuer = Name::from_string("O=甲,C=CN").value();
  const auto whole = issuer.with_rdn(test::hex("30090603550403130278 79"));
  ASSERT_TRUE(whole) << whole.error().detail;
  EXPECT_EQ(whole->to_string(), "CN=xy,O=甲,C=CN");
  EXPECT_FALSE(issuer.with_rdn(test::hex("3009")));
}

TEST(Name, DisplayAndLookup) {
  const auto name = Name::from_string("CN=second,OU=u,CN=first,O=o,C=CN").value();
  EXPECT_EQ(name.display(), "second");
  EXPECT_EQ(name.text_of(oids::kOrganization), "o");
  EXPECT_EQ(name.text_of(oids::kLocality), "");
  EXPECT_EQ(Name::from_string("O=o,C=CN").value().display(), "o");
  EXPECT_EQ(Name().display(), "");
  EXPECT_EQ(attribute_name(oids::kOrganization)->zh, "组织");
}

TEST(Name, TextIsAlwaysUtf8) {
  for (const Tag tag : {Tag::kUtf8String, Tag::kPrintableString, Tag::kIa5String, Tag::kT61String,
                        Tag::kBmpString, Tag::kUniversalString, Tag::kOctetString}) {
    const Name name = cn(tag, "\xE4\xB8\xFF\xC0\x80\xED\xA0\x80");
    EXPECT_TRUE(is_utf8(name.to_string())) << static_cast<int>(tag);
  }
}

TEST(Name, RefusesWhatIsNoName) {
  for (const std::string_view hex :
       {"", "3100", "30023000", "300431023000", "300B310930070603550403050001", "300031", "30800000"}) {
    EXPECT_FALSE(Name::parse(test::hex(hex))) << hex;
  }
}

}  // namespace
}  // namespace hutong::x509
