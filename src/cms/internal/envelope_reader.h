#pragma once

#include "cms/enveloped_data.h"
#include "cms/internal/ber_stream.h"

namespace hutong::cms::internal {

/// recipientInfos; those of other kinds than key transport are passed over (RFC 5652 6.2).
Result<std::vector<RecipientInfo>> read_recipients(BerStream& stream);

/// The content key, found among the recipients and opened.
struct OpenedKey {
  SecretBytes key;
  std::size_t recipient;
};
Result<OpenedKey> open_content_key(const EnvelopeKey& key, OpenedEnvelope& envelope);

/// encryptedContentInfo: fills in type, cipher and size, decrypts into the sink.
Status read_encrypted_content(BerStream& stream, const SecretBytes& key, OpenedEnvelope& envelope,
                              ByteSink& content);

}  // namespace hutong::cms::internal
