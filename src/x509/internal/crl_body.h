#pragma once

#include <optional>
#include <vector>

#include "asn1/reader.h"
#include "x509/crl.h"
#include "x509/internal/crl_entries.h"
#include "x509/internal/signed_object.h"

namespace hutong::x509 {

/// What a Crl is made of. Never copied; the views in it point into `owned` or `mapped`.
struct Crl::Body {
  Bytes owned;
  std::optional<MappedFile> mapped;
  internal::SignedObject object;
  unsigned version = 1;
  Name issuer;
  Time this_update{};
  std::optional<Time> next_update;
  Result<crypto::SignatureAlgorithm> algorithm{crypto::kSm2WithSm3};
  std::vector<Extension> extensions;
  std::optional<AuthorityKeyIdentifier> authority_key_identifier;
  std::optional<std::vector<GeneralName>> issuer_alt_name;
  std::optional<Serial> number;
  std::optional<Serial> base_number;
  std::optional<IssuingDistributionPoint> issuing_point;
  std::optional<std::vector<DistributionPoint>> freshest_crl;
  bool unknown_critical = false;
  internal::CrlEntries entries;
  bool has_entries = false;  ///< `entries` are known already and are not read again
  QuirkSet quirks;
  internal::Lazy<crypto::Sm3Digest> sm3;

  Status read(ByteView input, QuirkRecorder& recorder);

 private:
  Status read_head(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status read_dates(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status read_entries(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status read_extensions(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status read_extension(const Extension& extension, QuirkRecorder& recorder);
};

}  // namespace hutong::x509
