#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "tests/support/program.h"
#include "token/skf.h"

namespace hutong::token::test {
namespace {

#define HUTONG_SKF_NAME(name, parameters) #name,
const std::set<std::string> kFunctions = {HUTONG_SKF_FUNCTIONS(HUTONG_SKF_NAME)
                                              HUTONG_SKF_EXTENSIONS(HUTONG_SKF_NAME)};
#undef HUTONG_SKF_NAME

TEST(Library, ExportsTheFunctionsOfTheInterfaceOnly) {
  const auto symbols =
      hutong::test::program("nm", {.arguments = {"-D", "--defined-only", HUTONG_SKF_LIBRARY}});
  ASSERT_EQ(symbols.exit, 0) << symbols.err;
  std::istringstream lines(symbols.out);
  std::set<std::string> exported;
  for (std::string address, type, name; lines >> address >> type >> name;) {
    exported.insert(name);
  }
  EXPECT_EQ(exported, kFunctions);
}

TEST(Library, BringsNothingAlongThatMayClash) {
  const auto needed = hutong::test::program("readelf", {.arguments = {"-d", HUTONG_SKF_LIBRARY}});
  ASSERT_EQ(needed.exit, 0) << needed.err;
  EXPECT_NE(needed.out.find("libc.so"), std::string::npos);
  EXPECT_EQ(needed.out.find("libcrypto"), std::string::npos) << needed.out;
  EXPECT_EQ(needed.out.find("tomlplusplus"), std::string::npos) << needed.out;
}

}  // namespace
}  // namespace hutong::token::test
