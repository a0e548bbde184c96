#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"

namespace hutong::cms {

/// The kinds of GM/T 0010 and RFC 5652 messages.
enum class MessageType : std::uint8_t {
  kData,
  kSignedData,
  kEnvelopedData,
  kSignedAndEnvelopedData,
  kEncryptedData,
  kKeyAgreementInfo,
};
std::string_view to_string(MessageType type);  ///< "signed_data" ...

/// Which norm's object identifiers a message uses. The two may be mixed between outer and inner type.
enum class MessageForm : std::uint8_t {
  kGm,   ///< 1.2.156.10197.6.1.4.2.x, GM/T 0010 (GB/T 35275)
  kRfc,  ///< 1.2.840.113549.1.7.x, PKCS#7 and RFC 5652
};

struct MessageKind {
  MessageType type = MessageType::kData;
  MessageForm form = MessageForm::kGm;
  friend bool operator==(const MessageKind&, const MessageKind&) = default;
};
std::optional<MessageKind> message_kind_of(const asn1::Oid& content_type);
/// Data of either norm: the two mean the same.
bool is_data(const asn1::Oid& content_type);
/// The content type of a message from its first 64 octets or more; nothing when it does not begin like a
/// ContentInfo in DER or BER.
std::optional<MessageKind> recognise_message(ByteView beginning);

/// The most that certificates, CRLs, signers and recipients of one message may take in memory.
inline constexpr std::size_t kMostStructure = std::size_t{16} << 20;
/// Signers or recipients of one message.
inline constexpr std::size_t kMostParties = 1'000;

}  // namespace hutong::cms
