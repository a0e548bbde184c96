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

/// As the audit log calls it.
std::string_view decided_action(SystemStepKind kind, bool released) {
  if (kind == SystemStepKind::kResumption) {
    return released ? "system.resumed" : "system.resumption_rejected";
  }
  return released ? "system.secret_changed" : "system.secret_rejected";
}

void tell(audit::Event& event, std::string_view system, const net::Json& detail) {
  event.object_kind = "business_system";
  event.object_id = system;
  event.detail = net::to_text(detail);
}

Status check_may_be_proposed(const BusinessSystem& system, SystemStepKind kind) {
  const bool fits = system.state == SystemState::kSuspended ||
                    (kind == SystemStepKind::kSecret && system.state == SystemState::kActive);
  return fits ? ok()
              : Status(Error{Errc::kConflict, "system.state",
                             "the business system is not in the state for this"});
}

/// What a released step does.
Status take_step(Transaction& transaction, const SystemStep& step, const SystemStepDecision& decision) {
  if (step.kind == SystemStepKind::kResumption) {
    return SystemRepository::change_state(transaction, step.system, SystemState::kSuspended,
                                          SystemState::kActive, decision.by, decision.at);
  }
  return SystemRepository::change_secret(transaction, step.system, step.secret_index.value_or(Bytes()));
}

}  // namespace

std::string SystemDesk::fresh_secret() const {
  SecretBytes octets(kSecretOctets);
  random_->fill(octets.writable());
  return to_base64url(octets.expose());
}

Result<BusinessSystem> SystemDesk::find(std::string_view id) const {
  HUTONG_TRY(auto reader, database_->read());
  return SystemRepository::find(reader, id);
}

Result<std::vector<BusinessSystem>> SystemDesk::list(std::string_view after, std::size_t limit) const {
  HUTONG_TRY(auto reader, database_->read());
  return SystemRepository::list(reader, after, limit);
}

Result<std::vector<SystemStep>> SystemDesk::waiting() const {
  HUTONG_TRY(auto reader, database_->read());
  return SystemStepRepository::open(reader);
}

Result<SystemDesk::Registered> SystemDesk::propose(const Authorized& by, const SystemContent& content) const {
  const Time now = clock_->now();
  const std::string secret = fresh_secret();
  const BusinessSystem system{.id = net::make_ulid(now, *random_),
                              .content = content,
                              .secret_index = vault_->index(kSecretClass, secret),
                              .proposed_by = by.id(),
                              .proposed_at = now};
  return audited_change(*database_, by, "system.proposed", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<Registered> {
                          HUTONG_CHECK(SystemRepository::insert(transaction, system));
                          tell(event, system.id, to_json(content));
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
        tell(event, system.id, {{"reason", reason}});
        return SystemRepository::find(transaction, id);
      });
}

Result<BusinessSystem> SystemDesk::retire(const Authorized& by, std::string_view id,
                                          std::string_view reason) const {
  const Time now = clock_->now();
  return audited_change(*database_, by, "system.retired", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<BusinessSystem> {
                          HUTONG_TRY(const auto system, SystemRepository::find(transaction, id));
                          const auto from = system.state == SystemState::kSuspended ? SystemState::kSuspended
                                                                                    : SystemState::kActive;
                          HUTONG_CHECK(SystemRepository::change_state(transaction, id, from,
                                                                      SystemState::kRetired, by.id(), now));
                          HUTONG_CHECK(SystemStepRepository::reject_open(
                              transaction, id, {.by = by.id(), .reason = reason, .at = now}));
                          tell(event, system.id, {{"reason", reason}});
                          return SystemRepository::find(transaction, id);
                        });
}

Result<BusinessSystem> SystemDesk::suspend(const Authorized& by, std::string_view id,
                                           std::string_view reason) const {
  const Time now = clock_->now();
  return audited_change(*database_, by, "system.suspended", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<BusinessSystem> {
                          HUTONG_TRY(const auto system, SystemRepository::find(transaction, id));
                          HUTONG_CHECK(SystemRepository::suspend(transaction, id, reason, by.id(), now));
                          tell(event, system.id, {{"reason", reason}});
                          return SystemRepository::find(transaction, id);
                        });
}

Result<SystemDesk::ProposedStep> SystemDesk::propose_step(const Authorized& by, std::string_view id,
                                                          SystemStepKind kind,
                                                          std::string_view reason) const {
  const Time now = clock_->now();
  ProposedStep proposed{.step = {.id = net::make_ulid(now, *random_),
                                 .system = std::string(id),
                                 .kind = kind,
                                 .reason = std::string(reason),
                                 .proposed_by = by.id(),
                                 .proposed_at = now},
                        .secret = {}};
  if (kind == SystemStepKind::kSecret) {
    proposed.secret = fresh_secret();
    proposed.step.secret_index = vault_->index(kSecretClass, proposed.secret);
  }
  const std::string_view action =
      kind == SystemStepKind::kResumption ? "system.resumption_proposed" : "system.secret_proposed";
  return audited_change(*database_, by, action, now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<ProposedStep> {
                          HUTONG_TRY(const auto system, SystemRepository::find(transaction, id));
                          HUTONG_CHECK(check_may_be_proposed(system, kind));
                          HUTONG_CHECK(SystemStepRepository::insert(transaction, proposed.step));
                          tell(event, id, {{"step", proposed.step.id}, {"reason", reason}});
                          return proposed;
                        });
}

Result<BusinessSystem> SystemDesk::decide_step(const Authorized& by, std::string_view id,
                                               std::string_view step_id, Decision decision,
                                               std::string_view reason) const {
  const Time now = clock_->now();
  const bool released = decision == Decision::kRelease;
  const SystemStepDecision decided{
      .state = released ? SystemStepState::kReleased : SystemStepState::kRejected,
      .by = by.id(),
      .reason = reason,
      .at = now};
  return audited_change(
      *database_, by, {}, now, [&](Transaction& transaction, audit::Event& event) -> Result<BusinessSystem> {
        HUTONG_TRY(const auto step, SystemStepRepository::find(transaction, id, step_id));
        if (step.proposed_by == by.id()) {
          return Error{Errc::kUnauthorized, "system.four_eyes", "whoever proposed it does not decide"};
        }
        HUTONG_CHECK(SystemStepRepository::decide(transaction, step_id, decided));
        if (released) {
          HUTONG_CHECK(take_step(transaction, step, decided));
        }
        event.action = decided_action(step.kind, released);
        tell(event, id, {{"step", step_id}, {"reason", reason}});
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
  if (right && system->state == SystemState::kSuspended) {
    return suspended(*system);
  }
  return right && system->state == SystemState::kActive ? std::move(system) : Result<BusinessSystem>(refused);
}

}  // namespace hutong::platform::login
