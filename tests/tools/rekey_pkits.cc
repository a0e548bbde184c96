#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "crypto/sm2.h"
#include "crypto/sm3.h"
#include "tests/tools/pkits.h"

namespace hutong::test {
namespace {

using asn1::Reader;
using asn1::Tag;
using asn1::Writer;
using OsslKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

template <typename T>
T value_of(Result<T> result) {
  if (!result) {
    throw std::runtime_error("rekey: " + result.error().detail);
  }
  return std::move(result).value();
}

/// A Certificate or CertificateList cut at the places where something is replaced.
struct Parts {
  Bytes der;
  std::vector<Bytes> tbs_fields;  ///< DER of each field of the TBS part
  std::size_t algorithm = 0;      ///< indices into tbs_fields
  std::size_t issuer = 0;
  std::size_t subject = 0;  ///< certificates only
  std::size_t key = 0;      ///< certificates only, else 0
};

Parts cut(const Bytes& der, bool is_certificate) {
  Parts parts{der, {}};
  Reader file(parts.der);
  Reader object = value_of(file.enter_sequence());
  Reader tbs = value_of(object.enter_sequence());
  while (!tbs.at_end()) {
    parts.tbs_fields.push_back(to_bytes(value_of(tbs.read_any()).encoded));
  }
  const auto tag_of = [&parts](std::size_t i) { return static_cast<Tag>(parts.tbs_fields[i].at(0)); };
  if (!is_certificate) {
    parts.algorithm = tag_of(0) == Tag::kInteger ? 1 : 0;
    parts.issuer = parts.algorithm + 1;
    return parts;
  }
  parts.algorithm = tag_of(0) == asn1::context_constructed(0) ? 2 : 1;
  parts.issuer = parts.algorithm + 1;
  parts.subject = parts.issuer + 2;
  parts.key = parts.subject + 1;
  return parts;
}

OsslKey decode_key(const Bytes& spki) {
  const std::uint8_t* in = spki.data();
  return {d2i_PUBKEY(nullptr, &in, static_cast<long>(spki.size())), EVP_PKEY_free};
}

template <typename Object, typename Decode, typename Verify, typename Free>
bool verifies(const Bytes& der, EVP_PKEY* key, Decode decode, Verify verify, Free release) {
  const std::uint8_t* in = der.data();
  const std::unique_ptr<Object, Free> object(decode(nullptr, &in, static_cast<long>(der.size())), release);
  return object && verify(object.get(), key) == 1;
}

bool verifies(const Parts& parts, EVP_PKEY* key) {
  return parts.key != 0 ? verifies<X509>(parts.der, key, d2i_X509, X509_verify, X509_free)
                        : verifies<X509_CRL>(parts.der, key, d2i_X509_CRL, X509_CRL_verify, X509_CRL_free);
}

/// AlgorithmIdentifier and BIT STRING of a SubjectPublicKeyInfo.
struct KeyParts {
  Bytes algorithm;
  Bytes key;
  bool is_dsa = false;
  bool has_parameters = false;
};

KeyParts cut_key(const Bytes& spki) {
  Reader file(spki);
  Reader body = value_of(file.enter_sequence());
  KeyParts parts;
  const auto algorithm = value_of(body.read_element(Tag::kSequence));
  parts.algorithm = to_bytes(algorithm.encoded);
  parts.key = to_bytes(value_of(body.read_any()).encoded);
  Reader fields(algorithm.content);
  parts.is_dsa = value_of(fields.read_oid()) == asn1::oids::kDsa;
  parts.has_parameters = !fields.at_end();
  return parts;
}

Bytes join(const Bytes& algorithm, const Bytes& key) {
  Writer out;
  out.sequence([&](Writer& body) {
    body.raw(algorithm);
    body.raw(key);
  });
  return std::move(out).take();
}

/// The new key of an old one: fixed, so that a failing test fails again.
crypto::Sm2Signer new_key(const Bytes& old_spki) {
  return crypto::Sm2Signer(value_of(crypto::Sm2PrivateKey::from_octets(crypto::sm3(old_spki))));
}

class Rekeying {
 public:
  explicit Rekeying(const PkitsFiles& files) {
    for (const auto& [name, der] : files.certificates) {
      Parts parts = cut(der, true);
      keys_by_subject_.emplace(parts.tbs_fields[parts.subject], parts.tbs_fields[parts.key]);
      if (const KeyParts key = cut_key(parts.tbs_fields[parts.key]); key.is_dsa && key.has_parameters) {
        dsa_algorithms_.insert(key.algorithm);
      }
    }
  }

  Bytes rekey(Parts parts) const {
    const auto signer_key = find_signer(parts);
    const Bytes algorithm = crypto::kSm2WithSm3.to_der();
    parts.tbs_fields[parts.algorithm] = algorithm;
    if (parts.key != 0) {
      parts.tbs_fields[parts.key] = new_key(parts.tbs_fields[parts.key]).public_key().to_spki();
    }
    Writer tbs;
    tbs.sequence([&parts](Writer& body) {
      for (const auto& field : parts.tbs_fields) {
        body.raw(field);
      }
    });
    const Bytes nobody = {'n', 'o', 'b', 'o', 'd', 'y'};
    const Bytes signature = value_of(new_key(signer_key.value_or(nobody)).sign(tbs.view()));
    Writer out;
    out.sequence([&](Writer& body) {
      body.raw(tbs.view());
      body.raw(algorithm);
      body.bit_string(signature);
    });
    return std::move(out).take();
  }

 private:
  bool made_signature(const Bytes& spki, const Parts& parts) const {
    const KeyParts own = cut_key(spki);
    const auto verified_with = [&parts, &own](const Bytes& algorithm) {
      const OsslKey key = decode_key(join(algorithm, own.key));
      return key && verifies(parts, key.get());
    };
    const bool inherits = own.is_dsa && !own.has_parameters;
    return inherits ? std::ranges::any_of(dsa_algorithms_, verified_with) : verified_with(own.algorithm);
  }

  /// The old key that made the signature; nothing when it is broken. Some names differ on purpose between
  /// certificate and issuer, so that in the end all keys are tried.
  std::optional<Bytes> find_signer(const Parts& parts) const {
    const auto [first, last] = keys_by_subject_.equal_range(parts.tbs_fields[parts.issuer]);
    for (auto it = first; it != last; ++it) {
      if (made_signature(it->second, parts)) {
        return it->second;
      }
    }
    for (const auto& [subject, spki] : keys_by_subject_) {
      if (made_signature(spki, parts)) {
        return spki;
      }
    }
    return std::nullopt;
  }

  std::multimap<Bytes, Bytes> keys_by_subject_;
  std::set<Bytes> dsa_algorithms_;  ///< with the parameters that keys without their own inherit
};

}  // namespace

PkitsFiles rekey_to_sm2(const PkitsFiles& files) {
  const Rekeying rekeying(files);
  PkitsFiles rekeyed;
  for (const auto& [name, der] : files.certificates) {
    rekeyed.certificates[name] = rekeying.rekey(cut(der, true));
  }
  for (const auto& [name, der] : files.crls) {
    rekeyed.crls[name] = rekeying.rekey(cut(der, false));
  }
  return rekeyed;
}

}  // namespace hutong::test
