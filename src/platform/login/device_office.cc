#include "platform/login/device_office.h"

#include <utility>

#include "audit/audit_log.h"
#include "net/ulid.h"
#include "platform/login/authorization.h"

namespace hutong::platform::login {
namespace {

using storage::Transaction;

constexpr std::string_view kCodeClass = "user code";
constexpr std::chrono::seconds kSlower{5};        // RFC 8628 3.5
constexpr std::chrono::hours kToldAfterwards{1};  ///< for how long a device hears that its code has expired
constexpr int kMostCodes = 5;                     ///< tried until one is free
constexpr std::size_t kMostScope = 512;

Error invalid_device(std::string detail) {
  return {Errc::kMalformed, "login.oauth.invalid_grant", std::move(detail)};
}

}  // namespace

Bytes DeviceOffice::index_of(std::string_view user_code) const {
  return vault_->index(kCodeClass, user_code);
}

/// With a user code that no other device has. Forgets those that are too old to be asked about.
Status DeviceOffice::insert(Device device, std::string& user_code) const {
  Status inserted = ok();
  for (int tried = 0; tried < kMostCodes; ++tried) {
    user_code = make_user_code(*random_);
    device.code_index = index_of(user_code);
    inserted = storage::in_transaction(*database_, [&](Transaction& transaction) -> Status {
      HUTONG_CHECK(DeviceRepository::remove_old(transaction, clock_->now() - kToldAfterwards));
      return DeviceRepository::insert(transaction, device);
    });
    if (inserted || inserted.error().reason != "login.user_code_taken") {
      break;
    }
  }
  return inserted;
}

Result<net::Json> DeviceOffice::begin(const BusinessSystem& system, const Form& form) const {
  const std::string_view scope = member(form, "scope");
  if (scope.size() > kMostScope || !has_word(scope, "openid")) {
    return Error{Errc::kMalformed, "login.oauth.invalid_scope", "the scope openid is needed"};
  }
  const Time now = clock_->now();
  const Device device{.id = net::make_ulid(now, *random_),
                      .system = system.id,
                      .scope = known_scopes(scope),
                      .code_index = {},
                      .expires_at = now + settings_->device_life,
                      .interval = settings_->device_interval};
  std::string user_code;
  HUTONG_CHECK(insert(device, user_code));
  const std::string page = settings_->issuer + "/device";
  std::string complete = page;
  add_parameter(complete, "user_code", user_code);
  return net::Json{{"device_code", tickets_->make(TicketKind::kDevice, {{"device", device.id}},
                                                  device.expires_at + kToldAfterwards)},
                   {"user_code", user_code},
                   {"verification_uri", page},
                   {"verification_uri_complete", complete},
                   {"expires_in", settings_->device_life.count()},
                   {"interval", settings_->device_interval.count()}};
}

Result<AuthorizationRequest> DeviceOffice::opened_by(std::string_view typed) const {
  const auto user_code = read_user_code(typed);
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const Device device,
             DeviceRepository::waiting(reader, index_of(user_code.value_or("")), clock_->now()));
  return AuthorizationRequest{.system = device.system,
                              .redirect_uri = {},
                              .scope = device.scope,
                              .state = {},
                              .nonce = {},
                              .code_challenge = {},
                              .device = device.id,
                              .user_code = user_code.value_or("")};
}

Status DeviceOffice::deny(const AuthorizationRequest& request, std::string_view remote) const {
  const Time now = clock_->now();
  return storage::in_transaction(*database_, [&](Transaction& transaction) -> Status {
    HUTONG_TRY(const bool denied, DeviceRepository::deny(transaction, request.device, now));
    if (!denied) {
      return device_done();
    }
    return audit::append(
        transaction, audit::Event{.time = now,
                                  .action = "login.device_denied",
                                  .object_kind = "business_system",
                                  .object_id = request.system,
                                  .outcome = audit::Outcome::kRefused,
                                  .detail = net::to_text({{"device", request.device}, {"remote", remote}})});
  });
}

Result<std::string> DeviceOffice::login_of(const BusinessSystem& system, const Form& form) const {
  const std::string_view code = member(form, "device_code");
  if (code.empty()) {
    return Error{Errc::kMalformed, "login.oauth.invalid_request", "device_code is missing"};
  }
  const Time now = clock_->now();
  const auto ticket = tickets_->read(TicketKind::kDevice, code, now);
  if (!ticket) {
    return invalid_device("the device code is not of this system, or too old");
  }
  Device device;
  {
    HUTONG_TRY(auto reader, database_->read());
    HUTONG_TRY(device, DeviceRepository::find(reader, ticket->at("device").get<std::string>()));
  }
  if (device.system != system.id) {
    return invalid_device("the device code was given to another system");
  }
  if (device.grant) {
    return *device.grant;
  }
  return not_yet(device, now);
}

/// Why there is no login yet.
Error DeviceOffice::not_yet(const Device& device, Time now) const {
  if (device.denied_at) {
    return Error{Errc::kMalformed, "login.oauth.access_denied", "the user did not want to log in there"};
  }
  if (now >= device.expires_at) {
    return Error{Errc::kMalformed, "login.oauth.expired_token", "nobody logged in, begin again"};
  }
  const bool too_early = device.asked_at && now < *device.asked_at + device.interval;
  const auto interval = device.interval + (too_early ? kSlower : std::chrono::seconds(0));
  const auto noted = storage::in_transaction(*database_, [&](Transaction& transaction) {
    return DeviceRepository::note_question(transaction, device.id, now, interval);
  });
  if (!noted) {
    return noted.error();
  }
  return too_early
             ? Error{Errc::kMalformed, "login.oauth.slow_down",
                     "asked too early; the pause is now " + std::to_string(interval.count()) + " seconds"}
             : Error{Errc::kMalformed, "login.oauth.authorization_pending", "nobody has logged in yet"};
}

}  // namespace hutong::platform::login
