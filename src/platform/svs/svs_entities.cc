#include "platform/svs/svs_entities.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "asn1/oids.h"
#include "base/config_reader.h"
#include "base/encoding.h"
#include "base/file.h"
#include "crypto/constant_time.h"
#include "crypto/key_file.h"
#include "x509/input.h"

namespace hutong::platform::svs {
namespace {

namespace fs = std::filesystem;
using x509::Certificate;

constexpr std::size_t kMostFile = std::size_t{16} << 20;
constexpr std::size_t kMostSecret = 1 << 16;

struct EntityFiles {
  std::string name;
  fs::path key;
  fs::path key_password;
  fs::path certificate;
  fs::path code;
};

/// The first line of a file.
Result<SecretBytes> read_secret(const fs::path& file) {
  HUTONG_TRY(Bytes content, read_file(file, kMostSecret));
  const ScopedWipe wiped(content);
  const auto end = std::ranges::find_if(content, [](std::uint8_t c) { return c == '\n' || c == '\r'; });
  return SecretBytes::copy_of(ByteView(content).first(static_cast<std::size_t>(end - content.begin())));
}

Result<crypto::Sm2PrivateKey> read_key(const EntityFiles& files) {
  HUTONG_TRY(Bytes content, read_file(files.key, kMostSecret));
  const ScopedWipe wiped(content);
  if (files.key_password.empty()) {
    return crypto::read_private_key(content);
  }
  HUTONG_TRY(const SecretBytes password, read_secret(files.key_password));
  return crypto::read_private_key(content, as_text(password.expose()));
}

Error bad_entity(std::uint64_t index, std::string_view what) {
  return {Errc::kMalformed, "svs.entity", "entity " + std::to_string(index) + ": " + std::string(what)};
}

Result<std::unique_ptr<Entity>> read_entity(std::uint64_t index, const EntityFiles& files) {
  if (files.key.empty() || files.certificate.empty() || files.code.empty() || files.name.empty()) {
    return bad_entity(index, "name, key, certificate and code go together");
  }
  HUTONG_TRY(auto key, read_key(files));
  HUTONG_TRY(const Bytes file, read_file(files.certificate, kMostFile));
  HUTONG_TRY(auto certificates, x509::read_certificates(file));
  HUTONG_TRY(const SecretBytes code, read_secret(files.code));
  if (code.size() < Inventory::kShortestCode) {
    return bad_entity(index, "the authorisation code is shorter than 12 octets");
  }
  crypto::Sm2Signer signer(std::move(key));
  const auto& certified = certificates.certificates.front().public_key();
  if (!certified || !(*certified == signer.public_key())) {
    return bad_entity(index, "the certificate is for another key");
  }
  return std::make_unique<Entity>(files.name, std::move(signer), std::move(certificates.certificates),
                                  code.expose());
}

ByteView without_zeros(ByteView number) {
  while (number.size() > 1 && number.front() == 0) {
    number = number.subspan(1);
  }
  return number;
}

}  // namespace

Entity::Entity(std::string name, crypto::Sm2Signer key, std::vector<Certificate> certificates,
               ByteView authorisation_code)
    : name_(std::move(name)),
      key_(std::move(key)),
      certificates_(std::move(certificates)),
      code_sm3_(crypto::sm3(authorisation_code)) {}

bool Entity::authorises(ByteView code) const {
  return crypto::constant_time_equal(crypto::sm3(code), code_sm3_);
}

Result<Inventory> Inventory::load(const fs::path& entities, const fs::path& certificates) {
  Inventory inventory;
  if (!entities.empty()) {
    HUTONG_CHECK(inventory.load_entities(entities));
  }
  if (!certificates.empty()) {
    HUTONG_CHECK(inventory.load_folder(certificates));
  }
  return inventory;
}

Status Inventory::load_entities(const fs::path& file) {
  HUTONG_TRY(ConfigReader in, ConfigReader::open(file));
  std::map<std::uint64_t, EntityFiles> named;
  for (std::uint64_t index = 1; index <= kMostIndex; ++index) {
    const std::string section = std::to_string(index);
    EntityFiles files;
    in.text(section, "name", files.name);
    in.path(section, "key", files.key);
    in.path(section, "key_password_file", files.key_password);
    in.path(section, "certificate", files.certificate);
    in.path(section, "code_file", files.code);
    if (!files.name.empty() || !files.key.empty() || !files.certificate.empty() || !files.code.empty()) {
      named.emplace(index, std::move(files));
    }
  }
  HUTONG_CHECK(in.finish());
  for (const auto& [index, files] : named) {
    HUTONG_TRY(auto entity, read_entity(index, files));
    add(entity->certificate());
    entities_.emplace(index, std::move(entity));
  }
  return ok();
}

Status Inventory::load_folder(const fs::path& folder) {
  std::error_code trouble;
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
       entry.increment(trouble)) {
    files.push_back(entry->path());
  }
  if (trouble) {
    return Error{Errc::kUnavailable, "svs.certificates", "cannot read the folder " + folder.string()};
  }
  std::ranges::sort(files);
  for (const fs::path& path : files) {
    HUTONG_TRY(const Bytes file, read_file(path, kMostFile));
    HUTONG_TRY(const auto read, x509::read_certificates(file));
    for (const Certificate& certificate : read.certificates) {
      add(certificate);
    }
  }
  return ok();
}

void Inventory::add(const Certificate& certificate) {
  if (std::ranges::find(certificates_, certificate) == certificates_.end()) {
    certificates_.push_back(certificate);
  }
}

const Entity* Inventory::entity(std::uint64_t index) const {
  const auto found = entities_.find(index);
  return found == entities_.end() ? nullptr : found->second.get();
}

const Certificate* Inventory::find_serial(ByteView serial) const {
  const Certificate* only = nullptr;
  for (const Certificate& one : certificates_) {
    if (equal(without_zeros(one.serial().content()), without_zeros(serial))) {
      if (only != nullptr) {
        return nullptr;
      }
      only = &one;
    }
  }
  return only;
}

const Certificate* Inventory::find(std::string_view identification) const {
  for (const auto& [index, one] : entities_) {
    if (one->name() == identification) {
      return &one->certificate();
    }
  }
  if (const auto serial = from_hex(identification); serial && !serial->empty()) {
    if (const auto* found = find_serial(*serial)) {
      return found;
    }
  }
  const Certificate* only = nullptr;
  for (const Certificate& one : certificates_) {
    if (one.subject().text_of(asn1::oids::kCommonName) == identification) {
      if (only != nullptr) {
        return nullptr;
      }
      only = &one;
    }
  }
  return only;
}

}  // namespace hutong::platform::svs
