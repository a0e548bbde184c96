#include "x509/certificate.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "x509/internal/test_objects.h"

namespace hutong::x509 {
namespace {

using asn1::Writer;
namespace oids = asn1::oids;
using test_objects::replaced;

class ChainVectors : public testing::TestWithParam<test::Vector> {};

TEST_P(ChainVectors, ReadsAndVerifies) {
  const auto certificate = Certificate::parse(GetParam().hex("der"));
  ASSERT_TRUE(certificate) << certificate.error().detail;
  EXPECT_TRUE(certificate->quirks().empty());
  EXPECT_EQ(certificate->version(), 3U);
  EXPECT_EQ(certificate->serial().to_hex(), GetParam().text("serial"));
  EXPECT_EQ(certificate->subject().to_string(), GetParam().text("subject"));
  EXPECT_EQ(certificate->issuer().to_string(), "CN=Test SM2 Root,O=Test CA,C=CN");
  EXPECT_EQ(to_rfc3339(certificate->not_before()), "2026-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(certificate->not_after()), "2036-01-01T00:00:00Z");
  const Certificate root = test_objects::chain_certificate("root");
  EXPECT_TRUE(certificate->is_signed_by(*root.public_key()));
  EXPECT_FALSE(certificate->is_signed_by(test_objects::signer_a().public_key()));
  EXPECT_EQ(certificate->is_self_signed(), GetParam().text("name") == "root");
  EXPECT_EQ(certificate->is_ca(), GetParam().text("name") == "root");
}
INSTANTIATE_TEST_SUITE_P(Samples, ChainVectors, testing::ValuesIn(test::load_vectors("x509/chain.vec")),
                         [](const auto& vector) { return vector.param.name; });

TEST(Certificate, OneChangedOctetBreaksTheSignature) {
  const Certificate root = test_objects::chain_certificate("root");
  const Bytes good = test_objects::chain_der("signing");
  const auto changed = Certificate::parse(replaced(good, "416C696365", "416C696366"));
  ASSERT_TRUE(changed);
  EXPECT_FALSE(changed->is_signed_by(*root.public_key()));
}

TEST(Certificate, KeyUsageTellsThePairApart) {
  const auto signing = test_objects::chain_certificate("signing");
  const auto encryption = test_objects::chain_certificate("encryption");
  EXPECT_TRUE(signing.extensions().key_usage->can_sign());
  EXPECT_FALSE(signing.extensions().key_usage->can_encrypt());
  EXPECT_TRUE(encryption.extensions().key_usage->can_encrypt());
  EXPECT_FALSE(encryption.extensions().key_usage->can_sign());
  EXPECT_EQ(encryption.extensions().key_usage->names(),
            (std::vector<std::string_view>{"keyEncipherment", "dataEncipherment", "keyAgreement"}));
}

Bytes der_of(const Name& name) { return to_bytes(name.der()); }

/// An odd certificate and what reading says: a quirk, or the reason of the refusal.
struct Oddity {
  const char* name;
  Bytes der;
  std::optional<Quirk> quirk;     ///< met and tolerated
  std::string_view refused = {};  ///< or this reason
};

/// A certificate put together field by field, so that each can be odd.
struct Raw {
  Bytes version = test::hex("A003020102");
  Bytes serial = test::hex("02021234");
  Bytes inner = test::hex("300A06082A811CCF55018375");
  Bytes outer = test::hex("300A06082A811CCF55018375");
  Bytes issuer = der_of(test_objects::sample_tbs().issuer);
  Bytes validity = test::hex("301E170D3236303130313030303030305A170D3336303130313030303030305A");
  Bytes subject = der_of(test_objects::sample_tbs().subject);
  Bytes spki = test_objects::sample_tbs().spki;
  Bytes extensions = test::hex("300E0603551D0F0101FF0404030206C0");
  bool with_extensions = true;

  Bytes der() const {
    Writer tbs;
    tbs.sequence([this](Writer& fields) {
      for (const Bytes* part : {&version, &serial, &inner, &issuer, &validity, &subject, &spki}) {
        fields.raw(*part);
      }
      if (with_extensions) {
        fields.constructed(asn1::context_constructed(3),
                           [this](Writer& wrapped) { wrapped.element(asn1::Tag::kSequence, extensions); });
      }
    });
    return sign_der(tbs.view(), outer, test_objects::root_signer()).value();
  }
};

template <typename Change>
Bytes with(Change change) {
  Raw raw;
  change(raw);
  return raw.der();
}

Bytes with_extension(std::string_view hex) {
  return with([hex](Raw& raw) { raw.extensions = test::hex(hex); });
}

Bytes joined(Bytes a, std::string_view hex) {
  append(a, test::hex(hex));
  return a;
}

std::ostream& operator<<(std::ostream& out, const Oddity& oddity) { return out << oddity.name; }

std::vector<Oddity> oddities() {
  const Bytes null_form = test::hex("300C06082A811CCF550183750500");
  const auto name_with = [](const asn1::Oid& type, asn1::Tag tag, std::string_view text) {
    return with([&](Raw& raw) {
      raw.subject = der_of(NameBuilder().add(type, tag, text).add(oids::kCommonName, "x").build());
    });
  };
  return {
      {"sm2_null", with([&](Raw& r) { r.inner = r.outer = null_form; }), Quirk::kSm2NullParameters},
      {"mismatch", with([&](Raw& r) { r.outer = null_form; }), {}, "cert.algorithm_mismatch"},
      {"trailing", joined(Raw().der(), "0A"), {}, "cert.trailing_octets"},
      {"version_1", with([](Raw& r) {
         r.version.clear();
         r.with_extensions = false;
       }),
       Quirk::kVersion1},
      {"version_1_explicit", with([](Raw& r) {
         r.version = test::hex("A003020100");
         r.with_extensions = false;
       }),
       Quirk::kExplicitVersion1},
      {"version_1_extensions", with([](Raw& r) { r.version.clear(); }), {}, "cert.extensions_before_v3"},
      {"version_4", with([](Raw& r) { r.version = test::hex("A003020103"); }), {}, "cert.version"},
      {"serial_0", with([](Raw& r) { r.serial = test::hex("020100"); }), Quirk::kSerialZero},
      {"serial_negative", with([](Raw& r) { r.serial = test::hex("0201FF"); }), Quirk::kSerialNegative},
      {"serial_21",
       with([](Raw& r) { r.serial = test::hex("0215010000000000000000000000000000000000000001"); }),
       Quirk::kSerialTooLong},
      {"serial_padded", with([](Raw& r) { r.serial = test::hex("02020001"); }), {}, "asn1.integer"},
      {"generalized_time", with([](Raw& r) {
         r.validity = test::hex("3020170D3236303130313030303030305A180F32303336303130313030303030305A");
       }),
       Quirk::kGeneralizedTimeBefore2050},
      {"bad_date",
       with([](Raw& r) {
         r.validity = test::hex("301E170D3236303133313030303030305A170D3336303233303030303030305A");
       }),
       {},
       "asn1.time"},
      {"empty_issuer", with([](Raw& r) { r.issuer = test::hex("3000"); }), {}, "cert.empty_issuer"},
      {"empty_subject", with([](Raw& r) { r.subject = test::hex("3000"); }), Quirk::kEmptySubject},
      {"spki_sm2_oid", with([](Raw& r) {
         r.spki =
             replaced(replaced(r.spki, "06072A8648CE3D0201", "06082A811CCF5501822D"), "30593013", "305A3014");
       }),
       Quirk::kSm2SpkiAlgorithmOid},
      {"explicit_false", with_extension("300E0603551D0F0101000404030206C0"), Quirk::kExplicitFalseCritical},
      {"critical_01", with_extension("300E0603551D0F0101010404030206C0"), {}, "asn1.boolean"},
      {"duplicate",
       with_extension("300E0603551D0F0101FF0404030206C0300E0603551D0F0101FF0404030206C0"),
       {},
       "cert.duplicate_extension"},
      {"no_extensions", with_extension(""), Quirk::kEmptyExtensions},
      {"malformed", with_extension("300C0603551D0F0101FF04020500"), {}, "asn1.tag"},
      {"usage_00c0", with_extension("300E0603551D0F0101FF0404030200C0"), Quirk::kKeyUsageUnusedBits},
      {"usage_00f8", with_extension("300E0603551D0F0101FF0404030200F8"), Quirk::kKeyUsageUnusedBits},
      {"usage_0038", with_extension("300E0603551D0F0101FF040403020038"), Quirk::kKeyUsageUnusedBits},
      {"usage_empty", with_extension("300D0603551D0F0101FF0403030100"), Quirk::kKeyUsageEmpty},
      {"usage_not_critical", with_extension("300B0603551D0F0404030206C0"), Quirk::kKeyUsageNotCritical},
      {"constraints_empty", with_extension("30090603551D1304023000"), Quirk::kBasicConstraintsEmpty},
      {"constraints_false", with_extension("300C0603551D1304053003010100"),
       Quirk::kBasicConstraintsExplicitFalse},
      {"constraints_ca", with_extension("300C0603551D13040530030101FF"), Quirk::kBasicConstraintsNotCritical},
      {"path_length_negative", with_extension("300F0603551D13040830060101FF0201FF"), {}, "ext.negative"},
      {"raw_text", with_extension("301106042A051D010409313135333030303041"), Quirk::kRawTextExtension},
      {"identity_utf8", with_extension("301406082A811CD01404010504080C06313233343536"), Quirk::kIdentityUtf8},
      {"identity_bare",
       with_extension("301406082A811CD014040101040813063132333435"
                      "36"),
       Quirk::kIdentityWithoutChoice},
      {"identity_null", with_extension("300E06082A811CD01404010404020500"), Quirk::kIdentityNull},
      {"no_common_name",
       with([](Raw& r) { r.issuer = der_of(NameBuilder().add(oids::kOrganization, "CA").build()); }),
       Quirk::kNameWithoutCommonName},
      {"reversed", with([](Raw& r) {
         r.issuer = der_of(NameBuilder().add(oids::kCommonName, "CA").add(oids::kCountry, "CN").build());
       }),
       Quirk::kNameReversed},
      {"ia5_utf8", name_with(oids::kEmailAddress, asn1::Tag::kIa5String, "电子邮箱"),
       Quirk::kNameIa5NotAscii},
      {"unique_id", name_with(oids::kUniqueIdentifier, asn1::Tag::kUtf8String, "B00102"),
       Quirk::kNameUniqueIdentifierText},
      {"lower_country", name_with(oids::kCountry, asn1::Tag::kPrintableString, "cn"),
       Quirk::kNameLowerCaseCountry},
      {"printable_at", name_with(oids::kOrganization, asn1::Tag::kPrintableString, "a@b"),
       Quirk::kNamePrintableCharacters},
      {"bmp", name_with(oids::kOrganization, asn1::Tag::kBmpString, std::string_view("\x4E\x2D", 2)),
       Quirk::kNameLegacyString},
      {"gbk", name_with(oids::kOrganization, asn1::Tag::kUtf8String, "\xD6\xD0\xB9\xFA"),
       Quirk::kNameInvalidUtf8},
      {"not_a_string", name_with(oids::kOrganization, asn1::Tag::kInteger, "1"), Quirk::kNameOddValue},
      {"set_order",
       with([](Raw& r) { r.subject = test::hex("30183116300A0603550404130379797930080603550403130178"); }),
       Quirk::kNameSetOrder},
      {"empty_rdn", with([](Raw& r) { r.subject = test::hex("30023100"); }), {}, "name.empty_rdn"},
      {"dns_blank",
       with_extension("30130603551D11040C300A820867"
                      "6D20746573742E"),
       Quirk::kDnsNameCharacters},
      {"dns_utf8", with_extension("30100603551D1104093007820556E4B8ADE6"), Quirk::kGeneralNameNotAscii},
      {"san_empty", with_extension("30090603551D1104023000"), {}, "ext.empty_list"},
      {"ip_5", with_extension("30100603551D110409300787050102030405"), {}, "ext.ip_address"},
  };
}

class Oddities : public testing::TestWithParam<Oddity> {};

TEST_P(Oddities, IsAQuirkOrRefused) {
  const auto certificate = Certificate::parse(GetParam().der);
  if (!GetParam().quirk) {
    ASSERT_FALSE(certificate);
    EXPECT_EQ(certificate.error().reason, GetParam().refused) << certificate.error().detail;
    return;
  }
  const Quirk quirk = *GetParam().quirk;
  ASSERT_TRUE(certificate) << certificate.error().reason << ": " << certificate.error().detail;
  EXPECT_TRUE(certificate->quirks().contains(quirk));
  EXPECT_TRUE(certificate->is_signed_by(test_objects::root_signer().public_key()));
  const auto refused = Certificate::parse(GetParam().der, QuirkPolicy::standard().without(quirk));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, quirk_info(quirk).finding.code);
  EXPECT_EQ(refused.error().code, Errc::kMalformed);
}
INSTANTIATE_TEST_SUITE_P(CertificatesSheet, Oddities, testing::ValuesIn(oddities()),
                         [](const auto& oddity) { return std::string(oddity.param.name); });

TEST(Certificate, UnmodifiedRawFormHasNoQuirk) {
  const auto certificate = Certificate::parse(Raw().der());
  ASSERT_TRUE(certificate) << certificate.error().detail;
  EXPECT_TRUE(certificate->quirks().empty());
}

TEST(Certificate, SignatureWithUnusedBitsIsNoSignature) {
  Bytes der = test_objects::chain_der("signing");
  const auto good = Certificate::parse(der);
  der[der.size() - good->signature().size() - 1] = 4;
  const auto certificate = Certificate::parse(der);
  ASSERT_TRUE(certificate) << certificate.error().detail;
  EXPECT_TRUE(certificate->quirks().contains(Quirk::kSignatureUnusedBits));
  EXPECT_TRUE(certificate->signature().empty());
  EXPECT_FALSE(certificate->is_signed_by(test_objects::root_signer().public_key()));
  const auto refused = Certificate::parse(der, QuirkPolicy::standard().without(Quirk::kSignatureUnusedBits));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "cert.signature_unused_bits");
}

TEST(Certificate, StrictPolicyRefusesEveryQuirk) {
  for (const Oddity& oddity : oddities()) {
    EXPECT_FALSE(Certificate::parse(oddity.der, QuirkPolicy::strict())) << oddity.name;
  }
}

TEST(Certificate, MaskedKeyUsageBitsCount) {
  const auto certificate = Certificate::parse(with_extension("300E0603551D0F0101FF0404030200C0")).value();
  EXPECT_EQ(certificate.extensions().key_usage->bits, 0x03);
  const auto masked = Certificate::parse(with_extension("300E0603551D0F0101FF0404030207C0")).value();
  EXPECT_EQ(masked.extensions().key_usage->bits, 0x01);
}

TEST(Certificate, UnknownCriticalExtensionIsSeen) {
  const auto certificate = Certificate::parse(with_extension("300C06032A03040101FF04020500")).value();
  const auto& all = certificate.extensions().all;
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].critical);
  EXPECT_FALSE(is_recognised_extension(all[0].oid));
  EXPECT_TRUE(is_recognised_extension(oids::kKeyUsage));
  EXPECT_TRUE(is_recognised_extension(oids::kIdentityCode));
  EXPECT_FALSE(is_recognised_extension(asn1::Oid("1.2.86.11.7.1")));
}

