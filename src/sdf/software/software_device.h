#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/key_store.h"
#include "crypto/sm2.h"

/// A cryptographic device in files, for tests and training: a folder with a folder for each index.
namespace hutong::sdf::software {

inline constexpr std::string_view kSignaturePair = "signature";
inline constexpr std::string_view kEncryptionPair = "encryption";

/// What the console of a device does: makes both pairs at the indexes 1 to `count`, protected by one
/// password. kConflict "key_store.exists"; what FileKeyStore says.
Status make_device(const std::filesystem::path& folder, unsigned count, std::string_view password);

/// One index: the public keys are there for everybody, the private ones once the password was right.
struct KeySlot {
  crypto::Sm2PublicKey signature_key;
  crypto::Sm2PublicKey encryption_key;
};

/// Thread-safe.
class SoftwareDevice {
 public:
  /// Nothing when there is no such folder.
  static std::shared_ptr<SoftwareDevice> open(const std::filesystem::path& folder);
  bool is_plugged_in() const;
  std::optional<KeySlot> slot(unsigned index) const;
  /// The pairs of an index, or null: no such index, or another password.
  std::shared_ptr<const crypto::KeyStore> unlock(unsigned index, ByteView password);

 private:
  struct Opened {
    SecretBytes password;
    std::shared_ptr<const crypto::KeyStore> keys;
  };
  explicit SoftwareDevice(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
  std::mutex mutex_;
  std::map<unsigned, Opened> opened_;
};

}  // namespace hutong::sdf::software
