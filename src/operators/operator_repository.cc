#include "operators/operator_repository.h"

#include <algorithm>
#include <utility>

#include "storage/error.h"

namespace hutong::operators {
namespace {

constexpr std::size_t kMostOperatorsListed =
    1'001;  // a page and one more, which tells whether there is a next page

#define HUTONG_OPERATOR_COLUMNS                                                                           \
  "id, display_name, role, rights, fingerprint, certificate, state, created_by, created_at, changed_at, " \
  "version, region"
constexpr std::string_view kFindOperator = "SELECT " HUTONG_OPERATOR_COLUMNS " FROM operators WHERE id = ?";
constexpr std::string_view kFindActive =
    "SELECT " HUTONG_OPERATOR_COLUMNS " FROM operators WHERE fingerprint = ? AND state = 1";
constexpr std::string_view kSearch = "SELECT " HUTONG_OPERATOR_COLUMNS
                                     " FROM operators WHERE id > ? AND (CAST(? AS INTEGER) = 0 OR role = ?)"
                                     " AND (CAST(? AS INTEGER) = 0 OR state = ?) ORDER BY id LIMIT ?";
#undef HUTONG_OPERATOR_COLUMNS
constexpr std::string_view kInsertOperator =
    "INSERT INTO operators (id, display_name, role, rights, fingerprint, certificate, state, created_by,"
    " created_at, changed_at, version, region) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kInsertCertificate =
    "INSERT INTO operator_certificates (fingerprint, certificate, operator_id, registered_at)"
    " VALUES (?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING";
constexpr std::string_view kUpdateOperator =
    "UPDATE operators SET display_name = ?, rights = ?, region = ?, fingerprint = ?, certificate = ?,"
    " state = ?, changed_at = ?, version = version + 1 WHERE id = ? AND version = ?";
constexpr std::string_view kLockActive = "SELECT id FROM operators WHERE role = ? AND state = 1 ORDER BY id";

Result<Operator> operator_of(const storage::Row& row) {
  HUTONG_TRY(auto certificate, x509::Certificate::parse(row.bytes(5)));
  return Operator{.id = row.text(0),
                  .display_name = row.text(1),
                  .role = row.get<Role>(2),
                  .rights = rights_from_text(row.text(3)),
                  .region = row.text(11),
                  .certificate = std::move(certificate),
                  .fingerprint = row.text(4),
                  .state = row.get<State>(6),
                  .created_by = row.text(7),
                  .created_at = row.time(8),
                  .changed_at = row.time(9),
                  .version = row.integer(10)};
}

Error unknown(std::string_view id) { return {Errc::kNotFound, "operator.unknown", std::string(id)}; }

Error or_taken(Error error) {
  if (storage::violates(error, "operators_one_certificate")) {
    return {Errc::kConflict, "operator.certificate_taken", "the certificate is an active operator's"};
  }
  return error;
}

Status keep_certificate(storage::Transaction& transaction, const Operator& of, Time now) {
  HUTONG_CHECK(transaction.execute(kInsertCertificate, of.fingerprint, of.certificate.der(), of.id, now));
  return ok();
}

}  // namespace

std::string_view to_string(State state) { return state == State::kActive ? "active" : "retired"; }

Status OperatorRepository::insert(storage::Transaction& transaction, const Operator& added) {
  const auto inserted =
      transaction.execute(kInsertOperator, added.id, added.display_name, added.role, to_text(added.rights),
                          added.fingerprint, added.certificate.der(), added.state, added.created_by,
                          added.created_at, added.changed_at, added.version, added.region);
  if (!inserted) {
    return or_taken(inserted.error());
  }
  return keep_certificate(transaction, added, added.created_at);
}

Result<Operator> OperatorRepository::find(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindOperator, id));
  return row ? operator_of(*row) : unknown(id);
}

Result<Operator> OperatorRepository::find_for_update(storage::Transaction& transaction, std::string_view id) {
  HUTONG_TRY(const auto rows, transaction.query_for_update(kFindOperator, id));
  return rows.empty() ? unknown(id) : operator_of(rows[0]);
}

Result<std::optional<Operator>> OperatorRepository::find_active(storage::Reader& reader,
                                                                std::string_view fingerprint) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindActive, fingerprint));
  if (!row) {
    return std::optional<Operator>();
  }
  HUTONG_TRY(auto found, operator_of(*row));
  return std::optional(std::move(found));
}

Result<std::vector<Operator>> OperatorRepository::search(storage::Reader& reader,
                                                         const OperatorFilter& filter) {
  const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, kMostOperatorsListed);
  HUTONG_TRY(const auto rows, reader.query(kSearch, filter.after, filter.role.has_value(),
                                           filter.role.value_or(Role::kAuditor), filter.state.has_value(),
                                           filter.state.value_or(State::kActive), limit));
  std::vector<Operator> found;
  for (const storage::Row& row : rows) {
    HUTONG_TRY(auto one, operator_of(row));
    found.push_back(std::move(one));
  }
  return found;
}

Result<std::vector<std::string>> OperatorRepository::lock_active(storage::Transaction& transaction,
                                                                 Role role) {
  HUTONG_TRY(const auto rows, transaction.query_for_update(kLockActive, role));
  std::vector<std::string> ids;
  for (const storage::Row& row : rows) {
    ids.push_back(row.text(0));
  }
  return ids;
}

Result<bool> OperatorRepository::any(storage::Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_optional("SELECT id FROM operators LIMIT 1"));
  return row.has_value();
}

Status OperatorRepository::update(storage::Transaction& transaction, const Operator& changed) {
  const auto updated = transaction.compare_and_set(
      kUpdateOperator, changed.display_name, to_text(changed.rights), changed.region, changed.fingerprint,
      changed.certificate.der(), changed.state, changed.changed_at, changed.id, changed.version);
  if (!updated) {
    return or_taken(updated.error());
  }
  return keep_certificate(transaction, changed, changed.changed_at);
}

Result<std::optional<x509::Certificate>> OperatorRepository::certificate(storage::Reader& reader,
                                                                         std::string_view fingerprint) {
  HUTONG_TRY(const auto row,
             reader.query_optional("SELECT certificate FROM operator_certificates WHERE fingerprint = ?",
                                   fingerprint));
  if (!row) {
    return std::optional<x509::Certificate>();
  }
  HUTONG_TRY(auto certificate, x509::Certificate::parse(row->bytes(0)));
  return std::optional(std::move(certificate));
}

}  // namespace hutong::operators
