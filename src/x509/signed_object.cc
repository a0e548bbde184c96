#include "x509/internal/signed_object.h"

#include <array>

#include "asn1/oids.h"

namespace hutong::x509::internal {
namespace {

/// SM2-with-SM3 with NULL, as most production CAs write it.
constexpr std::array<std::uint8_t, 14> kSm2WithNull{0x30, 0x0C, 0x06, 0x08, 0x2A, 0x81, 0x1C,
                                                    0xCF, 0x55, 0x01, 0x83, 0x75, 0x05, 0x00};

/// A signature with unused bits is kept out of sight but does not hide the object: reports then say "bad
/// signature".
Result<ByteView> read_signature(asn1::Reader& fields, QuirkRecorder& quirks) {
  HUTONG_TRY(const ByteView content, fields.read(asn1::Tag::kBitString));
  if (content.empty()) {
    return Error{Errc::kMalformed, "asn1.bit_string", "a BIT STRING without the count of unused bits"};
  }
  if (content[0] != 0) {
    HUTONG_CHECK(quirks.meet(Quirk::kSignatureUnusedBits));
    return ByteView();
  }
  return content.subspan(1);
}

}  // namespace

Result<SignedObject> read_signed_object(ByteView input, QuirkRecorder& quirks) {
  asn1::Reader outer(input);
  HUTONG_TRY(const asn1::Element whole, outer.read_element(asn1::Tag::kSequence));
  if (!outer.at_end()) {
    HUTONG_CHECK(quirks.meet(Quirk::kTrailingOctets, std::to_string(outer.rest().size()) + " octets"));
  }
  HUTONG_TRY(asn1::Reader fields, outer.nested(whole.content));
  SignedObject object;
  object.der = whole.encoded;
  HUTONG_TRY(const asn1::Element tbs, fields.read_element(asn1::Tag::kSequence));
  object.tbs = tbs.encoded;
  HUTONG_TRY(const asn1::Element algorithm, fields.read_element(asn1::Tag::kSequence));
  object.algorithm = algorithm.encoded;
  HUTONG_TRY(object.signature, read_signature(fields, quirks));
  HUTONG_CHECK(fields.finish());
  return object;
}

Result<asn1::TimeValue> read_date(asn1::Reader& fields, QuirkRecorder& quirks) {
  static const Time k2050 = from_civil({2050, 1, 1, 0, 0, 0}).value();
  HUTONG_TRY(const asn1::TimeValue date, fields.read_time());
  if (date.written_as == asn1::Tag::kGeneralizedTime && date.time < k2050) {
    HUTONG_CHECK(quirks.meet(Quirk::kGeneralizedTimeBefore2050));
  }
  return date;
}

Status check_algorithm_form(ByteView algorithm_der, QuirkRecorder& quirks) {
  return equal(algorithm_der, kSm2WithNull) ? quirks.meet(Quirk::kSm2NullParameters) : ok();
}

Result<SpkiView> read_spki(asn1::Reader& fields, QuirkRecorder& quirks) {
  SpkiView spki;
  HUTONG_TRY(const asn1::Element whole, fields.read_element(asn1::Tag::kSequence));
  spki.der = whole.encoded;
  HUTONG_TRY(asn1::Reader parts, fields.nested(whole.content));
  HUTONG_TRY(asn1::Reader algorithm, parts.enter_sequence());
  HUTONG_TRY(spki.algorithm, algorithm.read_oid());
  if (spki.algorithm == asn1::oids::kSm2Curve) {
    HUTONG_CHECK(quirks.meet(Quirk::kSm2SpkiAlgorithmOid));
  }
  if (spki.algorithm == asn1::oids::kEcPublicKey && algorithm.next_is(asn1::Tag::kSequence)) {
    HUTONG_CHECK(quirks.meet(Quirk::kExplicitCurve));
  }
  if (!algorithm.at_end()) {
    HUTONG_CHECK(algorithm.read_any());
  }
  HUTONG_CHECK(algorithm.finish());
  HUTONG_TRY(spki.key_octets, parts.read_bit_string_octets());
  HUTONG_CHECK(parts.finish());
  return spki;
}

bool verifies(const crypto::PublicKey& key, const Result<crypto::SignatureAlgorithm>& algorithm, ByteView tbs,
              ByteView signature) {
  return algorithm && crypto::verify_signature(key, *algorithm, tbs, signature);
}

bool verifies(const crypto::Sm2PreparedKey& key, const Result<crypto::SignatureAlgorithm>& algorithm,
              ByteView tbs, ByteView signature) {
  return algorithm && crypto::verify_signature(key, *algorithm, tbs, signature);
}

}  // namespace hutong::x509::internal
