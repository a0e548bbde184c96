#include "ca/database.h"

#include <utility>

#include "audit/audit_log.h"
#include "base/file.h"
#include "ca/cmp/cmp_schema.h"
#include "ca/publishing/document_repository.h"
#include "ca/registration/schema.h"
#include "ca/signing/schema.h"
#include "ca/timestamping/timestamp_repository.h"
#include "ca/vendor/schema.h"
#include "operators/schema.h"
#include "storage/migration.h"

namespace hutong::ca {

Result<storage::Database> open_database(const Config& config, const Clock& clock) {
  storage::DatabaseOptions options;
  options.connections = config.workers + config.io_threads + 3;  // the jobs read, too
  HUTONG_TRY(auto database, storage::Database::open(config.database, options));
  HUTONG_CHECK(storage::migrate(database, kSigningComponent, signing_migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, kPublishingComponent, publishing_migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, kTimestampingComponent, timestamping_migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, registration::kRegistrationComponent,
                                registration::registration_migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, vendor::kVendorComponent, vendor::vendor_migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, kCmpComponent, cmp_migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, "audit", audit::migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, operators::kComponent, operators::migrations(), clock));
  return database;
}

Result<std::unique_ptr<crypto::KeyStore>> open_key_folder(const std::filesystem::path& folder,
                                                          const Config& config) {
  constexpr std::size_t kMostPassword = 4096;
  if (config.key_password_file.empty()) {
    return Error{Errc::kNotFound, "keys.password", "keys.password_file is not configured"};
  }
  HUTONG_TRY(Bytes content, read_file(config.key_password_file, kMostPassword));
  const std::string_view text = as_text(content);
  auto store = crypto::FileKeyStore::open(folder, text.substr(0, text.find_first_of("\r\n")));
  wipe(content);
  if (!store) {
    return std::move(store).error();
  }
  return std::unique_ptr<crypto::KeyStore>(std::move(store).value());
}

Result<std::unique_ptr<crypto::KeyStore>> open_keys(const Config& config) {
  return open_key_folder(config.key_folder, config);
}

}  // namespace hutong::ca
