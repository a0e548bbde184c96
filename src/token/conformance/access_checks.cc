#include "token/conformance/bench.h"

/// Clause 7.2: PINs and rights.
namespace hutong::token::conformance {
namespace {

ULONG verify(Bench& bench, HAPPLICATION application, const char* pin, ULONG kind = USER_TYPE) {
  Number left;
  return HUTONG_SKF_CALL(bench, SKF_VerifyPIN, application, kind, text(pin), left.out());
}

/// A digest signed with the key of the container, or why not.
ULONG sign_something(Bench& bench, HCONTAINER container) {
  BYTE digest[32] = {1};
  ECCSIGNATUREBLOB signature{};
  return HUTONG_SKF_CALL(bench, SKF_ECCSignData, container, digest, 32U, &signature);
}

void device_authentication(Bench& bench) {
  DEVHANDLE device = bench.connect();
  HAPPLICATION application = nullptr;
  const auto create = [&] {
    return HUTONG_SKF_CALL(bench, SKF_CreateApplication, device, text("HUTONG-NO"), text(kTrialAdminPin),
                           kTrialTries, text(kTrialUserPin), kTrialTries, SECURE_USER_ACCOUNT, &application);
  };
  bench.expect(create() != SAR_OK, "SKF_CreateApplication works without SKF_DevAuth");
  bench.expect(bench.prove_device(device, Bytes(16, 0x5A)) != SAR_OK, "SKF_DevAuth takes a wrong answer");
  bench.expect(create() != SAR_OK, "SKF_CreateApplication works after a wrong SKF_DevAuth");
  bench.authenticate(device);
}

void pin_counter(Bench& bench) {
  HAPPLICATION application = bench.new_application(bench.connect());
  bench.expect(bench.tries_left(application) == kTrialTries,
               "SKF_GetPINInfo: a new PIN does not have all its tries");
  Number left(99);
  bench.expect("SKF_VerifyPIN with a wrong PIN",
               HUTONG_SKF_CALL(bench, SKF_VerifyPIN, application, USER_TYPE, text(kWrongPin), left.out()),
               {SAR_PIN_INCORRECT});
  bench.expect(left.value() == kTrialTries - 1, "SKF_VerifyPIN: a wrong PIN leaves " +
                                                    std::to_string(left.value()) + " tries of " +
                                                    std::to_string(kTrialTries));
  bench.expect(bench.tries_left(application) == kTrialTries - 1,
               "SKF_GetPINInfo does not count the wrong PIN");
  bench.require("SKF_VerifyPIN", verify(bench, application, kTrialUserPin));
  bench.expect(bench.tries_left(application) == kTrialTries, "the right PIN does not give the tries back");
}

void pin_locks(Bench& bench) {
  HAPPLICATION application = bench.new_application(bench.connect());
  for (ULONG i = 0; i < kTrialTries; ++i) {
    bench.expect("SKF_VerifyPIN with a wrong PIN", verify(bench, application, kWrongPin),
                 {SAR_PIN_INCORRECT, SAR_PIN_LOCKED});
  }
  bench.expect("SKF_VerifyPIN with the right PIN after too many wrong ones",
               verify(bench, application, kTrialUserPin), {SAR_PIN_LOCKED});
}

void pin_unblocks(Bench& bench) {
  DEVHANDLE device = bench.connect();
  HAPPLICATION application = bench.ready_application(device);
  HCONTAINER container = bench.new_container(application);
  bench.new_key(container);
  for (ULONG i = 0; i < kTrialTries; ++i) {
    verify(bench, application, kWrongPin);
  }
  Number left;
  bench.expect(
      "SKF_UnblockPIN with a wrong PIN",
      HUTONG_SKF_CALL(bench, SKF_UnblockPIN, application, text(kWrongPin), text("another-pin"), left.out()),
      {SAR_PIN_INCORRECT});
  bench.require("SKF_UnblockPIN", HUTONG_SKF_CALL(bench, SKF_UnblockPIN, application, text(kTrialAdminPin),
                                                  text("another-pin"), left.out()));
  bench.require("SKF_VerifyPIN with the new PIN", verify(bench, application, "another-pin"));
  bench.expect("SKF_ECCSignData after unblocking", sign_something(bench, container), {SAR_OK});
}

void pin_lengths(Bench& bench) {
  HAPPLICATION application = bench.new_application(bench.connect());
  Number left;
  const auto change = [&](const char* to) {
    return HUTONG_SKF_CALL(bench, SKF_ChangePIN, application, USER_TYPE, text(kTrialUserPin), text(to),
                           left.out());
  };
  bench.expect("SKF_ChangePIN to five characters", change("12345"), {SAR_PIN_LEN_RANGE, SAR_PIN_INVALID});
  bench.expect("SKF_ChangePIN to seventeen characters", change("12345678901234567"),
               {SAR_PIN_LEN_RANGE, SAR_PIN_INVALID});
  bench.expect("SKF_VerifyPIN with a type of PIN that does not exist",
               verify(bench, application, kTrialUserPin, 7), {SAR_USER_TYPE_INVALID, SAR_INVALIDPARAMERR});
}

void pin_changes(Bench& bench) {
  HAPPLICATION application = bench.new_application(bench.connect());
  Number most;
  Number left;
  BOOL factory[2] = {};
  const auto change = [&](const char* from, const char* to) {
    return HUTONG_SKF_CALL(bench, SKF_ChangePIN, application, USER_TYPE, text(from), text(to), left.out());
  };
  bench.expect("SKF_ChangePIN with a wrong PIN", change(kWrongPin, "another-pin"), {SAR_PIN_INCORRECT});
  bench.require("SKF_ChangePIN", change(kTrialUserPin, "another-pin"));
  bench.expect("SKF_VerifyPIN with the old PIN", verify(bench, application, kTrialUserPin),
               {SAR_PIN_INCORRECT});
  bench.expect("SKF_VerifyPIN with the new PIN", verify(bench, application, "another-pin"), {SAR_OK});
  bench.require("SKF_GetPINInfo", HUTONG_SKF_CALL(bench, SKF_GetPINInfo, application, USER_TYPE, most.out(),
                                                  left.out(), &factory[0]));
  bench.expect(factory[0] == FALSE, "SKF_GetPINInfo: a changed PIN is still the one of the factory");
  bench.expect(most.value() == kTrialTries,
               "SKF_GetPINInfo: the number of tries is not the one of the creation");
}

void login_needed(Bench& bench) {
  HAPPLICATION application = bench.new_application(bench.connect());
  HCONTAINER container = nullptr;
  bench.expect("SKF_CreateContainer without login",
               HUTONG_SKF_CALL(bench, SKF_CreateContainer, application, text("trial"), &container),
               {SAR_USER_NOT_LOGGED_IN});
  bench.log_in(application);
  container = bench.new_container(application);
  bench.new_key(container);
  bench.expect("SKF_ECCSignData after login", sign_something(bench, container), {SAR_OK});
  bench.require("SKF_ClearSecureState", HUTONG_SKF_CALL(bench, SKF_ClearSecureState, application));
  bench.expect("SKF_ECCSignData after SKF_ClearSecureState", sign_something(bench, container),
               {SAR_USER_NOT_LOGGED_IN});
  ECCPUBLICKEYBLOB key{};
  bench.expect("SKF_GenECCKeyPair without login",
               HUTONG_SKF_CALL(bench, SKF_GenECCKeyPair, container, SGD_SM2_1, &key),
               {SAR_USER_NOT_LOGGED_IN});
}

}  // namespace

std::vector<Check> access_checks() {
  return {
      {"access.device_authentication",
       "7.2.3",
       {"设备认证：建立应用的前提", "device authentication comes before applications"},
       device_authentication},
      {"access.pin_counter", "7.2.6", {"PIN 错误计数", "wrong PINs are counted"}, pin_counter},
      {"access.pin_lock", "7.2.6", {"PIN 锁死", "too many wrong PINs lock"}, pin_locks},
      {"access.pin_unblock",
       "7.2.7",
       {"管理员解锁且密钥不丢失", "the administrator unblocks, no key is lost"},
       pin_unblocks},
      {"access.pin_length", "7.2.4", {"PIN 长度与类型", "lengths and types of PINs"}, pin_lengths},
      {"access.pin_change", "7.2.4", {"修改 PIN", "PINs are changed"}, pin_changes},
      {"access.login", "7.2.8", {"未登录不能使用私钥", "private keys need a login"}, login_needed},
  };
}

}  // namespace hutong::token::conformance
