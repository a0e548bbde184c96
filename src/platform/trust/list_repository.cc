#include "platform/trust/list_repository.h"

#include <algorithm>
#include <utility>

#include "storage/error.h"

namespace hutong::platform {
namespace {

using storage::Reader;
using storage::Row;
using storage::Transaction;

#define HUTONG_RELEASE_COLUMNS                                                                    \
  "id, base_number, draft_sm3, valid_days, reason, state, proposed_by, proposed_at, decided_by, " \
  "decided_at, "                                                                                  \
  "decision_reason"
constexpr std::string_view kInsertRelease =
    "INSERT INTO trust_releases (" HUTONG_RELEASE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindRelease =
    "SELECT " HUTONG_RELEASE_COLUMNS " FROM trust_releases WHERE id = ?";
constexpr std::string_view kOpenRelease =
    "SELECT " HUTONG_RELEASE_COLUMNS " FROM trust_releases WHERE decided_at IS NULL";
constexpr std::string_view kReleases =
    "SELECT " HUTONG_RELEASE_COLUMNS " FROM trust_releases ORDER BY id DESC LIMIT ?";
constexpr std::string_view kReleasesBefore =
    "SELECT " HUTONG_RELEASE_COLUMNS " FROM trust_releases WHERE id < ? ORDER BY id DESC LIMIT ?";
constexpr std::string_view kDecideRelease =
    "UPDATE trust_releases SET state = ?, decided_by = ?, decided_at = ?, decision_reason = ? "
    "WHERE id = ? AND decided_at IS NULL";

#define HUTONG_LIST_COLUMNS "number, sm3, previous_sm3, issued_at, next_update, release"
constexpr std::string_view kInsertList =
    "INSERT INTO trust_lists (" HUTONG_LIST_COLUMNS
    ", message, json, xml, xml_signature, signer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kNewestList =
    "SELECT " HUTONG_LIST_COLUMNS " FROM trust_lists ORDER BY number DESC LIMIT 1";
constexpr std::string_view kListsBefore =
    "SELECT " HUTONG_LIST_COLUMNS " FROM trust_lists WHERE number < ? ORDER BY number DESC LIMIT ?";

std::string_view file_statement(ListForm form) {
  switch (form) {
    case ListForm::kMessage:
      return "SELECT message FROM trust_lists WHERE number = ?";
    case ListForm::kJson:
      return "SELECT json FROM trust_lists WHERE number = ?";
    case ListForm::kXml:
      return "SELECT xml FROM trust_lists WHERE number = ?";
    case ListForm::kXmlSignature:
      return "SELECT xml_signature FROM trust_lists WHERE number = ?";
    case ListForm::kSigner:
      break;
  }
  return "SELECT signer FROM trust_lists WHERE number = ?";
}

TrustRelease release_of(const Row& row) {
  return {.id = row.text(0),
          .base_number = row.integer(1),
          .draft_sm3 = row.text(2),
          .valid_days = row.integer(3),
          .reason = row.text(4),
          .state = row.get<StepState>(5),
          .proposed_by = row.text(6),
          .proposed_at = row.time(7),
          .decided_by = row.text(8),
          .decided_at = row.get<std::optional<Time>>(9),
          .decision_reason = row.text(10)};
}

PublishedList list_of(const Row& row) {
  return {.number = row.integer(0),
          .sm3 = row.text(1),
          .previous = row.text(2),
          .issued_at = row.time(3),
          .next_update = row.time(4),
          .release = row.text(5)};
}

Status told(const Result<std::int64_t>& done) {
  if (done) {
    return ok();
  }
  if (storage::violates(done.error(), "trust_releases_open")) {
    return Error{Errc::kConflict, "trust_list.release_open", "another draft waits for its second person"};
  }
  if (storage::violates(done.error(), "trust_lists_pkey")) {
    return Error{Errc::kConflict, "trust_list.changed", "another list was released meanwhile"};
  }
  return done.error();
}

}  // namespace

Status ListRepository::insert(Transaction& transaction, const TrustRelease& release) {
  return told(transaction.execute(kInsertRelease, release.id, release.base_number, release.draft_sm3,
                                  release.valid_days, release.reason, release.state, release.proposed_by,
                                  release.proposed_at, release.decided_by, release.decided_at,
                                  release.decision_reason));
}

Result<TrustRelease> ListRepository::release_for_update(Transaction& transaction, std::string_view id) {
  HUTONG_TRY(const auto rows, transaction.query_for_update(kFindRelease, id));
  if (rows.empty()) {
    return Error{Errc::kNotFound, "trust_list.release_unknown", "no release " + std::string(id)};
  }
  return release_of(rows.front());
}

Status ListRepository::decide(Transaction& transaction, const TrustRelease& decided) {
  return transaction.compare_and_set(kDecideRelease, decided.state, decided.decided_by, decided.decided_at,
                                     decided.decision_reason, decided.id);
}

Result<std::optional<TrustRelease>> ListRepository::open_release(Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_optional(kOpenRelease));
  return row ? std::optional(release_of(*row)) : std::nullopt;
}

Result<std::vector<TrustRelease>> ListRepository::releases(Reader& reader, std::string_view before,
                                                           std::size_t limit) {
  const auto most = static_cast<std::int64_t>(limit);
  HUTONG_TRY(const auto rows,
             before.empty() ? reader.query(kReleases, most) : reader.query(kReleasesBefore, before, most));
  std::vector<TrustRelease> found(rows.size());
  std::ranges::transform(rows, found.begin(), release_of);
  return found;
}

Status ListRepository::insert(Transaction& transaction, const PublishedList& list, const ListFiles& files) {
  return told(transaction.execute(kInsertList, list.number, list.sm3, list.previous, list.issued_at,
                                  list.next_update, list.release, files.message, files.json, files.xml,
                                  files.xml_signature, files.signer));
}

Result<std::optional<PublishedList>> ListRepository::newest(Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_optional(kNewestList));
  return row ? std::optional(list_of(*row)) : std::nullopt;
}

Result<std::vector<PublishedList>> ListRepository::lists(Reader& reader, std::int64_t before,
                                                         std::size_t limit) {
  HUTONG_TRY(const auto rows, reader.query(kListsBefore, before, static_cast<std::int64_t>(limit)));
  std::vector<PublishedList> found(rows.size());
  std::ranges::transform(rows, found.begin(), list_of);
  return found;
}

Result<Bytes> ListRepository::file(Reader& reader, std::int64_t number, ListForm form) {
  HUTONG_TRY(const auto row, reader.query_optional(file_statement(form), number));
  if (!row) {
    return Error{Errc::kNotFound, "trust_list.unknown", "no list no. " + std::to_string(number)};
  }
  return row->bytes(0);
}

}  // namespace hutong::platform
