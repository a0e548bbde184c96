#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"
#include "storage/migration.h"

namespace hutong::ca {

inline constexpr std::string_view kPublishingComponent = "ca.publishing";
/// The tables of this file; component "ca.publishing" of storage::migrate().
std::span<const storage::Migration> publishing_migrations();

/// A file that the CA publishes for others: the certificates above it and the list of the root ("root.cer",
/// "root.crl"), which are made elsewhere.
struct Document {
  std::string name;
  Bytes content;
  Time changed_at{};
};

class DocumentRepository {
 public:
  static Status put(storage::Transaction& transaction, const Document& document);
  static Result<std::optional<Document>> find(storage::Reader& reader, std::string_view name);
  static Result<std::vector<Document>> all(storage::Reader& reader);
};

}  // namespace hutong::ca
