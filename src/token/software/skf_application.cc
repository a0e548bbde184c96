#include "token/software/boundary.h"
#include "token/software/device.h"
#include "token/software/provisioning.h"

/// Clause 7.3: applications.
namespace hutong::token::software {
namespace {

Result<std::string_view> application_name_from(LPSTR name) {
  return given_text(name, 1, kMostNameSize, SAR_APPLICATION_NAME_INVALID);
}

HAPPLICATION open_application(HANDLE device, const DeviceWork& work, const ApplicationRecord& record) {
  return handles().add(std::make_shared<ApplicationObject>(work.object, record.name, record.identity),
                       device);
}

}  // namespace
}  // namespace hutong::token::software

using namespace hutong;
using namespace hutong::token::software;

ULONG DEVAPI SKF_CreateApplication(DEVHANDLE hDev, LPSTR szAppName, LPSTR szAdminPin,
                                   DWORD dwAdminPinRetryCount, LPSTR szUserPin, DWORD dwUserPinRetryCount,
                                   DWORD dwCreateFileRights, HAPPLICATION* phApplication) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(phApplication));
    HUTONG_TRY(const std::string_view name, application_name_from(szAppName));
    HUTONG_TRY(const std::string_view admin_pin, given_pin(szAdminPin));
    HUTONG_TRY(const std::string_view user_pin, given_pin(szUserPin));
    HUTONG_TRY(const auto work, work_on_device(hDev));
    HUTONG_CHECK(work.require_authenticated());
    HUTONG_TRY(const auto record, create_application(work.store(), {.name = name,
                                                                    .admin_pin = admin_pin,
                                                                    .admin_tries = dwAdminPinRetryCount,
                                                                    .user_pin = user_pin,
                                                                    .user_tries = dwUserPinRetryCount,
                                                                    .creation_rights = dwCreateFileRights}));
    *phApplication = open_application(hDev, work, record);
    return ok();
  });
}

ULONG DEVAPI SKF_EnumApplication(DEVHANDLE hDev, LPSTR szAppName, ULONG* pulSize) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto work, work_on_device(hDev));
    return hand_over_names(work.store().applications(), szAppName, pulSize);
  });
}

ULONG DEVAPI SKF_DeleteApplication(DEVHANDLE hDev, LPSTR szAppName) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const std::string_view name, application_name_from(szAppName));
    HUTONG_TRY(const auto work, work_on_device(hDev));
    HUTONG_CHECK(work.require_authenticated());
    HUTONG_CHECK(work.store().remove_application(name));
    work.device().logins.erase(std::string(name));
    return ok();
  });
}

ULONG DEVAPI SKF_OpenApplication(DEVHANDLE hDev, LPSTR szAppName, HAPPLICATION* phApplication) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(phApplication));
    HUTONG_TRY(const std::string_view name, application_name_from(szAppName));
    HUTONG_TRY(const auto work, work_on_device(hDev));
    HUTONG_TRY(const auto record, work.store().application(name));
    *phApplication = open_application(hDev, work, record);
    return ok();
  });
}

ULONG DEVAPI SKF_CloseApplication(HAPPLICATION hApplication) {
  return guarded([&] { return handles().close<ApplicationObject>(hApplication); });
}
