#include "token/software/provisioning.h"

#include <system_error>

#include "base/encoding.h"
#include "crypto/kernel_random.h"
#include "token/software/device.h"
#include "token/software/refusal.h"

namespace hutong::token::software {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kSerialOctets = 8;
constexpr std::size_t kApplicationIdentity = 16;
constexpr std::size_t kDeviceKeyOctets = 16;
constexpr std::uint32_t kBothAccounts = SECURE_ADM_ACCOUNT | SECURE_USER_ACCOUNT;

Bytes fresh_octets(std::size_t size) {
  Bytes octets(size);
  crypto::kernel_random().fill(octets);
  return octets;
}

/// What a sealed master key is bound to.
Bytes pin_place(ByteView identity, PinKind kind) {
  Bytes place = to_bytes(as_bytes(kind == PinKind::kAdmin ? "admin PIN" : "user PIN"));
  append(place, identity);
  return place;
}

Status check_new_application(const Store& store, const NewApplication& application) {
  if (application.name.empty() || application.name.size() > kMostNameSize) {
    return refusal(SAR_APPLICATION_NAME_INVALID);
  }
  const bool tries_fit = application.admin_tries >= 1 && application.admin_tries <= kMostPinTries &&
                         application.user_tries >= 1 && application.user_tries <= kMostPinTries;
  if (!tries_fit || !is_rights(application.creation_rights)) {
    return refusal(SAR_INVALIDPARAMERR);
  }
  HUTONG_CHECK(check_pin_size(application.admin_pin));
  HUTONG_CHECK(check_pin_size(application.user_pin));
  return store.applications().size() >= kMostApplications ? Status(refusal(SAR_NO_ROOM)) : ok();
}

}  // namespace

namespace {

/// Everything of a new device, in a folder that nobody takes for one yet.
Status fill_device(const Store& store, const NewDevice& device) {
  HUTONG_CHECK(store.save_device_key(as_bytes(device.device_key)));
  HUTONG_CHECK(store.save(DeviceRecord{.label = device.label,
                                       .manufacturer = "Hutong",
                                       .issuer = "Hutong",
                                       .serial_number = to_hex(fresh_octets(kSerialOctets))}));
  if (device.application) {
    HUTONG_CHECK(create_application(store, *device.application));
  }
  return ok();
}

}  // namespace

Status create_device(const fs::path& home, const NewDevice& device) {
  if (!is_device_name(device.name) || device.label.size() >= kMostLabelSize ||
      device.device_key.size() != kDeviceKeyOctets) {
    return Error{Errc::kMalformed, "token.device_name",
                 "a name of up to 64 letters, digits, '-', '_', '.', a label under 32 octets, a key of 16"};
  }
  const fs::path half_made = home / ("." + device.name + ".half-made");
  std::error_code failure;
  fs::remove_all(half_made, failure);
  fs::create_directories(half_made / "applications", failure);
  if (failure) {
    return Error{Errc::kUnavailable, "token.home", half_made.string() + ": " + failure.message()};
  }
  fs::permissions(half_made, fs::perms::owner_all, failure);
  Status filled = fill_device(Store(half_made), device);
  if (filled) {
    fs::rename(half_made, home / device.name, failure);  // refuses a folder that is not empty
    if (failure) {
      filled = Error{Errc::kConflict, "token.device_exists", "there is a device named " + device.name};
    }
  }
  if (!filled) {
    fs::remove_all(half_made, failure);
  }
  return filled;
}

bool is_rights(std::uint32_t rights) {
  return rights == SECURE_ANYONE_ACCOUNT || (rights & ~kBothAccounts) == 0;
}

Result<ApplicationRecord> create_application(const Store& store, const NewApplication& application) {
  HUTONG_CHECK(check_new_application(store, application));
  ApplicationRecord record;
  record.name = application.name;
  record.identity = fresh_octets(kApplicationIdentity);
  record.creation_rights = application.creation_rights;
  const SecretBytes master_key = make_master_key();
  HUTONG_TRY(record.admin, lock_with_pin(master_key.expose(), application.admin_pin, application.admin_tries,
                                         pin_place(record.identity, PinKind::kAdmin)));
  HUTONG_TRY(record.user, lock_with_pin(master_key.expose(), application.user_pin, application.user_tries,
                                        pin_place(record.identity, PinKind::kUser)));
  const TriesRecord tries{application.admin_tries, application.user_tries};
  HUTONG_CHECK(store.add_application(record, tries));
  return record;
}

PinRecord& pin_of(ApplicationRecord& application, PinKind kind) {
  return kind == PinKind::kAdmin ? application.admin : application.user;
}

std::uint32_t& tries_of(TriesRecord& tries, PinKind kind) {
  return kind == PinKind::kAdmin ? tries.admin : tries.user;
}

Status check_pin_size(std::string_view pin) {
  return pin.size() < kLeastPinSize || pin.size() > kMostPinSize ? Status(refusal(SAR_PIN_LEN_RANGE)) : ok();
}

PinAttempt try_pin(const Store& store, ApplicationRecord& application, PinKind kind, std::string_view pin) {
  auto tries = store.tries(application.name);
  if (!tries) {
    return {0, std::move(tries).error()};
  }
  std::uint32_t& left = tries_of(*tries, kind);
  if (auto fits = check_pin_size(pin); !fits) {
    return {left, std::move(fits).error()};
  }
  if (left == 0) {
    return {0, refusal(SAR_PIN_LOCKED)};
  }
  --left;
  if (auto counted = store.save(application.name, *tries); !counted) {
    return {left, std::move(counted).error()};
  }
  const PinRecord& record = pin_of(application, kind);
  auto master_key = unlock_with_pin(record, pin, pin_place(application.identity, kind));
  if (!master_key) {
    Error error = std::move(master_key).error();  // another reason than the PIN: the record is damaged
    return {left, error.reason == "token.pin" ? refusal(SAR_PIN_INCORRECT) : std::move(error)};
  }
  left = record.most_tries;
  if (auto given_back = store.save(application.name, *tries); !given_back) {
    return {left, std::move(given_back).error()};
  }
  return {left, std::move(master_key)};
}

Status set_pin(const Store& store, ApplicationRecord& application, PinKind kind, std::string_view pin,
               ByteView master_key) {
  HUTONG_CHECK(check_pin_size(pin));
  PinRecord& record = pin_of(application, kind);
  HUTONG_TRY(record,
             lock_with_pin(master_key, pin, record.most_tries, pin_place(application.identity, kind)));
  record.factory = false;
  HUTONG_CHECK(store.save(application));
  HUTONG_TRY(TriesRecord tries, store.tries(application.name));
  tries_of(tries, kind) = record.most_tries;
  return store.save(application.name, tries);
}

}  // namespace hutong::token::software
