#include "cms/message.h"

#include <array>

#include "asn1/oids.h"
#include "asn1/tag.h"

namespace hutong::cms {
namespace {

namespace oids = asn1::oids;

struct Row {
  asn1::Oid oid;
  MessageKind kind;
};

constexpr std::array kKinds{
    Row{oids::kGmData, {MessageType::kData, MessageForm::kGm}},
    Row{oids::kGmSignedData, {MessageType::kSignedData, MessageForm::kGm}},
    Row{oids::kGmEnvelopedData, {MessageType::kEnvelopedData, MessageForm::kGm}},
    Row{oids::kGmSignedAndEnvelopedData, {MessageType::kSignedAndEnvelopedData, MessageForm::kGm}},
    Row{oids::kGmEncryptedData, {MessageType::kEncryptedData, MessageForm::kGm}},
    Row{asn1::Oid("1.2.156.10197.6.1.4.2.6"), {MessageType::kKeyAgreementInfo, MessageForm::kGm}},
    Row{oids::kData, {MessageType::kData, MessageForm::kRfc}},
    Row{oids::kSignedData, {MessageType::kSignedData, MessageForm::kRfc}},
    Row{oids::kEnvelopedData, {MessageType::kEnvelopedData, MessageForm::kRfc}},
    Row{asn1::Oid("1.2.840.113549.1.7.4"), {MessageType::kSignedAndEnvelopedData, MessageForm::kRfc}},
    Row{asn1::Oid("1.2.840.113549.1.7.6"), {MessageType::kEncryptedData, MessageForm::kRfc}},
};

/// The octets behind one identifier and length, or nothing.
std::optional<ByteView> behind_header(ByteView input, asn1::Tag tag) {
  if (input.size() < 2 || input[0] != static_cast<std::uint8_t>(tag)) {
    return std::nullopt;
  }
  const std::size_t header = input[1] > 0x80 ? 2U + (input[1] & 0x7FU) : 2U;
  return header > input.size() ? std::nullopt : std::optional(input.subspan(header));
}

}  // namespace

std::string_view to_string(MessageType type) {
  switch (type) {
    case MessageType::kData:
      return "data";
    case MessageType::kSignedData:
      return "signed_data";
    case MessageType::kEnvelopedData:
      return "enveloped_data";
    case MessageType::kSignedAndEnvelopedData:
      return "signed_and_enveloped_data";
    case MessageType::kEncryptedData:
      return "encrypted_data";
    case MessageType::kKeyAgreementInfo:
      break;
  }
  return "key_agreement_info";
}

std::optional<MessageKind> message_kind_of(const asn1::Oid& content_type) {
  for (const Row& row : kKinds) {
    if (row.oid == content_type) {
      return row.kind;
    }
  }
  return std::nullopt;
}

bool is_data(const asn1::Oid& content_type) {
  return content_type == oids::kGmData || content_type == oids::kData;
}

std::optional<MessageKind> recognise_message(ByteView beginning) {
  const auto sequence = behind_header(beginning, asn1::Tag::kSequence);
  if (!sequence) {
    return std::nullopt;
  }
  const auto oid = behind_header(*sequence, asn1::Tag::kOid);
  const std::size_t length = oid ? (*sequence)[1] : 0;
  if (!oid || length > oid->size()) {
    return std::nullopt;
  }
  const auto type = asn1::Oid::from_content(oid->first(length));
  return type ? message_kind_of(*type) : std::nullopt;
}

}  // namespace hutong::cms
