#include "ca/registration/order_repository.h"

#include <algorithm>
#include <utility>

#include "ca/registration/order_content.h"
#include "storage/error.h"

namespace hutong::ca::registration {
namespace {

using storage::Parameter;
using storage::Reader;
using storage::Row;
using storage::Transaction;

#define HUTONG_ORDER_COLUMNS                                                                             \
  "id, kind, state, version, template_id, name, role, region, holder, days, key_sm3, target, reason, "   \
  "signing_serial, encryption_serial, issued_signing, issued_encryption, problem_code, problem_detail, " \
  "problem_at, batch, client, idempotency_key, entered_subject, entered_fingerprint, entered_at, "       \
  "changed_at"
constexpr std::size_t kPlainColumns = 27;
#define HUTONG_WHOLE_ORDER HUTONG_ORDER_COLUMNS ", sealed, request, enveloped_key, secret_sm3, proven_key"

constexpr std::string_view kInsertOrder =
    "INSERT INTO orders (id, kind, state, version, template_id, name, shown_number, role, region, sealed, "
    "holder, days, request, key_sm3, target, reason, signing_serial, encryption_serial, enveloped_key, "
    "secret_sm3, batch, client, idempotency_key, entered_subject, entered_fingerprint, entered_at, "
    "changed_at, proven_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?, "
    "?, ?, ?)";
constexpr std::string_view kFindOrder = "SELECT " HUTONG_WHOLE_ORDER " FROM orders WHERE id = ?";
constexpr std::string_view kFindByKey =
    "SELECT " HUTONG_WHOLE_ORDER " FROM orders WHERE client = ? AND idempotency_key = ?";
constexpr std::string_view kSave =
    "UPDATE orders SET state = ?, version = version + 1, request = ?, proven_key = ?, key_sm3 = ?, "
    "signing_serial = ?, "
    "encryption_serial = ?, enveloped_key = ?, issued_signing = ?, issued_encryption = ?, secret_sm3 = ?, "
    "problem_code = ?, problem_detail = ?, problem_at = ?, changed_at = ? WHERE id = ? AND version = ?";
constexpr std::string_view kSaveContent =
    "UPDATE orders SET template_id = ?, name = ?, shown_number = ?, role = ?, region = ?, sealed = ?, "
    "holder = ?, days = ?, target = ?, reason = ? WHERE id = ?";
constexpr std::string_view kAddStep =
    "INSERT INTO order_steps (order_id, number, kind, state, at, subject, fingerprint, is_signed, note) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kStepsOfOrder =
    "SELECT number, kind, state, at, subject, fingerprint, is_signed, note FROM order_steps "
    "WHERE order_id = ? ORDER BY number";
constexpr std::string_view kTookPart =
    "SELECT number FROM order_steps WHERE order_id = ? AND kind IN (0, 1, 2) AND fingerprint = ? LIMIT 1";
constexpr std::string_view kCounts = "SELECT state, COUNT(*) FROM orders GROUP BY state";
constexpr std::string_view kHasKey = "SELECT id FROM orders WHERE key_sm3 = ?";

/// The store's own hexadecimal; it cannot be malformed.
x509::Serial serial_of(const std::string& hex) { return x509::Serial::from_hex(hex).value(); }
std::optional<x509::Serial> serial_if_any(const Row& row, std::size_t column) {
  const auto hex = row.get<std::optional<std::string>>(column);
  return hex ? std::optional(serial_of(*hex)) : std::nullopt;
}
std::optional<std::string> hex_if_any(const std::optional<x509::Serial>& serial) {
  return serial ? std::optional(serial->to_hex()) : std::nullopt;
}
std::optional<std::string_view> text_if_any(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<Bytes> octets_if_any(const Bytes& octets) {
  return octets.empty() ? std::nullopt : std::optional(octets);
}

std::optional<OrderProblem> problem_of(const Row& row, std::size_t column) {
  if (row.is_null(column)) {
    return std::nullopt;
  }
  return OrderProblem{row.text(column), row.text(column + 1), row.time(column + 2)};
}

Order plain_order(const Row& row) {
  Order order;
  order.id = row.text(0);
  order.kind = row.get<OrderKind>(1);
  order.state = row.get<OrderState>(2);
  order.version = row.integer(3);
  order.template_id = row.text(4);
  order.content.applicant.name = row.text(5);
  order.content.applicant.role = row.get<ApplicantRole>(6);
  order.content.applicant.region = row.text(7);
  order.holder = row.text(8);
  order.days = row.get<std::optional<std::uint32_t>>(9);
  order.key_sm3 = row.get<std::optional<Bytes>>(10);
  order.target = serial_if_any(row, 11);
  order.reason = row.get<std::optional<x509::CrlReason>>(12);
  order.signing_serial = serial_of(row.text(13));
  order.encryption_serial = serial_of(row.text(14));
  order.issued_signing = serial_if_any(row, 15);
  order.issued_encryption = serial_if_any(row, 16);
  order.problem = problem_of(row, 17);
  order.batch = row.text(20);
  order.client = row.text(21);
  order.idempotency_key = row.get<std::optional<std::string>>(22).value_or("");
  order.entered_by = {row.text(23), row.text(24)};
  order.entered_at = row.time(25);
  order.changed_at = row.time(26);
  return order;
}

Error unknown(std::string_view id) {
  return {Errc::kNotFound, "order.unknown", "no order " + std::string(id)};
}

/// The errors that a unique key of `orders` means.
Error meaning_of(const Error& error) {
  if (storage::violates(error, "orders_one_key")) {
    return {Errc::kConflict, "order.key_repeated", "another order has the same key"};
  }
  if (storage::violates(error, "orders_one_request")) {
    return {Errc::kConflict, "order.repeated", "this idempotency key was used before"};
  }
  return error;
}

/// The WHERE of a search, put together with its values; the texts live elsewhere.
struct SearchTerms {
  std::string where = "1 = 1";
  std::vector<Parameter> values;
  void add(std::string_view term, const Parameter& value) {
    where += " AND ";
    where += term;
    values.push_back(value);
  }
  void add_text(std::string_view term, const std::string& value) {
    if (!value.empty()) {
      add(term, value);
    }
  }
};

}  // namespace

Status OrderRepository::insert(Transaction& transaction, const Order& order) const {
  const Applicant& applicant = order.content.applicant;
  HUTONG_TRY(const Bytes sealed, seal_->seal(as_bytes(content_to_text(order.content)), order.id));
  const std::string number = shown_number(applicant);
  const auto inserted = transaction.execute(
      kInsertOrder, order.id, order.kind, order.state, order.version, order.template_id, applicant.name,
      number, applicant.role, applicant.region, sealed, order.holder, order.days, order.request,
      order.key_sm3, hex_if_any(order.target), order.reason, order.signing_serial.to_hex(),
      order.encryption_serial.to_hex(), order.enveloped_key, order.secret_sm3, order.batch, order.client,
      text_if_any(order.idempotency_key), order.entered_by.subject, order.entered_by.fingerprint,
      order.entered_at, order.changed_at, octets_if_any(order.proven_key));
  return inserted ? ok() : Status(meaning_of(inserted.error()));
}

Result<Order> OrderRepository::order_of(const Row& row) const {
  Order order = plain_order(row);
  HUTONG_TRY(const Bytes content, seal_->open(row.bytes(kPlainColumns), order.id));
  HUTONG_TRY(order.content, content_from_text(as_text(content)));
  order.request = row.bytes(kPlainColumns + 1);
  order.enveloped_key = row.bytes(kPlainColumns + 2);
  order.secret_sm3 = row.bytes(kPlainColumns + 3);
  order.proven_key = row.get<std::optional<Bytes>>(kPlainColumns + 4).value_or(Bytes());
  return order;
}

Result<Order> OrderRepository::find(Reader& reader, std::string_view id) const {
  HUTONG_TRY(const auto row, reader.query_optional(kFindOrder, id));
  return row ? order_of(*row) : Result<Order>(unknown(id));
}

Result<std::optional<Order>> OrderRepository::find_by_key(Reader& reader, std::string_view client,
                                                          std::string_view idempotency_key) const {
  HUTONG_TRY(const auto row, reader.query_optional(kFindByKey, client, idempotency_key));
  if (!row) {
    return std::optional<Order>();
  }
  HUTONG_TRY(auto order, order_of(*row));
  return std::optional(std::move(order));
}

Status OrderRepository::save(Transaction& transaction, Order& order) const {
  const auto& problem = order.problem;
  const auto saved = transaction.compare_and_set(
      kSave, order.state, order.request, octets_if_any(order.proven_key), order.key_sm3,
      order.signing_serial.to_hex(), order.encryption_serial.to_hex(), order.enveloped_key,
      hex_if_any(order.issued_signing), hex_if_any(order.issued_encryption), order.secret_sm3,
      problem ? std::optional<std::string_view>(problem->code) : std::nullopt,
      problem ? std::optional<std::string_view>(problem->detail) : std::nullopt,
      problem ? std::optional(problem->at) : std::nullopt, order.changed_at, order.id, order.version);
  if (!saved) {
    return meaning_of(saved.error());
  }
  ++order.version;
  return ok();
}

Status OrderRepository::save_with_content(Transaction& transaction, Order& order) const {
  HUTONG_CHECK(save(transaction, order));
  const Applicant& applicant = order.content.applicant;
  HUTONG_TRY(const Bytes sealed, seal_->seal(as_bytes(content_to_text(order.content)), order.id));
  HUTONG_CHECK(transaction.execute(kSaveContent, order.template_id, applicant.name, shown_number(applicant),
                                   applicant.role, applicant.region, sealed, order.holder, order.days,
                                   hex_if_any(order.target), order.reason, order.id));
  return ok();
}

Status OrderRepository::add_step(Transaction& transaction, std::string_view order, const Step& step) {
  HUTONG_CHECK(transaction.execute(kAddStep, order, step.number, step.kind, step.state, step.at,
                                   step.actor.subject, step.actor.fingerprint, step.is_signed, step.note));
  return ok();
}

Result<std::vector<Step>> OrderRepository::steps(Reader& reader, std::string_view order) {
  HUTONG_TRY(const auto rows, reader.query(kStepsOfOrder, order));
  std::vector<Step> steps;
  for (const Row& row : rows) {
    steps.push_back({.number = row.integer(0),
                     .kind = row.get<StepKind>(1),
                     .state = row.get<OrderState>(2),
                     .at = row.time(3),
                     .actor = {row.text(4), row.text(5)},
                     .is_signed = row.get<bool>(6),
                     .note = row.text(7)});
  }
  return steps;
}

Result<bool> OrderRepository::took_part_in_entry(Reader& reader, std::string_view order,
                                                 const audit::Actor& actor) {
  HUTONG_TRY(const auto row, reader.query_optional(kTookPart, order, actor.fingerprint));
  return row.has_value();
}

Result<std::vector<OrderLine>> OrderRepository::search(Reader& reader, const OrderFilter& filter) {
  SearchTerms terms;
  if (filter.state) {
    terms.add("state = ?", *filter.state);
  }
  if (filter.kind) {
    terms.add("kind = ?", *filter.kind);
  }
  if (!filter.name_part.empty()) {
    terms.add("strpos(name, ?) > 0", filter.name_part);
  }
  terms.add_text("holder = ?", filter.holder);
  terms.add_text("region = ?", filter.region);
  terms.add_text("batch = ?", filter.batch);
  terms.add_text("client = ?", filter.client);
  terms.add_text("id < ?", filter.before);
  terms.values.emplace_back(std::min<std::size_t>(filter.limit, 1000));
  HUTONG_TRY(const auto rows,
             reader.query_with("SELECT " HUTONG_ORDER_COLUMNS ", shown_number FROM orders WHERE " +
                                   terms.where + " ORDER BY id DESC LIMIT ?",
                               terms.values));
  std::vector<OrderLine> lines;
  lines.reserve(rows.size());
  for (const Row& row : rows) {
    lines.push_back({plain_order(row), row.text(kPlainColumns)});
  }
  return lines;
}

Result<std::array<std::int64_t, kOrderStates>> OrderRepository::counts(Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kCounts));
  std::array<std::int64_t, kOrderStates> counts{};
  for (const Row& row : rows) {
    counts.at(row.get<std::size_t>(0)) = row.integer(1);
  }
  return counts;
}

Result<bool> OrderRepository::has_key(Reader& reader, ByteView key_sm3) {
  HUTONG_TRY(const auto row, reader.query_optional(kHasKey, key_sm3));
  return row.has_value();
}

}  // namespace hutong::ca::registration
