#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "ca/signing/signing_system.h"
#include "crypto/sm3.h"
#include "storage/database.h"

namespace hutong::ca {

/// Writes what stands under the addresses of the certificates as plain files too, for a web cache to serve:
/// below the folder "crl/AUTHORITY/0.crl", "crl/AUTHORITY/0-delta.crl", "ca/AUTHORITY.cer" and "pki/NAME", as
/// PublishingRoutes answers them. Each file is written beside its name and renamed, and only when its content
/// changed. Several nodes may write into one folder. Belongs to one thread.
class FilePublisher {
 public:
  /// Database and signing system outlive it.
  FilePublisher(const storage::Database& database, const SigningSystem& signing, std::filesystem::path folder)
      : database_(&database), signing_(&signing), folder_(std::move(folder)) {}
  /// Brings the folder up to date; the number of files written. The errors of storage and of write_file.
  Result<std::size_t> publish();

 private:
  Result<std::size_t> publish_lists(storage::Reader& reader);
  Result<std::size_t> write(const std::string& name, ByteView content);

  const storage::Database* database_;
  const SigningSystem* signing_;
  std::filesystem::path folder_;
  std::map<std::string, std::int64_t> list_numbers_;  ///< of the files that are there
  std::map<std::string, crypto::Sm3Digest> written_;
};

}  // namespace hutong::ca
