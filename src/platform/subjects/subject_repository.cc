#include "platform/subjects/subject_repository.h"

#include <array>
#include <utility>

#include "platform/subjects/region.h"
#include "storage/error.h"

namespace hutong::platform {
namespace {

using storage::Parameter;
using storage::Reader;
using storage::Row;
using storage::Transaction;

constexpr std::string_view kNumberClass = "subject number";

constexpr std::string_view kSubjects = R"(
CREATE TABLE platform_secrets (
  id INTEGER PRIMARY KEY,
  key_label TEXT NOT NULL,
  sealed BLOB NOT NULL
);
CREATE TABLE subjects (
  id TEXT PRIMARY KEY,
  kind INTEGER NOT NULL,
  uscc TEXT,
  number_index BLOB NOT NULL,
  number_sealed BLOB NOT NULL,
  name TEXT NOT NULL,
  roles INTEGER NOT NULL,
  region TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL
);
CREATE UNIQUE INDEX subjects_number ON subjects (number_index);
CREATE INDEX subjects_region ON subjects (region, id);
)";
constexpr std::array kSubjectMigrations{
    storage::Migration{.number = 1, .name = "the platform's secret, subjects", .sql = kSubjects}};

#define HUTONG_SUBJECT_COLUMNS "id, kind, number_sealed, name, roles, region, created_at, changed_at, version"
constexpr std::string_view kInsertSubject =
    "INSERT INTO subjects (id, kind, uscc, number_index, number_sealed, name, roles, region, created_at,"
    " changed_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number_index) DO NOTHING";
constexpr std::string_view kFindSubject = "SELECT " HUTONG_SUBJECT_COLUMNS " FROM subjects WHERE id = ?";
constexpr std::string_view kFindNumber =
    "SELECT " HUTONG_SUBJECT_COLUMNS " FROM subjects WHERE number_index = ?";
constexpr std::string_view kUpdateSubject =
    "UPDATE subjects SET name = ?, roles = ?, region = ?, changed_at = ?, version = version + 1"
    " WHERE id = ? AND version = ?";

/// A bit for each role.
std::int64_t to_bits(const SubjectRoles& roles) {
  std::int64_t bits = 0;
  for (const SubjectRole role : roles) {
    bits |= std::int64_t{1} << static_cast<std::int64_t>(role);
  }
  return bits;
}

SubjectRoles roles_of(std::int64_t bits) {
  SubjectRoles roles;
  for (const SubjectRole role :
       {SubjectRole::kPurchaser, SubjectRole::kAgency, SubjectRole::kSupplier, SubjectRole::kExpert}) {
    if ((bits >> static_cast<std::int64_t>(role) & 1) != 0) {
      roles.insert(role);
    }
  }
  return roles;
}

/// The LIKE pattern of everything with this in it; '!' escapes.
std::string containing(std::string_view part) {
  std::string pattern = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '!') {
      pattern.push_back('!');
    }
    pattern.push_back(c);
  }
  return pattern + '%';
}

Error unknown_subject() { return {Errc::kNotFound, "subject.unknown", "there is no such subject"}; }

}  // namespace

std::span<const storage::Migration> subject_migrations() { return kSubjectMigrations; }

Bytes SubjectRepository::index_of(const SubjectNumber& number) const {
  return vault_->index(kNumberClass, std::string(to_string(number.kind)) + " " + number.number);
}

Result<Subject> SubjectRepository::subject_of(const Row& row) const {
  Subject subject{.id = row.text(0),
                  .number = {.kind = row.get<SubjectKind>(1), .number = {}},
                  .name = row.text(3),
                  .roles = roles_of(row.integer(4)),
                  .region = row.text(5),
                  .created_at = row.time(6),
                  .changed_at = row.time(7),
                  .version = row.integer(8)};
  HUTONG_TRY(const SecretBytes number, vault_->unseal(kNumberClass, subject.id, row.bytes(2)));
  subject.number.number = std::string(as_text(number.expose()));
  return subject;
}

Status SubjectRepository::insert(Transaction& transaction, const Subject& subject) const {
  const bool is_public = subject.number.kind == SubjectKind::kOrganisation;
  HUTONG_TRY(const Bytes sealed, vault_->seal(kNumberClass, subject.id, as_bytes(subject.number.number)));
  HUTONG_TRY(const auto inserted,
             transaction.execute(kInsertSubject, subject.id, subject.number.kind,
                                 is_public ? std::optional<std::string>(subject.number.number) : std::nullopt,
                                 index_of(subject.number), sealed, subject.name, to_bits(subject.roles),
                                 subject.region, subject.created_at, subject.changed_at, subject.version));
  if (inserted == 0) {
    return Error{Errc::kConflict, "subject.number_taken", "this subject is known already"};
  }
  return ok();
}

Result<Subject> SubjectRepository::find(Reader& reader, std::string_view id) const {
  HUTONG_TRY(const auto row, reader.query_optional(kFindSubject, id));
  return row ? subject_of(*row) : unknown_subject();
}

Result<Subject> SubjectRepository::find_for_update(Transaction& transaction, std::string_view id) const {
  HUTONG_TRY(const auto rows, transaction.query_for_update(kFindSubject, id));
  return rows.empty() ? unknown_subject() : subject_of(rows.front());
}

Result<std::optional<Subject>> SubjectRepository::find(Reader& reader, const SubjectNumber& number) const {
  HUTONG_TRY(const auto row, reader.query_optional(kFindNumber, index_of(number)));
  if (!row) {
    return std::optional<Subject>();
  }
  HUTONG_TRY(auto subject, subject_of(*row));
  return std::optional(std::move(subject));
}

Result<std::vector<Subject>> SubjectRepository::search(Reader& reader, const SubjectFilter& filter) const {
  std::string sql = "SELECT " HUTONG_SUBJECT_COLUMNS " FROM subjects WHERE id > ?";
  std::vector<Parameter> values{filter.after};
  if (filter.kind) {
    sql += " AND kind = ?";
    values.emplace_back(*filter.kind);
  }
  if (!filter.region.empty()) {
    sql += " AND region = ?";
    values.emplace_back(filter.region);
  }
  const std::string within = std::string(prefix_of(filter.within)) + "%";  // parameters are views
  if (!filter.within.empty()) {
    sql += " AND region LIKE ?";
    values.emplace_back(within);
  }
  const std::string pattern = containing(filter.name);
  if (!filter.name.empty()) {
    sql += " AND LOWER(name) LIKE LOWER(CAST(? AS TEXT)) ESCAPE '!'";
    values.emplace_back(pattern);
  }
  sql += " ORDER BY id LIMIT ?";
  values.emplace_back(filter.limit);
  HUTONG_TRY(const auto rows, reader.query_with(sql, values));
  std::vector<Subject> found;
  for (const Row& row : rows) {
    HUTONG_TRY(auto subject, subject_of(row));
    found.push_back(std::move(subject));
  }
  return found;
}

Status SubjectRepository::update(Transaction& transaction, const Subject& changed) const {
  return transaction.compare_and_set(kUpdateSubject, changed.name, to_bits(changed.roles), changed.region,
                                     changed.changed_at, changed.id, changed.version);
}

}  // namespace hutong::platform
