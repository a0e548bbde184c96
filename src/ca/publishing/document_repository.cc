#include "ca/publishing/document_repository.h"

#include <array>

namespace hutong::ca {
namespace {

constexpr std::string_view kDocuments = R"(
CREATE TABLE published_documents (
  name TEXT PRIMARY KEY,
  content BLOB NOT NULL,
  changed_at INTEGER NOT NULL
);
)";
constexpr std::array kPublishingMigrations{
    storage::Migration{.number = 1, .name = "published documents", .sql = kDocuments}};

constexpr std::string_view kPutDocument =
    "INSERT INTO published_documents (name, content, changed_at) VALUES (?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at";
constexpr std::string_view kFindDocument =
    "SELECT name, content, changed_at FROM published_documents WHERE name = ?";
constexpr std::string_view kAllDocuments =
    "SELECT name, content, changed_at FROM published_documents ORDER BY name";

Document document_from(const storage::Row& row) {
  return {.name = row.text(0), .content = row.bytes(1), .changed_at = row.get<Time>(2)};
}

}  // namespace

std::span<const storage::Migration> publishing_migrations() { return kPublishingMigrations; }

Status DocumentRepository::put(storage::Transaction& transaction, const Document& document) {
  HUTONG_CHECK(transaction.execute(kPutDocument, document.name, document.content, document.changed_at));
  return ok();
}

Result<std::optional<Document>> DocumentRepository::find(storage::Reader& reader, std::string_view name) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindDocument, name));
  return row ? std::optional(document_from(*row)) : std::nullopt;
}

Result<std::vector<Document>> DocumentRepository::all(storage::Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kAllDocuments));
  std::vector<Document> documents;
  for (const storage::Row& row : rows) {
    documents.push_back(document_from(row));
  }
  return documents;
}

}  // namespace hutong::ca
