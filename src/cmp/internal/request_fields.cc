#include "cmp/internal/fields.h"
#include "cmp/message.h"

/// CertTemplate and CertReqMsg (RFC 4211; its module has IMPLICIT tags, but a CHOICE is always explicit).
namespace hutong::cmp::internal {

using asn1::context;
using asn1::context_constructed;
using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

namespace {

constexpr std::uint64_t kVersion3Certificates = 2;

constexpr Tag kVersion = context(0);
constexpr Tag kSerial = context(1);
constexpr Tag kSigningAlgorithm = context_constructed(2);
constexpr Tag kIssuer = context_constructed(3);
constexpr Tag kValidity = context_constructed(4);
constexpr Tag kSubject = context_constructed(5);
constexpr Tag kPublicKey = context_constructed(6);
constexpr Tag kIssuerUniqueId = context(7);
constexpr Tag kSubjectUniqueId = context(8);
constexpr Tag kExtensions = context_constructed(9);

constexpr Tag kRegistrationVerified = context(0);
constexpr Tag kSignature = context_constructed(1);
constexpr Tag kKeyEncipherment = context_constructed(2);
constexpr Tag kKeyAgreement = context_constructed(3);

Result<std::optional<x509::Name>> read_name(Reader& fields, Tag tag) {
  HUTONG_TRY(auto wrapped, fields.enter_optional(tag));
  if (!wrapped) {
    return std::optional<x509::Name>();
  }
  HUTONG_TRY(const asn1::Element element, wrapped->read_element(Tag::kSequence));
  HUTONG_CHECK(wrapped->finish());
  HUTONG_TRY(auto name, x509::Name::parse(element.encoded));
  return std::optional<x509::Name>(std::move(name));
}

void write_name(Writer& out, Tag tag, const std::optional<x509::Name>& name) {
  if (name) {
    out.constructed(tag, [&name](Writer& wrapped) { wrapped.raw(name->der()); });
  }
}

Result<std::optional<Time>> read_moment(Reader& validity, Tag tag) {
  HUTONG_TRY(auto wrapped, validity.enter_optional(tag));
  if (!wrapped) {
    return std::optional<Time>();
  }
  HUTONG_TRY(const asn1::TimeValue value, wrapped->read_time());
  HUTONG_CHECK(wrapped->finish());
  return std::optional<Time>(value.time);
}

Status read_validity(Reader& fields, CertificateTemplateFields& out) {
  HUTONG_TRY(auto validity, fields.enter_optional(kValidity));
  if (!validity) {
    return ok();
  }
  HUTONG_TRY(out.not_before, read_moment(*validity, context_constructed(0)));
  HUTONG_TRY(out.not_after, read_moment(*validity, context_constructed(1)));
  return validity->finish();
}

void write_validity(Writer& out, const CertificateTemplateFields& fields) {
  if (!fields.not_before && !fields.not_after) {
    return;
  }
  out.constructed(kValidity, [&fields](Writer& validity) {
    if (fields.not_before) {
      validity.constructed(context_constructed(0), [&](Writer& moment) { moment.time(*fields.not_before); });
    }
    if (fields.not_after) {
      validity.constructed(context_constructed(1), [&](Writer& moment) { moment.time(*fields.not_after); });
    }
  });
}

/// Content of an implicitly tagged SEQUENCE, given its own tag back.
Result<Bytes> read_retagged(Reader& fields, Tag tag) {
  HUTONG_TRY(const auto content, fields.read_optional(tag));
  return content ? with_tag(Tag::kSequence, *content) : Bytes();
}

void write_retagged(Writer& out, Tag tag, const Bytes& der) {
  if (!der.empty()) {
    out.element(tag, content_of(der));
  }
}

Status read_numbers(Reader& fields, CertificateTemplateFields& out) {
  HUTONG_TRY(const auto version, fields.read_optional(kVersion));
  if (version) {
    HUTONG_TRY(const std::uint64_t number, asn1::small_from(*version));
    if (number != kVersion3Certificates) {
      return Error{Errc::kPolicy, "cmp.template", "certificates have version 3"};
    }
  }
  HUTONG_TRY(const auto serial, fields.read_optional(kSerial));
  if (serial) {
    HUTONG_TRY(out.serial, x509::Serial::from_content(*serial));
  }
  return ok();
}

Result<CertificateTemplateFields> read_template_fields(Reader fields) {
  CertificateTemplateFields out;
  HUTONG_CHECK(read_numbers(fields, out));
  HUTONG_TRY(out.signing_algorithm, read_retagged(fields, kSigningAlgorithm));
  HUTONG_TRY(out.issuer, read_name(fields, kIssuer));
  HUTONG_CHECK(read_validity(fields, out));
  HUTONG_TRY(out.subject, read_name(fields, kSubject));
  HUTONG_TRY(out.spki, read_retagged(fields, kPublicKey));
  if (fields.next_is(kIssuerUniqueId) || fields.next_is(kSubjectUniqueId)) {
    return Error{Errc::kPolicy, "cmp.template", "unique identifiers are not for version 3"};
  }
  HUTONG_TRY(const auto extensions, fields.read_optional(kExtensions));
  if (extensions) {
    HUTONG_TRY(out.extensions, read_extensions(*extensions));
  }
  HUTONG_CHECK(fields.finish());
  return out;
}

/// POPOSigningKey.
Status read_signature(Reader fields, ProofOfPossession& out) {
  out.kind = PossessionKind::kSignature;
  HUTONG_TRY(const auto input, fields.read_optional(context_constructed(0)));
  if (input) {
    out.signing_input = to_bytes(*input);
    if (input->empty()) {
      return bad_structure("an empty poposkInput");
    }
  }
  HUTONG_TRY(out.algorithm, read_sequence_der(fields));
  HUTONG_TRY(const ByteView signature, fields.read_bit_string_octets());
  out.signature = to_bytes(signature);
  return fields.finish();
}

Result<ProofOfPossession> read_possession(Reader& message) {
  ProofOfPossession out;
  if (message.at_end() || message.next_is(Tag::kSequence)) {
    return out;
  }
  HUTONG_TRY(const asn1::Element choice, message.read_any());
  HUTONG_TRY(const Reader content, message.nested(choice.content));
  if (choice.tag == kSignature) {
    HUTONG_CHECK(read_signature(content, out));
  } else if (choice.tag == kRegistrationVerified && choice.content.empty()) {
    out.kind = PossessionKind::kRegistrationVerified;
  } else if (choice.tag == kKeyEncipherment || choice.tag == kKeyAgreement) {
    out.kind =
        choice.tag == kKeyEncipherment ? PossessionKind::kKeyEncipherment : PossessionKind::kKeyAgreement;
    out.private_key = to_bytes(choice.content);
  } else {
    return bad_structure("unknown proof of possession");
  }
  return out;
}

void write_possession(Writer& out, const ProofOfPossession& possession) {
  switch (possession.kind) {
    case PossessionKind::kNone:
      return;
    case PossessionKind::kRegistrationVerified:
      out.element(kRegistrationVerified, {});
      return;
    case PossessionKind::kSignature:
      out.constructed(kSignature, [&possession](Writer& fields) {
        if (!possession.signing_input.empty()) {
          fields.element(context_constructed(0), possession.signing_input);
        }
        fields.raw(possession.algorithm);
        fields.bit_string(possession.signature);
      });
      return;
    case PossessionKind::kKeyEncipherment:
      out.element(kKeyEncipherment, possession.private_key);
      return;
    case PossessionKind::kKeyAgreement:
      out.element(kKeyAgreement, possession.private_key);
      return;
  }
}

/// CertRequest.
Status read_request(Reader& message, CertificateRequestMessage& out) {
  HUTONG_TRY(const asn1::Element request, message.read_element(Tag::kSequence));
  out.request_der = to_bytes(request.encoded);
  HUTONG_TRY(Reader fields, message.nested(request.content));
  HUTONG_TRY(out.id, read_signed(fields));
  HUTONG_TRY(out.fields, read_template(fields));
  if (!fields.at_end()) {
    HUTONG_TRY(const Reader controls, fields.enter_sequence());
    HUTONG_TRY(out.controls, read_some(controls, kMostTypedValues, read_typed_value));
  }
  return fields.finish();
}

}  // namespace

Result<CertificateTemplateFields> read_template(Reader& reader) {
  HUTONG_TRY(const Reader fields, reader.enter_sequence());
  return read_template_fields(fields);
}

void write_template(Writer& out, const CertificateTemplateFields& fields) {
  out.sequence([&fields](Writer& body) {
    if (fields.serial) {
      body.element(kSerial, fields.serial->content());
    }
    write_retagged(body, kSigningAlgorithm, fields.signing_algorithm);
    write_name(body, kIssuer, fields.issuer);
    write_validity(body, fields);
    write_name(body, kSubject, fields.subject);
    write_retagged(body, kPublicKey, fields.spki);
    if (!fields.extensions.empty()) {
      write_extensions(body, kExtensions, fields.extensions);
    }
  });
}

Result<CertificateRequestMessage> read_request_message(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  CertificateRequestMessage message;
  HUTONG_CHECK(read_request(fields, message));
  HUTONG_TRY(message.possession, read_possession(fields));
  if (!fields.at_end()) {
    HUTONG_TRY(const Reader information, fields.enter_sequence());
    HUTONG_TRY(message.registration_info, read_some(information, kMostTypedValues, read_typed_value));
  }
  HUTONG_CHECK(fields.finish());
  return message;
}

void write_request_message(Writer& out, const CertificateRequestMessage& message) {
  out.sequence([&message](Writer& fields) {
    fields.raw(message.request_der);
    write_possession(fields, message.possession);
    if (!message.registration_info.empty()) {
      write_typed_values(fields, message.registration_info);
    }
  });
}

}  // namespace hutong::cmp::internal
