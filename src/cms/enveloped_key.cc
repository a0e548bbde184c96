#include "cms/enveloped_key.h"

#include <vector>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "cms/internal/algorithms.h"
#include "crypto/sm4.h"

namespace hutong::cms {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;

constexpr std::size_t kScalarSize = 32;
constexpr std::size_t kFieldSize = 64;  // PrivateKey of GM/T 0016 ECCPRIVATEKEYBLOB

struct Parsed {
  ByteView cipher;  ///< SM2Cipher
  crypto::Sm2PublicKey public_key;
  ByteView encrypted_private_key;
};

Error broken_enveloped_key(std::string detail) {
  return {Errc::kMalformed, "enveloped_key.structure", std::move(detail)};
}

Error cannot_open() {
  return {Errc::kCryptoFail, "enveloped_key.open", "the enveloped key cannot be opened with this key"};
}

Result<Parsed> parse(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader reader, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const asn1::Element algorithm_der, reader.read_element(Tag::kSequence));
  HUTONG_TRY(const internal::AlgorithmId algorithm, internal::read_algorithm(algorithm_der.encoded));
  const bool sm4 = algorithm.oid == oids::kSm4 || algorithm.oid == oids::kSm4Ecb;
  if (!sm4 || !algorithm.null_or_absent()) {
    return Error{Errc::kPolicy, "enveloped_key.algorithm", algorithm.oid.to_string()};
  }
  HUTONG_TRY(const asn1::Element cipher, reader.read_element(Tag::kSequence));
  HUTONG_TRY(const ByteView public_octets, reader.read_bit_string_octets());
  HUTONG_TRY(const crypto::Sm2PublicKey public_key, crypto::Sm2PublicKey::from_octets(public_octets));
  HUTONG_TRY(const ByteView encrypted, reader.read_bit_string_octets());
  HUTONG_CHECK(reader.finish());
  if (encrypted.empty() || encrypted.size() % crypto::kSm4BlockSize != 0 || encrypted.size() > kFieldSize) {
    return broken_enveloped_key("the encrypted private key has " + std::to_string(encrypted.size()) +
                                " octets");
  }
  return Parsed{cipher.encoded, public_key, encrypted};
}

/// What the plaintext may be: d itself, a field with d at its end, d with PKCS#7 padding, an INTEGER with
/// padding.
std::vector<ByteView> scalar_candidates(ByteView plaintext) {
  if (plaintext.size() == kScalarSize || plaintext.size() == kFieldSize) {
    return {plaintext.last(kScalarSize)};
  }
  std::vector<ByteView> candidates;
  const std::size_t padding = plaintext.back();
  if (padding == 0 || padding > crypto::kSm4BlockSize || padding >= plaintext.size()) {
    return candidates;
  }
  ByteView content = plaintext.first(plaintext.size() - padding);
  if (content.size() == kScalarSize) {
    candidates.push_back(content);
  }
  asn1::Reader reader(content);
  if (const auto integer = reader.read_unsigned(); integer && reader.at_end()) {
    candidates.push_back(*integer);
  }
  return candidates;
}

/// 32 octets, big-endian; shorter INTEGERs get their zeros back.
Result<crypto::Sm2PrivateKey> key_from(ByteView scalar) {
  if (scalar.size() > kScalarSize) {
    return cannot_open();
  }
  SecretBytes padded(kScalarSize);
  std::ranges::copy(scalar, padded.writable().subspan(kScalarSize - scalar.size()).begin());
  return crypto::Sm2PrivateKey::from_octets(padded.expose());
}

}  // namespace

Result<Bytes> wrap_key_pair(const crypto::Sm2PrivateKey& key_pair, const crypto::Sm2PublicKey& holder,
                            EnvelopedKeyForm form, crypto::RandomSource& random) {
  SecretBytes symmetric(crypto::kSm4KeySize);
  random.fill(symmetric.writable());
  HUTONG_TRY(const Bytes cipher,
             crypto::sm2_encrypt(holder, symmetric.expose(), crypto::Sm2CipherLayout::kAsn1, random));
  HUTONG_TRY(const crypto::Sm4Key sm4, crypto::Sm4Key::from_octets(symmetric.expose()));
  Bytes encrypted(kScalarSize);
  sm4.encrypt_blocks(key_pair.expose().expose(), encrypted);
  Writer out;
  out.sequence([&](Writer& body) {
    body.sequence([form](Writer& algorithm) {
      algorithm.oid(form == EnvelopedKeyForm::kSm4Ecb ? oids::kSm4Ecb : oids::kSm4);
      if (form == EnvelopedKeyForm::kSm4Ecb) {
        algorithm.null();
      }
    });
    body.raw(cipher);
    body.bit_string(key_pair.public_key().octets());
    body.bit_string(encrypted);
  });
  return std::move(out).take();
}

Result<crypto::Sm2PrivateKey> unwrap_key_pair(ByteView der, const KeyOpener& holder) {
  HUTONG_TRY(const Parsed parsed, parse(der));
  const auto symmetric = holder.open(parsed.cipher, crypto::Sm2CipherLayout::kAsn1);
  if (!symmetric || symmetric->size() != crypto::kSm4KeySize) {
    return cannot_open();
  }
  HUTONG_TRY(const crypto::Sm4Key sm4, crypto::Sm4Key::from_octets(symmetric->expose()));
  SecretBytes plaintext(parsed.encrypted_private_key.size());
  sm4.decrypt_blocks(parsed.encrypted_private_key, plaintext.writable());
  for (const ByteView scalar : scalar_candidates(plaintext.expose())) {
    auto key = key_from(scalar);
    if (key && key->public_key() == parsed.public_key) {
      return std::move(key).value();
    }
  }
  return cannot_open();
}

Result<EnvelopedKeyParts> read_enveloped_key(ByteView der) {
  HUTONG_TRY(const Parsed parsed, parse(der));
  return EnvelopedKeyParts{.cipher = to_bytes(parsed.cipher),
                           .public_key = parsed.public_key,
                           .encrypted_private_key = to_bytes(parsed.encrypted_private_key)};
}

Result<crypto::Sm2PublicKey> enveloped_public_key(ByteView der) {
  HUTONG_TRY(const Parsed parsed, parse(der));
  return parsed.public_key;
}

}  // namespace hutong::cms
