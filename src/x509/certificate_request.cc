#include "x509/certificate_request.h"

#include <algorithm>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "x509/internal/name_text.h"
#include "x509/internal/signed_object.h"

namespace hutong::x509 {
namespace {

using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

constexpr std::size_t kMostAttributes = 100;

Error bad_request(std::string_view reason, std::string detail) {
  return {Errc::kMalformed, reason, std::move(detail)};
}

/// Type and SET of values; the variant of CFCA clients has the value itself in place of the SET.
Result<RequestAttribute> read_attribute(Reader& list, QuirkRecorder& quirks) {
  HUTONG_TRY(Reader fields, list.enter_sequence());
  RequestAttribute attribute;
  HUTONG_TRY(attribute.type, fields.read_oid());
  if (!fields.next_is(Tag::kSet)) {
    HUTONG_CHECK(quirks.meet(Quirk::kRequestAttributeWithoutSet, attribute.type.to_string()));
    HUTONG_TRY(const asn1::Element value, fields.read_any());
    attribute.values.push_back(value.encoded);
    HUTONG_CHECK(fields.finish());
    return attribute;
  }
  HUTONG_TRY(Reader values, fields.enter(Tag::kSet));
  HUTONG_CHECK(fields.finish());
  while (!values.at_end()) {
    HUTONG_TRY(const asn1::Element value, values.read_any());
    attribute.values.push_back(value.encoded);
  }
  if (attribute.values.empty()) {
    return bad_request("request.empty_attribute", "an attribute without a value");
  }
  return attribute;
}

bool is_password(const asn1::Oid& type) {
  return type == oids::kGmChallengePassword || type == oids::kChallengePassword;
}

}  // namespace

struct CertificateRequest::Body {
  Bytes der;
  internal::SignedObject object;
  Name subject;
  internal::SpkiView spki;
  Result<crypto::SignatureAlgorithm> algorithm{crypto::kSm2WithSm3};
  std::vector<RequestAttribute> attributes;
  std::optional<std::string> challenge_password;
  CertificateExtensions extensions;
  QuirkSet quirks;
  internal::Lazy<Result<crypto::PublicKey>> public_key;

  Status read(QuirkRecorder& recorder);

