#include "cmp/message.h"

#include <algorithm>

#include "cmp/internal/body_format.h"
#include "cmp/internal/fields.h"

namespace hutong::cmp {
namespace {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

constexpr Tag kProtection = context_constructed(0);
constexpr Tag kExtraCertificates = context_constructed(1);

/// Each member of the header after the names has an explicit tag.
Result<Bytes> read_octets(Reader& header, std::uint8_t number) {
  HUTONG_TRY(auto wrapped, header.enter_optional(context_constructed(number)));
  if (!wrapped) {
    return Bytes();
  }
  HUTONG_TRY(const ByteView octets, wrapped->read_octet_string());
  HUTONG_CHECK(wrapped->finish());
  if (octets.empty() || octets.size() > kMostIdentifierOctets) {
    return internal::bad_structure("an identifier or nonce of " + std::to_string(octets.size()) + " octets");
  }
  return to_bytes(octets);
}

void write_octets(Writer& out, std::uint8_t number, const Bytes& octets) {
  if (!octets.empty()) {
    out.constructed(context_constructed(number),
                    [&octets](Writer& wrapped) { wrapped.octet_string(octets); });
  }
}

Status read_opening(Reader& fields, Header& header) {
  HUTONG_TRY(header.version, fields.read_small());
  HUTONG_TRY(header.sender, internal::read_party(fields));
  HUTONG_TRY(header.recipient, internal::read_party(fields));
  HUTONG_TRY(auto time, fields.enter_optional(context_constructed(0)));
  if (time) {
    HUTONG_TRY(const ByteView content, time->read(Tag::kGeneralizedTime));
    HUTONG_TRY(header.message_time, asn1::generalized_time_from(content));
    HUTONG_CHECK(time->finish());
  }
  HUTONG_TRY(auto algorithm, fields.enter_optional(context_constructed(1)));
  if (algorithm) {
    HUTONG_TRY(header.protection_algorithm, internal::read_sequence_der(*algorithm));
    HUTONG_CHECK(algorithm->finish());
  }
  return ok();
}

Status read_identifiers(Reader& fields, Header& header) {
  HUTONG_TRY(header.sender_key_id, read_octets(fields, 2));
  HUTONG_TRY(header.recipient_key_id, read_octets(fields, 3));
  HUTONG_TRY(header.transaction_id, read_octets(fields, 4));
  HUTONG_TRY(header.sender_nonce, read_octets(fields, 5));
  HUTONG_TRY(header.recipient_nonce, read_octets(fields, 6));
  return ok();
}

Result<Header> read_header_fields(Reader fields) {
  Header header;
  HUTONG_CHECK(read_opening(fields, header));
  HUTONG_CHECK(read_identifiers(fields, header));
  HUTONG_TRY(auto text, fields.enter_optional(context_constructed(7)));
  if (text) {
    HUTONG_TRY(header.free_text, internal::read_texts(*text));
    HUTONG_CHECK(text->finish());
  }
  HUTONG_TRY(auto information, fields.enter_optional(context_constructed(8)));
  if (information) {
    HUTONG_TRY(const Reader list, information->enter_sequence());
    HUTONG_TRY(header.general_info, internal::read_some(list, kMostTypedValues, internal::read_typed_value));
    HUTONG_CHECK(information->finish());
  }
  HUTONG_CHECK(fields.finish());
  return header;
}

void write_header(Writer& out, const Header& header) {
  out.sequence([&header](Writer& fields) {
    fields.small(header.version);
    fields.raw(header.sender.der);
    fields.raw(header.recipient.der);
    if (header.message_time) {
      fields.constructed(context_constructed(0),
                         [&header](Writer& wrapped) { wrapped.generalized_time(*header.message_time); });
    }
    if (!header.protection_algorithm.empty()) {
      fields.constructed(context_constructed(1),
                         [&header](Writer& wrapped) { wrapped.raw(header.protection_algorithm); });
    }
    write_octets(fields, 2, header.sender_key_id);
    write_octets(fields, 3, header.recipient_key_id);
    write_octets(fields, 4, header.transaction_id);
    write_octets(fields, 5, header.sender_nonce);
    write_octets(fields, 6, header.recipient_nonce);
    if (!header.free_text.empty()) {
      fields.constructed(context_constructed(7),
                         [&header](Writer& wrapped) { internal::write_texts(wrapped, header.free_text); });
    }
    if (!header.general_info.empty()) {
      fields.constructed(context_constructed(8), [&header](Writer& wrapped) {
        internal::write_typed_values(wrapped, header.general_info);
      });
    }
  });
}

Status read_protection(Reader& fields, ReceivedMessage& message) {
  HUTONG_TRY(auto protection, fields.enter_optional(kProtection));
  if (!protection) {
    return ok();
  }
  HUTONG_TRY(const ByteView octets, protection->read_bit_string_octets());
  message.protection = to_bytes(octets);
  return protection->finish();
}

Status read_extra_certificates(Reader& fields, ReceivedMessage& message) {
  HUTONG_TRY(auto wrapped, fields.enter_optional(kExtraCertificates));
  if (!wrapped) {
    return ok();
  }
  HUTONG_TRY(const Reader list, wrapped->enter_sequence());
  HUTONG_TRY(message.extra_certificates,
             internal::read_some(list, kMostCertificates, internal::read_certificate));
  return wrapped->finish();
}

Bytes write_message(const Message& message, std::optional<ByteView> protection) {
  Writer out;
  out.sequence([&](Writer& fields) {
    write_header(fields, message.header);
    internal::write_body(fields, message.body);
    if (protection) {
      fields.constructed(kProtection, [&](Writer& wrapped) { wrapped.bit_string(*protection); });
    }
    if (!message.extra_certificates.empty()) {
      fields.constructed(kExtraCertificates, [&message](Writer& wrapped) {
        internal::write_certificates(wrapped, message.extra_certificates);
      });
    }
  });
  return std::move(out).take();
}

}  // namespace

const TypedValue* Header::find(const asn1::Oid& type) const {
  const auto found = std::ranges::find(general_info, type, &TypedValue::type);
  return found == general_info.end() ? nullptr : &*found;
}

Result<ReceivedMessage> read_message(ByteView der) {
  if (der.size() > kMostMessageOctets) {
    return Error{Errc::kLimit, "cmp.too_large", "a message of more than 512 KiB"};
  }
  Reader outer(der);
  HUTONG_TRY(Reader fields, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  const ByteView before = fields.rest();
  HUTONG_TRY(const Reader header, fields.enter_sequence());
  ReceivedMessage message;
  HUTONG_TRY(message.header, read_header_fields(header));
  if (message.header.version != kVersion2 && message.header.version != kVersion3) {
    return Error{Errc::kPolicy, "cmp.version", "version " + std::to_string(message.header.version)};
  }
  HUTONG_TRY(message.body, internal::read_body(fields));
  message.protected_part =
      internal::with_tag(Tag::kSequence, before.first(before.size() - fields.rest().size()));
  HUTONG_CHECK(read_protection(fields, message));
  HUTONG_CHECK(read_extra_certificates(fields, message));
  HUTONG_CHECK(fields.finish());
  return message;
}

Result<Header> read_header(ByteView der) {
  Reader outer(der);
  HUTONG_TRY(Reader fields, outer.enter_sequence());
  HUTONG_TRY(const Reader header, fields.enter_sequence());
  return read_header_fields(header);
}

Bytes write_unprotected(const Message& message) { return write_message(message, std::nullopt); }

Bytes write_protected_part(const Header& header, const Body& body) {
  Writer out;
  out.sequence([&](Writer& fields) {
    write_header(fields, header);
    internal::write_body(fields, body);
  });
  return std::move(out).take();
}

Bytes write_with_protection(const Message& message, ByteView protection) {
  return write_message(message, protection);
}

}  // namespace hutong::cmp
