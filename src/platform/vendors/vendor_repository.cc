#include "platform/vendors/vendor_repository.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "platform/vendors/vendor_content.h"
#include "storage/error.h"

namespace hutong::platform {
namespace {

using storage::Reader;
using storage::Row;
using storage::Transaction;

#define HUTONG_VENDOR_COLUMNS                                                                    \
  "id, name_zh, name_en, uscc, first_batch, connector_kind, connector_address, profile, state, " \
  "created_at, changed_at, version"
constexpr std::string_view kInsertVendor =
    "INSERT INTO vendors (" HUTONG_VENDOR_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
#define HUTONG_VENDOR_WAITS \
  "EXISTS (SELECT 1 FROM vendor_steps WHERE vendor = vendors.id AND decided_at IS NULL)"
#define HUTONG_SELECT_VENDORS \
  "SELECT " HUTONG_VENDOR_COLUMNS ", CASE WHEN " HUTONG_VENDOR_WAITS " THEN 1 ELSE 0 END FROM vendors"
constexpr std::string_view kFindVendor = HUTONG_SELECT_VENDORS " WHERE id = ?";
constexpr std::string_view kSearchVendors = HUTONG_SELECT_VENDORS
    " WHERE (CAST(? AS INTEGER) = 0 OR state = ?)"
    " AND (CAST(? AS INTEGER) = 0 OR " HUTONG_VENDOR_WAITS ") AND id > ? ORDER BY id LIMIT ?";
constexpr std::string_view kUpdateVendor =
    "UPDATE vendors SET name_zh = ?, name_en = ?, uscc = ?, first_batch = ?, connector_kind = ?, "
    "connector_address = ?, profile = ?, state = ?, changed_at = ?, version = version + 1 "
    "WHERE id = ? AND version = ?";

#define HUTONG_DOCUMENT_COLUMNS "id, vendor, kind, file_name, sm3, size, added_by, added_at"
constexpr std::string_view kInsertDocument =
    "INSERT INTO vendor_documents (" HUTONG_DOCUMENT_COLUMNS ", content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kDocumentsOfVendor =
    "SELECT " HUTONG_DOCUMENT_COLUMNS " FROM vendor_documents WHERE vendor = ? ORDER BY id";
constexpr std::string_view kHasDocument =
    "SELECT id FROM vendor_documents WHERE vendor = ? AND kind = ? LIMIT 1";
constexpr std::string_view kDocumentContent =
    "SELECT file_name, content FROM vendor_documents WHERE vendor = ? AND id = ?";

#define HUTONG_CHECK_COLUMNS \
  "id, vendor, kind, address, asked_by, asked_at, milliseconds, answered_by, problem, detail"
constexpr std::string_view kInsertCheck =
    "INSERT INTO connector_checks (" HUTONG_CHECK_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kChecksOfVendor =
    "SELECT " HUTONG_CHECK_COLUMNS " FROM connector_checks WHERE vendor = ? ORDER BY id DESC LIMIT 20";

#define HUTONG_STEP_COLUMNS                                                                                 \
  "id, vendor, from_state, to_state, reason, vendor_version, state, proposed_by, proposed_at, decided_by, " \
  "decided_at, decision_reason, content"
constexpr std::string_view kInsertStep =
    "INSERT INTO vendor_steps (" HUTONG_STEP_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindStep = "SELECT " HUTONG_STEP_COLUMNS " FROM vendor_steps WHERE id = ?";
constexpr std::string_view kStepsOfVendor =
    "SELECT " HUTONG_STEP_COLUMNS " FROM vendor_steps WHERE vendor = ? ORDER BY id";
constexpr std::string_view kDecideStep =
    "UPDATE vendor_steps SET state = ?, decided_by = ?, decided_at = ?, decision_reason = ? "
    "WHERE id = ? AND decided_at IS NULL";

Result<Vendor> vendor_of(const Row& row) {
  HUTONG_TRY(auto profile, net::parse_json(row.text(7)));
  return Vendor{.id = row.text(0),
                .content = {.name_zh = row.text(1),
                            .name_en = row.text(2),
                            .uscc = row.text(3),
                            .first_batch = row.get<bool>(4),
                            .connector_kind = row.get<ConnectorKind>(5),
                            .connector_address = row.text(6),
                            .profile = std::move(profile)},
                .state = row.get<VendorState>(8),
                .created_at = row.time(9),
                .changed_at = row.time(10),
                .version = row.integer(11),
                .waiting = row.get<bool>(12)};
}

ConnectorCheck check_of(const Row& row) {
  return {.id = row.text(0),
          .vendor = row.text(1),
          .kind = row.get<ConnectorKind>(2),
          .address = row.text(3),
          .asked_by = row.text(4),
          .asked_at = row.time(5),
          .milliseconds = row.integer(6),
          .answered_by = row.text(7),
          .problem = row.text(8),
          .detail = row.text(9)};
}

Result<VendorDocument> document_of(const Row& row) {
  VendorDocument document{.id = row.text(0),
                          .vendor = row.text(1),
                          .kind = row.get<DocumentKind>(2),
                          .file_name = row.text(3),
                          .sm3 = {},
                          .size = row.integer(5),
                          .added_by = row.text(6),
                          .added_at = row.time(7)};
  HUTONG_TRY(const Bytes digest, from_hex(row.text(4)));
  if (digest.size() != document.sm3.size()) {
    return Error{Errc::kInternal, "internal", "a stored SM3 has another length"};
  }
  std::ranges::copy(digest, document.sm3.begin());
  return document;
}

Result<VendorStep> step_of(const Row& row) {
  VendorStep step{.id = row.text(0),
                  .vendor = row.text(1),
                  .from = row.get<VendorState>(2),
                  .to = row.get<VendorState>(3),
                  .reason = row.text(4),
                  .vendor_version = row.integer(5),
                  .state = row.get<StepState>(6),
                  .proposed_by = row.text(7),
                  .proposed_at = row.time(8),
                  .decided_by = row.text(9),
                  .decided_at = row.get<std::optional<Time>>(10),
                  .decision_reason = row.text(11)};
  if (!row.is_null(12)) {
    HUTONG_TRY(const auto json, net::parse_json(row.text(12)));
    HUTONG_TRY(step.content, read_vendor_content(json));
  }
  return step;
}

std::optional<std::string> content_text(const VendorStep& step) {
  return step.content ? std::optional(net::to_text(to_json(*step.content))) : std::nullopt;
}

Status named(const Status& done) {
  if (!done && storage::violates(done.error(), "vendors_uscc")) {
    return Error{Errc::kConflict, "vendor.uscc_taken", "a vendor with this code is known already"};
  }
  if (!done && storage::violates(done.error(), "vendor_steps_open")) {
    return Error{Errc::kConflict, "vendor.step_open", "another step waits for its second person"};
  }
  return done;
}
Status named(const Result<std::int64_t>& done) { return done ? ok() : named(Status(done.error())); }

Error unknown_vendor(std::string_view id) {
  return {Errc::kNotFound, "vendor.unknown", "no vendor " + std::string(id)};
}

}  // namespace

Status VendorRepository::insert(Transaction& transaction, const Vendor& vendor) {
  const VendorContent& content = vendor.content;
  return named(transaction.execute(kInsertVendor, vendor.id, content.name_zh, content.name_en, content.uscc,
                                   content.first_batch, content.connector_kind, content.connector_address,
                                   net::to_text(content.profile), vendor.state, vendor.created_at,
                                   vendor.changed_at, vendor.version));
}

Result<Vendor> VendorRepository::find(Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindVendor, id));
  return row ? vendor_of(*row) : Result<Vendor>(unknown_vendor(id));
}

