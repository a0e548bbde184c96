#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "storage/transaction.h"
#include "x509/certificate.h"

namespace hutong::kmc {

/// Stable numbers: they are stored. Append only.
enum class OfficerState : std::int64_t { kActive = 1, kRetired = 2 };

/// A person authorised to take keys as evidence (司法取证人员), known by an SM2 certificate.
struct JudicialOfficer {
  std::string id;  ///< ULID
  std::string name;
  std::string organisation;
  x509::Certificate certificate;
  OfficerState state = OfficerState::kActive;
  Time created_at{};
};

/// What the officer's key signs to take part in a case: "hutong-recovery-1" LF key id LF document number LF
/// hex(SM3(document)) LF session of the operator who opens the case.
struct OfficerStatement {
  std::string_view key_id;
  std::string_view document_number;
  ByteView document;
  std::string_view session;
};
std::string to_text(const OfficerStatement& statement);
/// True when the officer's key signed this statement; `signature` is DER.
bool is_signed(const OfficerStatement& statement, const JudicialOfficer& officer, ByteView signature);

/// Stateless. Errors of storage/error.h and the ones named.
class OfficerRepository {
 public:
  /// kConflict "judicial.certificate_taken".
  static Status insert(storage::Transaction& transaction, const JudicialOfficer& officer);
  /// kNotFound "judicial.unknown".
  static Result<JudicialOfficer> find(storage::Reader& reader, std::string_view id);
  static Result<std::vector<JudicialOfficer>> all(storage::Reader& reader);
  /// kConflict "storage.conflict" when it was done before.
  static Status retire(storage::Transaction& transaction, std::string_view id);
};

}  // namespace hutong::kmc
