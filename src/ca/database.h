#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "ca/config.h"
#include "crypto/key_store.h"
#include "storage/database.h"

namespace hutong::ca {

/// The database of the configuration, with the tables of all parts of a CA brought up to date.
Result<storage::Database> open_database(const Config& config, const Clock& clock);

/// The key store of the configuration: files, or a cryptographic device. kNotFound "keys.password" when no
/// password file is named; what crypto::FileKeyStore and sdf::SdfKeyStore say.
Result<std::unique_ptr<crypto::KeyStore>> open_keys(const Config& config);
/// A folder of key files, with the password of keys.password_file.
Result<std::unique_ptr<crypto::KeyStore>> open_key_folder(const std::filesystem::path& folder,
                                                          const Config& config);

}  // namespace hutong::ca
