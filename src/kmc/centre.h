#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "crypto/key_store.h"
#include "kmc/centre_repository.h"
#include "kmc/config.h"
#include "kmc/recovery/recovery_case.h"
#include "kmc/service/key_service.h"
#include "kmc/stores/key_maker.h"
#include "kmc/stores/stock_keeper.h"
#include "storage/database.h"

namespace hutong::kmc {

/// The database with all tables of the program up to date.
Result<storage::Database> open_database(const Config& config, const Clock& clock);
/// The password of the key store: the first line of its file.
Result<SecretBytes> read_key_password(const Config& config);
/// The program's key store, opened with the password in its file. kUnauthorized "key_file.password"; what
/// read_file says.
Result<std::unique_ptr<crypto::FileKeyStore>> open_keys(const Config& config);

/// An initialised key management centre: its stores, its keys, its services. It holds the key of the spare
/// store, which is wiped when it is dropped, and the public half of the master key only: what was delivered
/// it cannot open (docs/decisions/0009).
class Centre {
 public:
  /// kUnavailable "kmc.not_initialised"; storage and key store errors.
  static Result<std::unique_ptr<Centre>> open(const Config& config, const Clock& clock);
  Centre(const Centre&) = delete;
  Centre& operator=(const Centre&) = delete;
  ~Centre();

  storage::Database& database() { return database_; }
  const CentreRecord& record() const { return record_; }
  const MasterKey& master() const { return master_; }
  const crypto::Signer& signer() const { return *signer_; }
  const KeyService& service() const { return *service_; }
  const StockKeeper& stock() const { return *stock_; }
  const RecoveryDesk& recovery() const { return *recovery_; }
  const Clock& clock() const { return *clock_; }

 private:
  Centre(storage::Database database, CentreRecord record, std::unique_ptr<crypto::Signer> signer,
         MasterKey master, StoreKey store, const Config& config, const Clock& clock);

  storage::Database database_;
  CentreRecord record_;
  std::unique_ptr<crypto::Signer> signer_;
  MasterKey master_;
  StoreKey store_;
  const Clock* clock_;
  std::unique_ptr<KeyMaker> maker_;
  std::unique_ptr<RecoveryDesk> recovery_;
  std::unique_ptr<KeyService> service_;
  std::unique_ptr<StockKeeper> stock_;
};

}  // namespace hutong::kmc