Result<Vendor> VendorRepository::find_for_update(Transaction& transaction, std::string_view id) {
  HUTONG_TRY(const auto rows, transaction.query_for_update(kFindVendor, id));
  return rows.empty() ? Result<Vendor>(unknown_vendor(id)) : vendor_of(rows.front());
}

Result<std::vector<Vendor>> VendorRepository::search(Reader& reader, const VendorFilter& filter) {
  const auto limit = static_cast<std::int64_t>(filter.limit);
  HUTONG_TRY(const auto rows, reader.query(kSearchVendors, filter.state.has_value(),
                                           filter.state.value_or(VendorState::kApplied), filter.only_waiting,
                                           filter.after, limit));
  std::vector<Vendor> vendors;
  for (const Row& row : rows) {
    HUTONG_TRY(auto vendor, vendor_of(row));
    vendors.push_back(std::move(vendor));
  }
  return vendors;
}

Status VendorRepository::update(Transaction& transaction, const Vendor& changed) {
  const VendorContent& content = changed.content;
  return named(transaction.compare_and_set(kUpdateVendor, content.name_zh, content.name_en, content.uscc,
                                           content.first_batch, content.connector_kind,
                                           content.connector_address, net::to_text(content.profile),
                                           changed.state, changed.changed_at, changed.id, changed.version));
}

