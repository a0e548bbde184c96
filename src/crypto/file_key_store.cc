#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "crypto/key_file.h"
#include "crypto/key_store.h"

namespace hutong::crypto {
namespace {

constexpr std::string_view kSuffix = ".key";
constexpr std::size_t kMostFile = 64 * 1024;

using SharedKey = std::shared_ptr<const Sm2Signer>;

/// Shares the key with the store, so that it may outlive it.
class StoredSigner final : public Signer {
 public:
  explicit StoredSigner(SharedKey key) : key_(std::move(key)) {}
  const PublicKey& public_key() const override { return key_->public_key(); }
  SignatureAlgorithm algorithm() const override { return key_->algorithm(); }
  Result<Bytes> sign(ByteView message) const override { return key_->sign(message); }
  Result<Bytes> sign_digest(ByteView digest) const override { return key_->sign_digest(digest); }

 private:
  SharedKey key_;
};

SecretBytes secret_of(std::string_view text) { return SecretBytes::copy_of(as_bytes(text)); }

Status make_private_folder(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!failure) {
    fs::permissions(folder, fs::perms::owner_all, failure);
  }
  return failure ? Status(Error{Errc::kUnavailable, "key_store.folder",
                                folder.string() + ": " + failure.message()})
                 : ok();
}

}  // namespace

struct FileKeyStore::Impl {
  std::filesystem::path folder;
  SecretBytes password;  ///< for keys to come
  mutable std::mutex mutex;
  std::map<std::string, SharedKey, std::less<>> keys;

  Status load(const std::filesystem::path& file);
  Result<SharedKey> find(std::string_view label) const;
};

Status FileKeyStore::Impl::load(const std::filesystem::path& file) {
  HUTONG_TRY(const Bytes content, read_file(file, kMostFile));
  HUTONG_TRY(auto key, read_private_key(content, as_text(password.expose())));
  keys.emplace(file.stem().string(), std::make_shared<const Sm2Signer>(std::move(key)));
  return ok();
}

Result<SharedKey> FileKeyStore::Impl::find(std::string_view label) const {
  const std::scoped_lock lock(mutex);
  const auto found = keys.find(label);
  if (found == keys.end()) {
    return Error{Errc::kNotFound, "key_store.unknown", "no key with the label " + std::string(label)};
  }
  return found->second;
}

FileKeyStore::FileKeyStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FileKeyStore::~FileKeyStore() = default;

Result<std::unique_ptr<FileKeyStore>> FileKeyStore::open(const std::filesystem::path& folder,
                                                         std::string_view password) {
  HUTONG_CHECK(make_private_folder(folder));
  auto impl = std::unique_ptr<Impl>(new Impl{folder, secret_of(password), {}, {}});
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (entry.path().extension() == kSuffix && is_key_label(entry.path().stem().string())) {
      HUTONG_CHECK(impl->load(entry.path()));
    }
  }
  if (failure) {
    return Error{Errc::kUnavailable, "key_store.folder", folder.string() + ": " + failure.message()};
  }
  return std::unique_ptr<FileKeyStore>(new FileKeyStore(std::move(impl)));
}

Result<Sm2PublicKey> FileKeyStore::generate(std::string_view label) {
  if (!is_key_label(label)) {
    return Error{Errc::kMalformed, "key_store.label", "a label has 1 to 64 of a-z, 0-9, '-' and '_'"};
  }
  const std::scoped_lock lock(impl_->mutex);
  if (impl_->keys.contains(label)) {
    return Error{Errc::kConflict, "key_store.exists", "there is a key with the label " + std::string(label)};
  }
  auto key = Sm2PrivateKey::generate();
  const Sm2PublicKey public_key = key.public_key();
  HUTONG_TRY(const Bytes file, write_encrypted_pkcs8(key, as_text(impl_->password.expose())));
  const auto path = impl_->folder / (std::string(label) + std::string(kSuffix));
  HUTONG_CHECK(write_file(path, file, FileMode::kPrivate));
  impl_->keys.emplace(std::string(label), std::make_shared<const Sm2Signer>(std::move(key)));
  return public_key;
}

Result<std::unique_ptr<Signer>> FileKeyStore::signer(std::string_view label) const {
  HUTONG_TRY(auto key, impl_->find(label));
  return std::unique_ptr<Signer>(std::make_unique<StoredSigner>(std::move(key)));
}

Result<SecretBytes> FileKeyStore::decrypt(std::string_view label, ByteView ciphertext) const {
  HUTONG_TRY(const auto key, impl_->find(label));
  return sm2_decrypt(key->key(), ciphertext);
}

std::vector<std::string> FileKeyStore::labels() const {
  const std::scoped_lock lock(impl_->mutex);
  std::vector<std::string> labels;
  for (const auto& [label, key] : impl_->keys) {
    labels.push_back(label);
  }
  return labels;
}

}  // namespace hutong::crypto
