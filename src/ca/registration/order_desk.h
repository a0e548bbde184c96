#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ca/registration/order.h"
#include "ca/registration/order_draft.h"
#include "ca/registration/order_repository.h"
#include "ca/registration/personal_seal.h"
#include "ca/registration/step_observer.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// A step that somebody wants to take, on the order as he saw it.
struct StepWish {
  std::string order;
  std::int64_t version = 0;
  std::string note = {};
};

/// An order that was entered; the pick-up secret is shown this once. Empty for an order that the same client
/// had entered before under the same idempotency key.
struct EnteredOrder {
  Order order;
  std::string pick_up_secret;
};

/// Where orders are entered, reviewed and delivered (录入, 审核, 交付). Every step is one transaction with
/// its line of history and its audit record. Thread-safe. Everything given must outlive it.
///
/// All steps: kNotFound "order.unknown"; kConflict "order.changed" (somebody else was faster: read it again),
/// "order.state"; kUnavailable "clock.behind" (audit::check_clock).
class OrderDesk {
 public:
  OrderDesk(storage::Database& database, const PersonalSeal& seal, const Clock& clock,
            StepObserver observer = {})
      : database_(&database), seal_(&seal), clock_(&clock), observer_(std::move(observer)), orders_(seal) {}

  /// The reasons of draft_order(); kConflict "order.key_reused" when the client's idempotency key stands for
  /// another order.
  Result<EnteredOrder> enter(const NewOrder& wish, const Doer& doer) const;
  /// All in one transaction: all of them or none. The reasons of enter() for the first that is wrong.
  Result<std::vector<EnteredOrder>> enter_all(std::span<const NewOrder> wishes, const Doer& doer) const;
  /// What enter() would say, and nothing is entered.
  Status check(const NewOrder& wish) const;

  /// The whole order anew; kind and key centre numbers stay. kMalformed "order.field" for another kind.
  Result<Order> change(const StepWish& step, const NewOrder& wish, const Doer& doer) const;
  Result<Order> submit(const StepWish& step, const Doer& doer) const;
  /// kUnauthorized "order.four_eyes": whoever entered, changed or submitted it does not review it.
  Result<Order> approve(const StepWish& step, const Doer& doer) const;
  /// The same; kMalformed "order.note" without a reason.
  Result<Order> refuse(const StepWish& step, const Doer& doer) const;
  Result<Order> cancel(const StepWish& step, const Doer& doer) const;
  /// The reasons of request_check.h and put_request(); kMalformed "order.field" when nothing is issued.
  Result<Order> attach_request(const StepWish& step, const Bytes& request, const Doer& doer) const;
  Result<Order> deliver(const StepWish& step, const Doer& doer) const;
  /// A new pick-up secret; the former one is worth nothing afterwards.
  Result<EnteredOrder> renew_secret(const StepWish& step, const Doer& doer) const;

  Result<Order> find(std::string_view id) const;
  /// For the subscriber: kNotFound "order.unknown" also for a wrong secret.
  Result<Order> find_by_secret(std::string_view id, std::string_view secret) const;
  const OrderRepository& orders() const { return orders_; }

  /// Something that happens to an order inside of its step's transaction.
  using Change = std::function<Status(storage::Transaction& transaction, Order& order)>;
  Result<Order> take(const StepWish& step, StepKind kind, const Doer& doer, const Change& change = {}) const;

 private:
  Result<std::vector<EnteredOrder>> enter_once(std::span<const NewOrder> wishes, const Doer& doer) const;
  Result<EnteredOrder> draft(storage::Reader& reader, const NewOrder& wish, const Doer& doer, Time now) const;
  Result<Order> review(const StepWish& step, StepKind kind, const Doer& doer) const;

  storage::Database* database_;
  const PersonalSeal* seal_;
  const Clock* clock_;
  StepObserver observer_;
  OrderRepository orders_;
};

/// The same error, which of many orders it is about.
Error in_place(const Error& error, std::size_t index);

}  // namespace hutong::ca::registration
