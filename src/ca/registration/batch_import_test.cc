#include "ca/registration/batch_import.h"

#include <gtest/gtest.h>

#include "ca/registration/test_support.h"

namespace hutong::ca::registration::test {
namespace {

class BatchImport : public RegistrationTest {
 protected:
  Result<ImportReport> import(std::string_view csv, Take take) const {
    return import_orders(
        desk(),
        {.file = as_bytes(csv), .template_id = "organization-signing", .take = take, .entry = Entry::kSubmit},
        enterer_);
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, BatchImport, hutong::test::every_database(), hutong::test::database_name);

constexpr std::string_view kMixed =
    "名称,证件号码,角色,手机号码,备注\n"
    "演示机构甲,91350100M000100Y43,供应商,13800138000,\n"
    "演示机构乙,91350100M000100Y44,供应商,,\n"
    "\n"
    "演示机构丙,91350100M000100Y43,神仙,,\n"
    "演示机构丁,91350100M000100Y43,purchaser,x,\n"
    "演示机构甲,91350100M000100Y43,供应商,13800138000,\n";

TEST_P(BatchImport, ReportsOnEveryRowAndTakesNothingUnasked) {
  const auto report = must(import(kMixed, Take::kNothing));
  EXPECT_EQ(report.rows, 5U);
  EXPECT_EQ(report.good, 1U);
  ASSERT_EQ(report.findings.size(), 5U);
  EXPECT_EQ(report.findings[0].code, "import.column_unknown");
  EXPECT_EQ(report.findings[1].row, 3U);
  EXPECT_EQ(report.findings[1].column, "number");
  EXPECT_EQ(report.findings[1].code, "applicant.number");
  EXPECT_NE(report.findings[1].message_zh.find("校验位"), std::string::npos);
  EXPECT_EQ(report.findings[2].row, 5U);
  EXPECT_EQ(report.findings[2].column, "role");
  EXPECT_EQ(report.findings[3].column, "phone");
  EXPECT_EQ(report.findings[4].code, "import.row_repeated");
  EXPECT_EQ(count("orders"), 0);
}

TEST_P(BatchImport, TakesTheGoodRowsWhenAsked) {
  const auto report = must(import(kMixed, Take::kGoodRows));
  ASSERT_EQ(report.orders.size(), 1U);
  const auto order = must(desk().find(report.orders.front()));
  EXPECT_EQ(order.batch, report.batch);
  EXPECT_EQ(order.state, OrderState::kSubmitted);
  EXPECT_EQ(order.content.subject.attributes.at("O"), "演示机构甲");
}

TEST_P(BatchImport, AllOrNothing) {
  EXPECT_TRUE(must(import(kMixed, Take::kAllOrNothing)).orders.empty());
  EXPECT_EQ(must(import("name,number\n甲,91350100M000100Y43\n乙,91350100M000100Y43\n", Take::kAllOrNothing))
                .orders.size(),
            2U);
  EXPECT_EQ(count("orders"), 2);
}

TEST_P(BatchImport, AHeadingThatLacksAColumnIsRefused) {
  EXPECT_EQ(reason_of(import("名称\n甲\n", Take::kNothing)), "import.heading");
  EXPECT_EQ(reason_of(import("名称,证件号码,name\n", Take::kNothing)), "import.heading");
  EXPECT_EQ(reason_of(import("", Take::kNothing)), "import.heading");
}

}  // namespace
}  // namespace hutong::ca::registration::test
