#include "token/driver/device.h"

#include <cstring>
#include <utility>

#include "crypto/sm4.h"
#include "token/driver/errors.h"
#include "token/driver/internal/connection.h"
#include "token/skf.h"

namespace hutong::token {
namespace {

constexpr std::size_t kChallengeSize = 8;
constexpr std::size_t kAuthenticationBlock = 16;
constexpr std::size_t kMostRandom = std::size_t{64} << 10;  // octets of one call

Bytes plain_parameters() {
  const BLOCKCIPHERPARAM none{};
  return to_bytes({reinterpret_cast<const std::uint8_t*>(&none), sizeof(none)});
}

}  // namespace

Result<Device> Device::open(const std::shared_ptr<Driver>& driver, const std::string& name) {
  return open(driver, name, driver->description().call_limit);
}

Result<Device> Device::open(const std::shared_ptr<Driver>& driver, const std::string& name,
                            std::chrono::milliseconds limit) {
  const std::lock_guard lock(driver->connections_lock_);
  std::erase_if(driver->connections_, [](const auto& known) { return known.second.expired(); });
  auto& known = driver->connections_[name];
  if (auto connection = known.lock();
      connection && connection->generation == driver->process().generation()) {
    return Device(std::move(connection));
  }
  DriverCall connect(Function::kConnectDev);
  connect.text(name);
  HUTONG_TRY(const DriverAnswer connected,
             driver->call(std::move(connect), limit, DriverProcess::kAnyGeneration));
  const std::uint32_t handle = connected.handle(0);
  DriverCall ask(Function::kGetDevInfo);
  ask.handle(handle);
  HUTONG_TRY(const DriverAnswer answer, driver->call(std::move(ask), limit, connected.generation()));
  HUTONG_TRY(DeviceInfo info, read_device_info(answer.octets(0)));
  const auto connection =
      std::make_shared<internal::Connection>(driver, name, handle, connected.generation(), std::move(info));
  known = connection;
  return Device(connection);
}

const std::string& Device::name() const { return connection_->name; }
const DeviceInfo& Device::info() const { return connection_->info; }
const std::shared_ptr<Driver>& Device::driver() const { return connection_->driver; }

DriverCall Device::prepare(Function function) const {
  DriverCall call(function);
  call.handle(connection_->handle);
  return call;
}

Result<std::vector<std::string>> Device::applications() const {
  HUTONG_TRY(const Bytes list, connection_->fetch(
                                   [this](std::size_t room) {
                                     DriverCall call = prepare(Function::kEnumApplication);
                                     call.room(room);
                                     return call;
                                   },
                                   kListRoom));
  return read_name_list(list, connection_->driver->quirks());
}

Result<Application> Device::open_application(const std::string& name) const {
  DriverCall call = prepare(Function::kOpenApplication);
  call.text(name);
  HUTONG_TRY(const DriverAnswer answer, connection_->call(std::move(call)));
  return Application::make(connection_, answer.handle(0), name);
}

Result<Bytes> Device::random(std::size_t size) const {
  Bytes out;
  while (out.size() < size) {
    DriverCall call = prepare(Function::kGenRandom);
    call.room(std::min(size - out.size(), kMostRandom));
    HUTONG_TRY(const DriverAnswer answer, connection_->call(std::move(call)));
    append(out, answer.octets(0));
  }
  return out;
}

Status Device::set_label(std::string_view label) const {
  DriverCall call = prepare(Function::kSetLabel);
  call.text(label);
  HUTONG_CHECK(connection_->call(std::move(call)));
  return ok();
}

Status Device::lock(std::chrono::milliseconds most) const {
  DriverCall call = prepare(Function::kLockDev);
  call.number(static_cast<std::uint32_t>(most.count()));
  HUTONG_CHECK(connection_->driver->call(
      std::move(call), most + connection_->driver->description().call_limit, connection_->generation));
  return ok();
}

Status Device::unlock() const {
  HUTONG_CHECK(connection_->call(prepare(Function::kUnlockDev)));
  return ok();
}

Result<Bytes> Device::encrypt_challenge(ByteView device_key, ByteView block) const {
  const std::uint32_t algorithm = info().authentication_algorithm;
  if (algorithm == SGD_SM4_ECB) {
    HUTONG_TRY(const crypto::Sm4Key key, crypto::Sm4Key::from_octets(device_key));
    Bytes out(block.size());
    key.encrypt_blocks(block, out);
    return out;
  }
  DriverCall load = prepare(Function::kSetSymmKey);
  load.octets(device_key).number(algorithm);
  HUTONG_TRY(const DriverAnswer loaded, connection_->call(std::move(load)));
  const internal::OpenHandle key(connection_, loaded.handle(0), Function::kCloseHandle);
  DriverCall init = key.prepare(Function::kEncryptInit);
  init.octets(plain_parameters());
  HUTONG_CHECK(connection_->call(std::move(init)));
  DriverCall encrypt = key.prepare(Function::kEncrypt);
  encrypt.octets(block).room(kListRoom);
  HUTONG_TRY(const DriverAnswer encrypted, connection_->call(std::move(encrypt)));
  return to_bytes(encrypted.octets(1));
}

Status Device::authenticate(ByteView device_key) const {
  HUTONG_TRY(Bytes block, random(kChallengeSize));
  block.resize(kAuthenticationBlock);
  HUTONG_TRY(const Bytes proof, encrypt_challenge(device_key, block));
  DriverCall call = prepare(Function::kDevAuth);
  call.octets(proof);
  HUTONG_CHECK(connection_->call(std::move(call)));
  return ok();
}

Status Device::change_device_key(ByteView new_key) const {
  DriverCall call = prepare(Function::kChangeDevAuthKey);
  call.octets(new_key);
  HUTONG_CHECK(connection_->call(std::move(call)));
  return ok();
}

Result<Application> Device::create_application(const NewApplication& application) const {
  DriverCall call = prepare(Function::kCreateApplication);
  call.text(application.name)
      .octets(application.administrator_pin.expose())
      .number(application.administrator_tries)
      .octets(application.user_pin.expose())
      .number(application.user_tries)
      .number(application.create_file_rights);
  HUTONG_TRY(const DriverAnswer answer, connection_->call(std::move(call)));
  return Application::make(connection_, answer.handle(0), application.name);
}

Status Device::delete_application(const std::string& name) const {
  DriverCall call = prepare(Function::kDeleteApplication);
  call.text(name);
  HUTONG_CHECK(connection_->call(std::move(call)));
  return ok();
}

}  // namespace hutong::token
