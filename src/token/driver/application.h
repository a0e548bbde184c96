#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "token/driver/container.h"

namespace hutong::token {

namespace internal {
class Connection;
class OpenHandle;
}  // namespace internal

enum class PinRole : std::uint8_t { kAdministrator = 0, kUser = 1 };

struct PinState {
  std::uint32_t most_tries = 0;
  std::uint32_t tries_left = 0;
  bool factory_default = false;
};

struct TokenFile {
  std::string name;
  std::uint32_t size = 0;
  std::uint32_t read_rights = 0;  ///< SECURE_… of token/skf.h
  std::uint32_t write_rights = 0;
};

/// An application of a token, with PINs of its own. Copies share one handle, closed with the last of them and
/// of the containers opened through it. Closing does not log out: logout() does. Thread-safe.
///
/// A wrong PIN is kUnauthorized "token.pin_incorrect", a locked one "token.pin_locked"; tries_left() then
/// says how many are left.
class Application {
 public:
  const std::string& name() const;

  Status verify_pin(PinRole role, ByteView pin) const;
  Status change_pin(PinRole role, ByteView old_pin, ByteView new_pin) const;
  /// The administrator's PIN sets a new user PIN and the full number of tries.
  Status unblock_pin(ByteView administrator_pin, ByteView new_user_pin) const;
  Result<PinState> pin_state(PinRole role) const;
  /// What the token said last, after any of the calls above. Asks nothing.
  std::optional<std::uint32_t> tries_left(PinRole role) const;
  Status logout() const;

  Result<std::vector<std::string>> containers() const;
  Result<Container> open_container(const std::string& name) const;
  Result<Container> create_container(const std::string& name) const;
  /// Made when the application has none of this name.
  Result<Container> open_or_create_container(const std::string& name) const;
  Status delete_container(const std::string& name) const;

  Result<std::vector<std::string>> files() const;
  Result<TokenFile> file(const std::string& name) const;
  Status create_file(const TokenFile& file) const;
  Status delete_file(const std::string& name) const;
  /// The whole file. kLimit "token.file_size" above 16 MiB.
  Result<Bytes> read_file(const std::string& name) const;
  Status write_file(const std::string& name, std::uint32_t offset, ByteView content) const;

 private:
  friend class Device;
  struct Shared;
  explicit Application(std::shared_ptr<const Shared> shared) : shared_(std::move(shared)) {}
  static Application make(std::shared_ptr<const internal::Connection> connection, std::uint32_t handle,
                          std::string name);
  Status pin_call(DriverCall call, PinRole counted) const;
  Result<std::vector<std::string>> names(Function function) const;
  Result<Container> container_by(Function function, const std::string& name) const;
  Status named_call(Function function, const std::string& name) const;
  std::shared_ptr<const Shared> shared_;
};

}  // namespace hutong::token
