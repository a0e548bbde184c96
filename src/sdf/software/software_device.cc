#include "sdf/software/software_device.h"

#include <string>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "crypto/constant_time.h"

namespace hutong::sdf::software {
namespace {

constexpr std::string_view kPublicKeys = "public";  ///< both, one behind the other
constexpr std::size_t kPointSize = 65;

std::filesystem::path folder_of(const std::filesystem::path& device, unsigned index) {
  return device / std::to_string(index);
}

Status make_pairs(const std::filesystem::path& folder, std::string_view password) {
  HUTONG_TRY(const auto keys, crypto::FileKeyStore::open(folder, password));
  HUTONG_TRY(const auto signature, keys->generate(kSignaturePair));
  HUTONG_TRY(const auto encryption, keys->generate(kEncryptionPair));
  Bytes both = to_bytes(signature.octets());
  append(both, encryption.octets());
  return write_file(folder / kPublicKeys, both);
}

}  // namespace

Status make_device(const std::filesystem::path& folder, unsigned count, std::string_view password) {
  for (unsigned index = 1; index <= count; ++index) {
    HUTONG_CHECK(make_pairs(folder_of(folder, index), password));
  }
  return ok();
}

std::shared_ptr<SoftwareDevice> SoftwareDevice::open(const std::filesystem::path& folder) {
  auto device = std::shared_ptr<SoftwareDevice>(new SoftwareDevice(folder));
  return device->is_plugged_in() ? device : nullptr;
}

bool SoftwareDevice::is_plugged_in() const {
  std::error_code ignored;
  return std::filesystem::is_directory(folder_, ignored);
}

std::optional<KeySlot> SoftwareDevice::slot(unsigned index) const {
  const auto both = read_file(folder_of(folder_, index) / kPublicKeys, 2 * kPointSize);
  if (!both || both->size() != 2 * kPointSize) {
    return std::nullopt;
  }
  const auto signature = crypto::Sm2PublicKey::from_octets(ByteView(*both).first(kPointSize));
  const auto encryption = crypto::Sm2PublicKey::from_octets(ByteView(*both).last(kPointSize));
  return signature && encryption ? std::optional(KeySlot{*signature, *encryption}) : std::nullopt;
}

std::shared_ptr<const crypto::KeyStore> SoftwareDevice::unlock(unsigned index, ByteView password) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = opened_.find(index); found != opened_.end()) {
    return crypto::constant_time_equal(found->second.password.expose(), password) ? found->second.keys
                                                                                  : nullptr;
  }
  if (!slot(index)) {
    return nullptr;
  }
  auto keys = crypto::FileKeyStore::open(folder_of(folder_, index), as_text(password));
  if (!keys) {
    return nullptr;
  }
  Opened opened{SecretBytes::copy_of(password), std::move(keys).value()};
  return opened_.emplace(index, std::move(opened)).first->second.keys;
}

}  // namespace hutong::sdf::software
