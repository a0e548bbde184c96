#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "ca/publishing/ocsp_responder.h"
#include "ca/signing/signing_system.h"
#include "crypto/key_store.h"
#include "storage/database.h"

namespace hutong::ca::test {

/// Keys in memory, for tests.
class MemoryKeyStore final : public crypto::KeyStore {
 public:
  Result<crypto::Sm2PublicKey> generate(std::string_view label) override;
  Result<std::unique_ptr<crypto::Signer>> signer(std::string_view label) const override;
  Result<SecretBytes> decrypt(std::string_view label, ByteView ciphertext) const override;
  std::vector<std::string> labels() const override;

 private:
  std::map<std::string, std::shared_ptr<crypto::Sm2Signer>, std::less<>> keys_;
};

/// A self-signed CA with the default templates, valid from 2026 to 2036, over a SQLite file in a folder of
/// its own that is gone when dropped, or over the empty database of a URL.
class TestCa {
 public:
  explicit TestCa(PublishingAddresses addresses, const std::string& url = {});
  ~TestCa();
  TestCa(const TestCa&) = delete;
  TestCa& operator=(const TestCa&) = delete;

  storage::Database& database() { return *database_; }
  const SigningSystem& signing() const { return *signing_; }
  MemoryKeyStore& keys() { return keys_; }
  const std::filesystem::path& folder() const { return folder_; }

  /// Issues a device certificate for a fresh key and stores it.
  x509::Certificate issue_device(std::string_view common_name);
  void change_state(const x509::Serial& serial, const StateChange& change);

 private:
  std::filesystem::path folder_;
  MemoryKeyStore keys_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<SigningSystem> signing_;
};

/// A responder certificate of the active key, made for the occasion.
OcspResponder::Delegates delegates_of(const TestCa& ca);

crypto::PublicKey fresh_public_key();
Time at(std::string_view rfc3339);

}  // namespace hutong::ca::test