Status VendorRepository::insert(Transaction& transaction, const VendorDocument& document, ByteView content) {
  return named(transaction.execute(kInsertDocument, document.id, document.vendor, document.kind,
                                   document.file_name, to_hex(document.sm3), document.size, document.added_by,
                                   document.added_at, content));
}

Result<std::vector<VendorDocument>> VendorRepository::documents(Reader& reader, std::string_view vendor) {
  HUTONG_TRY(const auto rows, reader.query(kDocumentsOfVendor, vendor));
  std::vector<VendorDocument> documents;
  for (const Row& row : rows) {
    HUTONG_TRY(auto document, document_of(row));
    documents.push_back(std::move(document));
  }
  return documents;
}

Result<bool> VendorRepository::has_document(Reader& reader, std::string_view vendor, DocumentKind kind) {
  HUTONG_TRY(const auto row, reader.query_optional(kHasDocument, vendor, kind));
  return row.has_value();
}

Result<VendorRepository::StoredDocument> VendorRepository::document(Reader& reader, std::string_view vendor,
                                                                    std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kDocumentContent, vendor, id));
  if (!row) {
    return Error{Errc::kNotFound, "vendor.document_unknown", "no document " + std::string(id)};
  }
  return StoredDocument{.file_name = row->text(0), .content = row->bytes(1)};
}

Status VendorRepository::insert(Transaction& transaction, const ConnectorCheck& check) {
  return named(transaction.execute(kInsertCheck, check.id, check.vendor, check.kind, check.address,
                                   check.asked_by, check.asked_at, check.milliseconds, check.answered_by,
                                   check.problem, check.detail));
}

Result<std::vector<ConnectorCheck>> VendorRepository::checks(Reader& reader, std::string_view vendor) {
  HUTONG_TRY(const auto rows, reader.query(kChecksOfVendor, vendor));
  std::vector<ConnectorCheck> checks;
  for (const Row& row : rows) {
    checks.push_back(check_of(row));
  }
  return checks;
}

Status VendorRepository::insert(Transaction& transaction, const VendorStep& step) {
  return named(transaction.execute(kInsertStep, step.id, step.vendor, step.from, step.to, step.reason,
                                   step.vendor_version, step.state, step.proposed_by, step.proposed_at,
                                   step.decided_by, step.decided_at, step.decision_reason,
                                   content_text(step)));
}

Result<VendorStep> VendorRepository::step_for_update(Transaction& transaction, std::string_view id) {
  HUTONG_TRY(const auto rows, transaction.query_for_update(kFindStep, id));
  if (rows.empty()) {
    return Error{Errc::kNotFound, "vendor.step_unknown", "no step " + std::string(id)};
  }
  return step_of(rows.front());
}

Result<std::vector<VendorStep>> VendorRepository::steps(Reader& reader, std::string_view vendor) {
  HUTONG_TRY(const auto rows, reader.query(kStepsOfVendor, vendor));
  std::vector<VendorStep> steps;
  for (const Row& row : rows) {
    HUTONG_TRY(auto step, step_of(row));
    steps.push_back(std::move(step));
  }
  return steps;
}

Status VendorRepository::decide(Transaction& transaction, const VendorStep& decided) {
  return transaction.compare_and_set(kDecideStep, decided.state, decided.decided_by, decided.decided_at,
                                     decided.decision_reason, decided.id);
}

}  // namespace hutong::platform
