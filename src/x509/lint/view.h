#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "asn1/oid.h"
#include "asn1/reader.h"
#include "asn1/tag.h"
#include "base/bytes.h"
#include "base/result.h"
#include "x509/name.h"

/// Objects as lint sees them: every field with the encoding it was written in, nothing interpreted that a
/// check wants to judge. All views are into the DER given, which must outlive them.
namespace hutong::x509::lint {

/// AlgorithmIdentifier.
struct AlgorithmView {
  ByteView encoded;
  asn1::Oid oid;
  ByteView parameters;  ///< complete element; empty when absent
};
Result<AlgorithmView> read_algorithm(ByteView encoded);

/// UTCTime or GeneralizedTime with its content as written.
struct TimeView {
  asn1::Tag tag;
  ByteView content;
  /// Nothing when the content is not in the form of RFC 5280 4.1.2.5.
  std::optional<Time> time() const;
};

struct ExtensionView {
  asn1::Oid oid;
  bool critical = false;
  bool default_written = false;  ///< critical FALSE is in the encoding
  ByteView value;                ///< content of extnValue
};
Result<std::vector<ExtensionView>> read_extensions(asn1::Reader& reader);
/// The first one with this OID, or null.
const ExtensionView* find_extension(const std::vector<ExtensionView>& extensions, const asn1::Oid& oid);

struct CertificateView {
  bool to_be_signed = false;  ///< made from a TBSCertificate: there are no outer fields
  AlgorithmView outer_algorithm;
  asn1::BitString signature;
  bool version_written = false;
  std::uint64_t version = 0;  ///< as encoded: 2 is v3
  ByteView serial;            ///< content octets of the INTEGER
  AlgorithmView algorithm;
  Name issuer;
  TimeView not_before;
  TimeView not_after;
  Name subject;
  ByteView spki;
  bool has_unique_ids = false;
  bool has_extensions = false;
  std::vector<ExtensionView> extensions;
  std::optional<asn1::BitString> key_usage;  ///< when the extension is there and parses
  bool ca = false;                           ///< basicConstraints says cA TRUE
  std::vector<asn1::Oid> purposes;           ///< extKeyUsage

  const ExtensionView* extension(const asn1::Oid& oid) const { return find_extension(extensions, oid); }
  bool uses(std::size_t key_usage_bit) const { return key_usage && key_usage->bit(key_usage_bit); }
  bool has_purpose(const asn1::Oid& purpose) const;
  bool self_issued() const { return issuer.der_equal(subject); }
};
Result<CertificateView> read_certificate(ByteView der);
Result<CertificateView> read_tbs_certificate(ByteView tbs);

struct CrlEntryView {
  ByteView serial;
  TimeView revoked_at;
  bool has_extensions = false;
  std::vector<ExtensionView> extensions;
};
Result<CrlEntryView> read_crl_entry(ByteView encoded);

struct CrlView {
  AlgorithmView outer_algorithm;
  asn1::BitString signature;
  std::optional<std::uint64_t> version;
  AlgorithmView algorithm;
  Name issuer;
  TimeView this_update;
  std::optional<TimeView> next_update;
  bool has_revoked = false;       ///< revokedCertificates is in the encoding
  std::vector<ByteView> revoked;  ///< each a complete, structurally sound entry
  bool has_extensions = false;
  std::vector<ExtensionView> extensions;
  bool delta = false;     ///< deltaCRLIndicator is there
  bool indirect = false;  ///< issuingDistributionPoint says indirectCRL TRUE

  const ExtensionView* extension(const asn1::Oid& oid) const { return find_extension(extensions, oid); }
};
Result<CrlView> read_crl(ByteView der);

struct RequestAttributeView {
  asn1::Oid type;
  bool in_set = false;                ///< the values are in a SET, as they must be
  std::vector<asn1::Element> values;  ///< without a SET: the elements that follow the type
};

struct RequestView {
  ByteView info;  ///< CertificationRequestInfo, what is signed
  AlgorithmView algorithm;
  asn1::BitString signature;
  ByteView version;  ///< content octets
  Name subject;
  ByteView spki;
  bool has_attributes = false;  ///< [0] is in the encoding
  std::vector<ByteView> attribute_encodings;
  std::vector<RequestAttributeView> attributes;

  const RequestAttributeView* attribute(const asn1::Oid& type) const;
};
Result<RequestView> read_request(ByteView der);

}  // namespace hutong::x509::lint
