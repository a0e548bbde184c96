#include "crypto/internal/private_key_der.h"

#include <optional>

#include "asn1/oids.h"
#include "crypto/internal/curve.h"

namespace hutong::crypto::key_der {
namespace {

constexpr std::size_t kScalarSize = 32;

/// d in 1 to 32 octets: some writers drop leading zeros.
Result<Sm2PrivateKey> key_from_magnitude(ByteView magnitude) {
  if (magnitude.empty() || magnitude.size() > kScalarSize) {
    return broken("an SM2 private key has 1 to 32 octets");
  }
  SecretBytes d(kScalarSize);
  std::ranges::copy(magnitude, d.writable().last(magnitude.size()).begin());
  auto key = Sm2PrivateKey::from_octets(d.expose());
  if (!key) {
    return broken("the private key is outside 1 to n-2");
  }
  return key;
}

Status check_public_key(const Sm2PrivateKey& key, ByteView octets) {
  const auto stated = Sm2PublicKey::from_octets(octets);
  if (!stated) {
    return broken("the public key inside is not an uncompressed SM2 point");
  }
  if (*stated != key.public_key()) {
    return Error{Errc::kMalformed, "key_file.mismatch",
                 "the public key inside is not that of the private key"};
  }
  return ok();
}

Status read_sm2_curve(asn1::Reader& in) {
  HUTONG_TRY(const Curve curve, read_curve(in));
  HUTONG_CHECK(in.finish());
  if (curve.name != CurveName::kSm2) {
    return unsupported("the key is on another curve than SM2");
  }
  return ok();
}

/// Whether the curve is named outside, by the AlgorithmIdentifier of PKCS#8.
enum class CurveNamed { kInside, kOutside };

Result<Sm2PrivateKey> read_ec_private_key(asn1::Reader in, CurveNamed named) {
  HUTONG_TRY(asn1::Reader fields, in.enter_sequence());
  HUTONG_CHECK(in.finish());
  HUTONG_TRY(const std::uint64_t version, fields.read_small());
  if (version != 1) {
    return broken("ECPrivateKey has version 1");
  }
  HUTONG_TRY(const ByteView d, fields.read_octet_string());
  HUTONG_TRY(auto curve, fields.enter_optional(asn1::context_constructed(0)));
  if (curve) {
    HUTONG_CHECK(read_sm2_curve(*curve));
  } else if (named == CurveNamed::kInside) {
    return broken("the key names no curve");
  }
  HUTONG_TRY(Sm2PrivateKey key, key_from_magnitude(d));
  HUTONG_TRY(auto public_key, fields.enter_optional(asn1::context_constructed(1)));
  if (public_key) {
    HUTONG_TRY(const ByteView octets, public_key->read_bit_string_octets());
    HUTONG_CHECK(public_key->finish());
    HUTONG_CHECK(check_public_key(key, octets));
  }
  HUTONG_CHECK(fields.finish());
  return key;
}

Status read_algorithm(asn1::Reader& info) {
  HUTONG_TRY(asn1::Reader algorithm, info.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, algorithm.read_oid());
  if (oid == asn1::oids::kSm2Curve && algorithm.at_end()) {
    return ok();
  }
  if (oid != asn1::oids::kEcPublicKey && oid != asn1::oids::kSm2Curve) {
    return unsupported("private key algorithm " + oid.to_string());
  }
  return read_sm2_curve(algorithm);
}

/// What may follow the key in OneAsymmetricKey: attributes, and since version 2 the public key.
Status read_tail(asn1::Reader& info, const Sm2PrivateKey& key) {
  HUTONG_CHECK(info.enter_optional(asn1::context_constructed(0)));
  HUTONG_TRY(const auto bits, info.read_optional(asn1::context(1)));
  if (bits) {
    HUTONG_TRY(const asn1::BitString public_key, asn1::bit_string_from(*bits));
    HUTONG_CHECK(check_public_key(key, public_key.octets));
  }
  return info.finish();
}

Result<Sm2PrivateKey> read_private_key_info(ByteView der) {
  asn1::Reader in(der);
  HUTONG_TRY(asn1::Reader info, in.enter_sequence());
  HUTONG_CHECK(in.finish());
  HUTONG_TRY(const std::uint64_t version, info.read_small());
  if (version > 1) {
    return unsupported("PrivateKeyInfo of version " + std::to_string(version));
  }
  HUTONG_CHECK(read_algorithm(info));
  HUTONG_TRY(const ByteView inner, info.read_octet_string());
  HUTONG_TRY(Sm2PrivateKey key, read_ec_private_key(asn1::Reader(inner), CurveNamed::kOutside));
  HUTONG_CHECK(read_tail(info, key));
  return key;
}

Result<Sm2PrivateKey> read_integer(ByteView der) {
  asn1::Reader in(der);
  HUTONG_TRY(const ByteView d, in.read_unsigned());
  HUTONG_CHECK(in.finish());
  return key_from_magnitude(d);
}

Result<Sm2PrivateKey> with_key_file_error(Result<Sm2PrivateKey> key) {
  if (!key) {
    return as_key_file_error(key.error());
  }
  return key;
}

}  // namespace

Error as_key_file_error(const Error& error) {
  if (error.reason.starts_with("asn1.")) {
    return broken(std::string(error.reason) + ": " + error.detail);
  }
  return error;
}

Kind guess_kind(ByteView der) {
  asn1::Reader in(der);
  if (in.next_is(asn1::Tag::kInteger)) {
    return Kind::kBareInteger;
  }
  auto outer = in.enter_sequence();
  if (!outer) {
    return Kind::kUnknown;
  }
  if (outer->next_is(asn1::Tag::kSequence)) {
    return Kind::kEncryptedPkcs8;
  }
  if (!outer->read_small()) {
    return Kind::kUnknown;
  }
  if (outer->next_is(asn1::Tag::kSequence)) {
    return Kind::kPkcs8;
  }
  return outer->next_is(asn1::Tag::kOctetString) ? Kind::kSec1 : Kind::kUnknown;
}

Result<Sm2PrivateKey> read_pkcs8(ByteView der) { return with_key_file_error(read_private_key_info(der)); }

Result<Sm2PrivateKey> read_sec1(ByteView der) {
  return with_key_file_error(read_ec_private_key(asn1::Reader(der), CurveNamed::kInside));
}

Result<Sm2PrivateKey> read_bare_integer(ByteView der) { return with_key_file_error(read_integer(der)); }

}  // namespace hutong::crypto::key_der
