#include "x509/mask_text.h"

#include <gtest/gtest.h>

namespace hutong::x509 {
namespace {

TEST(MaskMiddle, KeepsTheEnds) {
  EXPECT_EQ(mask_middle("11010519491231002X", 4, 4), "1101**********002X");
  EXPECT_EQ(mask_middle("12345678", 4, 4), "********") << "nothing would be hidden";
  EXPECT_EQ(mask_middle("123456789", 4, 4), "1234*6789");
  EXPECT_EQ(mask_middle("", 1, 0), "");
  EXPECT_EQ(mask_middle("E12345678", 1, 0), "E********");
}

TEST(MaskMiddle, CountsCharactersAndNotOctets) {
  EXPECT_EQ(count_characters("军字第1号"), 5U);
  EXPECT_EQ(mask_middle("军字第1号", 1, 1), "军***号");
  EXPECT_EQ(mask_middle("号", 1, 1), "*");
}

}  // namespace
}  // namespace hutong::x509
