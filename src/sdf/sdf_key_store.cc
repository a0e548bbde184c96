#include "sdf/sdf_key_store.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "sdf/device.h"
#include "sdf/key_labels.h"

namespace hutong::sdf {
namespace {

/// A key of the device as a Signer for any number of threads.
class DeviceSigner final : public crypto::Signer {
 public:
  DeviceSigner(std::shared_ptr<Device> device, const LabelledKey& key)
      : device_(std::move(device)), index_(key.index), key_(key.signature_key), public_key_(key_) {}
  const crypto::PublicKey& public_key() const override { return public_key_; }
  crypto::SignatureAlgorithm algorithm() const override { return crypto::kSm2WithSm3; }
  Result<Bytes> sign(ByteView message) const override {
    crypto::Sm3 hash;
    hash.update(key_.z(as_bytes(crypto::kSm2DefaultId)));
    hash.update(message);
    return sign_digest(hash.finish());
  }
  Result<Bytes> sign_digest(ByteView digest) const override {
    crypto::Sm3Digest e{};
    if (digest.size() != e.size()) {
      return Error{Errc::kMalformed, "signature.digest", "a digest for SM2 has 32 octets"};
    }
    std::ranges::copy(digest, e.begin());
    HUTONG_TRY(const auto signature, device_->sign(index_, e));
    if (!key_.verify_digest(e, signature)) {
      return Error{Errc::kCryptoFail, "sdf.bad_signature", "the device made a signature that is not good"};
    }
    return signature.to_der();
  }

 private:
  std::shared_ptr<Device> device_;
  unsigned index_;
  crypto::Sm2PublicKey key_;
  crypto::PublicKey public_key_;
};

Status make_label_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (!failure) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failure);
  }
  return failure ? Status(Error{Errc::kUnavailable, "key_store.folder",
                                folder.string() + ": " + failure.message()})
                 : ok();
}

}  // namespace

struct SdfKeyStore::Impl {
  SdfOptions options;
  std::shared_ptr<Device> device;
  std::mutex mutex;
  LabelledKeys keys;  ///< as they were in the file when it was last read

  Status reload();
  Result<LabelledKey> find(std::string_view label);
  /// The lowest index of ours without label.
  Result<LabelledKey> free_key() const;
  Result<std::optional<LabelledKey>> key_at(unsigned index) const;
};

/// Reads the labels; those not seen before must stand for the keys that they stood for.
Status SdfKeyStore::Impl::reload() {
  HUTONG_TRY(auto read, read_labels(options.folder));
  for (const auto& [label, key] : read) {
    if (keys.contains(label)) {
      continue;
    }
    HUTONG_TRY(const auto found, device->signature_key(key.index));
    if (!(found == key.signature_key)) {
      return Error{Errc::kPolicy, "sdf.other_key",
                   "index " + std::to_string(key.index) + " of the device holds another key than " + label +
                       ": is it another device?"};
    }
  }
  keys = std::move(read);
  return ok();
}

Result<LabelledKey> SdfKeyStore::Impl::find(std::string_view label) {
  const std::scoped_lock lock(mutex);
  auto found = keys.find(label);
  if (found == keys.end()) {
    HUTONG_CHECK(reload());
    found = keys.find(label);
  }
  if (found == keys.end()) {
    return Error{Errc::kNotFound, "key_store.unknown", "no key with the label " + std::string(label)};
  }
  return found->second;
}

/// Nothing when the device has not both pairs there.
Result<std::optional<LabelledKey>> SdfKeyStore::Impl::key_at(unsigned index) const {
  auto key = device->signature_key(index);
  const auto other = key ? device->encryption_key(index) : key;
  if (!other && other.error().reason != "sdf.device") {
    return std::optional<LabelledKey>();
  }
  HUTONG_CHECK(other);
  return std::optional(LabelledKey{index, *key});
}

Result<LabelledKey> SdfKeyStore::Impl::free_key() const {
  for (unsigned index = options.first_index; index <= options.last_index; ++index) {
    const auto is_here = [index](const auto& key) { return key.second.index == index; };
    if (std::ranges::any_of(keys, is_here)) {
      continue;
    }
    HUTONG_TRY(const auto key, key_at(index));
    if (key) {
      return *key;
    }
  }
  return Error{Errc::kUnavailable, "sdf.no_free_key",
               "no index from " + std::to_string(options.first_index) + " to " +
                   std::to_string(options.last_index) +
                   " has both key pairs and no label: make keys at the device's console"};
}

SdfKeyStore::SdfKeyStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SdfKeyStore::~SdfKeyStore() = default;

Result<std::unique_ptr<SdfKeyStore>> SdfKeyStore::open(const SdfOptions& options, SecretBytes password) {
  HUTONG_CHECK(make_label_folder(options.folder));
  HUTONG_TRY(auto library, Library::load(options.library));
  HUTONG_TRY(std::shared_ptr<Device> device, Device::open(std::move(library), std::move(password)));
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->device = std::move(device);
  HUTONG_CHECK(impl->reload());
  return std::unique_ptr<SdfKeyStore>(new SdfKeyStore(std::move(impl)));
}

Result<crypto::Sm2PublicKey> SdfKeyStore::generate(std::string_view label) {
  if (!crypto::is_key_label(label)) {
    return Error{Errc::kMalformed, "key_store.label", "a label has 1 to 64 of a-z, 0-9, '-' and '_'"};
  }
  const std::scoped_lock lock(impl_->mutex);
  HUTONG_TRY(const auto alone, LabelLock::take(impl_->options.folder));
  HUTONG_CHECK(impl_->reload());
  if (impl_->keys.contains(label)) {
    return Error{Errc::kConflict, "key_store.exists", "there is a key with the label " + std::string(label)};
  }
  HUTONG_TRY(const LabelledKey key, impl_->free_key());
  LabelledKeys more = impl_->keys;
  more.emplace(std::string(label), key);
  HUTONG_CHECK(save_labels(impl_->options.folder, more));
  impl_->keys = std::move(more);
  return key.signature_key;
}

Result<std::unique_ptr<crypto::Signer>> SdfKeyStore::signer(std::string_view label) const {
  HUTONG_TRY(const auto key, impl_->find(label));
  return std::unique_ptr<crypto::Signer>(std::make_unique<DeviceSigner>(impl_->device, key));
}

Result<crypto::Sm2PublicKey> SdfKeyStore::encryption_key(std::string_view label) const {
  HUTONG_TRY(const auto key, impl_->find(label));
  return impl_->device->encryption_key(key.index);
}

Result<SecretBytes> SdfKeyStore::decrypt(std::string_view label, ByteView ciphertext) const {
  HUTONG_TRY(const auto key, impl_->find(label));
  return impl_->device->decrypt(key.index, ciphertext);
}

std::vector<std::string> SdfKeyStore::labels() const {
  const std::scoped_lock lock(impl_->mutex);
  std::vector<std::string> labels;
  for (const auto& [label, key] : impl_->keys) {
    labels.push_back(label);
  }
  return labels;
}

}  // namespace hutong::sdf
