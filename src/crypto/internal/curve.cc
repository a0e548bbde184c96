#include "crypto/internal/curve.h"

#include <array>

#include "asn1/oids.h"

namespace hutong::crypto {
namespace {

constexpr CurveProperties kCurves[] = {
    {CurveName::kSm2, asn1::oids::kSm2Curve, "SM2", "SM2", 256},
    {CurveName::kP256, asn1::oids::kP256, "P-256", "P-256", 256},
    {CurveName::kP384, asn1::oids::kP384, "P-384", "P-384", 384},
    {CurveName::kP521, asn1::oids::kP521, "P-521", "P-521", 521},
};

using Number = std::array<std::uint8_t, 32>;

/// sm2p256v1 (GB/T 32918.5).
constexpr Number kP = {0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                       0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00,
                       0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
constexpr Number kA = {0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                       0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00,
                       0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFC};
constexpr Number kB = {0x28, 0xE9, 0xFA, 0x9E, 0x9D, 0x9F, 0x5E, 0x34, 0x4D, 0x5A, 0x9E,
                       0x4B, 0xCF, 0x65, 0x09, 0xA7, 0xF3, 0x97, 0x89, 0xF5, 0x15, 0xAB,
                       0x8F, 0x92, 0xDD, 0xBC, 0xBD, 0x41, 0x4D, 0x94, 0x0E, 0x93};
constexpr Number kN = {0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                       0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x72, 0x03, 0xDF, 0x6B, 0x21, 0xC6,
                       0x05, 0x2B, 0x53, 0xBB, 0xF4, 0x09, 0x39, 0xD5, 0x41, 0x23};
constexpr std::array<std::uint8_t, 65> kG = {
    0x04, 0x32, 0xC4, 0xAE, 0x2C, 0x1F, 0x19, 0x81, 0x19, 0x5F, 0x99, 0x04, 0x46, 0x6A, 0x39, 0xC9, 0x94,
    0x8F, 0xE3, 0x0B, 0xBF, 0xF2, 0x66, 0x0B, 0xE1, 0x71, 0x5A, 0x45, 0x89, 0x33, 0x4C, 0x74, 0xC7, 0xBC,
    0x37, 0x36, 0xA2, 0xF4, 0xF6, 0x77, 0x9C, 0x59, 0xBD, 0xCE, 0xE3, 0x6B, 0x69, 0x21, 0x53, 0xD0, 0xA9,
    0x87, 0x7C, 0xC6, 0x2A, 0x47, 0x40, 0x02, 0xDF, 0x32, 0xE5, 0x21, 0x39, 0xF0, 0xA0};

/// G as it is, or compressed (its y is even).
bool is_base_point(ByteView octets) {
  constexpr std::uint8_t kCompressedEven = 0x02;
  return equal(octets, kG) || (octets.size() == 33 && octets[0] == kCompressedEven &&
                               equal(octets.subspan(1), ByteView(kG).subspan(1, 32)));
}

/// SpecifiedECDomain: version, fieldID, curve (a, b, seed), base, order, cofactor, hash. Seed and hash say
/// where the numbers come from, and decide nothing.
Result<bool> is_written_out_sm2(asn1::Reader domain) {
  HUTONG_TRY(const std::uint64_t version, domain.read_small());
  HUTONG_TRY(asn1::Reader field, domain.enter_sequence());
  HUTONG_TRY(const asn1::Oid field_type, field.read_oid());
  if (version < 1 || version > 3 || field_type != asn1::oids::kPrimeField) {
    return false;
  }
  HUTONG_TRY(const ByteView p, field.read_unsigned());
  HUTONG_CHECK(field.finish());
  HUTONG_TRY(asn1::Reader coefficients, domain.enter_sequence());
  HUTONG_TRY(const ByteView a, coefficients.read_octet_string());
  HUTONG_TRY(const ByteView b, coefficients.read_octet_string());
  HUTONG_TRY(const ByteView base, domain.read_octet_string());
  HUTONG_TRY(const ByteView order, domain.read_unsigned());
  if (domain.next_is(asn1::Tag::kInteger)) {
    HUTONG_TRY(const ByteView cofactor, domain.read_unsigned());
    if (cofactor.size() != 1 || cofactor[0] != 1) {
      return false;
    }
  }
  return equal(p, kP) && equal(a, kA) && equal(b, kB) && is_base_point(base) && equal(order, kN);
}

}  // namespace

const CurveProperties& curve_properties(CurveName name) { return kCurves[static_cast<std::size_t>(name)]; }

Result<Curve> read_curve(asn1::Reader& in) {
  if (in.next_is(asn1::Tag::kSequence)) {
    HUTONG_TRY(asn1::Reader domain, in.enter_sequence());
    HUTONG_TRY(const bool is_sm2, is_written_out_sm2(domain));
    return Curve{is_sm2 ? CurveName::kSm2 : CurveName::kOther, true};
  }
  if (in.next_is(asn1::Tag::kNull)) {
    HUTONG_CHECK(in.read_null());
    return Curve{};
  }
  HUTONG_TRY(const asn1::Oid oid, in.read_oid());
  for (const CurveProperties& known : kCurves) {
    if (known.oid == oid) {
      return Curve{known.name, false};
    }
  }
  return Curve{};
}

}  // namespace hutong::crypto
