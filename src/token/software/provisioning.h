#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "token/skf.h"
#include "token/software/sealing.h"
#include "token/software/store.h"

/// Making devices and applications, and trying PINs: what the library's functions and `hutong token init`
/// share.
namespace hutong::token::software {

/// The device key of a new device and the PINs of a demonstration application: known to everybody.
inline constexpr std::string_view kFactoryDeviceKey = "1234567812345678";
inline constexpr std::string_view kFactoryAdminPin = "88888888";
inline constexpr std::string_view kFactoryUserPin = "12345678";
inline constexpr std::uint32_t kMostPinTries = 10;  ///< GM/T 0027-2014 9.2 b)
inline constexpr std::size_t kMostApplications = 32;

struct NewApplication {
  std::string_view name;
  std::string_view admin_pin = kFactoryAdminPin;
  std::uint32_t admin_tries = kMostPinTries;
  std::string_view user_pin = kFactoryUserPin;
  std::uint32_t user_tries = kMostPinTries;
  std::uint32_t creation_rights = SECURE_USER_ACCOUNT;
};
/// SAR_APPLICATION_NAME_INVALID, SAR_APPLICATION_EXISTS, SAR_NO_ROOM, SAR_PIN_LEN_RANGE, SAR_INVALIDPARAMERR.
Result<ApplicationRecord> create_application(const Store& store, const NewApplication& application);

struct NewDevice {
  std::string name;   ///< of its folder, and by which SKF_EnumDev lists it
  std::string label;  ///< under 32 octets
  std::string_view device_key = kFactoryDeviceKey;
  std::optional<NewApplication> application = {};  ///< made with it
};
/// kMalformed "token.device_name", kConflict "token.device_exists", kUnavailable "token.home"; those
/// of create_application. All or nothing.
Status create_device(const std::filesystem::path& home, const NewDevice& device);

/// True for SECURE_NEVER_ACCOUNT, SECURE_ANYONE_ACCOUNT and any of the two accounts.
bool is_rights(std::uint32_t rights);

enum class PinKind : std::uint32_t { kAdmin = ADMIN_TYPE, kUser = USER_TYPE };
PinRecord& pin_of(ApplicationRecord& application, PinKind kind);
std::uint32_t& tries_of(TriesRecord& tries, PinKind kind);
/// SAR_PIN_LEN_RANGE.
Status check_pin_size(std::string_view pin);

struct PinAttempt {
  std::uint32_t left = 0;  ///< tries, when it failed
  Result<SecretBytes> master_key;
};
/// The attempt is counted on the disk before the PIN is looked at, so that killing the process gives none
/// back; success gives all of them back. SAR_PIN_LEN_RANGE (not counted), SAR_PIN_INCORRECT, SAR_PIN_LOCKED.
PinAttempt try_pin(const Store& store, ApplicationRecord& application, PinKind kind, std::string_view pin);
/// Puts the master key under a new PIN, with all tries.
Status set_pin(const Store& store, ApplicationRecord& application, PinKind kind, std::string_view pin,
               ByteView master_key);

}  // namespace hutong::token::software
