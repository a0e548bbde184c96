#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "cms/enveloped_data.h"
#include "crypto/random.h"
#include "crypto/secret_sharing.h"
#include "crypto/sm3.h"
#include "x509/certificate.h"

/// A custodian's share of the master key, as a file. The file says openly which master key it belongs to; the
/// share is encrypted, for the custodian's certificate or under a password.
namespace hutong::kmc {

/// What the file says openly.
struct ShareLabel {
  std::string master;  ///< id of the master key, a ULID
  unsigned threshold = 2;
  unsigned shares = 3;
  unsigned number = 1;
  crypto::Sm3Digest check{};  ///< share_check() of the share inside
};

enum class ShareProtection : std::uint8_t { kCertificate, kPassword };

struct ShareFile {
  ShareLabel label;
  ShareProtection protection = ShareProtection::kCertificate;
  std::string fingerprint;   ///< kCertificate: SM3 of the custodian's certificate, hexadecimal
  Bytes salt;                ///< kPassword: of PBKDF2 with HMAC-SM3
  std::uint64_t rounds = 0;  ///< kPassword
  Bytes sealed;              ///< SM2Cipher, or nonce, ciphertext and tag of SM4-GCM
};

/// Tells a right share from a wrong one without telling anything of it: SM3 of the label's master, the number
/// and the value (32 random octets).
crypto::Sm3Digest share_check(std::string_view master, const crypto::SecretShare& share);

/// 33 octets: number and value. What is encrypted in the file, and what a custodian hands over.
SecretBytes share_octets(const crypto::SecretShare& share);
/// kMalformed "key_share.octets".
Result<crypto::SecretShare> share_from(ByteView octets);

/// Rounds of password protection; the most that a file of somebody else may ask for is 10 million.
inline constexpr std::uint64_t kShareRounds = 200'000;

/// SM2 encryption for the key of the certificate. kPolicy "key_share.certificate_key" when that is none.
Result<ShareFile> protect_share(const ShareLabel& label, const crypto::SecretShare& share,
                                const x509::Certificate& custodian,
                                crypto::RandomSource& random = crypto::system_random());
/// PBKDF2 with HMAC-SM3, SM4-GCM with the label as associated data.
Result<ShareFile> protect_share(const ShareLabel& label, const crypto::SecretShare& share,
                                std::string_view password, std::uint64_t rounds = kShareRounds,
                                crypto::RandomSource& random = crypto::system_random());

/// PEM, "HUTONG KEY SHARE", around DER.
std::string write_share(const ShareFile& file);
/// kMalformed "key_share.structure" or the reasons of asn1::Reader and read_pem; kLimit "pbkdf2.rounds".
Result<ShareFile> read_share(ByteView file);

/// kUnauthorized "key_share.protection" (it is protected in the other way), "key_share.open" (wrong key or
/// password, or altered).
Result<crypto::SecretShare> open_share(const ShareFile& file, const cms::KeyOpener& custodian);
Result<crypto::SecretShare> open_share(const ShareFile& file, std::string_view password);

}  // namespace hutong::kmc
