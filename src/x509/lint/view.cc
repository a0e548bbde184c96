#include "x509/lint/view.h"

#include <algorithm>

#include "asn1/oids.h"
#include "x509/extensions.h"

namespace hutong::x509::lint {
namespace {

using asn1::Element;
using asn1::Reader;
using asn1::Tag;

Error structure(std::string detail) { return {Errc::kMalformed, "lint.structure", std::move(detail)}; }

Result<AlgorithmView> next_algorithm(Reader& reader) {
  HUTONG_TRY(const Element element, reader.read_element(Tag::kSequence));
  return read_algorithm(element.encoded);
}

Result<TimeView> next_time(Reader& reader) {
  HUTONG_TRY(const Element element, reader.read_any());
  if (element.tag != Tag::kUtcTime && element.tag != Tag::kGeneralizedTime) {
    return structure("a time is neither UTCTime nor GeneralizedTime");
  }
  return TimeView{element.tag, element.content};
}

Result<Name> read_name(Reader& reader) {
  HUTONG_TRY(const Element element, reader.read_element(Tag::kSequence));
  QuirkRecorder quirks(QuirkPolicy::everything());
  return Name::parse(element.encoded, quirks);
}

bool next_is_time(const Reader& reader) {
  return reader.next_is(Tag::kUtcTime) || reader.next_is(Tag::kGeneralizedTime);
}

/// BIT STRING of a named bit list, with the unused-bits counts of real certificates.
std::optional<asn1::BitString> tolerant_bits(ByteView encoded) {
  Reader reader(encoded);
  auto content = reader.read(Tag::kBitString);
  if (!content || !reader.at_end() || content->empty() || content->front() > 7) {
    return std::nullopt;
  }
  return asn1::BitString{content->front(), content->subspan(1)};
}

bool says_ca(ByteView encoded) {
  Reader outer(encoded);
  auto body = outer.enter_sequence();
  if (!body || !body->next_is(Tag::kBoolean)) {
    return false;
  }
  auto value = body->read_boolean();
  return value && *value;
}

std::vector<asn1::Oid> purposes_in(ByteView encoded) {
  std::vector<asn1::Oid> purposes;
  Reader outer(encoded);
  auto body = outer.enter_sequence();
  while (body && !body->at_end()) {
    auto purpose = body->read_oid();
    if (!purpose) {
      break;
    }
    purposes.push_back(*purpose);
  }
  return purposes;
}

void interpret_extensions(CertificateView& view) {
  if (const auto* usage = view.extension(asn1::oids::kKeyUsage)) {
    view.key_usage = tolerant_bits(usage->value);
  }
  if (const auto* constraints = view.extension(asn1::oids::kBasicConstraints)) {
    view.ca = says_ca(constraints->value);
  }
  if (const auto* purposes = view.extension(asn1::oids::kExtendedKeyUsage)) {
    view.purposes = purposes_in(purposes->value);
  }
}

Result<CertificateView> tbs_from(Reader& outer) {
  CertificateView view;
  HUTONG_TRY(Reader tbs, outer.enter_sequence());
  HUTONG_TRY(auto version, tbs.enter_optional(asn1::context_constructed(0)));
  if (version) {
    view.version_written = true;
    HUTONG_TRY(view.version, version->read_small());
  }
  HUTONG_TRY(view.serial, tbs.read(Tag::kInteger));
  HUTONG_TRY(view.algorithm, next_algorithm(tbs));
  HUTONG_TRY(view.issuer, read_name(tbs));
  HUTONG_TRY(Reader validity, tbs.enter_sequence());
  HUTONG_TRY(view.not_before, next_time(validity));
  HUTONG_TRY(view.not_after, next_time(validity));
  HUTONG_CHECK(validity.finish());
  HUTONG_TRY(view.subject, read_name(tbs));
  HUTONG_TRY(const Element spki, tbs.read_element(Tag::kSequence));
  view.spki = spki.encoded;
  while (tbs.next_is(asn1::context(1)) || tbs.next_is(asn1::context(2))) {
    view.has_unique_ids = true;
    HUTONG_CHECK(tbs.read_any());
  }
  HUTONG_TRY(auto extensions, tbs.enter_optional(asn1::context_constructed(3)));
  if (extensions) {
    view.has_extensions = true;
    HUTONG_TRY(view.extensions, read_extensions(*extensions));
    HUTONG_CHECK(extensions->finish());
  }
  HUTONG_CHECK(tbs.finish());
  interpret_extensions(view);
  return view;
}

Result<RequestAttributeView> read_request_attribute(ByteView encoded) {
  Reader outer(encoded);
  HUTONG_TRY(Reader body, outer.enter_sequence());
  RequestAttributeView attribute;
  HUTONG_TRY(attribute.type, body.read_oid());
  attribute.in_set = body.next_is(Tag::kSet);
  std::optional<Reader> set;
  if (attribute.in_set) {
    HUTONG_TRY(set, body.enter(Tag::kSet));
    HUTONG_CHECK(body.finish());
  }
  Reader& values = set ? *set : body;
  while (!values.at_end()) {
    HUTONG_TRY(const Element value, values.read_any());
    attribute.values.push_back(value);
  }
  return attribute;
}

Status read_revoked(Reader& tbs, CrlView& view) {
  HUTONG_TRY(Reader list, tbs.enter_sequence());
  view.has_revoked = true;
  while (!list.at_end()) {
    HUTONG_TRY(const Element entry, list.read_element(Tag::kSequence));
    HUTONG_CHECK(read_crl_entry(entry.encoded));
    view.revoked.push_back(entry.encoded);
  }
  return ok();
}

void interpret_extensions(CrlView& view) {
  view.delta = view.extension(asn1::oids::kDeltaCrlIndicator) != nullptr;
  if (const auto* extension = view.extension(asn1::oids::kIssuingDistributionPoint)) {
    QuirkRecorder quirks(QuirkPolicy::everything());
    const auto point = parse_issuing_distribution_point(extension->value, quirks);
    view.indirect = point && point->indirect;
  }
}

Status read_crl_tbs(Reader& tbs, CrlView& view) {
  if (tbs.next_is(Tag::kInteger)) {
    HUTONG_TRY(view.version, tbs.read_small());
  }
  HUTONG_TRY(view.algorithm, next_algorithm(tbs));
  HUTONG_TRY(view.issuer, read_name(tbs));
  HUTONG_TRY(view.this_update, next_time(tbs));
  if (next_is_time(tbs)) {
    HUTONG_TRY(view.next_update, next_time(tbs));
  }
  if (tbs.next_is(Tag::kSequence)) {
    HUTONG_CHECK(read_revoked(tbs, view));
  }
  HUTONG_TRY(auto extensions, tbs.enter_optional(asn1::context_constructed(0)));
  if (extensions) {
    view.has_extensions = true;
    HUTONG_TRY(view.extensions, read_extensions(*extensions));
    HUTONG_CHECK(extensions->finish());
    interpret_extensions(view);
  }
  return tbs.finish();
}

}  // namespace

std::optional<Time> TimeView::time() const {
  auto time = tag == Tag::kUtcTime ? asn1::utc_time_from(content) : asn1::generalized_time_from(content);
  return time ? std::optional<Time>(*time) : std::nullopt;
}

Result<AlgorithmView> read_algorithm(ByteView encoded) {
  AlgorithmView view;
  view.encoded = encoded;
  Reader outer(encoded);
  HUTONG_TRY(Reader body, outer.enter_sequence());
  HUTONG_TRY(view.oid, body.read_oid());
  if (!body.at_end()) {
    HUTONG_TRY(const Element parameters, body.read_any());
    view.parameters = parameters.encoded;
  }
  HUTONG_CHECK(body.finish());
  return view;
}

Result<std::vector<ExtensionView>> read_extensions(Reader& reader) {
  std::vector<ExtensionView> extensions;
  HUTONG_TRY(Reader list, reader.enter_sequence());
  while (!list.at_end()) {
    ExtensionView extension;
    HUTONG_TRY(Reader body, list.enter_sequence());
    HUTONG_TRY(extension.oid, body.read_oid());
    if (body.next_is(Tag::kBoolean)) {
      HUTONG_TRY(extension.critical, body.read_boolean());
      extension.default_written = !extension.critical;
    }
    HUTONG_TRY(extension.value, body.read_octet_string());
    HUTONG_CHECK(body.finish());
    extensions.push_back(extension);
  }
  return extensions;
}

const ExtensionView* find_extension(const std::vector<ExtensionView>& extensions, const asn1::Oid& oid) {
  const auto found = std::ranges::find(extensions, oid, &ExtensionView::oid);
  return found == extensions.end() ? nullptr : &*found;
}

bool CertificateView::has_purpose(const asn1::Oid& purpose) const {
  return std::ranges::find(purposes, purpose) != purposes.end();
}

Result<CertificateView> read_tbs_certificate(ByteView tbs) {
  Reader outer(tbs);
  HUTONG_TRY(CertificateView view, tbs_from(outer));
  HUTONG_CHECK(outer.finish());
  view.to_be_signed = true;
  return view;
}

Result<CertificateView> read_certificate(ByteView der) {
  Reader outer(der);
  HUTONG_TRY(Reader body, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(CertificateView view, tbs_from(body));
  HUTONG_TRY(view.outer_algorithm, next_algorithm(body));
  HUTONG_TRY(view.signature, body.read_bit_string());
  HUTONG_CHECK(body.finish());
  return view;
}

Result<CrlEntryView> read_crl_entry(ByteView encoded) {
  CrlEntryView entry;
  Reader outer(encoded);
  HUTONG_TRY(Reader body, outer.enter_sequence());
  HUTONG_TRY(entry.serial, body.read(Tag::kInteger));
  HUTONG_TRY(entry.revoked_at, next_time(body));
  if (!body.at_end()) {
    entry.has_extensions = true;
    HUTONG_TRY(entry.extensions, read_extensions(body));
  }
  HUTONG_CHECK(body.finish());
  return entry;
}

Result<CrlView> read_crl(ByteView der) {
  CrlView view;
  Reader outer(der);
  HUTONG_TRY(Reader body, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(Reader tbs, body.enter_sequence());
  HUTONG_CHECK(read_crl_tbs(tbs, view));
  HUTONG_TRY(view.outer_algorithm, next_algorithm(body));
  HUTONG_TRY(view.signature, body.read_bit_string());
  HUTONG_CHECK(body.finish());
  return view;
}

const RequestAttributeView* RequestView::attribute(const asn1::Oid& type) const {
  const auto found = std::ranges::find(attributes, type, &RequestAttributeView::type);
  return found == attributes.end() ? nullptr : &*found;
}

Result<RequestView> read_request(ByteView der) {
  RequestView view;
  Reader outer(der);
  HUTONG_TRY(Reader body, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const Element info, body.read_element(Tag::kSequence));
  view.info = info.encoded;
  HUTONG_TRY(Reader fields, body.nested(info.content));
  HUTONG_TRY(view.version, fields.read(Tag::kInteger));
  HUTONG_TRY(view.subject, read_name(fields));
  HUTONG_TRY(const Element spki, fields.read_element(Tag::kSequence));
  view.spki = spki.encoded;
  HUTONG_TRY(auto attributes, fields.enter_optional(asn1::context_constructed(0)));
  view.has_attributes = attributes.has_value();
  while (attributes && !attributes->at_end()) {
    HUTONG_TRY(const Element attribute, attributes->read_element(Tag::kSequence));
    view.attribute_encodings.push_back(attribute.encoded);
    HUTONG_TRY(auto parsed, read_request_attribute(attribute.encoded));
    view.attributes.push_back(std::move(parsed));
  }
  HUTONG_CHECK(fields.finish());
  HUTONG_TRY(view.algorithm, next_algorithm(body));
  HUTONG_TRY(view.signature, body.read_bit_string());
  HUTONG_CHECK(body.finish());
  return view;
}

}  // namespace hutong::x509::lint
