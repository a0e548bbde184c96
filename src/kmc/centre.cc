#include "kmc/centre.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "audit/audit_log.h"
#include "base/file.h"
#include "kmc/custody/master_key_repository.h"
#include "kmc/schema.h"
#include "operators/schema.h"

namespace hutong::kmc {
namespace {

constexpr std::size_t kMostPassword = 1024;

Result<StoreKey> open_store_key(const StoreKeyRecord& record, const crypto::KeyStore& keys) {
  HUTONG_TRY(const SecretBytes octets, keys.decrypt(record.key_label, record.sealed));
  HUTONG_TRY(auto key, SealingKey::from_octets(octets.expose()));
  return StoreKey{.id = record.id, .key = std::move(key)};
}

}  // namespace

Result<storage::Database> open_database(const Config& config, const Clock& clock) {
  HUTONG_TRY(auto database, storage::Database::open(config.database));
  HUTONG_CHECK(storage::migrate(database, "audit", audit::migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, operators::kComponent, operators::migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, kComponent, migrations(), clock));
  return database;
}

Result<SecretBytes> read_key_password(const Config& config) {
  HUTONG_TRY(Bytes content, read_file(config.key_password_file, kMostPassword));
  const ScopedWipe wipe_content(content);
  const auto end = std::ranges::find_if(content, [](std::uint8_t c) { return c == '\n' || c == '\r'; });
  return SecretBytes::copy_of(ByteView(content).first(static_cast<std::size_t>(end - content.begin())));
}

Result<std::unique_ptr<crypto::FileKeyStore>> open_keys(const Config& config) {
  HUTONG_TRY(const SecretBytes password, read_key_password(config));
  return crypto::FileKeyStore::open(config.key_folder, as_text(password.expose()));
}

Centre::Centre(storage::Database database, CentreRecord record, std::unique_ptr<crypto::Signer> signer,
               MasterKey master, StoreKey store, const Config& config, const Clock& clock)
    : database_(std::move(database)),
      record_(std::move(record)),
      signer_(std::move(signer)),
      master_(std::move(master)),
      store_(std::move(store)),
      clock_(&clock),
      maker_(std::make_unique<KeyMaker>(master_, store_, config.threads)),
      recovery_(std::make_unique<RecoveryDesk>(store_, config.recovery_open)),
      service_(std::make_unique<KeyService>(database_, *maker_, *recovery_, *signer_, record_.certificate,
                                            clock, KeyServiceOptions{.window = config.window})),
      stock_(std::make_unique<StockKeeper>(database_, *maker_, clock)) {}

Centre::~Centre() = default;

Result<std::unique_ptr<Centre>> Centre::open(const Config& config, const Clock& clock) {
  HUTONG_TRY(auto database, open_database(config, clock));
  auto loaded = [&]() -> Result<std::tuple<CentreRecord, MasterKey, StoreKeyRecord>> {
    HUTONG_TRY(storage::Reader reader, database.read());
    HUTONG_TRY(auto record, CentreRepository::find(reader));
    if (!record) {
      return Error{Errc::kUnavailable, "kmc.not_initialised", "run hutong-kmc init first"};
    }
    HUTONG_TRY(auto master, MasterKeyRepository::current(reader));
    HUTONG_TRY(auto store, MasterKeyRepository::store_key(reader));
    return std::tuple(std::move(*record), std::move(master), std::move(store));
  }();
  HUTONG_TRY(auto parts, std::move(loaded));
  HUTONG_TRY(const auto keys, open_keys(config));
  HUTONG_TRY(auto signer, keys->signer(std::get<CentreRecord>(parts).key_label));
  HUTONG_TRY(auto store, open_store_key(std::get<StoreKeyRecord>(parts), *keys));
  return std::unique_ptr<Centre>(new Centre(std::move(database), std::move(std::get<CentreRecord>(parts)),
                                            std::move(signer), std::move(std::get<MasterKey>(parts)),
                                            std::move(store), config, clock));
}

}  // namespace hutong::kmc
