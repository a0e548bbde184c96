#include "token/software/test_token.h"

namespace hutong::token::test {
namespace {

/// A device made and opened by the sound library, beside a library whose self tests fail.
class Refusal : public TokenTest {
 protected:
  const SkfLibrary broken_{std::string(HUTONG_BROKEN_FOLDER) + "/hutong-skf.so"};
};

TEST_F(Refusal, TheTokenOpensNoDeviceWhenTheSelfTestsFail) {
  const auto names =
      names_of([this](LPSTR list, ULONG* size) { return broken_.SKF_EnumDev(TRUE, list, size); });
  EXPECT_EQ(names, std::vector<std::string>{"one"});  // it reads the same folder
  for (int i = 0; i < 2; ++i) {
    DEVHANDLE device = nullptr;
    EXPECT_EQ(broken_.SKF_ConnectDev(text("one"), &device), SAR_FAIL);
    EXPECT_EQ(device, nullptr);
  }
}

/// Everything else asks for a handle that nobody can have.
TEST_F(Refusal, TheTokenComputesNothing) {
  BYTE octets[16] = {};
  EXPECT_EQ(broken_.SKF_GenRandom(device_, octets, sizeof octets), SAR_INVALIDHANDLEERR);
  HANDLE hash = nullptr;
  EXPECT_EQ(broken_.SKF_DigestInit(device_, SGD_SM3, nullptr, nullptr, 0, &hash), SAR_INVALIDHANDLEERR);
  EXPECT_EQ(hash, nullptr);
}

}  // namespace
}  // namespace hutong::token::test
