#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/stream.h"
#include "cms/message.h"
#include "cms/signed_data.h"
#include "crypto/random.h"
#include "crypto/sm2.h"
#include "x509/certificate.h"
#include "x509/report.h"

/// EnvelopedData of GM/T 0010 (GB/T 35275), written; the same and that of RFC 5652 with SM2 recipients, read.
/// Content of any size is streamed.
namespace hutong::cms {

/// Decrypts one content, front to back; in a device every step may fail.
class ContentDecryptor {
 public:
  virtual ~ContentDecryptor() = default;
  virtual Result<Bytes> update(ByteView piece) = 0;
  virtual Result<Bytes> finish() = 0;
};

/// A content key that was opened inside a device and stays there.
class DeviceContentKey {
 public:
  virtual ~DeviceContentKey() = default;
  /// SM4-CBC with PKCS#7 padding; the key outlives the decryptor.
  virtual Result<std::unique_ptr<ContentDecryptor>> decrypt_sm4_cbc(ByteView iv) = 0;
};

/// Something that opens SM2 ciphertexts: a key in memory, a token or a device.
class KeyOpener {
 public:
  virtual ~KeyOpener() = default;
  /// As crypto::sm2_decrypt: kMalformed for another layout, kCryptoFail when it does not open. Errors of
  /// other kinds (a token that is gone, a PIN that is wanted) are the caller's answer.
  virtual Result<SecretBytes> open(ByteView ciphertext, crypto::Sm2CipherLayout layout) const = 0;
  /// For devices that let no key out: opens inside, with the errors of open(). Null: open() is to be used.
  virtual Result<std::unique_ptr<DeviceContentKey>> open_inside(ByteView /*ciphertext*/,
                                                                crypto::Sm2CipherLayout /*layout*/) const {
    return std::unique_ptr<DeviceContentKey>();
  }
};

/// A key in memory; it must outlive the opener. Usable from any thread.
class Sm2KeyOpener final : public KeyOpener {
 public:
  explicit Sm2KeyOpener(const crypto::Sm2PrivateKey& key) : key_(&key) {}
  Result<SecretBytes> open(ByteView ciphertext, crypto::Sm2CipherLayout layout) const override {
    return crypto::sm2_decrypt(*key_, ciphertext, layout);
  }

 private:
  const crypto::Sm2PrivateKey* key_;
};

struct EnvelopeOptions {
  MessageForm form = MessageForm::kGm;
  /// A content source of unknown size is kept in memory up to this size; larger ones are refused.
  std::size_t most_kept = std::size_t{8} << 20;
  /// Content key, IV, then the nonce of each recipient are drawn in this order.
  crypto::RandomSource* random = nullptr;  ///< null: system_random()
};

/// Encrypts for the holders of these certificates: SM4-CBC (104.2) with a fresh key, which each recipient
/// gets under SM2 (301.3, SM2Cipher), named by issuer and serial number. kPolicy "cms.recipient_key" (not
/// SM2), "cms.recipient_usage" (its key usage does not allow encryption), "cms.no_recipient" (empty list),
/// "cms.not_rewindable"; kUnavailable "cms.source_changed" when the content is not of the size announced.
/// What was written before an error must be thrown away.
Status envelop(ByteSource& content, std::span<const x509::Certificate> recipients,
               const EnvelopeOptions& options, ByteSink& out);
Result<Bytes> envelop(ByteView content, std::span<const x509::Certificate> recipients,
                      const EnvelopeOptions& options = {});

/// One recipient as it is named in a message.
struct RecipientInfo {
  std::uint64_t version = 1;
  PartyIdentifier identifier;
  Bytes key_algorithm;  ///< AlgorithmIdentifier
  Bytes encrypted_key;
};

/// What came out of an envelope besides its content.
struct OpenedEnvelope {
  MessageForm form = MessageForm::kGm;
  asn1::Oid content_type;
  std::vector<RecipientInfo> recipients;
  std::size_t recipient = 0;  ///< which one was opened
  std::string cipher;         ///< "SM4-CBC", "AES-256-CBC" …
  std::uint64_t content_size = 0;
  std::vector<x509::Finding> findings;  ///< which deviations were tolerated
};

/// With whose key an envelope is opened.
struct EnvelopeKey {
  const KeyOpener& key;
  /// The certificate that the message was made for; null: every recipient is tried.
  const x509::Certificate* certificate = nullptr;
};

/// Decrypts. Plaintext goes to `content` before the end of the ciphertext was seen: on an error all of it
/// must be thrown away. CBC does not protect against changes; whoever needs that signs. kMalformed "asn1.…",
/// "cms.not_enveloped_data", "cms.structure", "cms.missing_content"; kNotFound "cms.not_a_recipient"; kPolicy
/// "cms.algorithm_unsupported". Wrong key, changed ciphertext, a content key of the wrong size and bad
/// padding are one and the same: kCryptoFail "cms.decrypt".
Result<OpenedEnvelope> open_envelope(ByteSource& message, const EnvelopeKey& key, ByteSink& content);
Result<Bytes> open_envelope(ByteView message, const EnvelopeKey& key);

/// Who an envelope is for, without opening it: reads no further than the recipients.
Result<std::vector<RecipientInfo>> recipients_of(ByteSource& message);

}  // namespace hutong::cms
