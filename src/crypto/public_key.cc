#include "crypto/public_key.h"

#include <openssl/core_names.h>

#include <bit>
#include <cstdlib>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "crypto/internal/curve.h"
#include "crypto/internal/public_key_impl.h"

namespace hutong::crypto {
namespace {

constexpr unsigned kFewestRsaBits = 1024;
constexpr unsigned kMostRsaBits = 16384;
constexpr std::size_t kMostExponentOctets = 8;  ///< OpenSSL's own limit for long moduli
constexpr std::size_t kSm2PointSize = 65;

Error broken_key(std::string detail) { return {Errc::kMalformed, "key.spki", std::move(detail)}; }

Error unsupported_key(std::string detail) { return {Errc::kPolicy, "key.unsupported", std::move(detail)}; }

/// Any error of the DER reader becomes ours.
Error broken_der(const Error& error) { return broken_key(std::string(error.reason) + ": " + error.detail); }

struct SpkiParts {
  asn1::Oid algorithm;
  asn1::Reader parameters;
  ByteView key;
};

Result<SpkiParts> split(ByteView der) {
  asn1::Reader in(der);
  HUTONG_TRY(asn1::Reader spki, in.enter_sequence());
  HUTONG_CHECK(in.finish());
  HUTONG_TRY(asn1::Reader algorithm, spki.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, algorithm.read_oid());
  HUTONG_TRY(const ByteView key, spki.read_bit_string_octets());
  HUTONG_CHECK(spki.finish());
  return SpkiParts{oid, algorithm, key};
}

unsigned bit_length(ByteView magnitude) {
  return static_cast<unsigned>(magnitude.size() * 8) - static_cast<unsigned>(std::countl_zero(magnitude[0]));
}

ossl::BigNumber big_number(ByteView magnitude) {
  return ossl::BigNumber(BN_bin2bn(magnitude.data(), static_cast<int>(magnitude.size()), nullptr));
}

/// Null when OpenSSL refuses the numbers.
ossl::Key key_from(const char* type, const ossl::ParameterBuilder& builder) {
  const ossl::ErrorScope errors;
  const ossl::Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const ossl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return ossl::Key(key);
}

struct RsaNumbers {
  ByteView modulus;
  ByteView exponent;
};

Result<RsaNumbers> read_rsa_numbers(ByteView der) {
  asn1::Reader in(der);
  HUTONG_TRY(asn1::Reader key, in.enter_sequence());
  HUTONG_CHECK(in.finish());
  HUTONG_TRY(const ByteView modulus, key.read_unsigned());
  HUTONG_TRY(const ByteView exponent, key.read_unsigned());
  HUTONG_CHECK(key.finish());
  return RsaNumbers{modulus, exponent};
}

Status check_rsa_numbers(const RsaNumbers& numbers) {
  const unsigned bits = bit_length(numbers.modulus);
  if (bits < kFewestRsaBits) {
    return Error{Errc::kPolicy, "key.weak", "RSA with " + std::to_string(bits) + " bits"};
  }
  if (bits > kMostRsaBits) {
    return Error{Errc::kPolicy, "key.too_large", "RSA with " + std::to_string(bits) + " bits"};
  }
  const bool exponent_is_one = numbers.exponent.size() == 1 && numbers.exponent[0] == 1;
  if ((numbers.modulus.back() & 1) == 0 || (numbers.exponent.back() & 1) == 0 || exponent_is_one ||
      numbers.exponent.size() > kMostExponentOctets) {
    return broken_key("RSA modulus and exponent must be odd, the exponent from 3 up to 64 bits");
  }
  return ok();
}

ossl::Key rsa_key(const RsaNumbers& numbers) {
  const ossl::BigNumber modulus = big_number(numbers.modulus);
  const ossl::BigNumber exponent = big_number(numbers.exponent);
  const ossl::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  return key_from("RSA", builder);
}

/// The point as 04 || X || Y, whichever way it was written.
Bytes uncompressed_point(EVP_PKEY* key, std::size_t field_size) {
  Bytes point(1 + 2 * field_size, 0x04);
  const auto coordinate = [&](const char* name, std::uint8_t* to) {
    BIGNUM* raw = nullptr;
    const bool found = EVP_PKEY_get_bn_param(key, name, &raw) == 1;
    const ossl::BigNumber number(raw);
    return found && BN_bn2binpad(number.get(), to, static_cast<int>(field_size)) >= 0;
  };
  const bool complete = coordinate(OSSL_PKEY_PARAM_EC_PUB_X, &point[1]) &&
                        coordinate(OSSL_PKEY_PARAM_EC_PUB_Y, &point[1 + field_size]);
  return complete ? point : Bytes{};
}

/// Compressed or uncompressed, of the right size for the curve; the rest is for OpenSSL to check.
bool has_point_form(ByteView octets, std::size_t field_size) {
  if (octets.empty()) {
    return false;
  }
  return octets[0] == 0x04 ? octets.size() == 1 + 2 * field_size
                           : (octets[0] == 0x02 || octets[0] == 0x03) && octets.size() == 1 + field_size;
}

ossl::Key ec_key(const CurveProperties& curve, ByteView point) {
  const ossl::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.openssl_name, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return key_from("EC", builder);
}

Bytes ec_spki(const asn1::Oid& curve, ByteView point) {
  asn1::Writer out;
  out.sequence([&](asn1::Writer& spki) {
    spki.sequence([&](asn1::Writer& algorithm) {
      algorithm.oid(asn1::oids::kEcPublicKey);
      algorithm.oid(curve);
    });
    spki.bit_string(point);
  });
  return std::move(out).take();
}

/// id-ecPublicKey with a curve, or the algorithm 1.2.156.10197.1.301 with the same curve or nothing.
Result<Curve> read_key_curve(SpkiParts& parts, bool is_sm2_algorithm) {
  if (is_sm2_algorithm && parts.parameters.at_end()) {
    return Curve{CurveName::kSm2, false};
  }
  HUTONG_TRY(const Curve curve, read_curve(parts.parameters));
  HUTONG_CHECK(parts.parameters.finish());
  return curve;
}

SpkiForm form_of(const Curve& curve, bool is_sm2_algorithm) {
  if (is_sm2_algorithm) {
    return SpkiForm::kSm2AlgorithmOid;
  }
  return curve.is_explicit ? SpkiForm::kExplicitCurve : SpkiForm::kStandard;
}

}  // namespace

/// Makes the parts of a key by kind.
struct PublicKeyReader {
  static std::shared_ptr<PublicKey::Impl> sm2(const Sm2PublicKey& key, SpkiForm form) {
    auto impl = std::make_shared<PublicKey::Impl>();
    impl->form = form;
    impl->name = "SM2";
    impl->bits = 256;
    impl->sm2 = key;
    return impl;
  }

