#include "platform/login/system_desk.h"

#include <utility>

#include "crypto/constant_time.h"
#include "net/json.h"
#include "net/ulid.h"
#include "platform/login/ticket.h"

namespace hutong::platform::login {
namespace {

using operators::audited_change;
using operators::Authorized;
using storage::Transaction;

constexpr std::string_view kSecretClass = "client secret";
constexpr std::size_t kSecretOctets = 32;
constexpr std::size_t kMostSecret = 200;

}  // namespace

Result<BusinessSystem> SystemDesk::find(std::string_view id) const {
  HUTONG_TRY(auto reader, database_->read());
  return SystemRepository::find(reader, id);
}

Result<std::vector<BusinessSystem>> SystemDesk::list(std::string_view after, std::size_t limit) const {
  HUTONG_TRY(auto reader, database_->read());
  return SystemRepository::list(reader, after, limit);
}

Result<SystemDesk::Registered> SystemDesk::propose(const Authorized& by, const SystemContent& content) const {
  const Time now = clock_->now();
  SecretBytes octets(kSecretOctets);
  random_->fill(octets.writable());
  const std::string secret = to_base64url(octets.expose());
  const BusinessSystem system{.id = net::make_ulid(now, *random_),
                              .content = content,
                              .secret_index = vault_->index(kSecretClass, secret),
                              .proposed_by = by.id(),
                              .proposed_at = now};
  return audited_change(*database_, by, "system.proposed", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<Registered> {
                          HUTONG_CHECK(SystemRepository::insert(transaction, system));
                          event.object_kind = "business_system";
                          event.object_id = system.id;
                          event.detail = net::to_text(to_json(content));
                          return Registered{system, secret};
                        });
}

Result<BusinessSystem> SystemDesk::decide(const Authorized& by, std::string_view id, Decision decision,
                                          std::string_view reason) const {
  const Time now = clock_->now();
  const bool released = decision == Decision::kRelease;
  const std::string_view action = released ? "system.released" : "system.rejected";
  return audited_change(
      *database_, by, action, now,
      [&](Transaction& transaction, audit::Event& event) -> Result<BusinessSystem> {
        HUTONG_TRY(const auto system, SystemRepository::find(transaction, id));
        if (system.proposed_by == by.id()) {
          return Error{Errc::kUnauthorized, "system.four_eyes", "whoever proposed it does not decide"};
        }
        HUTONG_CHECK(SystemRepository::change_state(transaction, id, SystemState::kProposed,
                                                    released ? SystemState::kActive : SystemState::kRejected,
                                                    by.id(), now));
        event.object_kind = "business_system";
        event.object_id = system.id;
        event.detail = net::to_text({{"reason", reason}});
        return SystemRepository::find(transaction, id);
      });
}

Result<BusinessSystem> SystemDesk::retire(const Authorized& by, std::string_view id,
                                          std::string_view reason) const {
  const Time now = clock_->now();
  return audited_change(*database_, by, "system.retired", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<BusinessSystem> {
                          HUTONG_TRY(const auto system, SystemRepository::find(transaction, id));
                          HUTONG_CHECK(SystemRepository::change_state(transaction, id, SystemState::kActive,
                                                                      SystemState::kRetired, by.id(), now));
                          event.object_kind = "business_system";
                          event.object_id = system.id;
                          event.detail = net::to_text({{"reason", reason}});
                          return SystemRepository::find(transaction, id);
                        });
}

Result<BusinessSystem> SystemDesk::authenticate(std::string_view id, std::string_view secret) const {
  const Error refused{Errc::kUnauthorized, "system.credentials", "no active business system of this secret"};
  if (!net::is_ulid(id) || secret.size() > kMostSecret) {
    return refused;
  }
  auto system = find(id);
  if (!system) {
    return system.error().code == Errc::kNotFound ? refused : system.error();
  }
  const bool right = crypto::constant_time_equal(vault_->index(kSecretClass, secret), system->secret_index);
  return right && system->state == SystemState::kActive ? std::move(system) : Result<BusinessSystem>(refused);
}

}  // namespace hutong::platform::login
