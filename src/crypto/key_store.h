#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/signature.h"
#include "crypto/sm2.h"

namespace hutong::crypto {

/// 1 to 64 of a-z, 0-9, '-' and '_'.
bool is_key_label(std::string_view text);

/// Where a program's own private keys live: an encrypted file for demonstration, a cryptographic device (SDF,
/// GM/T 0018; sdf/) for production. Keys are asked for by label (is_key_label). What comes back signs or
/// decrypts; the keys themselves stay inside. Thread-safe.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  /// A new SM2 key pair, stored before this returns; the key that verifies its signatures. kConflict
  /// "key_store.exists", kMalformed "key_store.label", kUnavailable when it cannot be kept.
  virtual Result<Sm2PublicKey> generate(std::string_view label) = 0;
  /// A signer over the key; it may outlive the store. kNotFound "key_store.unknown".
  virtual Result<std::unique_ptr<Signer>> signer(std::string_view label) const = 0;
  /// What to encrypt for decrypt(): the signer's key unless the store has a pair of its own for it, as
  /// devices do. The errors of signer().
  virtual Result<Sm2PublicKey> encryption_key(std::string_view label) const;
  /// Decrypts what was encrypted for encryption_key() (GM/T 0009 7.2): the errors of sm2_decrypt.
  virtual Result<SecretBytes> decrypt(std::string_view label, ByteView ciphertext) const = 0;
  virtual std::vector<std::string> labels() const = 0;  ///< sorted
};

/// One file for each key in a folder of mode 0700: encrypted PKCS#8 (PBES2, HMAC-SM3, SM4-CBC), named
/// LABEL.key. All files have the same password, which is asked for once and not kept: the keys are in memory
/// afterwards.
class FileKeyStore final : public KeyStore {
 public:
  /// Makes the folder when it is absent. kUnauthorized "key_file.password", kUnavailable
  /// "key_store.folder", and what read_private_key says of a broken file.
  static Result<std::unique_ptr<FileKeyStore>> open(const std::filesystem::path& folder,
                                                    std::string_view password);
  ~FileKeyStore() override;
  Result<Sm2PublicKey> generate(std::string_view label) override;
  Result<std::unique_ptr<Signer>> signer(std::string_view label) const override;
  Result<SecretBytes> decrypt(std::string_view label, ByteView ciphertext) const override;
  std::vector<std::string> labels() const override;

 private:
  struct Impl;
  explicit FileKeyStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hutong::crypto
