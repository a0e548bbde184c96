#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "audit/audit_log.h"
#include "base/result.h"
#include "base/time.h"
#include "operators/operator.h"
#include "storage/database.h"

namespace hutong::operators {

/// Somebody who may do what was asked, from Guard::authorize: an operator with a session or an API client,
/// never both.
struct Authorized {
  std::optional<Operator> operator_{};
  std::optional<ApiClient> client{};
  std::string session{};  ///< id of the operator's session
  audit::Actor actor{};
  /// Of the operator's key over this very request (action_text); always there for an operator's request that
  /// changes something, never for a client's.
  std::optional<audit::OperatorSignature> signature{};

  /// The operator's or the client's ULID.
  const std::string& id() const { return operator_ ? operator_->id : client->id; }

  /// The audit event of what is being done, with its doer and the doer's signature; the object and the detail
  /// are still to be filled in.
  audit::Event event(std::string action, Time now) const {
    return {.time = now, .actor = actor, .action = std::move(action), .signature = signature};
  }
};

/// A change and its audit record in one transaction: `body(transaction, event)` makes the change and fills in
/// `event` (object_kind, object_id, detail), then the event is appended last. An error from the body rolls
/// everything back. As with in_transaction, the body may run several times.
///
///   return audited_change(database, by, "order.approved", now,
///                         [&](storage::Transaction& transaction, audit::Event& event) -> Result<Order> {
///                           event.object_kind = "order";
///                           event.object_id = input.id;
///                           return OrderRepository::approve(transaction, input.id, now);
///                         });
template <typename Body>
auto audited_change(storage::Database& database, const Authorized& by, std::string_view action, Time now,
                    Body&& body) -> std::invoke_result_t<Body&, storage::Transaction&, audit::Event&> {
  using Answer = std::invoke_result_t<Body&, storage::Transaction&, audit::Event&>;
  return storage::in_transaction(database, [&](storage::Transaction& transaction) -> Answer {
    audit::Event event = by.event(std::string(action), now);
    Answer answer = body(transaction, event);
    if (answer) {
      HUTONG_CHECK(audit::append(transaction, event));
    }
    return answer;
  });
}

/// Tells the audit log of something that was refused or failed: the event's outcome says which, its detail
/// gets the reason. Its own transaction; when even that fails, the error of the storage comes back.
Status audit_refusal(storage::Database& database, audit::Event event, const Error& why);

}  // namespace hutong::operators
