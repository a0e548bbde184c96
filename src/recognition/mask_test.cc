#include "recognition/mask.h"

#include <gtest/gtest.h>

namespace hutong::recognition {
namespace {

TEST(Mask, KeepsBothEnds) {
  EXPECT_EQ(mask("11010519491231002X"), "110*************2X");
  EXPECT_EQ(mask("E12345678"), "E********");
  EXPECT_EQ(mask(""), "");
}

TEST(Mask, FindsResidentNumbersInText) {
  EXPECT_EQ(mask_resident_numbers("CN=张三 11010519491231002X,C=CN"), "CN=张三 110*************2X,C=CN");
  EXPECT_EQ(mask_resident_numbers("11010519491231002x11010519491231002X"),
            "110*************2x110*************2X");
  EXPECT_EQ(mask_resident_numbers("110105194912310021"), "110105194912310021") << "wrong check digit";
  EXPECT_EQ(mask_resident_numbers("91150100MA0DEMX12"), "91150100MA0DEMX12");
}

}  // namespace
}  // namespace hutong::recognition
