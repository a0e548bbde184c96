#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/audit_log.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "crypto/signature.h"
#include "operators/authorized.h"
#include "operators/signature_check.h"
#include "storage/database.h"
#include "x509/certificate.h"

namespace hutong::operators {

/// Where archives go and who signs them. The key must outlive the office.
struct ArchiveSettings {
  std::filesystem::path folder;  ///< shared by all nodes; made when absent
  std::string program;           ///< written into the archive: "hutong-ca"
  const crypto::Signer& key;
  x509::Certificate certificate;  ///< of the key
};

/// What the whole log looks like. Something wrong is an answer, not an Error.
struct AuditVerification {
  static constexpr std::size_t kMostNamed = 100;
  audit::ChainReport chain;
  std::int64_t valid = 0;
  std::int64_t unsigned_records = 0;
  std::int64_t wrong = 0;
  std::vector<std::pair<std::int64_t, SignatureVerdict>> wrong_records;  ///< the first kMostNamed
  bool whole() const { return chain.whole() && wrong == 0; }
};

/// A file of records that the table audit_archives tells of.
struct Archive {
  std::string id;  ///< ULID
  std::int64_t first = 0;
  std::int64_t last = 0;
  crypto::Sm3Digest head{};  ///< hash of the last record
  std::string file_name = {};
  std::string created_by = {};
  Time created_at{};
};

/// What auditors do with the log (GM/T 0037 8.6.1.7, 8.6.2.12; GM/T 0038 7.6.4): verify, mark, archive. Any
/// thread.
class AuditOffice {
 public:
  AuditOffice(storage::Database& database, std::optional<ArchiveSettings> archive, const Clock& clock,
              crypto::RandomSource& random)
      : database_(&database), archive_(std::move(archive)), clock_(&clock), random_(&random) {}

  /// The chain and every operator's signature, from one snapshot. Takes as long as the log is: some 20,000
  /// signatures a second.
  Result<AuditVerification> verify(const std::optional<audit::Head>& expected) const;

  /// How many records were newly marked. Audited itself.
  Result<std::int64_t> mark(const Authorized& by, std::int64_t first, std::int64_t last) const;

  /// At most so many records in one archive: its file is read into memory for whoever downloads it.
  static constexpr std::int64_t kMostArchived = 50'000;
  /// Writes the records up to `last` that are in no archive yet into one file (archive_file.h) and its
  /// detached signature beside it, both on the disk before the records are marked. kPolicy
  /// "archive.not_configured", "archive.nothing"; kConflict "archive.concurrent"; kUnavailable
  /// "file.unwritable".
  Result<Archive> archive(const Authorized& by, std::int64_t last) const;
  Result<std::vector<Archive>> archives(std::string_view after, std::size_t limit) const;
  /// kNotFound "archive.unknown", "file.not_found".
  enum class Part { kContent, kSignature };
  Result<Bytes> archive_file(std::string_view id, Part part) const;

  /// A job: deletes archived records older than `keep` and says so in the log. How many.
  Result<std::int64_t> prune(std::chrono::seconds keep) const;

 private:
  Result<Archive> written(const Authorized& by, std::int64_t last, Time now) const;
  Status sign(const std::filesystem::path& content, Time now) const;

  storage::Database* database_;
  std::optional<ArchiveSettings> archive_;
  const Clock* clock_;
  crypto::RandomSource* random_;
};

}  // namespace hutong::operators
