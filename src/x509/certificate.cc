#include "x509/certificate.h"

#include "asn1/oids.h"
#include "x509/internal/signed_object.h"

namespace hutong::x509 {

struct Certificate::Body {
  Bytes der;
  internal::SignedObject object;  ///< views into der, like everything below
  unsigned version = 1;
  Serial serial;
  Name issuer;
  Name subject;
  asn1::TimeValue not_before{};
  asn1::TimeValue not_after{};
  Result<crypto::SignatureAlgorithm> algorithm{crypto::kSm2WithSm3};
  internal::SpkiView spki;
  std::optional<asn1::BitString> issuer_unique_id;
  std::optional<asn1::BitString> subject_unique_id;
  CertificateExtensions extensions;
  QuirkSet quirks;
  internal::Lazy<Result<crypto::PublicKey>> public_key;
  internal::Lazy<std::vector<IdentityValue>> identities;
  internal::Lazy<crypto::Sm3Digest> sm3;

  Status read(QuirkRecorder& recorder);

 private:
  Status read_tbs(QuirkRecorder& recorder);
  Status read_version(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status read_serial(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status read_algorithm(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status read_validity(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status read_names_and_validity(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status read_optional_fields(asn1::Reader& tbs, QuirkRecorder& recorder);
  Status check_extension_habits(QuirkRecorder& recorder) const;
};

namespace {

using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

Status check_name_habits(const Name& name, QuirkRecorder& quirks) {
  if (name.empty()) {
    return ok();
  }
  if (name.find(oids::kCommonName) == nullptr) {
    HUTONG_CHECK(quirks.meet(Quirk::kNameWithoutCommonName));
  }
  const auto attributes = name.attributes();
  if (name.rdn_count() > 1 && attributes.front().type == oids::kCommonName &&
      attributes.back().type == oids::kCountry) {
    HUTONG_CHECK(quirks.meet(Quirk::kNameReversed));
  }
  return ok();
}

Result<Name> read_name(Reader& tbs, Quirk when_empty, QuirkRecorder& quirks) {
  HUTONG_TRY(const asn1::Element element, tbs.read_element(Tag::kSequence));
  HUTONG_TRY(Name name, Name::parse(element.encoded, quirks));
  if (name.empty()) {
    HUTONG_CHECK(quirks.meet(when_empty));
  }
  HUTONG_CHECK(check_name_habits(name, quirks));
  return name;
}

}  // namespace

Status Certificate::Body::read(QuirkRecorder& recorder) {
  HUTONG_TRY(object, internal::read_signed_object(der, recorder));
  HUTONG_CHECK(read_tbs(recorder));
  quirks = recorder.seen();
  return ok();
}

Status Certificate::Body::read_tbs(QuirkRecorder& recorder) {
  Reader outer(object.tbs);
  HUTONG_TRY(Reader tbs, outer.enter_sequence());
  HUTONG_CHECK(read_version(tbs, recorder));
  HUTONG_CHECK(read_serial(tbs, recorder));
  HUTONG_CHECK(read_algorithm(tbs, recorder));
  HUTONG_CHECK(read_names_and_validity(tbs, recorder));
  HUTONG_TRY(spki, internal::read_spki(tbs, recorder));
  HUTONG_CHECK(read_optional_fields(tbs, recorder));
  HUTONG_CHECK(tbs.finish());
  return check_extension_habits(recorder);
}

Status Certificate::Body::read_version(Reader& tbs, QuirkRecorder& recorder) {
  HUTONG_TRY(auto explicit_version, tbs.enter_optional(asn1::context_constructed(0)));
  if (explicit_version) {
    HUTONG_TRY(const std::uint64_t number, explicit_version->read_small());
    HUTONG_CHECK(explicit_version->finish());
    if (number > 2) {
      return Error{Errc::kMalformed, "cert.version", "a certificate has version 1, 2 or 3"};
    }
    version = static_cast<unsigned>(number) + 1;
    if (number == 0) {
      HUTONG_CHECK(recorder.meet(Quirk::kExplicitVersion1));
    }
  }
  return version == 3 ? ok() : recorder.meet(Quirk::kVersion1);
}

Status Certificate::Body::read_serial(Reader& tbs, QuirkRecorder& recorder) {
  HUTONG_TRY(const ByteView content, tbs.read_integer());
  HUTONG_TRY(serial, Serial::from_content(content));
  if (serial.is_zero()) {
    HUTONG_CHECK(recorder.meet(Quirk::kSerialZero));
  }
  if (serial.is_negative()) {
    HUTONG_CHECK(recorder.meet(Quirk::kSerialNegative));
  }
  return content.size() > Serial::kMostOctets ? recorder.meet(Quirk::kSerialTooLong) : ok();
}

Status Certificate::Body::read_algorithm(Reader& tbs, QuirkRecorder& recorder) {
  HUTONG_TRY(const asn1::Element inner, tbs.read_element(Tag::kSequence));
  if (!equal(inner.encoded, object.algorithm)) {
    HUTONG_CHECK(recorder.meet(Quirk::kAlgorithmMismatch));
  }
  HUTONG_CHECK(internal::check_algorithm_form(object.algorithm, recorder));
  algorithm = crypto::SignatureAlgorithm::from_der(object.algorithm);
  return ok();
}

Status Certificate::Body::read_validity(Reader& tbs, QuirkRecorder& recorder) {
  HUTONG_TRY(Reader validity, tbs.enter_sequence());
  HUTONG_TRY(not_before, internal::read_date(validity, recorder));
  HUTONG_TRY(not_after, internal::read_date(validity, recorder));
  return validity.finish();
}

Status Certificate::Body::read_names_and_validity(Reader& tbs, QuirkRecorder& recorder) {
  HUTONG_TRY(issuer, read_name(tbs, Quirk::kEmptyIssuer, recorder));
  HUTONG_CHECK(read_validity(tbs, recorder));
  HUTONG_TRY(subject, read_name(tbs, Quirk::kEmptySubject, recorder));
  return ok();
}

Status Certificate::Body::read_optional_fields(Reader& tbs, QuirkRecorder& recorder) {
  HUTONG_TRY(const auto issuer_id, tbs.read_optional(asn1::context(1)));
  if (issuer_id) {
    HUTONG_TRY(issuer_unique_id, asn1::bit_string_from(*issuer_id));
  }
  HUTONG_TRY(const auto subject_id, tbs.read_optional(asn1::context(2)));
  if (subject_id) {
    HUTONG_TRY(subject_unique_id, asn1::bit_string_from(*subject_id));
  }
  HUTONG_TRY(auto wrapped, tbs.enter_optional(asn1::context_constructed(3)));
  if (wrapped) {
    HUTONG_TRY(const ByteView content, wrapped->read(Tag::kSequence));
    HUTONG_CHECK(wrapped->finish());
    HUTONG_TRY(extensions, parse_certificate_extensions(content, recorder));
  }
  const bool needs_version3 = wrapped.has_value() || (version == 1 && (issuer_id || subject_id));
  return needs_version3 && version < 3 ? recorder.meet(Quirk::kExtensionsBeforeVersion3) : ok();
}

Status Certificate::Body::check_extension_habits(QuirkRecorder& recorder) const {
  if (extensions.key_usage && !extensions.is_critical(oids::kKeyUsage)) {
    HUTONG_CHECK(recorder.meet(Quirk::kKeyUsageNotCritical));
  }
  if (extensions.basic_constraints && extensions.basic_constraints->ca &&
      !extensions.is_critical(oids::kBasicConstraints)) {
    HUTONG_CHECK(recorder.meet(Quirk::kBasicConstraintsNotCritical));
  }
  return ok();
}

Result<Certificate> Certificate::parse(ByteView der, const QuirkPolicy& policy) {
  if (der.size() > kMostOctets) {
    return Error{Errc::kLimit, "cert.too_large", "a certificate of more than 1 MiB"};
  }
  return parse(to_bytes(der), policy);
}

Result<Certificate> Certificate::parse(Bytes&& der, const QuirkPolicy& policy) {
  if (der.size() > kMostOctets) {
    return Error{Errc::kLimit, "cert.too_large", "a certificate of more than 1 MiB"};
  }
  auto body = std::make_shared<Body>();
  body->der = std::move(der);
  QuirkRecorder recorder(policy);
  HUTONG_CHECK(body->read(recorder));
  return Certificate(std::move(body));
}

ByteView Certificate::der() const { return body_->object.der; }
ByteView Certificate::tbs() const { return body_->object.tbs; }
unsigned Certificate::version() const { return body_->version; }
const Serial& Certificate::serial() const { return body_->serial; }
const Name& Certificate::issuer() const { return body_->issuer; }
const Name& Certificate::subject() const { return body_->subject; }
Time Certificate::not_before() const { return body_->not_before.time; }
Time Certificate::not_after() const { return body_->not_after.time; }
const asn1::TimeValue& Certificate::not_before_value() const { return body_->not_before; }
const asn1::TimeValue& Certificate::not_after_value() const { return body_->not_after; }
ByteView Certificate::signature_algorithm_der() const { return body_->object.algorithm; }
const Result<crypto::SignatureAlgorithm>& Certificate::signature_algorithm() const {
  return body_->algorithm;
}
ByteView Certificate::signature() const { return body_->object.signature; }
ByteView Certificate::spki() const { return body_->spki.der; }
const asn1::Oid& Certificate::key_algorithm() const { return body_->spki.algorithm; }
ByteView Certificate::key_octets() const { return body_->spki.key_octets; }
std::optional<asn1::BitString> Certificate::issuer_unique_id() const { return body_->issuer_unique_id; }
std::optional<asn1::BitString> Certificate::subject_unique_id() const { return body_->subject_unique_id; }
const CertificateExtensions& Certificate::extensions() const { return body_->extensions; }
QuirkSet Certificate::quirks() const { return body_->quirks; }

const Result<crypto::PublicKey>& Certificate::public_key() const {
  return body_->public_key.get([this] { return crypto::PublicKey::from_spki(body_->spki.der); });
}

const std::vector<IdentityValue>& Certificate::identities() const& {
  return body_->identities.get([this] { return read_identities(extensions().all); });
}

const crypto::Sm3Digest& Certificate::sm3() const {
  return body_->sm3.get([this] { return crypto::sm3(der()); });
}

bool Certificate::is_ca() const {
  return version() == 3 && extensions().basic_constraints && extensions().basic_constraints->ca;
}

bool Certificate::is_signed_by(const crypto::PublicKey& issuer_key) const {
  return internal::verifies(issuer_key, signature_algorithm(), tbs(), signature());
}

bool Certificate::is_signed_by(const crypto::Sm2PreparedKey& issuer_key) const {
  return internal::verifies(issuer_key, signature_algorithm(), tbs(), signature());
}

bool Certificate::is_self_signed() const {
  return is_self_issued() && public_key() && is_signed_by(*public_key());
}

Bytes Certificate::fingerprint(crypto::DigestAlgorithm algorithm) const {
  return crypto::digest(algorithm, der());
}

}  // namespace hutong::x509
