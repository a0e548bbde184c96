#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ca/registration/order.h"
#include "ca/registration/personal_seal.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// What a list of orders asks for; members left empty do not matter.
struct OrderFilter {
  std::optional<OrderState> state = std::nullopt;
  std::optional<OrderKind> kind = std::nullopt;
  std::string holder = {};
  std::string name_part = {};
  std::string region = {};
  std::string batch = {};
  std::string client = {};
  std::string before = {};  ///< cursor: id of the last row of the page before
  std::size_t limit = 50;
};

/// An order in a list: what is not sealed. In `order` the applicant has a name, role and region only.
struct OrderLine {
  Order order;
  std::string shown_number;
};

/// The store of orders and their history, part of every transaction that changes one. The seal must outlive
/// it; any thread. Errors are those of storage and of the seal, and the ones named here.
class OrderRepository {
 public:
  explicit OrderRepository(const PersonalSeal& seal) : seal_(&seal) {}

  /// kConflict "order.key_repeated" (another order has the same key), "order.repeated" (this client has used
  /// the idempotency key).
  Status insert(storage::Transaction& transaction, const Order& order) const;
  /// kNotFound "order.unknown".
  Result<Order> find(storage::Reader& reader, std::string_view id) const;
  Result<std::optional<Order>> find_by_key(storage::Reader& reader, std::string_view client,
                                           std::string_view idempotency_key) const;
  /// Writes everything that steps change, under version + 1. `order` is as read, changed in memory; its
  /// version is the one read and is counted up here. kConflict "storage.conflict" when somebody else was
  /// faster, "order.key_repeated".
  Status save(storage::Transaction& transaction, Order& order) const;
  /// The same with another content.
  Status save_with_content(storage::Transaction& transaction, Order& order) const;

  static Status add_step(storage::Transaction& transaction, std::string_view order, const Step& step);
  static Result<std::vector<Step>> steps(storage::Reader& reader, std::string_view order);
  /// True when this person entered or changed the order.
  static Result<bool> took_part_in_entry(storage::Reader& reader, std::string_view order,
                                         const audit::Actor& actor);

  static Result<std::vector<OrderLine>> search(storage::Reader& reader, const OrderFilter& filter);
  static Result<std::array<std::int64_t, kOrderStates>> counts(storage::Reader& reader);
  /// Whether an order had this key before.
  static Result<bool> has_key(storage::Reader& reader, ByteView key_sm3);

 private:
  Result<Order> order_of(const storage::Row& row) const;
  const PersonalSeal* seal_;
};

}  // namespace hutong::ca::registration
