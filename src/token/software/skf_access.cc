#include "crypto/constant_time.h"
#include "crypto/sm4.h"
#include "token/software/boundary.h"
#include "token/software/device.h"
#include "token/software/provisioning.h"

/// Clause 7.2: access control.
namespace hutong::token::software {
namespace {

constexpr std::size_t kChallengeSize = 8;

Result<PinKind> pin_kind_from(ULONG type) {
  if (type != ADMIN_TYPE && type != USER_TYPE) {
    return refusal(SAR_USER_TYPE_INVALID);
  }
  return static_cast<PinKind>(type);
}

ULONG right_of(PinKind kind) { return kind == PinKind::kAdmin ? SECURE_ADM_ACCOUNT : SECURE_USER_ACCOUNT; }

/// What the device expects for its last random number: SM4 of it, filled up with zeros.
Result<SecretBytes> expected_answer(const Store& store, ByteView challenge) {
  HUTONG_TRY(const SecretBytes octets, store.device_key());
  HUTONG_TRY(const crypto::Sm4Key key, crypto::Sm4Key::from_octets(octets.expose()));
  SecretBytes answer(crypto::kSm4BlockSize);
  std::ranges::copy(challenge, answer.writable().begin());
  key.encrypt_blocks(answer.expose(), answer.writable());
  return answer;
}

void grant(const ApplicationWork& work, PinKind kind, SecretBytes master_key) {
  Login& login = work.on.device().logins[work.name()];
  if (login.identity != work.record.identity) {
    login.rights = 0;
  }
  login.identity = work.record.identity;
  login.master_key = std::move(master_key);
  login.rights |= right_of(kind);
}

void withdraw(const ApplicationWork& work, PinKind kind) {
  if (Login* login = work.login(); login != nullptr) {
    login->rights &= ~right_of(kind);
    if (login->rights == 0) {
      work.on.device().logins.erase(work.name());
    }
  }
}

/// An attempt; a wrong PIN also takes the right away that an earlier one gave.
Result<SecretBytes> attempt(ApplicationWork& work, PinKind kind, std::string_view pin, ULONG* left) {
  PinAttempt tried = try_pin(work.store(), work.record, kind, pin);
  *left = tried.left;
  if (!tried.master_key && result_of(tried.master_key.error()) == SAR_PIN_INCORRECT) {
    withdraw(work, kind);
  }
  return std::move(tried.master_key);
}

}  // namespace
}  // namespace hutong::token::software

using namespace hutong;
using namespace hutong::token::software;

ULONG DEVAPI SKF_ChangeDevAuthKey(DEVHANDLE hDev, BYTE* pbKeyValue, ULONG ulKeyLen) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pbKeyValue));
    HUTONG_TRY(const auto work, work_on_device(hDev));
    HUTONG_CHECK(work.require_authenticated());
    if (ulKeyLen != crypto::kSm4KeySize) {
      return refusal(SAR_INDATALENERR);
    }
    return work.store().save_device_key({pbKeyValue, ulKeyLen});
  });
}

ULONG DEVAPI SKF_DevAuth(DEVHANDLE hDev, BYTE* pbAuthData, ULONG ulLen) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pbAuthData));
    HUTONG_TRY(const auto work, work_on_device(hDev));
    if (ulLen != crypto::kSm4BlockSize) {
      return refusal(SAR_INDATALENERR);
    }
    work.device().authenticated_serial.clear();
    const Bytes challenge = std::exchange(work.object->challenge, {});  // good for one answer
    if (challenge.size() != kChallengeSize) {
      return refusal(SAR_DEVNOAUTH);
    }
    HUTONG_TRY(const SecretBytes expected, expected_answer(work.store(), challenge));
    if (!crypto::constant_time_equal(expected.expose(), {pbAuthData, ulLen})) {
      return refusal(SAR_DEVNOAUTH);
    }
    HUTONG_TRY(const DeviceRecord record, work.store().device());
    work.device().authenticated_serial = record.serial_number;
    return ok();
  });
}

ULONG DEVAPI SKF_ChangePIN(HAPPLICATION hApplication, ULONG ulPINType, LPSTR szOldPin, LPSTR szNewPin,
                           ULONG* pulRetryCount) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pulRetryCount));
    HUTONG_TRY(const PinKind kind, pin_kind_from(ulPINType));
    HUTONG_TRY(const std::string_view old_pin, given_pin(szOldPin));
    HUTONG_TRY(const std::string_view new_pin, given_pin(szNewPin));
    HUTONG_CHECK(check_pin_size(new_pin));
    HUTONG_TRY(auto work, work_on_application(hApplication));
    HUTONG_TRY(const SecretBytes master_key, attempt(work, kind, old_pin, pulRetryCount));
    return set_pin(work.store(), work.record, kind, new_pin, master_key.expose());
  });
}

ULONG DEVAPI SKF_GetPINInfo(HAPPLICATION hApplication, ULONG ulPINType, ULONG* pulMaxRetryCount,
                            ULONG* pulRemainRetryCount, BOOL* pbDefaultPin) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pulMaxRetryCount, pulRemainRetryCount, pbDefaultPin));
    HUTONG_TRY(const PinKind kind, pin_kind_from(ulPINType));
    HUTONG_TRY(auto work, work_on_application(hApplication));
    HUTONG_TRY(TriesRecord tries, work.store().tries(work.name()));
    const PinRecord& pin = pin_of(work.record, kind);
    *pulMaxRetryCount = pin.most_tries;
    *pulRemainRetryCount = tries_of(tries, kind);
    *pbDefaultPin = pin.factory ? TRUE : FALSE;
    return ok();
  });
}

ULONG DEVAPI SKF_VerifyPIN(HAPPLICATION hApplication, ULONG ulPINType, LPSTR szPIN, ULONG* pulRetryCount) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pulRetryCount));
    HUTONG_TRY(const PinKind kind, pin_kind_from(ulPINType));
    HUTONG_TRY(const std::string_view pin, given_pin(szPIN));
    HUTONG_TRY(auto work, work_on_application(hApplication));
    HUTONG_TRY(SecretBytes master_key, attempt(work, kind, pin, pulRetryCount));
    grant(work, kind, std::move(master_key));
    return ok();
  });
}

ULONG DEVAPI SKF_UnblockPIN(HAPPLICATION hApplication, LPSTR szAdminPIN, LPSTR szNewUserPIN,
                            ULONG* pulRetryCount) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pulRetryCount));
    HUTONG_TRY(const std::string_view admin_pin, given_pin(szAdminPIN));
    HUTONG_TRY(const std::string_view user_pin, given_pin(szNewUserPIN));
    HUTONG_CHECK(check_pin_size(user_pin));
    HUTONG_TRY(auto work, work_on_application(hApplication));
    HUTONG_TRY(const SecretBytes master_key, attempt(work, PinKind::kAdmin, admin_pin, pulRetryCount));
    return set_pin(work.store(), work.record, PinKind::kUser, user_pin, master_key.expose());
  });
}

ULONG DEVAPI SKF_ClearSecureState(HAPPLICATION hApplication) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    work.on.device().logins.erase(work.name());
    return ok();
  });
}
