#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/signature.h"
#include "x509/builder.h"
#include "x509/certificate.h"
#include "x509/crl.h"

namespace hutong::demonstration {

/// Who a demonstration certificate is for.
struct Subject {
  std::string organization;
  std::string common_name;
  std::string locality = {};
};
x509::Name name_of(const Subject& subject);

struct Validity {
  Time from{};
  Time until{};
};

/// A key and the certificate for it. Keys live in memory only and are gone when the program ends.
struct Identity {
  crypto::Sm2Signer key;
  x509::Certificate certificate;
};

/// A demonstration CA: issues certificates and lists with our own builders. Errors are those of the builders.
class Authority {
 public:
  /// A self-signed root.
  static Result<Authority> root(const Subject& subject, const Validity& validity, std::string crl_uri);
  /// A CA below this one.
  Result<Authority> subordinate(const Subject& subject, const Validity& validity, std::string crl_uri) const;

  struct Wanted {
    Subject subject;
    Validity validity;
    std::vector<x509::ExtensionValue> extensions;  ///< besides identifiers and the CRL pointer
  };
  /// A certificate for a fresh key.
  Result<Identity> issue(const Wanted& wanted) const;
  /// What issue() would sign, for objects that go astray on purpose.
  x509::TbsCertificate draft(const Wanted& wanted, const crypto::PublicKey& key) const;
  Result<x509::CrlDer> list(std::vector<x509::RevokedCertificate> entries, std::uint64_t number,
                            const Validity& validity) const;

  const x509::Certificate& certificate() const { return identity_.certificate; }
  const crypto::Sm2Signer& key() const { return identity_.key; }

 private:
  Authority(Identity identity, std::string crl_uri)
      : identity_(std::move(identity)), crl_uri_(std::move(crl_uri)) {}
  Identity identity_;
  std::string crl_uri_;
};

crypto::Sm2Signer fresh_key();
x509::Serial fresh_serial();

}  // namespace hutong::demonstration
