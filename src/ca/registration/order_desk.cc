#include "ca/registration/order_desk.h"

#include <chrono>
#include <thread>
#include <utility>

#include "audit/audit_log.h"
#include "audit/clock_check.h"
#include "ca/registration/order_events.h"
#include "ca/registration/order_rules.h"
#include "ca/registration/pick_up.h"

namespace hutong::ca::registration {
namespace {

constexpr std::size_t kMostNote = 500;
constexpr int kRepeats = 2;
constexpr std::chrono::milliseconds kRepeatPause{30};

Error changed_meanwhile() {
  return {Errc::kConflict, "order.changed", "somebody else was faster: read the order again"};
}

/// The same request sent twice at once: whichever unique key the database looks at first.
bool is_repeated(const Error& error) {
  return error.reason == "order.repeated" || error.reason == "order.key_repeated";
}

/// Either certificate of a pair names it.
Result<bool> is_target(storage::Reader& reader, const Order& known, const x509::Serial& wanted) {
  if (!known.target || *known.target == wanted) {
    return known.target.has_value();
  }
  HUTONG_TRY(const auto record, CertificateRepository::find(reader, *known.target));
  return record.pair == wanted;
}

/// Whether the order that was entered under this idempotency key is what is asked for now: a client that uses
/// a key twice must not take another order's answer for its own.
Result<bool> stands_for(storage::Reader& reader, const Order& known, const NewOrder& wish) {
  const Applicant& applicant = known.content.applicant;
  const bool same_applicant = !wish.applicant || (wish.applicant->number == applicant.number &&
                                                  wish.applicant->name == applicant.name);
  const bool same_request = wish.request.empty() || wish.request == known.request;
  const bool same_template = wish.template_id.empty() || wish.template_id == known.template_id;
  if (wish.kind != known.kind || wish.days != known.days || wish.reason != known.reason || !same_applicant ||
      !same_request || !same_template) {
    return false;
  }
  return wish.target ? is_target(reader, known, *wish.target) : Result<bool>(true);
}

OrderState state_at_entry(Entry entry) {
  switch (entry) {
    case Entry::kDraft:
      break;
    case Entry::kSubmit:
      return OrderState::kSubmitted;
    case Entry::kAutomatic:
      return OrderState::kApproved;
  }
  return OrderState::kEntered;
}

Status check_note(std::string_view note) {
  return note.size() <= kMostNote
             ? ok()
             : Status(Error{Errc::kMalformed, "order.note", "a note has at most 500 octets"});
}

}  // namespace

Error in_place(const Error& error, std::size_t index) {
  return {error.code, error.reason, "order " + std::to_string(index + 1) + ": " + error.detail};
}

Result<EnteredOrder> OrderDesk::draft(storage::Reader& reader, const NewOrder& wish, const Doer& doer,
                                      Time now) const {
  if (!wish.idempotency_key.empty()) {
    HUTONG_TRY(auto known, orders_.find_by_key(reader, wish.client, wish.idempotency_key));
    if (known) {
      HUTONG_TRY(const bool is_same, stands_for(reader, *known, wish));
      return is_same ? Result<EnteredOrder>(EnteredOrder{std::move(*known), {}})
                     : Error{Errc::kConflict, "order.key_reused",
                             "this idempotency key stands for another order, " + known->id};
    }
  }
  HUTONG_CHECK(audit::check_clock(reader, now));
  HUTONG_CHECK(check_note(wish.note));
  HUTONG_TRY(auto order, draft_order(reader, *seal_, wish, now));
  order.state = state_at_entry(wish.entry);
  order.entered_by = doer.actor;
  EnteredOrder entered{std::move(order), fresh_pick_up_secret()};
  entered.order.secret_sm3 = pick_up_hash(entered.pick_up_secret);
  return entered;
}

Result<std::vector<EnteredOrder>> OrderDesk::enter_once(std::span<const NewOrder> wishes,
                                                        const Doer& doer) const {
  const Time now = clock_->now();
  std::vector<EnteredOrder> drafts;
  drafts.reserve(wishes.size());
  {
    HUTONG_TRY(auto reader, database_->read());
    for (const NewOrder& wish : wishes) {
      auto drafted = draft(reader, wish, doer, now);
      if (!drafted) {
        return wishes.size() == 1 ? drafted.error() : in_place(drafted.error(), drafts.size());
      }
      drafts.push_back(std::move(drafted).value());
    }
  }
  const Status stored = storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    std::vector<audit::Event> events;
    events.reserve(drafts.size());
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      const Order& order = drafts[i].order;
      if (drafts[i].pick_up_secret.empty()) {
        continue;  // entered before
      }
      HUTONG_CHECK(orders_.insert(transaction, order));
      HUTONG_CHECK(OrderRepository::add_step(
          transaction, order.id, history_step(order, StepKind::kEnter, doer, now, wishes[i].note)));
      events.push_back(order_event(order, StepKind::kEnter, doer, now));
    }
    return events.empty() ? ok() : audit::append(transaction, events);
  });
  return stored ? Result<std::vector<EnteredOrder>>(std::move(drafts)) : stored.error();
}

Result<std::vector<EnteredOrder>> OrderDesk::enter_all(std::span<const NewOrder> wishes,
                                                       const Doer& doer) const {
  auto entered = enter_once(wishes, doer);
  for (int again = 0; again < kRepeats && !entered && is_repeated(entered.error()); ++again) {
    std::this_thread::sleep_for(kRepeatPause);  // the same request is being answered on another thread
    entered = enter_once(wishes, doer);
  }
  return entered;
}

