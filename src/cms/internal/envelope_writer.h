#pragma once

#include <span>

#include "base/stream.h"
#include "cms/enveloped_data.h"
#include "cms/internal/der_frame.h"
#include "crypto/sm4.h"

namespace hutong::cms::internal {

/// A fresh content key and IV, the key wrapped for every recipient.
class SealedKey {
 public:
  static Result<SealedKey> create(std::span<const x509::Certificate> recipients,
                                  const EnvelopeOptions& options);
  /// recipientInfos, a SET.
  const Bytes& recipient_infos() const { return recipient_infos_; }
  /// SEQUENCE { contentType, algorithm, [0] … } around ciphertext of a content of this size.
  DerFrame content_frame(std::uint64_t content_size, MessageForm form) const;
  /// Encrypts everything of the source; kUnavailable "cms.source_changed" unless it has the size expected.
  Status encrypt(ByteSource& content, std::uint64_t content_size, ByteSink& out) const;

 private:
  SealedKey(SecretBytes key, const crypto::Sm4Block& iv) : key_(std::move(key)), iv_(iv) {}
  SecretBytes key_;
  crypto::Sm4Block iv_;
  Bytes recipient_infos_;
};

/// The size of a source, by reading it once when it does not say.
Result<std::uint64_t> size_of(ByteSource& source);

}  // namespace hutong::cms::internal
