#include "operators/registry.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "net/json.h"
#include "net/ulid.h"
#include "operators/internal/operator_json.h"
#include "operators/operator_repository.h"
#include "operators/session.h"

namespace hutong::operators {
namespace {

constexpr std::size_t kMostNameOctets = 200;

Error not_governed(std::string_view why) {
  return {Errc::kUnauthorized, "operator.not_governed", std::string(why)};
}

Status check_governs(const Authorized& by, Role governed) {
  if (!by.operator_ || !governs(by.operator_->role, governed)) {
    return not_governed("your role does not govern the role " + std::string(to_string(governed)));
  }
  return ok();
}

void describe(audit::Event& event, const Operator& about) {
  event.object_kind = "operator";
  event.object_id = about.id;
  event.detail = net::to_text({{"display_name", about.display_name},
                               {"role", to_string(about.role)},
                               {"rights", to_json(about.rights)},
                               {"region", about.region},
                               {"fingerprint", about.fingerprint},
                               {"state", to_string(about.state)}});
}

/// Two who retire each other at the same time meet at the lock.
Status check_not_last(storage::Transaction& transaction, Role role) {
  if (role != Role::kSuperAdministrator && role != Role::kAuditAdministrator) {
    return ok();
  }
  HUTONG_TRY(const auto active, OperatorRepository::lock_active(transaction, role));
  if (active.size() < 2) {
    return Error{Errc::kPolicy, "operator.last_administrator",
                 "the last active one of the role " + std::string(to_string(role)) + " stays"};
  }
  return ok();
}

}  // namespace

Status check_display_name(std::string_view name) {
  const bool has_control = std::ranges::any_of(
      name, [](const char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (name.empty() || name.size() > kMostNameOctets || has_control || !is_utf8(name)) {
    return Error{Errc::kMalformed, "operator.display_name",
                 "1 to 200 octets of UTF-8 without control characters"};
  }
  return ok();
}

Operator Registry::made(const NewOperator& wanted, std::string_view created_by, Time now) const {
  return {.id = net::make_ulid(now, *random_),
          .display_name = wanted.display_name,
          .role = wanted.role,
          .rights = wanted.rights,
          .region = wanted.region,
          .certificate = wanted.certificate,
          .fingerprint = fingerprint_of(wanted.certificate),
          .created_by = std::string(created_by),
          .created_at = now,
          .changed_at = now};
}

Status Registry::check_new(const NewOperator& wanted, Time now) const {
  HUTONG_CHECK(check_display_name(wanted.display_name));
  HUTONG_CHECK(catalogue_->check_grant(wanted.role, wanted.rights, wanted.region));
  return check_certificate(*authority_, wanted.certificate, now);
}

Status Registry::bootstrap(storage::Transaction& transaction, std::span<const NewOperator> first) const {
  const Time now = clock_->now();
  for (const Role needed : {Role::kSuperAdministrator, Role::kAuditAdministrator}) {
    if (std::ranges::find(first, needed, &NewOperator::role) == first.end()) {
      return Error{Errc::kPolicy, "operator.bootstrap_roles",
                   "the initialisation names a " + std::string(to_string(needed))};
    }
  }
  HUTONG_TRY(const bool any, OperatorRepository::any(transaction));
  if (any) {
    return Error{Errc::kConflict, "operator.bootstrap_done", "there are operators already"};
  }
  std::vector<audit::Event> events;
  for (const NewOperator& wanted : first) {
    HUTONG_CHECK(check_new(wanted, now));
    const Operator added = made(wanted, "", now);
    HUTONG_CHECK(OperatorRepository::insert(transaction, added));
    describe(events.emplace_back(audit::Event{.time = now, .action = "operator.added"}), added);
  }
  return audit::append(transaction, events);
}

/// A refusal is audited as well; the answer stays what it is.
Result<Operator> Registry::told(const Authorized& by, std::string_view action, std::string_view id,
                                Result<Operator> answer) const {
  if (answer || answer.error().code == Errc::kUnavailable || answer.error().code == Errc::kInternal) {
    return answer;
  }
  audit::Event event = by.event(std::string(action), clock_->now());
  event.object_kind = "operator";
  event.object_id = id;
  event.outcome = audit::Outcome::kRefused;
  event.detail = net::to_text({{"detail", answer.error().detail}});
  HUTONG_CHECK(audit_refusal(*database_, std::move(event), answer.error()));
  return answer;
}

Result<Operator> Registry::add(const Authorized& by, const NewOperator& wanted) const {
  return told(by, "operator.added", "", added(by, wanted));
}

Result<Operator> Registry::added(const Authorized& by, const NewOperator& wanted) const {
  const Time now = clock_->now();
  HUTONG_CHECK(check_governs(by, wanted.role));
  HUTONG_CHECK(check_new(wanted, now));
  const Operator added = made(wanted, by.id(), now);
  return audited_change(*database_, by, "operator.added", now,
                        [&](storage::Transaction& transaction, audit::Event& event) -> Result<Operator> {
                          describe(event, added);
                          HUTONG_CHECK(OperatorRepository::insert(transaction, added));
                          return added;
                        });
}

/// Reads, checks who may, lets `apply` change the copy, writes it and ends the operator's sessions.
template <typename Edit>
Result<Operator> Registry::edit(const Authorized& by, std::string_view action, std::string_view id,
                                std::int64_t version, Self self, Edit&& apply) const {
  const Time now = clock_->now();
  return audited_change(
      *database_, by, action, now,
      [&](storage::Transaction& transaction, audit::Event& event) -> Result<Operator> {
        HUTONG_TRY(Operator changed, OperatorRepository::find_for_update(transaction, id));
        const bool is_self = by.operator_ && by.operator_->id == changed.id;
        if (is_self && self == Self::kRefused) {
          return not_governed("nobody changes their own rights or state");
        }
        if (!is_self) {
          HUTONG_CHECK(check_governs(by, changed.role));
        }
        if (changed.state == State::kRetired) {
          return Error{Errc::kConflict, "operator.retired", "the operator is retired"};
        }
        changed.version = version;
        changed.changed_at = now;
        HUTONG_CHECK(apply(transaction, changed));
        HUTONG_CHECK(OperatorRepository::update(transaction, changed));
        HUTONG_CHECK(SessionRepository::end_all_of(
            transaction, changed.id, changed.state == State::kRetired ? "retired" : "changed", now));
        describe(event, changed);
        ++changed.version;
        return changed;
      });
}

Result<Operator> Registry::change(const Authorized& by, const OperatorChange& change) const {
  const auto apply = [&](storage::Transaction& /*transaction*/, Operator& changed) -> Status {
    changed.display_name = change.display_name.value_or(changed.display_name);
    changed.rights = change.rights.value_or(changed.rights);
    changed.region = change.region.value_or(changed.region);
    HUTONG_CHECK(check_display_name(changed.display_name));
    return catalogue_->check_grant(changed.role, changed.rights, changed.region);
  };
  constexpr std::string_view kAction = "operator.changed";
  return told(by, kAction, change.id, edit(by, kAction, change.id, change.version, Self::kRefused, apply));
}

Result<Operator> Registry::replace_certificate(const Authorized& by, std::string_view id,
                                               std::int64_t version,
                                               const x509::Certificate& certificate) const {
  const auto apply = [&](storage::Transaction& /*transaction*/, Operator& changed) -> Status {
    HUTONG_CHECK(check_certificate(*authority_, certificate, clock_->now()));
    changed.certificate = certificate;
    changed.fingerprint = fingerprint_of(certificate);
    return ok();
  };
  constexpr std::string_view kAction = "operator.certificate_replaced";
  return told(by, kAction, id, edit(by, kAction, id, version, Self::kAllowed, apply));
}

Result<Operator> Registry::retire(const Authorized& by, std::string_view id, std::int64_t version) const {
  const auto apply = [&](storage::Transaction& transaction, Operator& changed) -> Status {
    HUTONG_CHECK(check_not_last(transaction, changed.role));
    changed.state = State::kRetired;
    return ok();
  };
  constexpr std::string_view kAction = "operator.retired";
  return told(by, kAction, id, edit(by, kAction, id, version, Self::kRefused, apply));
}

}  // namespace hutong::operators
