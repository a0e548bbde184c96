#include "token/driver/application.h"

#include <algorithm>
#include <cstring>

#include "token/driver/errors.h"
#include "token/driver/internal/connection.h"
#include "token/skf.h"

namespace hutong::token {
namespace {

constexpr std::uint32_t kMostFile = std::uint32_t{16} << 20;
constexpr std::uint32_t kFilePiece = 0x4000;  // what drivers move at once (skf.md 8)
constexpr std::int64_t kNotSaid = -1;

TokenFile file_from(const FILEATTRIBUTE& raw) {
  std::string_view name(raw.FileName, sizeof(raw.FileName));
  return {.name = std::string(name.substr(0, name.find('\0'))),
          .size = raw.FileSize,
          .read_rights = raw.ReadRights,
          .write_rights = raw.WriteRights};
}

}  // namespace

struct Application::Shared {
  std::shared_ptr<const internal::OpenHandle> handle;
  std::string name;
  mutable std::array<std::atomic<std::int64_t>, 2> tries{kNotSaid, kNotSaid};

  const internal::Connection& connection() const { return *handle->connection; }
};

Application Application::make(std::shared_ptr<const internal::Connection> connection, std::uint32_t handle,
                              std::string name) {
  auto shared = std::make_shared<Shared>();
  shared->handle =
      std::make_shared<internal::OpenHandle>(std::move(connection), handle, Function::kCloseApplication);
  shared->name = std::move(name);
  return Application(std::move(shared));
}

const std::string& Application::name() const { return shared_->name; }

/// A call that ends with a retry counter, which counts after a wrong PIN only.
Status Application::pin_call(DriverCall call, PinRole counted) const {
  const internal::Connection& connection = shared_->connection();
  const Function function = call.function();
  HUTONG_TRY(const DriverAnswer answer,
             connection.driver->process().call(std::move(call), connection.driver->description().call_limit,
                                               connection.generation));
  auto& tries = shared_->tries.at(static_cast<std::size_t>(counted));
  std::uint32_t code = answer.code();
  if (code == SAR_PIN_INVALID && connection.driver->quirks().meets(Quirk::kInvalidPinIsWrongPin)) {
    code = SAR_PIN_INCORRECT;
  }
  if (code == SAR_OK) {
    tries = kNotSaid;
    return ok();
  }
  Error error = error_from(code, function);
  if (code == SAR_PIN_INCORRECT) {
    tries = answer.number(0);
    error.detail += ", tries left: " + std::to_string(answer.number(0));
  } else if (code == SAR_PIN_LOCKED) {
    tries = 0;
  }
  return error;
}

Status Application::verify_pin(PinRole role, ByteView pin) const {
  DriverCall call = shared_->handle->prepare(Function::kVerifyPin);
  call.number(static_cast<std::uint32_t>(role)).octets(pin);
  return pin_call(std::move(call), role);
}

Status Application::change_pin(PinRole role, ByteView old_pin, ByteView new_pin) const {
  DriverCall call = shared_->handle->prepare(Function::kChangePin);
  call.number(static_cast<std::uint32_t>(role)).octets(old_pin).octets(new_pin);
  return pin_call(std::move(call), role);
}

Status Application::unblock_pin(ByteView administrator_pin, ByteView new_user_pin) const {
  DriverCall call = shared_->handle->prepare(Function::kUnblockPin);
  call.octets(administrator_pin).octets(new_user_pin);
  HUTONG_CHECK(pin_call(std::move(call), PinRole::kAdministrator));
  shared_->tries.at(static_cast<std::size_t>(PinRole::kUser)) = kNotSaid;
  return ok();
}

Result<PinState> Application::pin_state(PinRole role) const {
  DriverCall call = shared_->handle->prepare(Function::kGetPinInfo);
  call.number(static_cast<std::uint32_t>(role));
  HUTONG_TRY(const DriverAnswer answer, shared_->connection().call(std::move(call)));
  const PinState state{.most_tries = answer.number(0),
                       .tries_left = answer.number(1),
                       .factory_default = answer.number(2) != 0};
  shared_->tries.at(static_cast<std::size_t>(role)) = state.tries_left;
  return state;
}

std::optional<std::uint32_t> Application::tries_left(PinRole role) const {
  const std::int64_t tries = shared_->tries.at(static_cast<std::size_t>(role));
  return tries == kNotSaid ? std::nullopt : std::optional(static_cast<std::uint32_t>(tries));
}

Status Application::logout() const {
  HUTONG_CHECK(shared_->connection().call(shared_->handle->prepare(Function::kClearSecureState)));
  return ok();
}

Result<std::vector<std::string>> Application::names(Function function) const {
  HUTONG_TRY(const Bytes list, shared_->connection().fetch(
                                   [&](std::size_t room) {
                                     DriverCall call = shared_->handle->prepare(function);
                                     call.room(room);
                                     return call;
                                   },
                                   kListRoom));
  return read_name_list(list, shared_->connection().driver->quirks());
}

Result<std::vector<std::string>> Application::containers() const { return names(Function::kEnumContainer); }

Result<Container> Application::container_by(Function function, const std::string& name) const {
  DriverCall call = shared_->handle->prepare(function);
  call.text(name);
  HUTONG_TRY(const DriverAnswer answer, shared_->connection().call(std::move(call)));
  return Container::make(shared_->handle, answer.handle(0), name);
}

Result<Container> Application::open_container(const std::string& name) const {
  auto opened = container_by(Function::kOpenContainer, name);
  if (!opened && skf_code_of(opened.error()) == SAR_FAIL &&
      shared_->connection().driver->quirks().meets(Quirk::kFailIsNotFound)) {
    return Error{Errc::kNotFound, "token.not_found", opened.error().detail};
  }
  return opened;
}

Result<Container> Application::create_container(const std::string& name) const {
  return container_by(Function::kCreateContainer, name);
}

Status Application::named_call(Function function, const std::string& name) const {
  DriverCall call = shared_->handle->prepare(function);
  call.text(name);
  HUTONG_CHECK(shared_->connection().call(std::move(call)));
  return ok();
}

Result<Container> Application::open_or_create_container(const std::string& name) const {
  auto container = open_container(name);
  return !container && container.error().reason == "token.not_found" ? create_container(name)
                                                                     : std::move(container);
}

Status Application::delete_container(const std::string& name) const {
  return named_call(Function::kDeleteContainer, name);
}

Result<std::vector<std::string>> Application::files() const { return names(Function::kEnumFiles); }

Result<TokenFile> Application::file(const std::string& name) const {
  DriverCall call = shared_->handle->prepare(Function::kGetFileInfo);
  call.text(name);
  HUTONG_TRY(const DriverAnswer answer, shared_->connection().call(std::move(call)));
  FILEATTRIBUTE raw;
  if (answer.octets(0).size() != sizeof(raw)) {
    return Error{Errc::kMalformed, "token.structure", "FILEATTRIBUTE"};
  }
  std::memcpy(&raw, answer.octets(0).data(), sizeof(raw));
  return file_from(raw);
}

Status Application::create_file(const TokenFile& file) const {
  DriverCall call = shared_->handle->prepare(Function::kCreateFile);
  call.text(file.name).number(file.size).number(file.read_rights).number(file.write_rights);
  HUTONG_CHECK(shared_->connection().call(std::move(call)));
  return ok();
}

Status Application::delete_file(const std::string& name) const {
  return named_call(Function::kDeleteFile, name);
}

Result<Bytes> Application::read_file(const std::string& name) const {
  HUTONG_TRY(const TokenFile attributes, file(name));
  if (attributes.size > kMostFile) {
    return Error{Errc::kLimit, "token.file_size", std::to_string(attributes.size) + " octets"};
  }
  Bytes content;
  while (content.size() < attributes.size) {
    const std::uint32_t piece =
        std::min(kFilePiece, attributes.size - static_cast<std::uint32_t>(content.size()));
    DriverCall call = shared_->handle->prepare(Function::kReadFile);
    call.text(name).number(static_cast<std::uint32_t>(content.size())).number(piece).room(piece);
    HUTONG_TRY(const DriverAnswer answer, shared_->connection().call(std::move(call)));
    if (answer.octets(1).empty()) {
      break;  // shorter than it says
    }
    append(content, answer.octets(1));
  }
  return content;
}

Status Application::write_file(const std::string& name, std::uint32_t offset, ByteView content) const {
  while (!content.empty()) {
    const ByteView piece = content.first(std::min<std::size_t>(kFilePiece, content.size()));
    DriverCall call = shared_->handle->prepare(Function::kWriteFile);
    call.text(name).number(offset).octets(piece);
    HUTONG_CHECK(shared_->connection().call(std::move(call)));
    content = content.subspan(piece.size());
    offset += static_cast<std::uint32_t>(piece.size());
  }
  return ok();
}

}  // namespace hutong::token
