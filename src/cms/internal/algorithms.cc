#include "cms/internal/algorithms.h"

#include <array>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"

namespace hutong::cms::internal {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;

constexpr asn1::Oid kSm3Unkeyed("1.2.156.10197.1.401.1");
constexpr std::array<std::uint8_t, 2> kNull{0x05, 0x00};

Error mismatch(std::string detail) { return {Errc::kConflict, "cms.algorithm_mismatch", std::move(detail)}; }

Result<SignatureChoice> choose_sm2(const AlgorithmId& field, crypto::DigestAlgorithm digest) {
  constexpr std::array kSm2Names{oids::kSm2Sign, oids::kSm2WithSm3, oids::kSm2Curve, oids::kSm2Encrypt,
                                 oids::kEcPublicKey};
  if (std::ranges::find(kSm2Names, field.oid) == kSm2Names.end()) {
    return mismatch("the key is SM2, the signature algorithm is " + field.oid.to_string());
  }
  if (digest != crypto::DigestAlgorithm::kSm3) {
    return mismatch("SM2 signs SM3, not " + std::string(crypto::digest_name(digest)));
  }
  const bool usual = field.oid == oids::kSm2Sign || field.oid == oids::kSm2WithSm3;
  if (!field.null_or_absent() && field.oid != oids::kEcPublicKey) {
    return Error{Errc::kMalformed, "cms.algorithm", "parameters on an SM2 signature algorithm"};
  }
  return SignatureChoice{crypto::kSm2WithSm3, usual ? "" : field.oid.to_string()};
}

/// The field names the kind of key only, or a digest of its own that must be the signer's.
Result<crypto::SignatureAlgorithm> choose_other(ByteView der, const AlgorithmId& field,
                                                crypto::DigestAlgorithm digest) {
  crypto::SignatureAlgorithm algorithm;
  algorithm.digest = digest;
  if (field.oid == oids::kRsaEncryption && field.null_or_absent()) {
    algorithm.scheme = crypto::SignatureScheme::kRsaPkcs1;
    return algorithm;
  }
  if (field.oid == oids::kEcPublicKey) {
    algorithm.scheme = crypto::SignatureScheme::kEcdsa;
    return algorithm;
  }
  HUTONG_TRY(algorithm, crypto::SignatureAlgorithm::from_der(der));
  if (algorithm.digest != digest) {
    return mismatch("the signature algorithm is " + algorithm.name() + ", the digest " +
                    std::string(crypto::digest_name(digest)));
  }
  return algorithm;
}

}  // namespace

bool AlgorithmId::null_or_absent() const { return parameters.empty() || equal(parameters, kNull); }

Result<AlgorithmId> read_algorithm(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader reader, outer.enter_sequence());
  AlgorithmId algorithm;
  HUTONG_TRY(algorithm.oid, reader.read_oid());
  if (!reader.at_end()) {
    HUTONG_TRY(const asn1::Element parameters, reader.read_any());
    algorithm.parameters = parameters.encoded;
  }
  HUTONG_CHECK(reader.finish());
  HUTONG_CHECK(outer.finish());
  return algorithm;
}

Result<crypto::DigestAlgorithm> read_digest_algorithm(ByteView der) {
  HUTONG_TRY(const AlgorithmId algorithm, read_algorithm(der));
  if (!algorithm.null_or_absent()) {
    return Error{Errc::kMalformed, "cms.algorithm", "parameters on a digest algorithm"};
  }
  if (algorithm.oid == kSm3Unkeyed) {
    return crypto::DigestAlgorithm::kSm3;
  }
  const auto known = crypto::digest_from_oid(algorithm.oid);
  if (!known) {
    return Error{Errc::kPolicy, "cms.algorithm_unsupported", algorithm.oid.to_string()};
  }
  return *known;
}

Bytes write_digest_algorithm(crypto::DigestAlgorithm algorithm) {
  asn1::Writer writer;
  writer.sequence([&](asn1::Writer& body) {
    body.oid(crypto::digest_oid(algorithm));
    body.null();
  });
  return std::move(writer).take();
}

Result<SignatureChoice> choose_signature(ByteView field, crypto::DigestAlgorithm digest,
                                         const crypto::PublicKey& key) {
  HUTONG_TRY(const AlgorithmId algorithm, read_algorithm(field));
  if (key.type() == crypto::KeyType::kSm2) {
    return choose_sm2(algorithm, digest);
  }
  HUTONG_TRY(const crypto::SignatureAlgorithm chosen, choose_other(field, algorithm, digest));
  if (!chosen.fits(key.type())) {
    return mismatch("the key is " + std::string(key.name()) + ", the signature algorithm " + chosen.name());
  }
  return SignatureChoice{chosen, ""};
}

Bytes write_signature_algorithm(const crypto::SignatureAlgorithm& algorithm, SignatureField field) {
  if (algorithm.scheme != crypto::SignatureScheme::kSm2 || field == SignatureField::kRfc) {
    return algorithm.to_der();
  }
  asn1::Writer writer;
  writer.sequence([](asn1::Writer& body) {
    body.oid(oids::kSm2Sign);
    body.null();
  });
  return std::move(writer).take();
}

}  // namespace hutong::cms::internal
