#pragma once

#include "cms/enveloped_data.h"
#include "cms/internal/ber_stream.h"

namespace hutong::cms::internal {

/// recipientInfos; those of other kinds than key transport are passed over (RFC 5652 6.2).
Result<std::vector<RecipientInfo>> read_recipients(BerStream& stream);

/// The content key, found among the recipients and opened: here or, when `inside` is set, in a device.
struct OpenedKey {
  SecretBytes key{0};
  std::unique_ptr<DeviceContentKey> inside;
  std::size_t recipient = 0;
};
Result<OpenedKey> open_content_key(const EnvelopeKey& key, OpenedEnvelope& envelope);

/// encryptedContentInfo: fills in type, cipher and size, decrypts into the sink.
Status read_encrypted_content(BerStream& stream, const OpenedKey& key, OpenedEnvelope& envelope,
                              ByteSink& content);

}  // namespace hutong::cms::internal
