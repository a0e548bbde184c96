#include "platform/login/device.h"

#include <array>
#include <cstdint>
#include <utility>

#include "storage/error.h"

namespace hutong::platform::login {
namespace {

constexpr std::string_view kLetters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t kLettersOfCode = 8;
constexpr std::size_t kMostTyped = 64;
constexpr std::size_t kFairOctets =
    256 - 256 % kLetters.size();  ///< below: every letter as likely as another

#define HUTONG_DEVICE_COLUMNS "id, system, scope, code_index, expires_at, pause, asked_at, login, denied_at"
constexpr std::string_view kInsertDevice =
    "INSERT INTO login_devices (" HUTONG_DEVICE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindDevice = "SELECT " HUTONG_DEVICE_COLUMNS " FROM login_devices WHERE id = ?";
constexpr std::string_view kWaitingDevice =
    "SELECT " HUTONG_DEVICE_COLUMNS
    " FROM login_devices WHERE code_index = ? AND expires_at > ? AND login IS NULL AND denied_at IS NULL";
constexpr std::string_view kNoteQuestion = "UPDATE login_devices SET asked_at = ?, pause = ? WHERE id = ?";
constexpr std::string_view kAcceptDevice =
    "UPDATE login_devices SET login = ?"
    " WHERE id = ? AND expires_at > ? AND login IS NULL AND denied_at IS NULL";
constexpr std::string_view kDenyDevice =
    "UPDATE login_devices SET denied_at = ?"
    " WHERE id = ? AND expires_at > ? AND login IS NULL AND denied_at IS NULL";

Device device_of(const storage::Row& row) {
  return {.id = row.text(0),
          .system = row.text(1),
          .scope = row.text(2),
          .code_index = row.bytes(3),
          .expires_at = row.time(4),
          .interval = std::chrono::seconds(row.integer(5)),
          .asked_at = row.get<std::optional<Time>>(6),
          .grant = row.get<std::optional<std::string>>(7),
          .denied_at = row.get<std::optional<Time>>(8)};
}

/// A letter in upper case; everything else as it is.
char upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

std::string with_hyphen(std::string letters) { return letters.insert(kLettersOfCode / 2, "-"); }

}  // namespace

std::string make_user_code(crypto::RandomSource& random) {
  std::string letters;
  while (letters.size() < kLettersOfCode) {
    std::array<std::uint8_t, kLettersOfCode> octets{};
    random.fill(octets);
    for (const std::uint8_t octet : octets) {
      if (octet < kFairOctets && letters.size() < kLettersOfCode) {
        letters += kLetters[octet % kLetters.size()];
      }
    }
  }
  return with_hyphen(std::move(letters));
}

std::optional<std::string> read_user_code(std::string_view typed) {
  std::string letters;
  if (typed.size() > kMostTyped) {
    return std::nullopt;
  }
  for (const char one : typed) {
    if (kLetters.find(upper(one)) != std::string_view::npos) {
      letters += upper(one);
    } else if (one != '-' && one != ' ') {
      return std::nullopt;
    }
  }
  return letters.size() == kLettersOfCode ? std::optional(with_hyphen(std::move(letters))) : std::nullopt;
}

Status DeviceRepository::insert(storage::Transaction& transaction, const Device& device) {
  const auto done = transaction.execute(kInsertDevice, device.id, device.system, device.scope,
                                        device.code_index, device.expires_at, device.interval.count(),
                                        device.asked_at, device.grant, device.denied_at);
  if (!done && storage::violates(done.error(), "login_devices_code")) {
    return Error{Errc::kConflict, "login.user_code_taken", "another device has this user code"};
  }
  return done ? ok() : Status(done.error());
}

Result<Device> DeviceRepository::find(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindDevice, id));
  if (!row) {
    return Error{Errc::kNotFound, "login.device_unknown", "there is no such device"};
  }
  return device_of(*row);
}

Result<Device> DeviceRepository::waiting(storage::Reader& reader, ByteView code_index, Time now) {
  HUTONG_TRY(const auto row, reader.query_optional(kWaitingDevice, code_index, now));
  if (!row) {
    return Error{Errc::kNotFound, "login.user_code",
                 "没有设备在等待这个代码，或已过期；no device waits with this code, or it has expired"};
  }
  return device_of(*row);
}

Status DeviceRepository::note_question(storage::Transaction& transaction, std::string_view id, Time now,
                                       std::chrono::seconds interval) {
  HUTONG_CHECK(transaction.execute(kNoteQuestion, now, interval.count(), id));
  return ok();
}

Result<bool> DeviceRepository::accept(storage::Transaction& transaction, std::string_view id,
                                      std::string_view grant, Time now) {
  HUTONG_TRY(const auto changed, transaction.execute(kAcceptDevice, grant, id, now));
  return changed == 1;
}

Result<bool> DeviceRepository::deny(storage::Transaction& transaction, std::string_view id, Time now) {
  HUTONG_TRY(const auto changed, transaction.execute(kDenyDevice, now, id, now));
  return changed == 1;
}

Result<std::int64_t> DeviceRepository::remove_old(storage::Transaction& transaction, Time before) {
  return transaction.execute("DELETE FROM login_devices WHERE expires_at < ?", before);
}

}  // namespace hutong::platform::login
