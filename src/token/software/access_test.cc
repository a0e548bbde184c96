#include "token/software/provisioning.h"
#include "token/software/test_token.h"

namespace hutong::token::test {
namespace {

using AccessControl = TokenTest;

struct PinState {
  ULONG most;
  ULONG left;
  BOOL factory;
  friend bool operator==(const PinState&, const PinState&) = default;
};

PinState state_of(HAPPLICATION application, ULONG kind = USER_TYPE) {
  PinState state{};
  EXPECT_EQ(skf().SKF_GetPINInfo(application, kind, &state.most, &state.left, &state.factory), SAR_OK);
  return state;
}

TEST_F(AccessControl, ApplicationsNeedTheDeviceKey) {
  HAPPLICATION application = nullptr;
  const auto create = [&] {
    return skf().SKF_CreateApplication(device_, text("app"), text(kAdminPin), 3, text(kUserPin), 3,
                                       SECURE_USER_ACCOUNT, &application);
  };
  EXPECT_EQ(create(), SAR_DEVNOAUTH);
  EXPECT_EQ(skf().SKF_DeleteApplication(device_, text("app")), SAR_DEVNOAUTH);
  EXPECT_EQ(authenticate(Bytes(16, 0x11)), SAR_DEVNOAUTH);
  EXPECT_EQ(create(), SAR_DEVNOAUTH);
  authenticate();
  EXPECT_EQ(create(), SAR_OK);
  EXPECT_EQ(authenticate(Bytes(16, 0x11)), SAR_DEVNOAUTH);  // a wrong proof ends the right
  EXPECT_EQ(skf().SKF_DeleteApplication(device_, text("app")), SAR_DEVNOAUTH);
}

TEST_F(AccessControl, AChallengeIsGoodForOneAnswer) {
  authenticate();
  Bytes answer(16);
  EXPECT_EQ(skf().SKF_DevAuth(device_, answer.data(), 16), SAR_DEVNOAUTH);
  EXPECT_EQ(skf().SKF_DevAuth(device_, answer.data(), 8), SAR_INDATALENERR);
  EXPECT_EQ(skf().SKF_DevAuth(device_, nullptr, 16), SAR_INVALIDPARAMERR);
}

TEST_F(AccessControl, TheDeviceKeyCanBeChanged) {
  Bytes key(16, 0x42);
  EXPECT_EQ(skf().SKF_ChangeDevAuthKey(device_, key.data(), 16), SAR_DEVNOAUTH);
  authenticate();
  EXPECT_EQ(skf().SKF_ChangeDevAuthKey(device_, key.data(), 8), SAR_INDATALENERR);
  EXPECT_EQ(skf().SKF_ChangeDevAuthKey(device_, nullptr, 16), SAR_INVALIDPARAMERR);
  EXPECT_EQ(skf().SKF_ChangeDevAuthKey(device_, key.data(), 16), SAR_OK);
  EXPECT_EQ(authenticate(as_bytes(software::kFactoryDeviceKey)), SAR_DEVNOAUTH);
  EXPECT_EQ(authenticate(key), SAR_OK);
}

TEST_F(AccessControl, WrongPinsAreCountedAndLock) {
  authenticate();
  HAPPLICATION application = create_application();
  EXPECT_EQ(state_of(application), (PinState{3, 3, TRUE}));
  for (ULONG expected = 2; expected + 1 != 0; --expected) {
    ULONG left = 9;
    EXPECT_EQ(skf().SKF_VerifyPIN(application, USER_TYPE, text("87654321"), &left), SAR_PIN_INCORRECT);
    EXPECT_EQ(left, expected);
    EXPECT_EQ(state_of(application).left, expected);
  }
  EXPECT_EQ(log_in(application), SAR_PIN_LOCKED);
  EXPECT_EQ(state_of(application, ADMIN_TYPE).left, 3U);
}

TEST_F(AccessControl, TheRightPinGivesTheTriesBack) {
  authenticate();
  HAPPLICATION application = create_application();
  EXPECT_EQ(log_in(application, "87654321"), SAR_PIN_INCORRECT);
  EXPECT_EQ(log_in(application), SAR_OK);
  EXPECT_EQ(state_of(application).left, 3U);
}

TEST_F(AccessControl, PinsOutOfRangeAreNotCounted) {
  authenticate();
  HAPPLICATION application = create_application();
  EXPECT_EQ(log_in(application, "12345"), SAR_PIN_LEN_RANGE);
  EXPECT_EQ(log_in(application, "12345678901234567"), SAR_PIN_LEN_RANGE);
  EXPECT_EQ(log_in(application, std::string(5000, '1').c_str()), SAR_PIN_LEN_RANGE);
  EXPECT_EQ(log_in(application, nullptr), SAR_INVALIDPARAMERR);
  EXPECT_EQ(log_in(application, kUserPin, 2), SAR_USER_TYPE_INVALID);
  EXPECT_EQ(skf().SKF_VerifyPIN(application, USER_TYPE, text(kUserPin), nullptr), SAR_INVALIDPARAMERR);
  EXPECT_EQ(state_of(application).left, 3U);
}

TEST_F(AccessControl, AWrongPinTakesTheRightAway) {
  HAPPLICATION application = ready();
  HCONTAINER made = nullptr;
  EXPECT_EQ(log_in(application, "87654321"), SAR_PIN_INCORRECT);
  EXPECT_EQ(skf().SKF_CreateContainer(application, text("c1"), &made), SAR_USER_NOT_LOGGED_IN);
}

TEST_F(AccessControl, LoggingOutEndsTheRight) {
  HAPPLICATION application = ready();
  HCONTAINER made = container(application);
  ECCPUBLICKEYBLOB key{};
  EXPECT_EQ(skf().SKF_GenECCKeyPair(made, SGD_SM2_1, &key), SAR_OK);
  EXPECT_EQ(skf().SKF_ClearSecureState(application), SAR_OK);
  BYTE digest[32] = {};
  ECCSIGNATUREBLOB signature{};
  EXPECT_EQ(skf().SKF_ECCSignData(made, digest, 32, &signature), SAR_USER_NOT_LOGGED_IN);
  EXPECT_EQ(log_in(application, kAdminPin, ADMIN_TYPE), SAR_OK);  // the administrator does not sign
  EXPECT_EQ(skf().SKF_ECCSignData(made, digest, 32, &signature), SAR_USER_NOT_LOGGED_IN);
}

TEST_F(AccessControl, ClosingDoesNotLogOut) {
  HAPPLICATION application = ready();
  ASSERT_EQ(skf().SKF_CloseApplication(application), SAR_OK);
  EXPECT_EQ(skf().SKF_CloseApplication(application), SAR_INVALIDHANDLEERR);
  ASSERT_EQ(skf().SKF_OpenApplication(device_, text("app"), &application), SAR_OK);
  EXPECT_NE(container(application), nullptr);
}

TEST_F(AccessControl, ChangingAPinKeepsTheKeys) {
  HAPPLICATION application = ready();
  HCONTAINER pair = container(application);
  ECCPUBLICKEYBLOB key{};
  ASSERT_EQ(skf().SKF_GenECCKeyPair(pair, SGD_SM2_1, &key), SAR_OK);
  ULONG left = 9;
  const auto change = [&](const char* from, const char* to) {
    return skf().SKF_ChangePIN(application, USER_TYPE, text(from), text(to), &left);
  };
  EXPECT_EQ(change("87654321", "new-pin"), SAR_PIN_INCORRECT);
  EXPECT_EQ(left, 2U);
  EXPECT_EQ(change(kUserPin, "short"), SAR_PIN_LEN_RANGE);
  EXPECT_EQ(change(kUserPin, "new-pin"), SAR_OK);
  EXPECT_EQ(state_of(application), (PinState{3, 3, FALSE}));
  EXPECT_EQ(log_in(application), SAR_PIN_INCORRECT);
  EXPECT_EQ(log_in(application, "new-pin"), SAR_OK);
  BYTE digest[32] = {1};
  ECCSIGNATUREBLOB signature{};
  EXPECT_EQ(skf().SKF_ECCSignData(pair, digest, 32, &signature), SAR_OK);
  EXPECT_EQ(skf().SKF_ECCVerify(device_, &key, digest, 32, &signature), SAR_OK);
}

TEST_F(AccessControl, TheAdministratorUnblocksAndNothingIsLost) {
  HAPPLICATION application = ready();
  HCONTAINER pair = container(application);
  ECCPUBLICKEYBLOB key{};
  ASSERT_EQ(skf().SKF_GenECCKeyPair(pair, SGD_SM2_1, &key), SAR_OK);
  while (log_in(application, "87654321") != SAR_PIN_LOCKED) {
  }
  ULONG left = 9;
  EXPECT_EQ(skf().SKF_UnblockPIN(application, text("not admin"), text("new-pin"), &left), SAR_PIN_INCORRECT);
  EXPECT_EQ(left, 2U);
  EXPECT_EQ(log_in(application), SAR_PIN_LOCKED);
  EXPECT_EQ(skf().SKF_UnblockPIN(application, text(kAdminPin), text("short"), &left), SAR_PIN_LEN_RANGE);
  EXPECT_EQ(skf().SKF_UnblockPIN(application, text(kAdminPin), text("new-pin"), &left), SAR_OK);
  EXPECT_EQ(log_in(application, "new-pin"), SAR_OK);
  BYTE digest[32] = {1};
  ECCSIGNATUREBLOB signature{};
  EXPECT_EQ(skf().SKF_ECCSignData(pair, digest, 32, &signature), SAR_OK);
}

TEST_F(AccessControl, TheAdministratorCanBeLockedOutToo) {
  authenticate();
  HAPPLICATION application = create_application();
  ULONG left = 9;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(skf().SKF_UnblockPIN(application, text("not admin"), text("new-pin"), &left),
              SAR_PIN_INCORRECT);
  }
  EXPECT_EQ(skf().SKF_UnblockPIN(application, text(kAdminPin), text("new-pin"), &left), SAR_PIN_LOCKED);
  EXPECT_EQ(log_in(application), SAR_OK);
}

TEST_F(AccessControl, ApplicationsHavePinsOfTheirOwn) {
  authenticate();
  HAPPLICATION first = create_application("first");
  HAPPLICATION second = create_application("second");
  EXPECT_EQ(log_in(first), SAR_OK);
  HCONTAINER made = nullptr;
  EXPECT_EQ(skf().SKF_CreateContainer(second, text("c1"), &made), SAR_USER_NOT_LOGGED_IN);
  EXPECT_EQ(skf().SKF_CreateContainer(first, text("c1"), &made), SAR_OK);
}

}  // namespace
}  // namespace hutong::token::test
