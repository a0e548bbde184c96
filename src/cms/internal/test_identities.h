#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "cms/verify.h"
#include "crypto/random.h"
#include "crypto/signature.h"
#include "crypto/sm2.h"
#include "x509/builder.h"
#include "x509/certificate.h"

/// Keys, certificates and settings that the tests of this module share.
namespace hutong::cms::test {

/// A certificate and its key; the signer draws its nonces from the source given.
struct Identity {
  x509::Certificate certificate;
  crypto::Sm2PrivateKey key;
  crypto::Sm2Signer signer(crypto::RandomSource& random = crypto::system_random()) const;
};

/// "root", "signer", "recipient", "tsa" of tests/data/cms/identities.vec.
Identity identity(std::string_view name);

/// A fresh key with a certificate of the root of identities.vec, valid in 2026 to 2035.
struct Wanted {
  std::string common_name;
  std::uint8_t serial = 0x20;
  std::vector<x509::ExtensionValue> extensions = {};
};
Identity issue(const Wanted& wanted);
/// A list of the root that revokes these serials.
x509::Crl revoke(std::span<const x509::RevokedCertificate> entries, Time this_update, Time next_update);

/// Gives out prepared octets, as nonces and keys; asking for more throws.
class ScriptedRandom final : public crypto::RandomSource {
 public:
  explicit ScriptedRandom(Bytes script) : script_(std::move(script)) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  Bytes script_;
  std::size_t at_ = 0;
};

/// Trusts the root of identities.vec; revocation data is used when given.
class Trust {
 public:
  explicit Trust(std::vector<x509::Crl> crls = {});
  /// Lives as long as the object.
  VerifyOptions at(Time time) const;
  TrustContext context;

 private:
  std::vector<x509::TrustAnchor> anchors_;
  std::vector<x509::Crl> crls_;
};

Time time(std::string_view rfc3339);
/// A moment at which the certificates of identities.vec are valid.
inline Time midsummer() { return time("2026-06-15T00:00:00Z"); }

/// The codes of the findings with this severity, of the message and all signers.
std::vector<std::string> codes(const SignedMessageReport& report, x509::Severity severity);
std::vector<std::string> codes(const std::vector<x509::Finding>& findings, x509::Severity severity);

}  // namespace hutong::cms::test
