#include "cms/internal/envelope_reader.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "cms/cms_findings.h"
#include "cms/internal/algorithms.h"
#include "cms/internal/party.h"
#include "crypto/cipher.h"
#include "crypto/sm4.h"

namespace hutong::cms::internal {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using crypto::Sm2CipherLayout;

constexpr std::size_t kMostTried = 64;

/// One error for every cause that depends on the key or the ciphertext.
Error cannot_decrypt() {
  return {Errc::kCryptoFail, "cms.decrypt", "the message cannot be decrypted with this key"};
}

Error unsupported(std::string detail) {
  return {Errc::kPolicy, "cms.algorithm_unsupported", std::move(detail)};
}

Result<RecipientInfo> read_recipient(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader reader, outer.enter_sequence());
  RecipientInfo recipient;
  HUTONG_TRY(recipient.version, reader.read_small());
  HUTONG_TRY(recipient.identifier, read_party(reader));
  HUTONG_TRY(const asn1::Element algorithm, reader.read_element(Tag::kSequence));
  recipient.key_algorithm = to_bytes(algorithm.encoded);
  HUTONG_TRY(const ByteView key, reader.read_octet_string());
  recipient.encrypted_key = to_bytes(key);
  HUTONG_CHECK(reader.finish());
  return recipient;
}

bool names(const PartyIdentifier& party, const x509::Certificate& certificate) {
  if (party.issuer) {
    return party.serial == certificate.serial() && *party.issuer == certificate.issuer();
  }
  const auto& identifier = certificate.extensions().subject_key_identifier;
  return identifier && equal(*identifier, party.subject_key_identifier);
}

/// SM2 encryption by the standard's name, GmSSL's and the bare curve's.
bool is_sm2_encryption(const RecipientInfo& recipient) {
  const auto algorithm = read_algorithm(recipient.key_algorithm);
  return algorithm && (algorithm->oid == oids::kSm2Encrypt || algorithm->oid == oids::kSm2KeyExchange ||
                       algorithm->oid == oids::kSm2Curve);
}

/// Whether an error says that the key did not fit, and nothing about a device or a person.
bool is_about_the_key(const Error& error) {
  return error.code == Errc::kMalformed || error.code == Errc::kCryptoFail;
}

Result<OpenedKey> open_one(const KeyOpener& key, ByteView encrypted_key, Sm2CipherLayout layout) {
  OpenedKey opened;
  HUTONG_TRY(opened.inside, key.open_inside(encrypted_key, layout));
  if (opened.inside == nullptr) {
    HUTONG_TRY(opened.key, key.open(encrypted_key, layout));
  }
  return opened;
}

/// SM2Cipher; the bare layouts are told apart by the hash inside only (CFCA before SADK 3.2). Nothing when
/// the key does not fit.
Result<std::optional<OpenedKey>> open_key(const KeyOpener& key, const RecipientInfo& recipient, bool& raw) {
  constexpr std::array kLayouts{Sm2CipherLayout::kAsn1, Sm2CipherLayout::kC1C3C2, Sm2CipherLayout::kC1C2C3,
                                Sm2CipherLayout::kC1C3C2NoPrefix, Sm2CipherLayout::kC1C2C3NoPrefix};
  for (const Sm2CipherLayout layout : kLayouts) {
    auto opened = open_one(key, recipient.encrypted_key, layout);
    if (opened) {
      raw = layout != Sm2CipherLayout::kAsn1;
      return std::optional(std::move(opened).value());
    }
    if (!is_about_the_key(opened.error())) {
      return std::move(opened).error();
    }
    if (layout == Sm2CipherLayout::kAsn1 && opened.error().code != Errc::kMalformed) {
      break;
    }
  }
  return std::optional<OpenedKey>();
}

/// The content cipher, whichever it is, behind two functions.
struct Decryptor {
  std::string name;
  std::function<Result<Bytes>(ByteView)> update;
  std::function<Result<Bytes>()> finish;
};

