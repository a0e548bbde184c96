#include "x509/name_constraint_check.h"

#include <gtest/gtest.h>

#include <string_view>

#include "asn1/oids.h"
#include "tests/support/support.h"

namespace hutong::x509 {
namespace {

using Problem = NameProblem::Kind;
constexpr std::uint64_t kPlenty = 1'000'000;

GeneralName text_name(GeneralNameKind kind, std::string_view text) {
  GeneralName name;
  name.kind = kind;
  name.value = as_bytes(text);
  return name;
}

struct Case {
  GeneralNameKind kind;
  std::string_view base;
  std::string_view name;
  bool within;
};

class Subtrees : public testing::TestWithParam<Case> {};
TEST_P(Subtrees, PermitAndExclude) {
  const Case& test = GetParam();
  const std::vector<GeneralName> names = {text_name(test.kind, test.name)};
  const NameConstraints permitted{{{text_name(test.kind, test.base), 0, {}}}, {}};
  const NameConstraints excluded{{}, {{text_name(test.kind, test.base), 0, {}}}};
  NameConstraintCheck permitting(kPlenty);
  NameConstraintCheck excluding(kPlenty);
  ASSERT_FALSE(permitting.add(permitted));
  ASSERT_FALSE(excluding.add(excluded));
  const auto not_permitted = permitting.check(Name(), names);
  const auto is_excluded = excluding.check(Name(), names);
  EXPECT_EQ(not_permitted.has_value(), !test.within);
  EXPECT_EQ(is_excluded.has_value(), test.within);
}
INSTANTIATE_TEST_SUITE_P(
    Rfc5280, Subtrees,
    testing::Values(Case{GeneralNameKind::kDnsName, "example.cn", "example.cn", true},
                    Case{GeneralNameKind::kDnsName, "example.cn", "A.Example.CN", true},
                    Case{GeneralNameKind::kDnsName, "example.cn", "badexample.cn", false},
                    Case{GeneralNameKind::kDnsName, "", "example.cn", true},
                    Case{GeneralNameKind::kRfc822Name, "example.cn", "li@example.cn", true},
                    Case{GeneralNameKind::kRfc822Name, "example.cn", "li@a.example.cn", false},
                    Case{GeneralNameKind::kRfc822Name, ".example.cn", "li@a.example.cn", true},
                    Case{GeneralNameKind::kRfc822Name, ".example.cn", "li@example.cn", false},
                    Case{GeneralNameKind::kRfc822Name, "li@example.cn", "li@EXAMPLE.cn", true},
                    Case{GeneralNameKind::kRfc822Name, "li@example.cn", "Li@example.cn", false},
                    Case{GeneralNameKind::kUri, "example.cn", "http://u@example.cn:80/x?y#z", true},
                    Case{GeneralNameKind::kUri, ".example.cn", "ldap://a.example.cn", true},
                    Case{GeneralNameKind::kUri, ".example.cn", "ldap://example.cn", false},
                    Case{GeneralNameKind::kIpAddress, std::string_view("\x0A\0\0\0\xFF\0\0\0", 8),
                         std::string_view("\x0A\x01\x02\x03", 4), true},
                    Case{GeneralNameKind::kIpAddress, std::string_view("\x0A\0\0\0\xFF\0\0\0", 8),
                         std::string_view("\x0B\x01\x02\x03", 4), false}));

std::optional<NameProblem> check_one(const NameConstraints& constraints, const GeneralName& name) {
  NameConstraintCheck check(kPlenty);
  EXPECT_FALSE(check.add(constraints));
  return check.check(Name(), std::vector{name});
}

TEST(NameConstraintCheck, AWildcardIsExcludedWhenOneOfItsHostsIs) {
  const NameConstraints excluded{{}, {{text_name(GeneralNameKind::kDnsName, "a.example.cn"), 0, {}}}};
  EXPECT_TRUE(check_one(excluded, text_name(GeneralNameKind::kDnsName, "*.example.cn")));
  const NameConstraints permitted{{{text_name(GeneralNameKind::kDnsName, "a.example.cn"), 0, {}}}, {}};
  EXPECT_TRUE(check_one(permitted, text_name(GeneralNameKind::kDnsName, "*.example.cn")));
  EXPECT_FALSE(check_one(permitted, text_name(GeneralNameKind::kDnsName, "*.a.example.cn")));
}

TEST(NameConstraintCheck, DirectoryNamesMatchByPrefix) {
  const Name base =
      NameBuilder().add(asn1::oids::kCountry, "CN").add(asn1::oids::kOrganization, "甲").build();
  const Name inside = NameBuilder()
                          .add(asn1::oids::kCountry, "cn")
                          .add(asn1::oids::kOrganization, "甲")
                          .add(asn1::oids::kCommonName, "x")
                          .build();
  GeneralName subtree;
  subtree.kind = GeneralNameKind::kDirectoryName;
  subtree.directory = base;
  const NameConstraints permitted{{{subtree, 0, {}}}, {}};
  NameConstraintCheck check(kPlenty);
  ASSERT_FALSE(check.add(permitted));
  EXPECT_FALSE(check.check(inside, {}));
  const Name outside =
      NameBuilder().add(asn1::oids::kCountry, "CN").add(asn1::oids::kOrganization, "乙").build();
  const auto problem = check.check(outside, {});
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->kind, Problem::kNotPermitted);
}

TEST(NameConstraintCheck, TheSubjectsMailboxCountsWithoutAlternativeName) {
  const Name subject = NameBuilder().add(asn1::oids::kEmailAddress, "li@elsewhere.cn").build();
  const NameConstraints permitted{{{text_name(GeneralNameKind::kRfc822Name, "example.cn"), 0, {}}}, {}};
  NameConstraintCheck check(kPlenty);
  ASSERT_FALSE(check.add(permitted));
  EXPECT_TRUE(check.check(subject, {}));
  EXPECT_FALSE(check.check(subject, std::vector{text_name(GeneralNameKind::kRfc822Name, "li@example.cn")}));
}

TEST(NameConstraintCheck, RefusesWhatItCannotCompare) {
  const NameConstraints other{{}, {{text_name(GeneralNameKind::kOtherName, "x"), 0, {}}}};
  const auto unsupported = check_one(other, text_name(GeneralNameKind::kOtherName, "y"));
  ASSERT_TRUE(unsupported);
  EXPECT_EQ(unsupported->kind, Problem::kUnsupportedForm);
  const NameConstraints dns{{}, {{text_name(GeneralNameKind::kDnsName, "example.cn"), 0, {}}}};
  const auto malformed = check_one(dns, text_name(GeneralNameKind::kDnsName, ".other.cn"));
  ASSERT_TRUE(malformed);
  EXPECT_EQ(malformed->kind, Problem::kMalformedName);
}

TEST(NameConstraintCheck, RefusesMalformedConstraints) {
  const auto problem_of = [](GeneralNameKind kind, std::string_view base) {
    static std::vector<NameConstraints> kept;
    kept.push_back({{{text_name(kind, base), 0, {}}}, {}});
    NameConstraintCheck check(kPlenty);
    const auto problem = check.add(kept.back());
    return problem && problem->kind == Problem::kMalformedConstraint;
  };
  EXPECT_TRUE(problem_of(GeneralNameKind::kDnsName, "*.example.cn"));
  EXPECT_TRUE(problem_of(GeneralNameKind::kDnsName, ".example.cn"));
  EXPECT_TRUE(problem_of(GeneralNameKind::kRfc822Name, "a@b@example.cn"));
  EXPECT_TRUE(problem_of(GeneralNameKind::kIpAddress, std::string_view("\x0A\0\0\0", 4)));
  EXPECT_TRUE(problem_of(GeneralNameKind::kIpAddress, std::string_view("\x0A\0\0\0\xFF\0\xFF\0", 8)));
}

TEST(NameConstraintCheck, CountsComparisons) {
  NameConstraints many;
  for (int i = 0; i < 100; ++i) {
    many.permitted.push_back({text_name(GeneralNameKind::kDnsName, "example.cn"), 0, {}});
  }
  NameConstraintCheck check(150);
  ASSERT_FALSE(check.add(many));
  const GeneralName outside = text_name(GeneralNameKind::kDnsName, "example.org");
  EXPECT_EQ(check.check(Name(), std::vector{outside})->kind, Problem::kNotPermitted);
  EXPECT_EQ(check.check(Name(), std::vector{outside})->kind, Problem::kBudget);
}

}  // namespace
}  // namespace hutong::x509
