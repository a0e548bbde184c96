#include "recognition/mask.h"

#include <gtest/gtest.h>

namespace hutong::recognition {
namespace {

TEST(Mask, KeepsBothEnds) {
  EXPECT_EQ(mask("11010519491231002X"), "110*************2X");
  EXPECT_EQ(mask("E12345678"), "E********");
  EXPECT_EQ(mask(""), "");
  EXPECT_EQ(mask("军字第123456789号"), "军字第********9号") << "characters, not octets";
  EXPECT_EQ(mask("军字第1号"), "军****");
}

TEST(Mask, FindsResidentNumbersInText) {
  EXPECT_EQ(mask_resident_numbers("CN=张三 11010519491231002X,C=CN"), "CN=张三 110*************2X,C=CN");
  EXPECT_EQ(mask_resident_numbers("11010519491231002x11010519491231002X"),
            "110*************2x110*************2X");
  EXPECT_EQ(mask_resident_numbers("110105194912310021"), "110105194912310021") << "wrong check digit";
  EXPECT_EQ(mask_resident_numbers("91150100MA0DEMX12"), "91150100MA0DEMX12");
}

TEST(Mask, FindsMobileNumbersThatStandAlone) {
  EXPECT_EQ(mask_personal_numbers("CN=张三 13812345678,C=CN"), "CN=张三 138******78,C=CN");
  EXPECT_EQ(mask_personal_numbers("13812345678"), "138******78");
  EXPECT_EQ(mask_personal_numbers("11010519491231002X 19912345678"), "110*************2X 199******78");
  for (const auto* other : {"123812345678", "138123456789", "12812345678", "A13812345678", "1381234567"}) {
    EXPECT_EQ(mask_personal_numbers(other), other);
  }
}

}  // namespace
}  // namespace hutong::recognition
