#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "ca/signing/certificate_template.h"
#include "ca/signing/linted_tbs.h"
#include "ca/signing/subject_data.h"
#include "crypto/random.h"
#include "crypto/signature.h"
#include "x509/builder.h"
#include "x509/certificate.h"

namespace hutong::ca {

/// Where the world finds what this CA publishes; written into every certificate. Empty: left out. In each
/// "{authority}" stands for the id of the key that signed (for_authority), because the lists of a former key
/// go on beside those of the new one.
struct PublishingAddresses {
  std::string crl = {};  ///< "{partition}" stands for the number of the certificate's partition
  std::uint32_t crl_partitions = 1;
  std::string delta_crl = {};
  std::string ocsp = {};
  std::string ca_certificate = {};

  PublishingAddresses for_authority(std::string_view authority) const;
};

/// 16 octets, 126 of their bits random: unique without asking anybody, positive, always of the same length.
x509::Serial fresh_serial(crypto::RandomSource& random = crypto::system_random());
/// Which partition of the CRL a certificate belongs to: 0 … partitions - 1, by its serial.
std::uint32_t partition_of(const x509::Serial& serial, std::uint32_t partitions);
/// `address` with "{partition}" filled in.
std::string partition_address(const std::string& address, std::uint32_t partition);

/// What a certificate will be made from. The key's owner was proven by whoever asks.
struct CertificateOrder {
  const CertificateTemplate& certificate_template;
  const SubjectData& subject;
  const crypto::PublicKey& key;
  Time not_before{};
  std::optional<std::uint32_t> days = std::nullopt;   ///< nothing: the template's
  std::optional<x509::Serial> serial = std::nullopt;  ///< nothing: a fresh one
};

/// One CA key with its certificate: drafts certificates by template and signs what lint let pass. Immutable;
/// any thread, as far as the signer allows. The signer must outlive it.
class Issuer {
 public:
  Issuer(x509::Certificate certificate, const crypto::Signer& signer, PublishingAddresses addresses);

  /// kPolicy: the reasons of subject_data.h, "issuing.days" (none, or more than the template allows),
  /// "issuing.validity" (nothing is left before this CA's own certificate ends), "issuing.key" (not of the
  /// template), "issuing.depth" (this CA may not have CAs below it). A certificate never outlives the CA's:
  /// the end is brought forward.
  Result<x509::TbsCertificate> draft(const CertificateOrder& order,
                                     crypto::RandomSource& random = crypto::system_random()) const;
  Result<x509::CertificateDer> sign(LintedTbs linted) const;
  /// draft, lint and sign.
  Result<x509::Certificate> issue(const CertificateOrder& order,
                                  crypto::RandomSource& random = crypto::system_random()) const;

  const x509::Certificate& certificate() const { return certificate_; }
  const crypto::Signer& signer() const { return *signer_; }
  const PublishingAddresses& addresses() const { return addresses_; }

 private:
  Status check(const CertificateOrder& order) const;
  Result<Time> end_of(const CertificateOrder& order) const;
  void add_extensions(const CertificateOrder& order, x509::TbsCertificate& tbs) const;

  x509::Certificate certificate_;
  const crypto::Signer* signer_;
  PublishingAddresses addresses_;
  Bytes key_identifier_;
};

}  // namespace hutong::ca
