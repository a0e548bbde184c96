#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ca/signing/certificate_repository.h"
#include "ca/signing/issuer.h"
#include "ca/signing/template_repository.h"
#include "crypto/key_store.h"
#include "storage/database.h"

namespace hutong::ca {

/// What the registration system asks the signing system to certify.
struct CertificateWish {
  std::string template_id;
  SubjectData subject;
  std::string holder;  ///< the subject's number, for searching; empty when it has none
  std::string order;
  crypto::PublicKey key;
  Time not_before{};
  std::optional<std::uint32_t> days = std::nullopt;
  std::optional<x509::Serial> serial = std::nullopt;  ///< drawn before by fresh_serial()
};

/// A certificate that exists in memory only: whoever drops it before its record is stored has issued nothing.
struct PreparedCertificate {
  x509::Certificate certificate;
  CertificateRecord record;
};

/// The signing system (签发系统; GM/T 0037 8.6.2): the CA's keys, its templates and the store of what they
/// issued. It signs outside of any transaction, so that no lock is held while it computes; what was signed
/// counts once its record is committed, together with the audit record of the caller. Thread-safe.
class SigningSystem {
 public:
  /// Reads the authorities from the database. kPolicy "ca.not_initialised" when there is none; the reasons of
  /// the key store when a key is missing. The store must outlive the system.
  static Result<std::unique_ptr<SigningSystem>> load(storage::Database& database,
                                                     const crypto::KeyStore& keys,
                                                     PublishingAddresses addresses);

  /// Drafts, lints and signs with the active key. The reasons of issuer.h, linted_tbs.h and
  /// "template.unknown".
  Result<PreparedCertificate> prepare(const CertificateWish& wish) const;
  /// The same with a template that the caller has read (of many orders it is read once).
  Result<PreparedCertificate> prepare(const CertificateWish& wish, const CertificateTemplate& made) const;
  /// The two certificates of a dual order point at each other.
  static void pair(PreparedCertificate& signing, PreparedCertificate& encryption);
  static Status store(storage::Transaction& transaction, const PreparedCertificate& prepared) {
    return CertificateRepository::insert(transaction, prepared.record);
  }

  /// The active authority, which signs; former ones still sign their lists.
  const Issuer& issuer() const { return *issuers_.at(active_); }
  const std::string& authority() const { return active_; }
  /// By id; null when unknown.
  const Issuer* issuer_of(std::string_view authority) const;
  using Issuers = std::map<std::string, std::unique_ptr<Issuer>, std::less<>>;
  const Issuers& issuers() const { return issuers_; }

 private:
  SigningSystem(storage::Database& database, std::vector<std::unique_ptr<crypto::Signer>> signers,
                Issuers issuers, std::string active);

  storage::Database* database_;
  std::vector<std::unique_ptr<crypto::Signer>> signers_;
  Issuers issuers_;
  std::string active_;
};

}  // namespace hutong::ca
