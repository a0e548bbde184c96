#include <algorithm>
#include <array>
#include <stdexcept>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "crypto/signature.h"

namespace hutong::crypto {
namespace {

constexpr std::uint32_t kDefaultPssSalt = 20;
constexpr std::uint32_t kMostPssSalt = 2048;  ///< no more fits into the longest modulus
constexpr std::uint64_t kTrailerFieldBc = 1;

struct Known {
  asn1::Oid oid;
  SignatureScheme scheme;
  DigestAlgorithm digest;
};

/// One object identifier names scheme and hash; PSS, which has parameters, is not here.
constexpr Known kKnown[] = {
    {asn1::oids::kSm2WithSm3, SignatureScheme::kSm2, DigestAlgorithm::kSm3},
    {asn1::oids::kRsaWithSm3, SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSm3},
    {asn1::oids::kSha1WithRsa, SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha1},
    {asn1::oids::kSha224WithRsa, SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha224},
    {asn1::oids::kSha256WithRsa, SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha256},
    {asn1::oids::kSha384WithRsa, SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha384},
    {asn1::oids::kSha512WithRsa, SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha512},
    {asn1::oids::kEcdsaWithSha1, SignatureScheme::kEcdsa, DigestAlgorithm::kSha1},
    {asn1::oids::kEcdsaWithSha224, SignatureScheme::kEcdsa, DigestAlgorithm::kSha224},
    {asn1::oids::kEcdsaWithSha256, SignatureScheme::kEcdsa, DigestAlgorithm::kSha256},
    {asn1::oids::kEcdsaWithSha384, SignatureScheme::kEcdsa, DigestAlgorithm::kSha384},
    {asn1::oids::kEcdsaWithSha512, SignatureScheme::kEcdsa, DigestAlgorithm::kSha512},
};

Error broken_algorithm(std::string detail) {
  return {Errc::kMalformed, "signature.algorithm", std::move(detail)};
}

Error unsupported_algorithm(std::string detail) {
  return {Errc::kPolicy, "signature.unsupported", std::move(detail)};
}

/// Parameters that are absent or NULL.
Status read_nothing(asn1::Reader& in) {
  if (in.next_is(asn1::Tag::kNull)) {
    HUTONG_CHECK(in.read_null());
  }
  return in.finish();
}

/// SM3 is not among the hashes of RSASSA-PSS (GB/T 33560 names 504, PKCS#1 v1.5, only).
Result<DigestAlgorithm> read_pss_hash(asn1::Reader& in) {
  HUTONG_TRY(asn1::Reader identifier, in.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, identifier.read_oid());
  const auto digest = digest_from_oid(oid);
  if (!digest || *digest == DigestAlgorithm::kSm3) {
    return unsupported_algorithm("RSA-PSS with the hash " + oid.to_string());
  }
  HUTONG_CHECK(read_nothing(identifier));
  return *digest;
}

Result<DigestAlgorithm> read_mask_generation(asn1::Reader& in) {
  HUTONG_TRY(asn1::Reader identifier, in.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, identifier.read_oid());
  if (oid != asn1::oids::kMgf1) {
    return unsupported_algorithm("RSA-PSS with the mask generation " + oid.to_string());
  }
  HUTONG_TRY(const DigestAlgorithm digest, read_pss_hash(identifier));
  HUTONG_CHECK(identifier.finish());
  return digest;
}

Status read_pss_numbers(asn1::Reader& parameters, SignatureAlgorithm& out) {
  HUTONG_TRY(auto salt, parameters.enter_optional(asn1::context_constructed(2)));
  if (salt) {
    HUTONG_TRY(const std::uint64_t size, salt->read_small());
    HUTONG_CHECK(salt->finish());
    if (size > kMostPssSalt) {
      return broken_algorithm("an RSA-PSS salt of " + std::to_string(size) + " octets fits into no key");
    }
    out.pss_salt_size = static_cast<std::uint32_t>(size);
  }
  HUTONG_TRY(auto trailer, parameters.enter_optional(asn1::context_constructed(3)));
  if (trailer) {
    HUTONG_TRY(const std::uint64_t field, trailer->read_small());
    HUTONG_CHECK(trailer->finish());
    if (field != kTrailerFieldBc) {
      return unsupported_algorithm("RSA-PSS with trailer field " + std::to_string(field));
    }
  }
  return ok();
}

/// RSASSA-PSS-params (RFC 4055 3.1). Present by duty; written-out defaults are tolerated.
Result<SignatureAlgorithm> read_pss(asn1::Reader& in) {
  HUTONG_TRY(asn1::Reader parameters, in.enter_sequence());
  HUTONG_CHECK(in.finish());
  SignatureAlgorithm out{SignatureScheme::kRsaPss, DigestAlgorithm::kSha1, kDefaultPssSalt,
                         DigestAlgorithm::kSha1};
  HUTONG_TRY(auto hash, parameters.enter_optional(asn1::context_constructed(0)));
  if (hash) {
    HUTONG_TRY(out.digest, read_pss_hash(*hash));
    HUTONG_CHECK(hash->finish());
  }
  HUTONG_TRY(auto mask, parameters.enter_optional(asn1::context_constructed(1)));
  if (mask) {
    HUTONG_TRY(out.pss_mgf_digest, read_mask_generation(*mask));
    HUTONG_CHECK(mask->finish());
  }
  HUTONG_CHECK(read_pss_numbers(parameters, out));
  HUTONG_CHECK(parameters.finish());
  return out;
}

Result<SignatureAlgorithm> read(ByteView der) {
  asn1::Reader in(der);
  HUTONG_TRY(asn1::Reader identifier, in.enter_sequence());
  HUTONG_CHECK(in.finish());
  HUTONG_TRY(const asn1::Oid oid, identifier.read_oid());
  if (oid == asn1::oids::kRsaPss) {
    return read_pss(identifier);
  }
  const auto* known = std::ranges::find(kKnown, oid, &Known::oid);
  if (known == std::end(kKnown)) {
    return unsupported_algorithm("signature algorithm " + oid.to_string());
  }
  if (known->scheme == SignatureScheme::kEcdsa) {
    HUTONG_CHECK(identifier.finish());  // RFC 5758 3.2: parameters are absent
  } else {
    HUTONG_CHECK(read_nothing(identifier));
  }
  return SignatureAlgorithm{known->scheme, known->digest};
}

void write_hash(asn1::Writer& out, DigestAlgorithm digest) {
  out.sequence([&](asn1::Writer& identifier) {
    identifier.oid(digest_oid(digest));
    identifier.null();
  });
}

void write_pss(asn1::Writer& out, const SignatureAlgorithm& algorithm) {
  out.sequence([&](asn1::Writer& parameters) {
    if (algorithm.digest != DigestAlgorithm::kSha1) {
      parameters.constructed(asn1::context_constructed(0),
                             [&](asn1::Writer& hash) { write_hash(hash, algorithm.digest); });
    }
    if (algorithm.pss_mgf_digest != DigestAlgorithm::kSha1) {
      parameters.constructed(asn1::context_constructed(1), [&](asn1::Writer& mask) {
        mask.sequence([&](asn1::Writer& identifier) {
          identifier.oid(asn1::oids::kMgf1);
          write_hash(identifier, algorithm.pss_mgf_digest);
        });
      });
    }
    if (algorithm.pss_salt_size != kDefaultPssSalt) {
      parameters.constructed(asn1::context_constructed(2),
                             [&](asn1::Writer& salt) { salt.small(algorithm.pss_salt_size); });
    }
  });
}

/// Throws for a pair of scheme and hash that has no identifier: from_der() never makes one.
const asn1::Oid& oid_of(const SignatureAlgorithm& algorithm) {
  for (const Known& known : kKnown) {
    if (known.scheme == algorithm.scheme && known.digest == algorithm.digest) {
      return known.oid;
    }
  }
  throw std::invalid_argument("no object identifier for " + algorithm.name());
}

}  // namespace

Result<SignatureAlgorithm> SignatureAlgorithm::from_der(ByteView algorithm_identifier) {
  auto algorithm = read(algorithm_identifier);
  if (!algorithm && algorithm.error().reason.starts_with("asn1.")) {
    return broken_algorithm(std::string(algorithm.error().reason) + ": " + algorithm.error().detail);
  }
  return algorithm;
}

Bytes SignatureAlgorithm::to_der() const {
  asn1::Writer out;
  out.sequence([&](asn1::Writer& identifier) {
    if (scheme == SignatureScheme::kRsaPss) {
      identifier.oid(asn1::oids::kRsaPss);
      write_pss(identifier, *this);
      return;
    }
    identifier.oid(oid_of(*this));
    if (scheme == SignatureScheme::kRsaPkcs1) {
      identifier.null();
    }
  });
  return std::move(out).take();
}

std::string SignatureAlgorithm::name() const {
  constexpr std::array<std::string_view, 4> kSchemes = {"SM2-", "RSA-", "RSA-PSS-", "ECDSA-"};
  std::string text(kSchemes[static_cast<std::size_t>(scheme)]);
  text += digest_name(digest);
  return text;
}

bool SignatureAlgorithm::fits(KeyType type) const {
  switch (scheme) {
    case SignatureScheme::kSm2:
      return type == KeyType::kSm2;
    case SignatureScheme::kRsaPkcs1:
    case SignatureScheme::kRsaPss:
      return type == KeyType::kRsa;
    case SignatureScheme::kEcdsa:
      return type == KeyType::kEc;
  }
  return false;
}

}  // namespace hutong::crypto