  static Result<PublicKey> read_sm2(ByteView point, SpkiForm form) {
    if (point.size() != kSm2PointSize) {
      return broken_key("an SM2 public key has 65 octets");
    }
    auto key = Sm2PublicKey::from_octets(point);
    if (!key) {
      return broken_key(key.error().detail);
    }
    return PublicKey(sm2(*key, form));
  }

  static Result<PublicKey> read_rsa(SpkiParts& parts, ByteView der) {
    HUTONG_CHECK(parts.parameters.read_null());
    HUTONG_CHECK(parts.parameters.finish());
    HUTONG_TRY(const RsaNumbers numbers, read_rsa_numbers(parts.key));
    HUTONG_CHECK(check_rsa_numbers(numbers));
    auto impl = std::make_shared<PublicKey::Impl>();
    impl->openssl = rsa_key(numbers);
    if (!impl->openssl) {
      return broken_key("not an RSA public key");
    }
    impl->type = KeyType::kRsa;
    impl->bits = bit_length(numbers.modulus);
    impl->name = "RSA-" + std::to_string(impl->bits);
    impl->spki = to_bytes(der);
    impl->key_octets = to_bytes(parts.key);
    return PublicKey(std::move(impl));
  }

  static Result<PublicKey> read_ec(const CurveProperties& curve, ByteView point) {
    const std::size_t field_size = (curve.bits + 7) / 8;
    if (!has_point_form(point, field_size)) {
      return broken_key("not a point of " + std::string(curve.text));
    }
    auto impl = std::make_shared<PublicKey::Impl>();
    impl->openssl = ec_key(curve, point);
    const Bytes full = impl->openssl ? uncompressed_point(impl->openssl.get(), field_size) : Bytes{};
    if (full.empty()) {
      return broken_key("not a point of " + std::string(curve.text));
    }
    impl->type = KeyType::kEc;
    impl->bits = curve.bits;
    impl->name = curve.text;
    impl->spki = ec_spki(curve.oid, full);
    impl->key_octets = to_bytes(point);
    return PublicKey(std::move(impl));
  }

  static Result<PublicKey> read(ByteView der) {
    HUTONG_TRY(SpkiParts parts, split(der));
    if (parts.algorithm == asn1::oids::kRsaEncryption) {
      return read_rsa(parts, der);
    }
    const bool is_sm2_algorithm = parts.algorithm == asn1::oids::kSm2Curve;
    if (!is_sm2_algorithm && parts.algorithm != asn1::oids::kEcPublicKey) {
      return unsupported_key("public key algorithm " + parts.algorithm.to_string());
    }
    HUTONG_TRY(const Curve curve, read_key_curve(parts, is_sm2_algorithm));
    if (curve.name == CurveName::kOther || (is_sm2_algorithm && curve.name != CurveName::kSm2)) {
      return unsupported_key("the elliptic curve is none of SM2, P-256, P-384, P-521");
    }
    if (curve.name == CurveName::kSm2) {
      return read_sm2(parts.key, form_of(curve, is_sm2_algorithm));
    }
    return read_ec(curve_properties(curve.name), parts.key);
  }
};

Result<PublicKey> PublicKey::from_spki(ByteView der) {
  auto key = PublicKeyReader::read(der);
  if (!key && key.error().reason.starts_with("asn1.")) {
    return broken_der(key.error());
  }
  return key;
}

PublicKey::PublicKey(const Sm2PublicKey& key) : impl_(PublicKeyReader::sm2(key, SpkiForm::kStandard)) {}

KeyType PublicKey::type() const { return impl_->type; }
std::string_view PublicKey::name() const { return impl_->name; }
unsigned PublicKey::bits() const { return impl_->bits; }
SpkiForm PublicKey::form() const { return impl_->form; }
const Sm2PublicKey* PublicKey::sm2() const { return impl_->sm2 ? &*impl_->sm2 : nullptr; }

Bytes PublicKey::to_spki() const {
  return impl_->sm2 ? ec_spki(asn1::oids::kSm2Curve, impl_->sm2->octets()) : impl_->spki;
}

Bytes PublicKey::key_octets() const {
  return impl_->sm2 ? to_bytes(impl_->sm2->octets()) : impl_->key_octets;
}

}  // namespace hutong::crypto
