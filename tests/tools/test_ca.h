#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "crypto/signature.h"
#include "x509/builder.h"
#include "x509/certificate.h"
#include "x509/crl.h"
#include "x509/extension_builder.h"
#include "x509/name.h"
#include "x509/ocsp.h"

/// Small certification authorities for tests and benchmarks. Keys follow from a text, so that a failing test
/// fails again. Everything throws when it cannot do what it is told: a mistake of the test.
namespace hutong::test {

inline constexpr Time kYear2026 = Time(std::chrono::seconds(1'767'225'600));  ///< 2026-01-01T00:00:00Z
inline constexpr Time kYear2036 = Time(std::chrono::seconds(2'082'758'400));
inline constexpr Time kMid2027 = Time(std::chrono::seconds(1'811'808'000));  ///< 2027-06-01T00:00:00Z

x509::Name name(std::string_view common_name);  ///< C=CN, O=Test, CN=…

/// Somebody with a name and a key: SM2 from a seed (the common name unless stated), or any signer.
struct Party {
  x509::Name name;
  std::shared_ptr<const crypto::Signer> signer;

  explicit Party(std::string_view common_name) : Party(common_name, common_name) {}
  Party(std::string_view common_name, std::string_view key_seed);
  Party(std::string_view common_name, std::shared_ptr<const crypto::Signer> any_signer)
      : name(test::name(common_name)), signer(std::move(any_signer)) {}
  const crypto::PublicKey& key() const { return signer->public_key(); }
};

enum class Kind : std::uint8_t { kCa, kEndEntity };

/// What issue() writes besides names and keys: key identifiers, basicConstraints and keyUsage by kind, then
/// `extensions` (one with the OID of a default replaces it).
struct Ticket {
  Kind kind = Kind::kEndEntity;
  std::uint32_t serial = 1;
  Time from = kYear2026;
  Time until = kYear2036;
  std::vector<x509::ExtensionValue> extensions = {};
};
x509::Certificate issue(const Party& issuer, const Party& subject, const Ticket& ticket);
/// The same, signed by anybody.
x509::Certificate issue_signed_by(const Party& issuer, const Party& subject, const Ticket& ticket,
                                  const crypto::Signer& signer);
x509::Certificate self_signed(const Party& party);

x509::Crl list(const Party& issuer, const std::vector<x509::RevokedCertificate>& entries,
               Time this_update = kMid2027 - std::chrono::hours(24),
               Time next_update = kMid2027 + std::chrono::hours(24),
               const std::vector<x509::ExtensionValue>& extensions = {});

/// Signs with octets that verify nowhere and cost nothing.
class FakeSigner final : public crypto::Signer {
 public:
  explicit FakeSigner(const crypto::PublicKey& key) : key_(key) {}
  const crypto::PublicKey& public_key() const override { return key_; }
  crypto::SignatureAlgorithm algorithm() const override { return crypto::kSm2WithSm3; }
  Result<Bytes> sign(ByteView message) const override;
  Result<Bytes> sign_digest(ByteView digest) const override;

 private:
  crypto::PublicKey key_;
};

}  // namespace hutong::test