constexpr std::string_view kSm4Name = "SM4-CBC";

Result<Decryptor> sm4_decryptor(const AlgorithmId& algorithm, const OpenedKey& opened) {
  asn1::Reader reader(algorithm.parameters);
  const auto iv = reader.read_octet_string();
  if (!iv || iv->size() != crypto::kSm4BlockSize || !reader.at_end()) {
    return Error{Errc::kMalformed, "cms.structure", "SM4-CBC without an IV of 16 octets"};
  }
  if (opened.inside != nullptr) {
    HUTONG_TRY(auto made, opened.inside->decrypt_sm4_cbc(*iv));
    const std::shared_ptr<ContentDecryptor> device = std::move(made);
    return Decryptor{std::string(kSm4Name), [device](ByteView chunk) { return device->update(chunk); },
                     [device] { return device->finish(); }};
  }
  auto sm4 = crypto::Sm4Key::from_octets(opened.key.expose());
  if (!sm4) {
    return cannot_decrypt();
  }
  crypto::Sm4Block block{};
  std::ranges::copy(*iv, block.begin());
  const auto cbc = std::make_shared<crypto::Sm4Cbc>(std::move(sm4).value(), block,
                                                    crypto::Direction::kDecrypt, crypto::Padding::kPkcs7);
  return Decryptor{std::string(kSm4Name), [cbc](ByteView chunk) { return cbc->update(chunk); },
                   [cbc] { return cbc->finish(); }};
}

Result<Decryptor> foreign_decryptor(crypto::ForeignCipher cipher, const AlgorithmId& algorithm,
                                    const SecretBytes& key) {
  asn1::Reader reader(algorithm.parameters);
  const auto iv = reader.read_octet_string();
  if (!iv || iv->size() != crypto::cipher_iv_size(cipher) || !reader.at_end()) {
    return Error{Errc::kMalformed, "cms.structure", "a CBC cipher without its IV"};
  }
  auto made = crypto::ForeignDecryptor::create(cipher, key.expose(), *iv);
  if (!made) {
    return cannot_decrypt();
  }
  const auto decryptor = std::make_shared<crypto::ForeignDecryptor>(std::move(made).value());
  constexpr std::array<std::string_view, 4> kNames{"AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "3DES-CBC"};
  return Decryptor{std::string(kNames.at(static_cast<std::size_t>(cipher))),
                   [decryptor](ByteView chunk) { return decryptor->update(chunk); },
                   [decryptor] { return decryptor->finish(); }};
}

Result<Decryptor> choose_decryptor(ByteView der, const OpenedKey& opened, OpenedEnvelope& envelope) {
  HUTONG_TRY(const AlgorithmId algorithm, read_algorithm(der));
  if (algorithm.oid == oids::kSm4Cbc) {
    return sm4_decryptor(algorithm, opened);
  }
  if (algorithm.oid == oids::kSm4) {
    envelope.findings.emplace_back(findings::kPlainSm4, "content");
    return sm4_decryptor(algorithm, opened);
  }
  const auto cipher = crypto::foreign_cipher_from_oid(algorithm.oid);
  if (cipher && opened.inside == nullptr) {
    return foreign_decryptor(*cipher, algorithm, opened.key);
  }
  return unsupported("content encryption " + algorithm.oid.to_string());
}

/// Ciphertext in, plaintext out.
class DecryptingSink final : public ByteSink {
 public:
  DecryptingSink(const Decryptor& decryptor, ByteSink& next) : decryptor_(&decryptor), next_(&next) {}
  Status write(ByteView piece) override {
    HUTONG_TRY(Bytes plaintext, decryptor_->update(piece));
    return pass_on(std::move(plaintext));
  }
  Status finish() {
    auto last = decryptor_->finish();
    if (!last) {
      return is_about_the_key(last.error()) ? cannot_decrypt() : std::move(last).error();
    }
    return pass_on(std::move(last).value());
  }
  std::uint64_t size() const { return size_; }

 private:
  Status pass_on(Bytes plaintext) {
    if (plaintext.empty()) {
      return ok();
    }
    const ScopedWipe wipe_plaintext(plaintext);
    size_ += plaintext.size();
    return next_->write(plaintext);
  }
  const Decryptor* decryptor_;
  ByteSink* next_;
  std::uint64_t size_ = 0;
};

Result<bool> at_encrypted_content(BerStream& stream) {
  HUTONG_TRY(const bool primitive, stream.next_is(asn1::context(0)));
  HUTONG_TRY(const bool in_pieces, stream.next_is(asn1::context_constructed(0)));
  return primitive || in_pieces;
}

}  // namespace

