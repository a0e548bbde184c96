#include "platform/subjects/subject.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string_view>

#include "asn1/oids.h"
#include "platform/subjects/region.h"
#include "tests/tools/test_ca.h"
#include "x509/extension_builder.h"

namespace hutong::platform {
namespace {

namespace oids = asn1::oids;
using x509::extension::identity;

constexpr std::string_view kCompany = "91350100M000100Y43";
constexpr std::string_view kOtherCompany = "91150100MA0N3W1E2X";
constexpr std::string_view kCitizen = "11010519491231002X";

x509::Certificate certificate_with(std::vector<x509::ExtensionValue> extensions,
                                   std::string_view name = "C=CN,O=某公司,CN=某公司业务章") {
  static const hutong::test::Party issuer("Subject CA");
  hutong::test::Party holder("holder");
  holder.name = *x509::Name::from_string(name);
  return hutong::test::issue(issuer, holder, {.extensions = std::move(extensions)});
}

std::string said(const Result<Identified>& who) {
  return who ? std::string(to_string(who->number.kind)) + " " + who->number.number + " " + who->name
             : std::string(who.error().reason);
}

TEST(Subject, IsWhoTheCertificateSays) {
  EXPECT_EQ(said(identify(certificate_with({identity(oids::kOrganizationCode, kCompany)}))),
            "organisation 91350100M000100Y43 某公司");
  EXPECT_EQ(said(identify(certificate_with({identity(oids::kTaxationNumber, kCompany)}))),
            "organisation 91350100M000100Y43 某公司");
  EXPECT_EQ(said(identify(certificate_with({identity(oids::kIdentityCode, kCitizen)}, "C=CN,CN=张三"))),
            "person 11010519491231002X 张三");
}

TEST(Subject, IsTheOrganisationAlsoWhenAPersonOfItIsNamed) {
  EXPECT_EQ(said(identify(certificate_with(
                {identity(oids::kIdentityCode, kCitizen), identity(oids::kOrganizationCode, kCompany)}))),
            "organisation 91350100M000100Y43 某公司");
}

TEST(Subject, StandsInTheNameWhereNoExtensionSaysIt) {
  EXPECT_EQ(said(identify(certificate_with({}, "C=CN,O=某公司,serialNumber=91350100M000100Y43"))),
            "organisation 91350100M000100Y43 某公司");
}

TEST(Subject, IsNobodyWithoutANumberThatHolds) {
  EXPECT_EQ(said(identify(certificate_with({}))), "subject.unidentified");
  EXPECT_EQ(said(identify(certificate_with({identity(oids::kOrganizationCode, "91350100M000100Y44")}))),
            "subject.unidentified");
  EXPECT_EQ(said(identify(certificate_with({identity(oids::kIdentityCode, "110105194912310021")}))),
            "subject.unidentified");
}

TEST(Subject, NumbersHaveCheckDigits) {
  EXPECT_TRUE(read_subject_number(SubjectKind::kOrganisation, kCompany));
  EXPECT_TRUE(read_subject_number(SubjectKind::kPerson, kCitizen));
  for (const auto* text : {"", "91350100M000100Y44", "91350100m000100y43", "91350100M000100Y431", "912"}) {
    EXPECT_EQ(read_subject_number(SubjectKind::kOrganisation, text).error().reason, "subject.number") << text;
  }
  EXPECT_EQ(read_subject_number(SubjectKind::kPerson, kCompany).error().reason, "subject.number");
}

TEST(Subject, RolesGoByKind) {
  EXPECT_TRUE(may_have(SubjectKind::kOrganisation, SubjectRole::kPurchaser));
  EXPECT_FALSE(may_have(SubjectKind::kOrganisation, SubjectRole::kExpert));
  EXPECT_TRUE(may_have(SubjectKind::kPerson, SubjectRole::kExpert));
  EXPECT_FALSE(may_have(SubjectKind::kPerson, SubjectRole::kSupplier));
}

constexpr std::array<std::string_view, 5> kKindsZh{"区", "县", "旗", "盟", "自治区"};
constexpr std::array<std::string_view, 5> kKindsEn{"District", "County", "Banner", "League",
                                                   "Autonomous Region"};
/// Which of these words the name ends with, the last of them; cities end with none in English.
std::size_t kind_of(std::string_view name, std::span<const std::string_view> words) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    found = name.ends_with(words[i]) ? i + 1 : found;
  }
  return found;
}

TEST(Region, HasTwelveLeaguesAndAHundredAndThreeBanners) {
  const auto all = regions();
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Region::code));
  EXPECT_EQ(all.size(), 1U + 12U + 103U);
  EXPECT_EQ(std::ranges::count_if(all, [](const Region& one) { return one.code.ends_with("00"); }), 1 + 12);
  std::set<std::string_view> names;
  for (const Region& region : all) {
    EXPECT_TRUE(region.code.size() == 6 && region.code.starts_with("15")) << region.code;
    EXPECT_TRUE(names.insert(region.name_zh).second) << region.name_zh;
    EXPECT_TRUE(names.insert(region.name_en).second) << region.name_en;
    EXPECT_EQ(kind_of(region.name_zh, kKindsZh), kind_of(region.name_en, kKindsEn)) << region.name_en;
    EXPECT_NE(find_region(std::string(region.code.substr(0, 4)) + "00"), nullptr) << region.code;
  }
  ASSERT_NE(find_region("152501"), nullptr);
  EXPECT_EQ(find_region("152501")->name_zh, "二连浩特市");
  EXPECT_EQ(find_region("152501")->name_en, "Erenhot");
  EXPECT_EQ(find_region("152921")->name_en, "Alxa Left Banner");
  EXPECT_EQ(find_region("110000"), nullptr);
  EXPECT_EQ(find_region(""), nullptr);
  EXPECT_TRUE(is_part_of_region("150100"));
  EXPECT_FALSE(is_part_of_region(kWholeRegion));
  EXPECT_FALSE(is_part_of_region("159900"));
  for (const auto& [code, whole, is_within] :
       {std::tuple("150102", "150100", true), std::tuple("150100", "150100", true),
        std::tuple("150102", "150102", true), std::tuple("150103", "150102", false),
        std::tuple("150100", "150102", false), std::tuple("150200", "150100", false),
        std::tuple("150102", "150000", true), std::tuple("", "150100", false)}) {
    EXPECT_EQ(lies_within(code, whole), is_within) << code << " within " << whole;
  }
}

}  // namespace
}  // namespace hutong::platform
