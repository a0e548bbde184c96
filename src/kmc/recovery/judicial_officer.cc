#include "kmc/recovery/judicial_officer.h"

#include <utility>

#include "base/encoding.h"
#include "crypto/signature.h"
#include "crypto/sm3.h"
#include "storage/error.h"

namespace hutong::kmc {
namespace {

using storage::Reader;
using storage::Row;
using storage::Transaction;

#define HUTONG_OFFICER_COLUMNS "id, name, organisation, certificate, fingerprint, state, created_at"
constexpr std::string_view kInsertOfficer =
    "INSERT INTO judicial_officers (" HUTONG_OFFICER_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindOfficer =
    "SELECT " HUTONG_OFFICER_COLUMNS " FROM judicial_officers WHERE id = ?";
constexpr std::string_view kAllOfficers =
    "SELECT " HUTONG_OFFICER_COLUMNS " FROM judicial_officers ORDER BY id";
constexpr std::string_view kRetire = "UPDATE judicial_officers SET state = 2 WHERE id = ? AND state = 1";

Result<JudicialOfficer> officer_of(const Row& row) {
  HUTONG_TRY(auto certificate, x509::Certificate::parse(row.bytes(3)));
  return JudicialOfficer{.id = row.text(0),
                         .name = row.text(1),
                         .organisation = row.text(2),
                         .certificate = std::move(certificate),
                         .state = row.get<OfficerState>(5),
                         .created_at = row.time(6)};
}

}  // namespace

std::string to_text(const OfficerStatement& statement) {
  std::string text = "hutong-recovery-1\n";
  text.append(statement.key_id).append("\n").append(statement.document_number).append("\n");
  text.append(to_hex(crypto::sm3(statement.document))).append("\n").append(statement.session);
  return text;
}

bool is_signed(const OfficerStatement& statement, const JudicialOfficer& officer, ByteView signature) {
  const auto& key = officer.certificate.public_key();
  return key && crypto::verify_signature(*key, crypto::kSm2WithSm3, as_bytes(to_text(statement)), signature);
}

Status OfficerRepository::insert(Transaction& transaction, const JudicialOfficer& officer) {
  const auto added = transaction.execute(kInsertOfficer, officer.id, officer.name, officer.organisation,
                                         officer.certificate.der(), to_hex(officer.certificate.sm3()),
                                         officer.state, officer.created_at);
  if (!added && storage::violates(added.error(), "judicial_officers_certificate")) {
    return Error{Errc::kConflict, "judicial.certificate_taken", "an officer with this certificate is known"};
  }
  return added ? ok() : Status(added.error());
}

Result<JudicialOfficer> OfficerRepository::find(Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindOfficer, id));
  if (!row) {
    return Error{Errc::kNotFound, "judicial.unknown", "no judicial officer " + std::string(id)};
  }
  return officer_of(*row);
}

Result<std::vector<JudicialOfficer>> OfficerRepository::all(Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kAllOfficers));
  std::vector<JudicialOfficer> officers;
  for (const Row& row : rows) {
    HUTONG_TRY(auto officer, officer_of(row));
    officers.push_back(std::move(officer));
  }
  return officers;
}

Status OfficerRepository::retire(Transaction& transaction, std::string_view id) {
  return transaction.compare_and_set(kRetire, id);
}

}  // namespace hutong::kmc
