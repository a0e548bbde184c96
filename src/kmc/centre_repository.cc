#include "kmc/centre_repository.h"

#include <utility>

namespace hutong::kmc {
namespace {

constexpr std::string_view kInsertCentre =
    "INSERT INTO centre (id, name, key_label, certificate, created_at) VALUES (1, ?, ?, ?, ?)";
constexpr std::string_view kFindCentre = "SELECT name, key_label, certificate FROM centre WHERE id = 1";

}  // namespace

Status CentreRepository::insert(storage::Transaction& transaction, const CentreRecord& centre, Time now) {
  HUTONG_CHECK(
      transaction.execute(kInsertCentre, centre.name, centre.key_label, centre.certificate.der(), now));
  return ok();
}

Result<std::optional<CentreRecord>> CentreRepository::find(storage::Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindCentre));
  if (!row) {
    return std::optional<CentreRecord>();
  }
  HUTONG_TRY(auto certificate, x509::Certificate::parse(row->bytes(2)));
  return std::optional(
      CentreRecord{.name = row->text(0), .key_label = row->text(1), .certificate = std::move(certificate)});
}

}  // namespace hutong::kmc
