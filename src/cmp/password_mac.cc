#include "cmp/password_mac.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/secret.h"
#include "cmp/internal/fields.h"
#include "cmp/oids.h"
#include "crypto/hmac.h"

namespace hutong::cmp {
namespace {

using asn1::Reader;
using asn1::Writer;
using crypto::DigestAlgorithm;

constexpr std::size_t kSaltOctets = 16;

struct MacRow {
  asn1::Oid oid;
  DigestAlgorithm digest;
};
constexpr MacRow kMacs[] = {
    {asn1::oids::kHmacSm3, DigestAlgorithm::kSm3},       {asn1::oids::kHmacSm3OpenSsl, DigestAlgorithm::kSm3},
    {oids::kHmacSha1Pkix, DigestAlgorithm::kSha1},       {asn1::oids::kHmacSha1, DigestAlgorithm::kSha1},
    {asn1::oids::kHmacSha256, DigestAlgorithm::kSha256}, {oids::kHmacSha384, DigestAlgorithm::kSha384},
    {asn1::oids::kHmacSha512, DigestAlgorithm::kSha512},
};

Error unknown(const asn1::Oid& oid) { return {Errc::kPolicy, "cmp.algorithm", oid.to_string()}; }

Result<DigestAlgorithm> mac_digest(const asn1::Oid& oid) {
  const auto* const row = std::ranges::find(kMacs, oid, &MacRow::oid);
  if (row == std::end(kMacs)) {
    return unknown(oid);
  }
  return row->digest;
}

Result<DigestAlgorithm> one_way_function(const asn1::Oid& oid) {
  const auto digest = crypto::digest_from_oid(oid);
  if (!digest || *digest == DigestAlgorithm::kSha1) {
    return unknown(oid);
  }
  return *digest;
}

/// An AlgorithmIdentifier with NULL or nothing as parameters.
Result<asn1::Oid> read_plain_algorithm(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, fields.read_oid());
  if (!fields.at_end()) {
    HUTONG_CHECK(fields.read_null());
  }
  HUTONG_CHECK(fields.finish());
  return oid;
}

Bytes fresh_salt(crypto::RandomSource& random) {
  Bytes salt(kSaltOctets);
  random.fill(salt);
  return salt;
}

/// owf applied to secret || salt, then to its own result.
SecretBytes derive(const PasswordMacParameters& parameters, ByteView secret) {
  crypto::Digest state(parameters.one_way);
  state.update(secret);
  state.update(parameters.salt);
  Bytes key = state.finish();
  const ScopedWipe wipe_key(key);
  for (std::uint64_t round = 1; round < parameters.iterations; ++round) {
    state.update(key);
    Bytes next = state.finish();
    std::ranges::copy(next, key.begin());
    wipe(next);
  }
  return SecretBytes::copy_of(key);
}

}  // namespace

PasswordMacParameters PasswordMacParameters::fresh(crypto::RandomSource& random) {
  PasswordMacParameters parameters;
  parameters.salt = fresh_salt(random);
  return parameters;
}

PasswordMacParameters PasswordMacParameters::with_fresh_salt(crypto::RandomSource& random) const {
  PasswordMacParameters parameters = *this;
  parameters.salt = fresh_salt(random);
  return parameters;
}

Result<PasswordMacParameters> PasswordMacParameters::from_der(ByteView algorithm_identifier) {
  Reader outer(algorithm_identifier);
  HUTONG_TRY(Reader algorithm, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const asn1::Oid kind, algorithm.read_oid());
  if (kind != oids::kPasswordBasedMac) {
    return unknown(kind);
  }
  HUTONG_TRY(Reader fields, algorithm.enter_sequence());
  HUTONG_CHECK(algorithm.finish());
  PasswordMacParameters parameters;
  HUTONG_TRY(const ByteView salt, fields.read_octet_string());
  if (salt.empty() || salt.size() > kMostSaltOctets) {
    return internal::bad_structure("a salt of " + std::to_string(salt.size()) + " octets");
  }
  parameters.salt = to_bytes(salt);
  HUTONG_TRY(const asn1::Oid one_way, read_plain_algorithm(fields));
  HUTONG_TRY(parameters.one_way, one_way_function(one_way));
  HUTONG_TRY(parameters.iterations, fields.read_small());
  if (parameters.iterations < kFewestIterations || parameters.iterations > kMostIterations) {
    return Error{Errc::kLimit, "cmp.iterations", std::to_string(parameters.iterations)};
  }
  HUTONG_TRY(parameters.mac, read_plain_algorithm(fields));
  HUTONG_CHECK(mac_digest(parameters.mac));
  HUTONG_CHECK(fields.finish());
  return parameters;
}

Bytes PasswordMacParameters::to_der() const {
  const auto plain = [](Writer& out, const asn1::Oid& oid) {
    out.sequence([&oid](Writer& fields) { fields.oid(oid); });
  };
  Writer out;
  out.sequence([&](Writer& algorithm) {
    algorithm.oid(oids::kPasswordBasedMac);
    algorithm.sequence([&](Writer& fields) {
      fields.octet_string(salt);
      plain(fields, crypto::digest_oid(one_way));
      fields.small(iterations);
      plain(fields, mac);
    });
  });
  return std::move(out).take();
}

Result<Bytes> password_mac(const PasswordMacParameters& parameters, ByteView secret,
                           ByteView protected_part) {
  HUTONG_TRY(const DigestAlgorithm digest, mac_digest(parameters.mac));
  const SecretBytes key = derive(parameters, secret);
  return crypto::hmac(digest, key.expose(), protected_part);
}

}  // namespace hutong::cmp
