#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/subjects/subject.h"
#include "platform/vault.h"
#include "storage/migration.h"
#include "storage/transaction.h"

namespace hutong::platform {

/// The tables; component "subjects" of storage::migrate().
std::span<const storage::Migration> subject_migrations();

struct SubjectFilter {
  std::optional<SubjectKind> kind = std::nullopt;
  std::string region = {};  ///< exact
  std::string within = {};  ///< those of this region and what lies within it
  std::string name = {};    ///< part of it; letters of ASCII in either case
  std::string after = {};   ///< cursor: id of the last one of the page before
  std::size_t limit = 50;
};

/// The table of subjects. Numbers are sealed with the vault and found by a keyed index; only USCCs, which are
/// public, stand there in clear as well. Any thread, one transaction each. Errors of storage/error.h, of the
/// vault and the ones named. The vault must outlive it.
class SubjectRepository {
 public:
  explicit SubjectRepository(const Vault& vault) : vault_(&vault) {}

  /// kConflict "subject.number_taken".
  Status insert(storage::Transaction& transaction, const Subject& subject) const;
  /// kNotFound "subject.unknown".
  Result<Subject> find(storage::Reader& reader, std::string_view id) const;
  Result<Subject> find_for_update(storage::Transaction& transaction, std::string_view id) const;
  Result<std::optional<Subject>> find(storage::Reader& reader, const SubjectNumber& number) const;
  Result<std::vector<Subject>> search(storage::Reader& reader, const SubjectFilter& filter) const;
  /// Name, roles and region; `changed.version` is the one that was read: kConflict "storage.conflict".
  Status update(storage::Transaction& transaction, const Subject& changed) const;

 private:
  Bytes index_of(const SubjectNumber& number) const;
  Result<Subject> subject_of(const storage::Row& row) const;
  const Vault* vault_;
};

}  // namespace hutong::platform
