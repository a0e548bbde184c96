#include "x509/input.h"

#include <algorithm>
#include <array>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "base/encoding.h"
#include "crypto/pem.h"

namespace hutong::x509 {
namespace {

using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

Error malformed(std::string_view reason, std::string detail) {
  return {Errc::kMalformed, reason, std::move(detail)};
}

/// The tags of the elements at one level, as far as they can be read; at most `most`.
std::vector<asn1::Element> elements_of(ByteView content, std::size_t most) {
  Reader reader(content);
  std::vector<asn1::Element> elements;
  while (!reader.at_end() && elements.size() < most) {
    auto element = reader.read_any();
    if (!element) {
      break;
    }
    elements.push_back(*element);
  }
  return elements;
}

bool tag_at(const std::vector<asn1::Element>& elements, std::size_t index, Tag tag) {
  return index < elements.size() && elements[index].tag == tag;
}

bool time_at(const std::vector<asn1::Element>& elements, std::size_t index) {
  return tag_at(elements, index, Tag::kUtcTime) || tag_at(elements, index, Tag::kGeneralizedTime);
}

/// The content of a tbs structure: tells certificate, list and request apart.
InputKind detect_signed(ByteView tbs) {
  const auto fields = elements_of(tbs, 5);
  if (tag_at(fields, 0, asn1::context_constructed(0))) {
    return InputKind::kCertificate;
  }
  const std::size_t first = tag_at(fields, 0, Tag::kInteger) ? 1 : 0;
  if (time_at(fields, first + 2)) {
    return InputKind::kCrl;
  }
  if (first == 1 && tag_at(fields, 3, Tag::kSequence)) {
    return InputKind::kCertificate;  // version 1: serial, algorithm, issuer, validity
  }
  return first == 1 ? InputKind::kCertificateRequest : InputKind::kUnknown;
}

InputKind detect_message(const asn1::Element& type) {
  const auto oid = asn1::Oid::from_content(type.content);
  if (!oid) {
    return InputKind::kUnknown;
  }
  constexpr std::array kSigned{oids::kSignedData, oids::kGmSignedData};
  constexpr std::array kEnveloped{oids::kEnvelopedData, oids::kGmEnvelopedData,
                                  oids::kGmSignedAndEnvelopedData, oids::kGmEncryptedData};
  if (std::ranges::find(kSigned, *oid) != kSigned.end()) {
    return InputKind::kSignedMessage;
  }
  return std::ranges::find(kEnveloped, *oid) != kEnveloped.end() ? InputKind::kEnvelopedMessage
                                                                 : InputKind::kUnknown;
}

bool looks_like_base64(ByteView file) {
  const auto allowed = [](std::uint8_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=' || c == ' ' || c == '\r' || c == '\n' || c == '\t';
  };
  return std::ranges::all_of(file, allowed);
}

struct LabelKind {
  std::string_view label;
  InputKind kind;
  bool standard;  ///< RFC 7468
};
constexpr std::array kLabels{
    LabelKind{"CERTIFICATE", InputKind::kCertificate, true},
    LabelKind{"X509 CERTIFICATE", InputKind::kCertificate, false},
    LabelKind{"TRUSTED CERTIFICATE", InputKind::kCertificate, true},
    LabelKind{"X509 CRL", InputKind::kCrl, true},
    LabelKind{"CRL", InputKind::kCrl, false},
    LabelKind{"CERTIFICATE REQUEST", InputKind::kCertificateRequest, true},
    LabelKind{"NEW CERTIFICATE REQUEST", InputKind::kCertificateRequest, false},
    LabelKind{"PKCS7", InputKind::kSignedMessage, true},
    LabelKind{"CMS", InputKind::kSignedMessage, true},
};

bool label_fits(std::string_view label, InputKind kind) {
  const auto* found = std::ranges::find(kLabels, label, &LabelKind::label);
  if (found == kLabels.end()) {
    return kind == InputKind::kUnknown || kind == InputKind::kKey;
  }
  const bool message = kind == InputKind::kEnvelopedMessage && found->kind == InputKind::kSignedMessage;
  return found->standard && (found->kind == kind || message);
}

/// Concatenated DER. What follows the last whole element is a refused quirk.
Status split_der(ByteView octets, Input& into, QuirkRecorder& quirks, const InputLimits& limits) {
  Reader reader(octets);
  while (!reader.at_end()) {
    if (!into.objects.empty() && !reader.next_is(Tag::kSequence)) {
      return quirks.meet(Quirk::kTrailingOctets, std::to_string(reader.rest().size()) + " octets");
    }
    HUTONG_TRY(const asn1::Element element, reader.read_element(Tag::kSequence));
    if (into.objects.size() == limits.most_objects) {
      return Error{Errc::kLimit, "input.too_many", "too many objects in one file"};
    }
    into.objects.push_back({detect_der(element.encoded), to_bytes(element.encoded)});
  }
  return ok();
}

Status take_block(crypto::PemBlock block, Input& into, QuirkRecorder& quirks) {
  if (block.label == "TRUSTED CERTIFICATE") {
    HUTONG_CHECK(quirks.meet(Quirk::kTrustedCertificate));
    HUTONG_TRY(const asn1::Element first, Reader(block.der).read_element(Tag::kSequence));
    Bytes certificate = to_bytes(first.encoded);
    block.der = std::move(certificate);
  }
  const InputKind kind = detect_der(block.der);
  if (!label_fits(block.label, kind)) {
    HUTONG_CHECK(quirks.meet(Quirk::kPemLabel, block.label));
  }
  into.objects.push_back({kind, std::move(block.der)});
  return ok();
}

Status split_pem(ByteView file, Input& into, QuirkRecorder& quirks, const InputLimits& limits) {
  HUTONG_TRY(auto blocks, crypto::read_pem(as_text(file)));
  if (blocks.size() > limits.most_objects) {
    return Error{Errc::kLimit, "input.too_many", "too many objects in one file"};
  }
  for (crypto::PemBlock& block : blocks) {
    HUTONG_CHECK(take_block(std::move(block), into, quirks));
  }
  return ok();
}

Status split(ByteView file, Input& into, QuirkRecorder& quirks, const InputLimits& limits) {
  if (file.empty()) {
    return malformed("input.empty", "the file is empty");
  }
  if (file[0] == static_cast<std::uint8_t>(Tag::kSequence) &&
      !looks_like_base64(file.first(std::min<std::size_t>(file.size(), 64)))) {
    return split_der(file, into, quirks, limits);
  }
  if (crypto::looks_like_pem(file)) {
    return split_pem(file, into, quirks, limits);
  }
  if (!looks_like_base64(file)) {
    return malformed("input.format", "neither DER nor PEM nor base64");
  }
  const auto der = from_base64(as_text(file));
  if (!der || der->empty() || der->front() != static_cast<std::uint8_t>(Tag::kSequence)) {
    return malformed("input.format", "neither DER nor PEM nor base64");
  }
  HUTONG_CHECK(quirks.meet(Quirk::kPemWithoutArmour));
  return split_der(*der, into, quirks, limits);
}

Status add_certificate(ByteView der, const QuirkPolicy& policy, const InputLimits& limits,
                       CertificateFile& into) {
  if (into.certificates.size() == limits.most_objects) {
    return Error{Errc::kLimit, "input.too_many", "too many certificates in one file"};
  }
  auto certificate = Certificate::parse(der, policy);
  if (!certificate) {
    Error error = std::move(certificate).error();
    error.detail = "certificate " + std::to_string(into.certificates.size() + 1) + ": " + error.detail;
    return error;
  }
  into.certificates.push_back(std::move(certificate).value());
  return ok();
}

bool has_pkcs7_type(ByteView content_info) {
  auto fields = Reader(content_info).enter_sequence();
  const auto type = fields ? fields->read_oid() : Result<asn1::Oid>(malformed("input.signed_data", ""));
  return type && *type == oids::kSignedData;
}

Status add_bundle(ByteView der, QuirkRecorder& quirks, const InputLimits& limits, CertificateFile& into) {
  HUTONG_TRY(const auto certificates, bundle_certificates(der));
  bool sm2 = false;
  for (const ByteView certificate : certificates) {
    HUTONG_CHECK(add_certificate(certificate, quirks.policy(), limits, into));
    const Certificate& last = into.certificates.back();
    sm2 = sm2 ||
          (last.signature_algorithm() && last.signature_algorithm()->scheme == crypto::SignatureScheme::kSm2);
  }
  return sm2 && has_pkcs7_type(der) ? quirks.meet(Quirk::kPkcs7Bundle) : ok();
}

}  // namespace

std::string_view to_string(InputKind kind) {
  constexpr std::array<std::string_view, 9> kNames{
      "unknown",        "certificate",       "crl", "certificate_request", "ocsp_request", "ocsp_response",
      "signed_message", "enveloped_message", "key"};
  return kNames.at(static_cast<std::size_t>(kind));
}

InputKind detect_der(ByteView der) {
  auto outer = Reader(der).read(Tag::kSequence);
  if (!outer) {
    return InputKind::kUnknown;
  }
  const auto fields = elements_of(*outer, 4);
  if (tag_at(fields, 0, Tag::kOid)) {
    return detect_message(fields[0]);
  }
  if (tag_at(fields, 0, Tag::kEnumerated)) {
    return InputKind::kOcspResponse;
  }
  if (tag_at(fields, 0, Tag::kInteger)) {
    return InputKind::kKey;
  }
  if (!tag_at(fields, 0, Tag::kSequence)) {
    return InputKind::kUnknown;
  }
  if (fields.size() == 3 && tag_at(fields, 1, Tag::kSequence) && tag_at(fields, 2, Tag::kBitString)) {
    return detect_signed(fields[0].content);
  }
  if (fields.size() == 2 && tag_at(fields, 1, Tag::kOctetString)) {
    return InputKind::kKey;  // EncryptedPrivateKeyInfo
  }
  const bool request =
      fields.size() == 1 || (fields.size() == 2 && tag_at(fields, 1, asn1::context_constructed(0)));
  return request ? InputKind::kOcspRequest : InputKind::kUnknown;
}

Result<Input> decode_input(ByteView file, const QuirkPolicy& policy, const InputLimits& limits) {
  Input input;
  QuirkRecorder quirks(policy);
  HUTONG_CHECK(split(file, input, quirks, limits));
  input.quirks = quirks.seen();
  return input;
}

Result<CertificateFile> read_certificates(ByteView file, const QuirkPolicy& policy,
                                          const InputLimits& limits) {
  HUTONG_TRY(const Input input, decode_input(file, policy, limits));
  CertificateFile certificates;
  QuirkRecorder quirks(policy);
  for (const InputObject& object : input.objects) {
    if (object.kind == InputKind::kSignedMessage) {
      HUTONG_CHECK(add_bundle(object.der, quirks, limits, certificates));
    } else if (object.kind == InputKind::kCertificate || object.kind == InputKind::kUnknown) {
      HUTONG_CHECK(add_certificate(object.der, policy, limits, certificates));
    } else {
      return malformed("input.not_certificate",
                       "found in place of a certificate: " + std::string(to_string(object.kind)));
    }
  }
  if (certificates.certificates.empty()) {
    return malformed("input.no_certificate", "there is no certificate in the file");
  }
  certificates.quirks = input.quirks;
  certificates.quirks.add(quirks.seen());
  return certificates;
}

Result<Certificate> read_certificate(ByteView file, const QuirkPolicy& policy) {
  HUTONG_TRY(CertificateFile certificates, read_certificates(file, policy));
  if (certificates.certificates.size() != 1) {
    return malformed("input.several", "one certificate is expected, the file holds " +
                                          std::to_string(certificates.certificates.size()));
  }
  return std::move(certificates.certificates.front());
}

Result<std::vector<ByteView>> bundle_certificates(ByteView content_info) {
  Reader outer(content_info);
  HUTONG_TRY(Reader fields, outer.enter_sequence());
  HUTONG_TRY(const asn1::Oid type, fields.read_oid());
  if (type != oids::kSignedData && type != oids::kGmSignedData) {
    return malformed("input.signed_data", "not SignedData: " + type.to_string());
  }
  HUTONG_TRY(Reader wrapped, fields.enter(asn1::context_constructed(0)));
  HUTONG_TRY(Reader signed_data, wrapped.enter_sequence());
  std::vector<ByteView> certificates;
  while (!signed_data.at_end()) {
    HUTONG_TRY(const asn1::Element field, signed_data.read_any());
    if (field.tag != asn1::context_constructed(0)) {
      continue;
    }
    Reader list(field.content);
    while (!list.at_end()) {
      HUTONG_TRY(const asn1::Element certificate, list.read_any());
      if (certificate.tag == Tag::kSequence) {  // attribute certificates and others carry a context tag
        certificates.push_back(certificate.encoded);
      }
    }
    break;
  }
  return certificates;
}

}  // namespace hutong::x509