TEST(Certificate, UnknownKeyDoesNotStopParsing) {
  const auto certificate = Certificate::parse(with([](Raw& r) {
    r.spki =
        test::hex("302A300506032B6570032100D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A");
  }));
  ASSERT_TRUE(certificate);
  ASSERT_FALSE(certificate->public_key());
  EXPECT_EQ(certificate->public_key().error().code, Errc::kPolicy);
  EXPECT_FALSE(certificate->is_self_signed());
}

TEST(Certificate, MalformedExtensionCanBeShownWhenAllowed) {
  const auto certificate =
      Certificate::parse(with_extension("300C0603551D0F0101FF04020500"), QuirkPolicy::everything());
  ASSERT_TRUE(certificate);
  EXPECT_FALSE(certificate->extensions().key_usage);
  EXPECT_EQ(certificate->extensions().malformed, std::vector<asn1::Oid>{oids::kKeyUsage});
}

TEST(Certificate, EveryTruncationIsRefused) {
  const Bytes der = test_objects::chain_der("signing");
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(Certificate::parse(ByteView(der).first(size))) << size;
  }
}

TEST(Certificate, EveryChangedOctetIsReadOrRefusedWithoutHarm) {
  const Bytes good = test_objects::chain_der("signing");
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int change : {0x01, 0x80, 0xFF}) {
      Bytes der = good;
      der[i] = static_cast<std::uint8_t>(der[i] ^ change);
      if (const auto certificate = Certificate::parse(der); certificate) {
        EXPECT_TRUE(equal(certificate->der(), der));
        static_cast<void>(certificate->subject().to_string());
        static_cast<void>(certificate->public_key().has_value());
      } else {
        EXPECT_FALSE(certificate.error().reason.empty());
      }
    }
  }
}

TEST(Certificate, HostileSizesEndInLimits) {
  EXPECT_EQ(Certificate::parse(Bytes(Certificate::kMostOctets + 1, 0x30)).error().reason, "cert.too_large");
  Bytes nested;
  for (int i = 0; i < 100'000; ++i) {
    append(nested, test::hex("3080"));
  }
  EXPECT_FALSE(Certificate::parse(nested));
  Bytes many;
  for (int i = 0; i < 1'001; ++i) {
    Writer extension;
    extension.sequence([i](Writer& fields) {
      fields.oid(asn1::Oid::parse("1.2.3." + std::to_string(i)).value());
      fields.octet_string(test::hex("0500"));
    });
    append(many, extension.view());
  }
  EXPECT_EQ(Certificate::parse(with([&](Raw& r) { r.extensions = many; })).error().reason, "ext.too_many");
}

TEST(Certificate, CopiesShareTheBody) {
  std::optional<Certificate> first = test_objects::chain_certificate("root");
  const Certificate copy = *first;
  const std::uint8_t* data = first->der().data();
  first.reset();
  EXPECT_EQ(copy.der().data(), data);
  EXPECT_EQ(copy.subject().display(), "Test SM2 Root");
}

}  // namespace
}  // namespace hutong::x509
