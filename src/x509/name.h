#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "asn1/tag.h"
#include "base/bytes.h"
#include "base/result.h"
#include "x509/quirks.h"

namespace hutong::x509 {

/// One attribute of a name; the views point into the Name it came from.
struct NameAttribute {
  asn1::Oid type;
  asn1::Tag tag;        ///< the string type as written
  ByteView value;       ///< content octets
  ByteView value_der;   ///< the whole value
  std::size_t rdn = 0;  ///< index of the RDN that holds it, in encoding order

  /// The value in UTF-8, always well-formed: octets that the tag does not explain become U+FFFD; a value that
  /// is no string at all is "#" and the hexadecimal of its DER (RFC 4514 2.4).
  std::string text() const;
  bool is_text() const;
};

enum class NameOrder : std::uint8_t {
  kRfc4514,  ///< last RDN first: "CN=ROOTCA,O=NRCAC,C=CN"
  kEncoded,  ///< as encoded: "C=CN,O=NRCAC,CN=ROOTCA", the habit of SHECA and BJCA tools
};

/// A distinguished name (RDNSequence). Owns its DER; immutable, cheap to copy, usable from any thread.
/// operator== compares as RFC 5280 7.1 does (case, white space and string type do not matter); use der()
/// where the octets count (CertID hashes, issuerAndSerialNumber).
class Name {
 public:
  /// Room for quirks; the empty name is read without complaint.
  static Result<Name> parse(ByteView der, QuirkRecorder& quirks);
  static Result<Name> parse(ByteView der);
  /// RFC 4514 text (last RDN first), e.g. "CN=张三,O=某公司,C=CN". Country and serialNumber become
  /// PrintableString, E and DC IA5String, everything else UTF8String. kMalformed "name.text".
  static Result<Name> from_string(std::string_view text);
  Name();  ///< the empty name

  bool empty() const { return attributes().empty(); }
  ByteView der() const&;
  ByteView der() const&& = delete;
  /// All attributes in encoding order.
  std::span<const NameAttribute> attributes() const&;
  std::span<const NameAttribute> attributes() const&& = delete;
  std::size_t rdn_count() const;
  /// The last attribute of this type in encoding order (the most specific), or null.
  const NameAttribute* find(const asn1::Oid& type) const&;
  const NameAttribute* find(const asn1::Oid& type) const&& = delete;
  /// Its text, or empty.
  std::string text_of(const asn1::Oid& type) const;
  /// What people call it: CN, else OU, O, the last attribute; empty for the empty name.
  std::string display() const;

  /// RFC 4514 with short names of all attributes we know; always well-formed UTF-8.
  std::string to_string(NameOrder order = NameOrder::kRfc4514) const;

  /// Octets that are equal exactly for names equal by RFC 5280 7.1: per RDN its length (4 octets), then its
  /// attributes sorted. So the key of an initial part is a prefix. Never shown to anybody.
  ByteView key() const&;
  ByteView key() const&& = delete;
  std::size_t hash() const;
  bool der_equal(const Name& other) const { return equal(der(), other.der()); }
  /// True when the first RDNs of this name are `base` (directoryName constraints, RFC 5280 4.2.1.10).
  bool is_within(const Name& base) const;
  /// This name and one more RDN, given as the content octets of its SET (nameRelativeToCRLIssuer).
  /// kMalformed.
  Result<Name> with_rdn(ByteView rdn_content) const;

  friend bool operator==(const Name& a, const Name& b) { return a.der_equal(b) || equal(a.key(), b.key()); }
  friend bool operator<(const Name& a, const Name& b) { return less(a.key(), b.key()); }

 private:
  struct Impl;
  explicit Name(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

struct NameHash {
  std::size_t operator()(const Name& name) const { return name.hash(); }
};

/// What an attribute type is called. `short_name` is used in RFC 4514 text; unknown types have null.
struct AttributeName {
  asn1::Oid type;
  std::string_view short_name;
  std::string_view zh;
  std::string_view en;
};
const AttributeName* attribute_name(const asn1::Oid& type);
/// By short name, case-insensitive, with aliases ("E", "emailAddress"; "S", "ST").
const AttributeName* attribute_by_short_name(std::string_view short_name);

/// Puts a name together in encoding order, one attribute per RDN:
///   Name n = NameBuilder().add(kCountry, "CN").add(kCommonName, "根").build();
class NameBuilder {
 public:
  /// The string type that Chinese practice uses: country, serialNumber and dnQualifier PrintableString, E and
  /// DC IA5String, else UTF8String.
  NameBuilder& add(const asn1::Oid& type, std::string_view text);
  NameBuilder& add(const asn1::Oid& type, asn1::Tag tag, std::string_view content);
  Name build() const;

 private:
  std::vector<Bytes> rdns_;
};

/// True when two UTF-8 texts are the same for RFC 5280 7.1 (as attribute values are compared).
bool same_text(std::string_view a, std::string_view b);

}  // namespace hutong::x509
