#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/key_store.h"

namespace hutong::sdf {

/// Where a cryptographic device is and what of it is ours.
struct SdfOptions {
  std::filesystem::path library;  ///< of the device's maker
  std::filesystem::path folder;   ///< for the labels, mode 0700; no key is in it
  unsigned first_index = 1;       ///< indexes that this program may use, whose keys were made at the device's
  unsigned last_index = 32;       ///< console
};

/// The keys of a program in a cryptographic device (GM/T 0018). The norm has no function that makes a key in
/// the device: generate() gives the label the lowest index of ours that has both pairs and no label yet.
/// Labels that another process added are seen. Every signature is verified before it is handed out.
class SdfKeyStore final : public crypto::KeyStore {
 public:
  /// `password`: the access right of the private keys. kUnavailable "sdf.library", "sdf.device",
  /// "key_store.folder"; kMalformed "sdf.labels"; kPolicy "sdf.other_key" when a label's index holds another
  /// key than it did: it is another device.
  static Result<std::unique_ptr<SdfKeyStore>> open(const SdfOptions& options, SecretBytes password);
  ~SdfKeyStore() override;
  /// Besides what the interface says kUnavailable "sdf.no_free_key" and the errors of the device, as from the
  /// signers: "sdf.device" (not reached; it is tried again at the next call), "sdf.password", "sdf.no_key",
  /// "sdf.refused", kCryptoFail "sdf.bad_signature".
  Result<crypto::Sm2PublicKey> generate(std::string_view label) override;
  Result<std::unique_ptr<crypto::Signer>> signer(std::string_view label) const override;
  Result<crypto::Sm2PublicKey> encryption_key(std::string_view label) const override;
  Result<SecretBytes> decrypt(std::string_view label, ByteView ciphertext) const override;
  std::vector<std::string> labels() const override;

 private:
  struct Impl;
  explicit SdfKeyStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hutong::sdf