Result<std::vector<RecipientInfo>> read_recipients(BerStream& stream) {
  std::vector<RecipientInfo> recipients;
  HUTONG_CHECK(stream.enter(Tag::kSet));
  for (std::size_t count = 0;; ++count) {
    HUTONG_TRY(const bool end, stream.at_end());
    if (end) {
      HUTONG_CHECK(stream.leave());
      return recipients;
    }
    if (count >= kMostParties) {
      return Error{Errc::kLimit, "cms.too_many_parties", "too many recipients"};
    }
    HUTONG_TRY(const Bytes element, stream.capture());
    if (element[0] == static_cast<std::uint8_t>(Tag::kSequence)) {
      HUTONG_TRY(RecipientInfo recipient, read_recipient(element));
      recipients.push_back(std::move(recipient));
    }
  }
}

Result<OpenedKey> open_content_key(const EnvelopeKey& key, OpenedEnvelope& envelope) {
  bool unknown_algorithm = false;
  std::size_t tried = 0;
  for (std::size_t i = 0; i < envelope.recipients.size() && tried < kMostTried; ++i) {
    const RecipientInfo& recipient = envelope.recipients[i];
    if (key.certificate != nullptr && !names(recipient.identifier, *key.certificate)) {
      continue;
    }
    if (!is_sm2_encryption(recipient)) {
      unknown_algorithm = true;
      continue;
    }
    ++tried;
    bool raw = false;
    HUTONG_TRY(auto opened, open_key(key.key, recipient, raw));
    if (opened) {
      if (raw) {
        envelope.findings.emplace_back(findings::kRawCipher, "recipient[" + std::to_string(i) + "]");
      }
      opened->recipient = i;
      return std::move(*opened);
    }
  }
  if (tried > 0) {
    return cannot_decrypt();
  }
  if (unknown_algorithm) {
    return unsupported("the key encryption of the recipient");
  }
  return Error{Errc::kNotFound, "cms.not_a_recipient", "the message is not for this certificate"};
}

Status read_encrypted_content(BerStream& stream, const OpenedKey& key, OpenedEnvelope& envelope,
                              ByteSink& content) {
  HUTONG_CHECK(stream.enter(Tag::kSequence));
  HUTONG_TRY(const Bytes type, stream.capture(Tag::kOid));
  HUTONG_TRY(envelope.content_type, asn1::Reader(type).read_oid());
  HUTONG_TRY(const Bytes algorithm, stream.capture(Tag::kSequence));
  HUTONG_TRY(const Decryptor decryptor, choose_decryptor(algorithm, key, envelope));
  envelope.cipher = decryptor.name;
  HUTONG_TRY(const bool present, at_encrypted_content(stream));
  if (!present) {
    return Error{Errc::kMalformed, "cms.missing_content", "the encrypted content is not in the message"};
  }
  DecryptingSink sink(decryptor, content);
  HUTONG_CHECK(stream.stream_string(asn1::context(0), sink));
  HUTONG_CHECK(sink.finish());
  envelope.content_size = sink.size();
  for (;;) {  // sharedInfo1, sharedInfo2
    HUTONG_TRY(const bool end, stream.at_end());
    if (end) {
      return stream.leave();
    }
    HUTONG_CHECK(stream.capture());
  }
}

}  // namespace hutong::cms::internal