 private:
  Status read_attributes(Reader& info, QuirkRecorder& recorder);
  Status read_password(const RequestAttribute& attribute, QuirkRecorder& recorder);
  Status read_extension_request(const RequestAttribute& attribute, QuirkRecorder& recorder);
};

Status CertificateRequest::Body::read(QuirkRecorder& recorder) {
  HUTONG_TRY(object, internal::read_signed_object(der, recorder));
  HUTONG_CHECK(internal::check_algorithm_form(object.algorithm, recorder));
  algorithm = crypto::SignatureAlgorithm::from_der(object.algorithm);
  Reader outer(object.tbs);
  HUTONG_TRY(Reader info, outer.enter_sequence());
  HUTONG_TRY(const std::uint64_t version, info.read_small());
  if (version != 0) {
    return bad_request("request.version", "a request has version 0");
  }
  HUTONG_TRY(const asn1::Element name, info.read_element(Tag::kSequence));
  HUTONG_TRY(subject, Name::parse(name.encoded, recorder));
  HUTONG_TRY(spki, internal::read_spki(info, recorder));
  HUTONG_CHECK(read_attributes(info, recorder));
  HUTONG_CHECK(info.finish());
  quirks = recorder.seen();
  return ok();
}

Status CertificateRequest::Body::read_attributes(Reader& info, QuirkRecorder& recorder) {
  HUTONG_TRY(auto list, info.enter_optional(asn1::context_constructed(0)));
  if (!list) {
    return recorder.meet(Quirk::kRequestWithoutAttributes);
  }
  while (!list->at_end()) {
    if (attributes.size() == kMostAttributes) {
      return Error{Errc::kLimit, "request.too_many_attributes", "more than 100 attributes"};
    }
    HUTONG_TRY(RequestAttribute attribute, read_attribute(*list, recorder));
    if (is_password(attribute.type)) {
      HUTONG_CHECK(read_password(attribute, recorder));
    } else if (attribute.type == oids::kExtensionRequest) {
      HUTONG_CHECK(read_extension_request(attribute, recorder));
    }
    attributes.push_back(std::move(attribute));
  }
  return ok();
}

Status CertificateRequest::Body::read_password(const RequestAttribute& attribute, QuirkRecorder& recorder) {
  if (challenge_password || attribute.values.size() != 1) {
    return bad_request("request.two_passwords", "the challenge password has exactly one value");
  }
  if (attribute.type == oids::kChallengePassword) {
    HUTONG_CHECK(recorder.meet(Quirk::kRequestPkcs9Password));
  }
  HUTONG_TRY(const asn1::Element value, Reader(attribute.values.front()).read_any());
  if (value.tag != Tag::kPrintableString || !internal::is_printable_string(value.content)) {
    HUTONG_CHECK(recorder.meet(Quirk::kRequestPasswordNotPrintable));
  }
  challenge_password = internal::decode_string_lossy(value.tag, value.content);
  return ok();
}

Status CertificateRequest::Body::read_extension_request(const RequestAttribute& attribute,
                                                        QuirkRecorder& recorder) {
  if (!extensions.all.empty() || attribute.values.size() != 1) {
    return bad_request("request.two_extension_requests", "extensionRequest has exactly one value");
  }
  HUTONG_TRY(const ByteView content, Reader(attribute.values.front()).read(Tag::kSequence));
  HUTONG_TRY(extensions, parse_certificate_extensions(content, recorder));
  return ok();
}

Result<CertificateRequest> CertificateRequest::parse(ByteView der, const QuirkPolicy& policy) {
  if (der.size() > kMostOctets) {
    return Error{Errc::kLimit, "request.too_large", "a request of more than 1 MiB"};
  }
  return parse(to_bytes(der), policy);
}

Result<CertificateRequest> CertificateRequest::parse(Bytes&& der, const QuirkPolicy& policy) {
  if (der.size() > kMostOctets) {
    return Error{Errc::kLimit, "request.too_large", "a request of more than 1 MiB"};
  }
  auto body = std::make_shared<Body>();
  body->der = std::move(der);
  QuirkRecorder recorder(policy);
  HUTONG_CHECK(body->read(recorder));
  return CertificateRequest(std::move(body));
}

ByteView CertificateRequest::der() const { return body_->object.der; }
ByteView CertificateRequest::tbs() const { return body_->object.tbs; }
const Name& CertificateRequest::subject() const { return body_->subject; }
ByteView CertificateRequest::spki() const { return body_->spki.der; }
ByteView CertificateRequest::key_octets() const { return body_->spki.key_octets; }
ByteView CertificateRequest::signature_algorithm_der() const { return body_->object.algorithm; }
const Result<crypto::SignatureAlgorithm>& CertificateRequest::signature_algorithm() const {
  return body_->algorithm;
}
ByteView CertificateRequest::signature() const { return body_->object.signature; }
const std::vector<RequestAttribute>& CertificateRequest::attributes() const { return body_->attributes; }
std::optional<std::string> CertificateRequest::challenge_password() const {
  return body_->challenge_password;
}
const CertificateExtensions& CertificateRequest::extensions() const { return body_->extensions; }
QuirkSet CertificateRequest::quirks() const { return body_->quirks; }

const Result<crypto::PublicKey>& CertificateRequest::public_key() const {
  return body_->public_key.get([this] { return crypto::PublicKey::from_spki(body_->spki.der); });
}

const RequestAttribute* CertificateRequest::find(const asn1::Oid& type) const {
  const auto found = std::ranges::find(body_->attributes, type, &RequestAttribute::type);
  return found == body_->attributes.end() ? nullptr : &*found;
}

bool CertificateRequest::is_signed_by_own_key() const {
  return public_key() && internal::verifies(*public_key(), signature_algorithm(), tbs(), signature());
}

}  // namespace hutong::x509
