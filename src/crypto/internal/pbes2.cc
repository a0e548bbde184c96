#include "crypto/internal/pbes2.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "crypto/cipher.h"
#include "crypto/internal/private_key_der.h"
#include "crypto/pbkdf2.h"
#include "crypto/sm4.h"

namespace hutong::crypto::pbes2 {
namespace {

using key_der::broken;
using key_der::unsupported;

constexpr asn1::Oid kHmacSha224("1.2.840.113549.2.8");
constexpr asn1::Oid kHmacSha384("1.2.840.113549.2.10");
constexpr std::size_t kSaltSize = 8;

struct Prf {
  asn1::Oid oid;
  DigestAlgorithm digest;
};
constexpr Prf kPrfs[] = {
    {asn1::oids::kHmacSm3, DigestAlgorithm::kSm3},       {asn1::oids::kHmacSm3OpenSsl, DigestAlgorithm::kSm3},
    {asn1::oids::kHmacSha1, DigestAlgorithm::kSha1},     {kHmacSha224, DigestAlgorithm::kSha224},
    {asn1::oids::kHmacSha256, DigestAlgorithm::kSha256}, {kHmacSha384, DigestAlgorithm::kSha384},
    {asn1::oids::kHmacSha512, DigestAlgorithm::kSha512},
};

struct Derivation {
  ByteView salt;
  std::uint64_t rounds = 0;
  std::optional<std::uint64_t> key_size;
  DigestAlgorithm prf = DigestAlgorithm::kSha1;  ///< the default of RFC 8018
};

struct Encryption {
  std::optional<ForeignCipher> foreign;  ///< nothing means SM4-CBC
  ByteView iv;
  std::size_t key_size() const { return foreign ? cipher_key_size(*foreign) : kSm4KeySize; }
  std::size_t iv_size() const { return foreign ? cipher_iv_size(*foreign) : kSm4BlockSize; }
};

struct Sealed {
  asn1::Oid algorithm;
  asn1::Reader parameters;
  ByteView ciphertext;
};

Result<Sealed> split(ByteView der) {
  asn1::Reader in(der);
  HUTONG_TRY(asn1::Reader info, in.enter_sequence());
  HUTONG_CHECK(in.finish());
  HUTONG_TRY(asn1::Reader algorithm, info.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, algorithm.read_oid());
  HUTONG_TRY(const ByteView ciphertext, info.read_octet_string());
  HUTONG_CHECK(info.finish());
  return Sealed{oid, algorithm, ciphertext};
}

Result<DigestAlgorithm> read_prf(asn1::Reader& in) {
  HUTONG_TRY(asn1::Reader identifier, in.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, identifier.read_oid());
  if (identifier.next_is(asn1::Tag::kNull)) {
    HUTONG_CHECK(identifier.read_null());
  }
  HUTONG_CHECK(identifier.finish());
  const auto* prf = std::ranges::find(kPrfs, oid, &Prf::oid);
  if (prf == std::end(kPrfs)) {
    return unsupported("PBKDF2 with the PRF " + oid.to_string());
  }
  return prf->digest;
}

Result<Derivation> read_derivation(asn1::Reader& in) {
  HUTONG_TRY(asn1::Reader identifier, in.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, identifier.read_oid());
  if (oid != asn1::oids::kPbkdf2) {
    return unsupported("key derivation " + oid.to_string());
  }
  HUTONG_TRY(asn1::Reader parameters, identifier.enter_sequence());
  HUTONG_CHECK(identifier.finish());
  Derivation out;
  HUTONG_TRY(out.salt, parameters.read_octet_string());
  HUTONG_TRY(out.rounds, parameters.read_small());
  if (parameters.next_is(asn1::Tag::kInteger)) {
    HUTONG_TRY(out.key_size, parameters.read_small());
  }
  if (!parameters.at_end()) {
    HUTONG_TRY(out.prf, read_prf(parameters));
  }
  HUTONG_CHECK(parameters.finish());
  return out;
}

/// Chinese products also write plain 1.2.156.10197.1.104 for SM4; with an initial vector it means CBC.
Result<Encryption> read_encryption(asn1::Reader& in) {
  HUTONG_TRY(asn1::Reader identifier, in.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, identifier.read_oid());
  Encryption out;
  if (oid != asn1::oids::kSm4Cbc && oid != asn1::oids::kSm4) {
    out.foreign = foreign_cipher_from_oid(oid);
    if (!out.foreign) {
      return unsupported("encryption of the key with " + oid.to_string());
    }
  }
  HUTONG_TRY(out.iv, identifier.read_octet_string());
  HUTONG_CHECK(identifier.finish());
  if (out.iv.size() != out.iv_size()) {
    return broken("the initial vector has the wrong length");
  }
  return out;
}

Result<SecretBytes> derive(const Derivation& how, ByteView password, std::size_t size,
                           std::uint64_t most_rounds) {
  if (how.key_size && *how.key_size != size) {
    return broken("the key length does not fit the cipher");
  }
  if (how.rounds > most_rounds) {
    return Error{Errc::kLimit, "pbkdf2.rounds", std::to_string(how.rounds) + " rounds"};
  }
  auto key = pbkdf2(how.prf, password, how.salt, how.rounds, size);
  if (!key && key.error().code == Errc::kMalformed) {
    return broken(key.error().detail);
  }
  return key;
}

/// Both parts of a decryption joined; the parts are wiped.
SecretBytes join(Bytes& head, Bytes& tail) {
  const ScopedWipe wipe_head(head);
  const ScopedWipe wipe_tail(tail);
  SecretBytes out(head.size() + tail.size());
  std::ranges::copy(head, out.writable().begin());
  std::ranges::copy(tail, out.writable().subspan(head.size()).begin());
  return out;
}

template <typename Cipher>
Result<SecretBytes> run(Cipher cipher, ByteView ciphertext) {
  Bytes head = cipher.update(ciphertext);
  const ScopedWipe wipe_head(head);
  HUTONG_TRY(Bytes tail, cipher.finish());
  return join(head, tail);
}

Result<SecretBytes> decrypt_with(const Encryption& how, ByteView key, ByteView ciphertext) {
  if (how.foreign) {
    HUTONG_TRY(auto cipher, ForeignDecryptor::create(*how.foreign, key, how.iv));
    return run(std::move(cipher), ciphertext);
  }
  HUTONG_TRY(Sm4Key sm4, Sm4Key::from_octets(key));
  Sm4Block iv{};
  std::ranges::copy(how.iv, iv.begin());
  return run(Sm4Cbc(std::move(sm4), iv, Direction::kDecrypt, Padding::kPkcs7), ciphertext);
}

Result<SecretBytes> read_and_decrypt(ByteView der, ByteView password, std::uint64_t most_rounds) {
  HUTONG_TRY(Sealed sealed, split(der));
  if (sealed.algorithm != asn1::oids::kPbes2) {
    return unsupported("encryption of the key with " + sealed.algorithm.to_string());
  }
  HUTONG_TRY(asn1::Reader parameters, sealed.parameters.enter_sequence());
  HUTONG_CHECK(sealed.parameters.finish());
  HUTONG_TRY(const Derivation derivation, read_derivation(parameters));
  HUTONG_TRY(const Encryption encryption, read_encryption(parameters));
  HUTONG_CHECK(parameters.finish());
  if (sealed.ciphertext.empty() || sealed.ciphertext.size() % encryption.iv_size() != 0) {
    return broken("the ciphertext is no whole number of blocks");
  }
  HUTONG_TRY(const SecretBytes key, derive(derivation, password, encryption.key_size(), most_rounds));
  return decrypt_with(encryption, key.expose(), sealed.ciphertext);
}

void write_derivation(asn1::Writer& out, ByteView salt, std::uint32_t rounds) {
  out.sequence([&](asn1::Writer& identifier) {
    identifier.oid(asn1::oids::kPbkdf2);
    identifier.sequence([&](asn1::Writer& parameters) {
      parameters.octet_string(salt);
      parameters.small(rounds);
      parameters.small(kSm4KeySize);
      parameters.sequence([](asn1::Writer& prf) { prf.oid(asn1::oids::kHmacSm3); });
    });
  });
}

Bytes write_sealed(ByteView salt, std::uint32_t rounds, const Sm4Block& iv, ByteView ciphertext) {
  asn1::Writer out;
  out.sequence([&](asn1::Writer& info) {
    info.sequence([&](asn1::Writer& algorithm) {
      algorithm.oid(asn1::oids::kPbes2);
      algorithm.sequence([&](asn1::Writer& parameters) {
        write_derivation(parameters, salt, rounds);
        parameters.sequence([&](asn1::Writer& encryption) {
          encryption.oid(asn1::oids::kSm4Cbc);
          encryption.octet_string(iv);
        });
      });
    });
    info.octet_string(ciphertext);
  });
  return std::move(out).take();
}

}  // namespace

bool is_pbes2(ByteView encrypted_private_key_info) {
  const auto sealed = split(encrypted_private_key_info);
  return sealed && sealed->algorithm == asn1::oids::kPbes2;
}

Result<SecretBytes> decrypt(ByteView encrypted_private_key_info, ByteView password,
                            std::uint64_t most_rounds) {
  auto plain = read_and_decrypt(encrypted_private_key_info, password, most_rounds);
  if (plain) {
    return plain;
  }
  if (plain.error().code == Errc::kCryptoFail) {
    return Error{Errc::kUnauthorized, "key_file.password", "the password is wrong or the file was altered"};
  }
  return key_der::as_key_file_error(plain.error());
}

Result<Bytes> encrypt(ByteView plain, ByteView password, std::uint32_t rounds, RandomSource& random) {
  std::array<std::uint8_t, kSaltSize> salt{};
  Sm4Block iv{};
  random.fill(salt);
  random.fill(iv);
  HUTONG_TRY(const SecretBytes key, pbkdf2(DigestAlgorithm::kSm3, password, salt, rounds, kSm4KeySize));
  HUTONG_TRY(Sm4Key sm4, Sm4Key::from_octets(key.expose()));
  Sm4Cbc cipher(std::move(sm4), iv, Direction::kEncrypt, Padding::kPkcs7);
  Bytes ciphertext = cipher.update(plain);
  HUTONG_TRY(const Bytes tail, cipher.finish());
  append(ciphertext, tail);
  return write_sealed(salt, rounds, iv, ciphertext);
}

}  // namespace hutong::crypto::pbes2
