#include "cmp/internal/fields.h"

#include <array>

#include "base/encoding.h"
#include "cmp/message.h"
#include "x509/general_name.h"

namespace hutong::cmp::internal {

using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

Error bad_structure(std::string detail) { return {Errc::kMalformed, "cmp.structure", std::move(detail)}; }

Result<std::int64_t> read_signed(Reader& reader) {
  HUTONG_TRY(const ByteView content, reader.read_integer());
  if (content.size() > sizeof(std::int64_t)) {
    return bad_structure("a number of more than 64 bits");
  }
  std::uint64_t bits = (content[0] & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t octet : content) {
    bits = bits << 8U | octet;
  }
  return static_cast<std::int64_t>(bits);
}

void write_signed(Writer& out, std::int64_t value) {
  if (value >= 0) {
    out.small(static_cast<std::uint64_t>(value));
    return;
  }
  std::array<std::uint8_t, 8> octets{};
  const auto bits = static_cast<std::uint64_t>(value);
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[i] = static_cast<std::uint8_t>(bits >> (8 * (7 - i)));
  }
  ByteView content(octets);
  while (content.size() > 1 && content[0] == 0xFF && (content[1] & 0x80U) != 0) {
    content = content.subspan(1);
  }
  out.element(Tag::kInteger, content);
}

Result<Bytes> read_sequence_der(Reader& reader) {
  HUTONG_TRY(const asn1::Element element, reader.read_element(Tag::kSequence));
  return to_bytes(element.encoded);
}

ByteView content_of(ByteView der) {
  const auto element = Reader(der).read_any();
  return element ? element->content : ByteView();
}

Bytes with_tag(Tag tag, ByteView content) {
  Writer out;
  out.element(tag, content);
  return std::move(out).take();
}

namespace {

Result<std::string> read_text(Reader& reader) {
  HUTONG_TRY(const ByteView content, reader.read(Tag::kUtf8String));
  std::string text(as_text(content));
  if (!is_utf8(text)) {
    return Error{Errc::kMalformed, "cmp.text", "a text that is not UTF-8"};
  }
  return text;
}

/// PKIFailureInfo, a named bit list.
Result<std::uint32_t> read_failures(Reader& reader) {
  HUTONG_TRY(const asn1::BitString bits, reader.read_bit_string());
  std::uint32_t failures = 0;
  if (bits.octets.size() > sizeof failures) {
    return bad_structure("more than 32 kinds of failure");
  }
  for (unsigned bit = 0; bit < 32; ++bit) {
    failures |= bits.bit(bit) ? 1U << bit : 0U;
  }
  return failures;
}

}  // namespace

Result<std::vector<std::string>> read_texts(Reader& reader) {
  HUTONG_TRY(const Reader list, reader.enter_sequence());
  return read_some(list, kMostRequests, read_text);
}

void write_texts(Writer& out, const std::vector<std::string>& texts) {
  out.sequence([&texts](Writer& list) {
    for (const std::string& text : texts) {
      list.text(Tag::kUtf8String, text);
    }
  });
}

Result<Party> read_party(Reader& reader) {
  x509::QuirkRecorder quirks;
  HUTONG_TRY(const x509::GeneralName name, x509::parse_general_name(reader, quirks));
  return Party{to_bytes(name.der), name.directory};
}

Result<TypedValue> read_typed_value(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  TypedValue value;
  HUTONG_TRY(value.type, fields.read_oid());
  if (!fields.at_end()) {
    HUTONG_TRY(const asn1::Element element, fields.read_any());
    value.value = to_bytes(element.encoded);
  }
  HUTONG_CHECK(fields.finish());
  return value;
}

void write_typed_values(Writer& out, const std::vector<TypedValue>& values) {
  out.sequence([&values](Writer& list) {
    for (const TypedValue& value : values) {
      list.sequence([&value](Writer& fields) {
        fields.oid(value.type);
        fields.raw(value.value);
      });
    }
  });
}

Result<StatusInfo> read_status(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  HUTONG_TRY(const std::uint64_t number, fields.read_small());
  if (number > static_cast<std::uint64_t>(PkiStatus::kKeyUpdateWarning)) {
    return bad_structure("status " + std::to_string(number));
  }
  StatusInfo status;
  status.status = static_cast<PkiStatus>(number);
  if (fields.next_is(Tag::kSequence)) {
    HUTONG_TRY(status.text, read_texts(fields));
  }
  if (!fields.at_end()) {
    HUTONG_TRY(status.failures, read_failures(fields));
  }
  HUTONG_CHECK(fields.finish());
  return status;
}

void write_status(Writer& out, const StatusInfo& status) {
  out.sequence([&status](Writer& fields) {
    fields.small(static_cast<std::uint64_t>(status.status));
    if (!status.text.empty()) {
      write_texts(fields, status.text);
    }
    if (status.failures != 0) {
      fields.named_bits(status.failures);
    }
  });
}

Result<CertificateId> read_certificate_id(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  CertificateId id;
  HUTONG_TRY(id.issuer, read_party(fields));
  HUTONG_TRY(const ByteView serial, fields.read_integer());
  HUTONG_TRY(id.serial, x509::Serial::from_content(serial));
  HUTONG_CHECK(fields.finish());
  return id;
}

void write_certificate_id(Writer& out, const CertificateId& certificate) {
  out.sequence([&certificate](Writer& fields) {
    fields.raw(certificate.issuer.der);
    fields.element(Tag::kInteger, certificate.serial.content());
  });
}

Result<x509::CertificateDer> read_certificate(Reader& reader) {
  HUTONG_TRY(Bytes der, read_sequence_der(reader));
  return x509::CertificateDer(std::move(der));
}

void write_certificates(Writer& out, const std::vector<x509::CertificateDer>& certificates) {
  out.sequence([&certificates](Writer& list) {
    for (const x509::CertificateDer& certificate : certificates) {
      list.raw(certificate.view());
    }
  });
}

Result<std::vector<x509::ExtensionValue>> read_extensions(ByteView content) {
  x509::QuirkRecorder quirks;
  HUTONG_TRY(const auto extensions, x509::parse_extensions(content, quirks));
  std::vector<x509::ExtensionValue> values;
  values.reserve(extensions.size());
  for (const x509::Extension& extension : extensions) {
    values.push_back({extension.oid, extension.critical, to_bytes(extension.value)});
  }
  return values;
}

void write_extensions(Writer& out, Tag tag, const std::vector<x509::ExtensionValue>& extensions) {
  out.constructed(tag, [&extensions](Writer& list) {
    for (const x509::ExtensionValue& extension : extensions) {
      list.raw(x509::to_der(extension));
    }
  });
}

}  // namespace hutong::cmp::internal
