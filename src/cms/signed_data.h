#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/stream.h"
#include "base/time.h"
#include "cms/message.h"
#include "x509/name.h"
#include "x509/serial.h"

namespace hutong::cms {

/// How a signer or recipient names its certificate: issuerAndSerialNumber, or a subject key identifier
/// (RFC 5652 5.3; CFCA for recipients).
struct PartyIdentifier {
  std::optional<x509::Name> issuer;
  x509::Serial serial;
  Bytes subject_key_identifier;  ///< empty when issuer is there

  /// For people: "CN=…, 02af" or the key identifier in hexadecimal.
  std::string to_string() const;
};

/// One attribute of a signer. The octets are owned.
struct Attribute {
  asn1::Oid type;
  std::vector<Bytes> values;  ///< each a whole DER element
};

/// An attribute set as it was received.
struct AttributeSet {
  /// The octets that are signed: the set as it stands with tag 31 in place of A0 (GM/T 0010, RFC 5652 5.4).
  Bytes encoded;
  std::vector<Attribute> attributes;
  bool sorted = true;  ///< in the order of DER SET OF (X.690 11.6)

  /// The only value of the only attribute of this type; null when there is none or more than one.
  const Bytes* single(const asn1::Oid& type) const;
  std::size_t count(const asn1::Oid& type) const;
  /// `encoded`, put in DER order.
  Bytes encoded_sorted() const;
};

/// SignerInfo of GM/T 0010 and RFC 5652 5.3 alike.
struct SignerInfo {
  std::uint64_t version = 1;
  PartyIdentifier identifier;
  Bytes digest_algorithm;  ///< AlgorithmIdentifier
  std::optional<AttributeSet> signed_attributes;
  Bytes signature_algorithm;  ///< AlgorithmIdentifier
  Bytes signature;
  std::optional<AttributeSet> unsigned_attributes;
};

enum class ContentPresence : std::uint8_t {
  kAbsent,  ///< detached
  kOctets,  ///< an OCTET STRING, as in RFC 5652
  kAny,     ///< some other type (PKCS#7): the content octets without tag and length are signed (RFC 2315 9.3)
};

/// SignedData without its content, which passes by.
struct SignedData {
  MessageForm form = MessageForm::kGm;
  std::uint64_t version = 1;
  std::vector<Bytes> digest_algorithms;  ///< AlgorithmIdentifiers
  asn1::Oid content_type;
  ContentPresence content = ContentPresence::kAbsent;
  std::uint64_t content_size = 0;
  std::vector<Bytes> certificates;
  std::vector<Bytes> crls;
  std::size_t other_certificates = 0;   ///< attribute and extended certificates, not kept
  std::vector<Bytes> other_revocation;  ///< RevocationInfo of other formats (RFC 5652 10.2.1)
  std::vector<SignerInfo> signers;
  bool ber = false;  ///< some length or string was BER, not DER
};

/// Told what is about to come, before the first octet of content.
class ContentObserver : public ByteSink {
 public:
  /// Everything known before the content: form, version, digest algorithms, content type, presence.
  virtual Status begin(const SignedData& head) = 0;
};

/// Reads ContentInfo { signedData } in BER or DER; content of any size goes to the observer piece by piece.
/// Does not check signatures (verify.h does). Memory: at most kMostStructure for everything but the content.
/// kMalformed "asn1.…", "cms.not_signed_data" (another kind of message), "cms.structure"; kLimit
/// "cms.too_large", "cms.too_many_parties".
Result<SignedData> read_signed_data(ByteSource& message, ContentObserver& content);
/// For small messages and certificate bundles: the content is kept when `content` is given.
Result<SignedData> read_signed_data(ByteView message, Bytes* content = nullptr);

/// One set of attributes from its encoded form, tag 31 or [n].
Result<AttributeSet> read_attributes(ByteView encoded);

}  // namespace hutong::cms
