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
#include "sdf/sdf_key_store.h"
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

namespace {

/// The first line of a file.
Result<SecretBytes> read_password(const std::filesystem::path& file) {
  constexpr std::size_t kMostPassword = 4096;
  HUTONG_TRY(Bytes content, read_file(file, kMostPassword));
  const ScopedWipe wipe_content(content);
  const std::string_view text = as_text(content);
  return SecretBytes::copy_of(as_bytes(text.substr(0, text.find_first_of("\r\n"))));
}

Result<std::unique_ptr<crypto::KeyStore>> open_device(const Config& config) {
  HUTONG_TRY(auto password, read_password(config.sdf.password_file));
  HUTONG_TRY(std::unique_ptr<crypto::KeyStore> store,
             sdf::SdfKeyStore::open({.library = config.sdf.library,
                                     .folder = config.key_folder,
                                     .first_index = config.sdf.first_index,
                                     .last_index = config.sdf.last_index},
                                    std::move(password)));
  return store;
}

}  // namespace

Result<std::unique_ptr<crypto::KeyStore>> open_key_folder(const std::filesystem::path& folder,
                                                          const Config& config) {
  if (config.key_password_file.empty()) {
    return Error{Errc::kNotFound, "keys.password", "keys.password_file is not configured"};
  }
  HUTONG_TRY(const SecretBytes password, read_password(config.key_password_file));
  HUTONG_TRY(std::unique_ptr<crypto::KeyStore> store,
             crypto::FileKeyStore::open(folder, as_text(password.expose())));
  return store;
}

Result<std::unique_ptr<crypto::KeyStore>> open_keys(const Config& config) {
  return config.sdf.library.empty() ? open_key_folder(config.key_folder, config) : open_device(config);
}

}  // namespace hutong::ca
