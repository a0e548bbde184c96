#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"
#include "crypto/sm3.h"
#include "x509/certificate.h"

namespace hutong::platform::svs {

/// An application entity (应用实体, GB/T 38629 5.3): a key that programs may sign with, by its index and the
/// authorisation code (私钥授权码) of whoever may use it.
class Entity {
 public:
  Entity(std::string name, crypto::Sm2Signer key, std::vector<x509::Certificate> certificates,
         ByteView authorisation_code);
  const std::string& name() const { return name_; }
  const crypto::Sm2Signer& key() const { return key_; }
  const x509::Certificate& certificate() const { return certificates_.front(); }
  /// Its own first, then its issuers.
  const std::vector<x509::Certificate>& certificates() const { return certificates_; }
  /// In constant time; the lengths do not show either.
  bool authorises(ByteView code) const;

 private:
  std::string name_;
  crypto::Sm2Signer key_;
  std::vector<x509::Certificate> certificates_;
  crypto::Sm3Digest code_sm3_;
};

/// What the server keeps: application entities by key index, and certificates that requests name by serial
/// number or identifier. Read once, then immutable: any thread.
class Inventory {
 public:
  /// Indices of keys go from 1 to this.
  static constexpr std::uint64_t kMostIndex = 64;
  static constexpr std::size_t kShortestCode = 12;

  /// `entities`: a TOML file, see docs/svs.md; `certificates`: a folder of certificates in any form, earlier
  /// ones of the same holder too. Either may be empty. kMalformed "svs.entity" (a key file without a
  /// certificate or code, a code under kShortestCode octets, a certificate for another key),
  /// kUnavailable "svs.certificates", and what reading configurations, keys and certificates says.
  static Result<Inventory> load(const std::filesystem::path& entities,
                                const std::filesystem::path& certificates);

  const Entity* entity(std::uint64_t index) const;  ///< null: no such key
  /// By serial number, leading zeros not counted; null when there is none, or more than one.
  const x509::Certificate* find_serial(ByteView serial) const;
  /// By the name of an entity, a serial number in hexadecimal, or the subject's common name.
  const x509::Certificate* find(std::string_view identification) const;

 private:
  Status load_entities(const std::filesystem::path& file);
  Status load_folder(const std::filesystem::path& folder);
  void add(const x509::Certificate& certificate);

  std::map<std::uint64_t, std::unique_ptr<Entity>> entities_;
  std::vector<x509::Certificate> certificates_;
};

}  // namespace hutong::platform::svs
