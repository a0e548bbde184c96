#include "token/skf.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/encoding.h"
#include "token/skf_text.h"

namespace hutong::token {
namespace {

#define NAME_OF(name, parameters) #name,
const std::set<std::string> kStandard = {HUTONG_SKF_FUNCTIONS(NAME_OF)};
const std::set<std::string> kExtensions = {HUTONG_SKF_EXTENSIONS(NAME_OF)};
#undef NAME_OF

TEST(SkfInterface, EveryFunctionOfTheNormOnce) {
  EXPECT_EQ(kStandard.size(), 11U + 7 + 5 + 6 + 8 + 34);  // clauses 7.1 to 7.6
  EXPECT_EQ(kExtensions.size(), 7U);
  EXPECT_TRUE(kStandard.contains("SKF_DisConnectDev"));
  EXPECT_TRUE(kExtensions.contains("SKF_SetSymmKey"));
  for (const auto& name : kExtensions) {
    EXPECT_FALSE(kStandard.contains(name)) << name;
  }
}

ULONG DEVAPI example(HANDLE /*key*/, BLOCKCIPHERPARAM parameters) { return parameters.IVLen; }

TEST(SkfInterface, FunctionTypesTakeTheParametersOfTheNorm) {
  const SKF_EncryptInitFunction function = &example;
  BLOCKCIPHERPARAM parameters{};
  parameters.IVLen = 16;
  EXPECT_EQ(function(nullptr, parameters), 16U);
}

TEST(SkfInterface, StructuresHaveTheSizesOfRealTokens) {
  EXPECT_EQ(sizeof(DEVINFO), 294U);  // two tokens on the market
  EXPECT_EQ(offsetof(ENVELOPEDKEYBLOB, ECCCipherBlob) + offsetof(ECCCIPHERBLOB, Cipher) + 16, 388U);
}

TEST(SkfText, EveryResultHasNameAndTexts) {
  EXPECT_EQ(skf_results().size(), 0x3BU + 1);
  std::set<std::string_view> names;
  for (const auto& result : skf_results()) {
    EXPECT_EQ(find_skf_result(result.code), &result);
    EXPECT_TRUE(result.name.starts_with("SAR_"));
    EXPECT_TRUE(is_utf8(result.chinese) && !result.chinese.empty()) << result.name;
    EXPECT_FALSE(result.english.empty()) << result.name;
    names.insert(result.name);
  }
  EXPECT_EQ(names.size(), skf_results().size());
}

TEST(SkfText, LabelsNameTheCodeAndTheNumber) {
  EXPECT_EQ(skf_result_label(SAR_PIN_INCORRECT), "SAR_PIN_INCORRECT (0x0A000024)");
  EXPECT_EQ(skf_result_label(SAR_OK), "SAR_OK (0x00000000)");
  EXPECT_EQ(skf_result_label(0x0B000033), "0x0B000033");
  EXPECT_EQ(find_skf_result(0x0A00003C), nullptr);
  EXPECT_EQ(find_skf_result(1), nullptr);
}

}  // namespace
}  // namespace hutong::token
