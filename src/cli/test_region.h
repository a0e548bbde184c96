#pragma once

#include <optional>
#include <string>

#include "cli/test_program.h"
#include "crypto/signature.h"
#include "x509/builder.h"
#include "x509/certificate.h"

namespace hutong::cli::test {

/// A small region in files: root.cer, ca.cer, alice.cer and alice-enc.cer with their .key files, bob.cer
/// (revoked) with bob.key, tsa.cer, operator.cer, ca.crl, arl.crl, region.p7 (trust list). Keys are plain
/// PKCS#8. All is valid in 2026 and 2027; kAt is inside.
class Region {
 public:
  static constexpr const char* kAt = "2026-06-01T12:00:00Z";
  Region();
  std::string file(const std::string& name) const { return folder_.file(name); }
  const Folder& folder() const { return folder_; }
  /// The answer of the region's TSA to a request.
  Bytes stamp(ByteView request) const;
  /// A new list by the operator, current at the present time, whose root is this region's.
  std::string trust_list() const;

 private:
  struct Holder {
    crypto::Sm2Signer key;
    x509::Certificate certificate;
  };
  Holder issue(const std::string& name, const x509::TbsCertificate& draft, crypto::Sm2PrivateKey key,
               const Holder* issuer);
  void write_lists(const Holder& root, const Holder& ca, const Holder& revoked);

  Folder folder_;
  std::optional<Holder> tsa_;
  std::optional<Holder> operator_;
  std::optional<x509::Certificate> root_;
};

const Region& region();

}  // namespace hutong::cli::test