Result<EnteredOrder> OrderDesk::enter(const NewOrder& wish, const Doer& doer) const {
  HUTONG_TRY(auto all, enter_all(std::span(&wish, 1), doer));
  return std::move(all.front());
}

Status OrderDesk::check(const NewOrder& wish) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_CHECK(draft_order(reader, *seal_, wish, clock_->now()));
  return ok();
}

Result<Order> OrderDesk::take(const StepWish& step, StepKind kind, const Doer& doer,
                              const Change& change) const {
  HUTONG_CHECK(check_note(step.note));
  const Time now = clock_->now();
  auto taken = storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Result<Order> {
    HUTONG_TRY(auto order, orders_.find(transaction, step.order));
    if (order.version != step.version) {
      return changed_meanwhile();
    }
    HUTONG_CHECK(audit::check_clock(transaction, now));
    HUTONG_TRY(order.state, state_after(order, kind));
    order.changed_at = now;
    if (change) {
      HUTONG_CHECK(change(transaction, order));
    }
    HUTONG_CHECK(kind == StepKind::kChange ? orders_.save_with_content(transaction, order)
                                           : orders_.save(transaction, order));
    HUTONG_CHECK(
        OrderRepository::add_step(transaction, order.id, history_step(order, kind, doer, now, step.note)));
    if (observer_) {
      HUTONG_CHECK(observer_(transaction, order, kind, now));
    }
    HUTONG_CHECK(audit::append(transaction, order_event(order, kind, doer, now)));
    return order;
  });
  return !taken && taken.error().reason == storage::reason::kConflict ? changed_meanwhile()
                                                                      : std::move(taken);
}

Result<Order> OrderDesk::change(const StepWish& step, const NewOrder& wish, const Doer& doer) const {
  return take(step, StepKind::kChange, doer, [&](storage::Transaction& transaction, Order& order) -> Status {
    if (wish.kind != order.kind) {
      return Error{Errc::kMalformed, "order.field", "an order keeps its kind"};
    }
    NewOrder without_request = wish;
    without_request.request.clear();
    HUTONG_TRY(const Order drafted, draft_order(transaction, *seal_, without_request, order.changed_at));
    order.template_id = drafted.template_id;
    order.content = drafted.content;
    order.holder = drafted.holder;
    order.days = drafted.days;
    order.target = drafted.target;
    order.reason = drafted.reason;
    return wish.request.empty() || wish.request == order.request
               ? ok()
               : put_request(transaction, order, wish.request);
  });
}

Result<Order> OrderDesk::submit(const StepWish& step, const Doer& doer) const {
  return take(step, StepKind::kSubmit, doer);
}

Result<Order> OrderDesk::review(const StepWish& step, StepKind kind, const Doer& doer) const {
  return take(step, kind, doer, [&](storage::Transaction& transaction, const Order& order) -> Status {
    HUTONG_TRY(const bool entered_it, OrderRepository::took_part_in_entry(transaction, order.id, doer.actor));
    return entered_it ? Status(Error{Errc::kUnauthorized, "order.four_eyes",
                                     "whoever entered an order does not review it"})
                      : ok();
  });
}

Result<Order> OrderDesk::approve(const StepWish& step, const Doer& doer) const {
  return review(step, StepKind::kApprove, doer);
}

Result<Order> OrderDesk::refuse(const StepWish& step, const Doer& doer) const {
  if (step.note.empty()) {
    return Error{Errc::kMalformed, "order.note", "say why, for whoever entered it"};
  }
  return review(step, StepKind::kRefuse, doer);
}

Result<Order> OrderDesk::cancel(const StepWish& step, const Doer& doer) const {
  return take(step, StepKind::kCancel, doer, [](storage::Transaction&, Order& order) {
    order.key_sm3.reset();  // the key may be used in another order
    return ok();
  });
}

Result<Order> OrderDesk::attach_request(const StepWish& step, const Bytes& request, const Doer& doer) const {
  return take(step, StepKind::kAttachRequest, doer,
              [&](storage::Transaction& transaction, Order& order) -> Status {
                if (changes_status_only(order.kind)) {
                  return Error{Errc::kMalformed, "order.field", "nothing is issued: no request"};
                }
                order.problem.reset();
                return put_request(transaction, order, request);
              });
}

Result<Order> OrderDesk::deliver(const StepWish& step, const Doer& doer) const {
  return take(step, StepKind::kDeliver, doer);
}

Result<EnteredOrder> OrderDesk::renew_secret(const StepWish& step, const Doer& doer) const {
  std::string secret = fresh_pick_up_secret();
  HUTONG_TRY(auto order, take(step, StepKind::kNewSecret, doer, [&](storage::Transaction&, Order& changed) {
               changed.secret_sm3 = pick_up_hash(secret);
               return ok();
             }));
  return EnteredOrder{std::move(order), std::move(secret)};
}

Result<Order> OrderDesk::find(std::string_view id) const {
  HUTONG_TRY(auto reader, database_->read());
  return orders_.find(reader, id);
}

Result<Order> OrderDesk::find_by_secret(std::string_view id, std::string_view secret) const {
  auto order = find(id);
  if (order && !is_pick_up_secret(secret, order->secret_sm3)) {
    return Error{Errc::kNotFound, "order.unknown", "no order " + std::string(id) + " with this secret"};
  }
  return order;
}

}  // namespace hutong::ca::registration
