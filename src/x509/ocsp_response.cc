#include <algorithm>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "crypto/sm3.h"
#include "x509/internal/ocsp_reading.h"
#include "x509/internal/signed_object.h"
#include "x509/ocsp.h"

namespace hutong::x509 {
namespace {

using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

constexpr std::size_t kSha1Octets = 20;
constexpr std::size_t kMostResponderCertificates = 100;

Result<Time> read_generalized(Reader& reader) {
  HUTONG_TRY(const ByteView content, reader.read(Tag::kGeneralizedTime));
  return asn1::generalized_time_from(content);
}

Status read_revoked(Reader& info, OcspSingleResponse& single) {
  HUTONG_TRY(single.revoked_at, read_generalized(info));
  HUTONG_TRY(auto reason, info.enter_optional(asn1::context_constructed(0)));
  if (reason) {
    HUTONG_TRY(const std::uint64_t number, reason->read_enumerated());
    HUTONG_CHECK(reason->finish());
    HUTONG_TRY(single.reason, crl_reason_from(number));
  }
  return info.finish();
}

Status read_status(Reader& fields, OcspSingleResponse& single) {
  if (fields.next_is(asn1::context_constructed(1))) {
    single.status = OcspCertStatus::kRevoked;
    HUTONG_TRY(Reader info, fields.enter(asn1::context_constructed(1)));
    return read_revoked(info, single);
  }
  HUTONG_TRY(const asn1::Element status, fields.read_any());
  if (status.tag == asn1::context(0)) {
    single.status = OcspCertStatus::kGood;
  } else if (status.tag == asn1::context(2)) {
    single.status = OcspCertStatus::kUnknown;
  } else {
    return Error{Errc::kMalformed, "ocsp.status", "certStatus is none of good, revoked, unknown"};
  }
  return status.content.empty() ? ok() : Status(Error{Errc::kMalformed, "asn1.null", "a NULL with content"});
}

Result<OcspSingleResponse> read_single(Reader& list) {
  HUTONG_TRY(Reader fields, list.enter_sequence());
  OcspSingleResponse single;
  HUTONG_TRY(single.certificate, internal::read_cert_id(fields));
  HUTONG_CHECK(read_status(fields, single));
  HUTONG_TRY(single.this_update, read_generalized(fields));
  HUTONG_TRY(auto next_update, fields.enter_optional(asn1::context_constructed(0)));
  if (next_update) {
    HUTONG_TRY(single.next_update, read_generalized(*next_update));
    HUTONG_CHECK(next_update->finish());
  }
  HUTONG_TRY(auto wrapped, fields.enter_optional(asn1::context_constructed(1)));
  if (wrapped) {
    HUTONG_TRY(const internal::OcspExtensions extensions, internal::read_ocsp_extensions(*wrapped));
    single.has_unknown_critical_extension = extensions.unknown_critical;
  }
  HUTONG_CHECK(fields.finish());
  return single;
}

Result<OcspResponderId> read_responder(Reader& data, QuirkRecorder& quirks) {
  if (data.next_is(asn1::context_constructed(1))) {
    HUTONG_TRY(const ByteView der, data.read(asn1::context_constructed(1)));
    HUTONG_TRY(Name name, Name::parse(der, quirks));
    return OcspResponderId(std::move(name));
  }
  HUTONG_TRY(Reader wrapped, data.enter(asn1::context_constructed(2)));
  HUTONG_TRY(const ByteView hash, wrapped.read_octet_string());
  HUTONG_CHECK(wrapped.finish());
  if (hash.size() != kSha1Octets) {
    HUTONG_CHECK(quirks.meet(Quirk::kOcspSm3KeyHash));
  }
  return OcspResponderId(to_bytes(hash));
}

Result<OcspResponseStatus> status_from(std::uint64_t number) {
  if (number > 6 || number == 4) {
    return Error{Errc::kMalformed, "ocsp.response_status", "there is no such responseStatus"};
  }
  return static_cast<OcspResponseStatus>(number);
}

}  // namespace

struct OcspResponse::Body {
  Bytes der;
  OcspResponseStatus status = OcspResponseStatus::kInternalError;
  ByteView tbs;
  ByteView algorithm_der;
  ByteView signature;
  Result<crypto::SignatureAlgorithm> algorithm{
      Error{Errc::kMalformed, "ocsp.empty", "a response without a body"}};
  OcspResponderId responder;
  Time produced_at{};
  std::vector<OcspSingleResponse> responses;
  std::optional<OcspNonce> nonce;
  bool unknown_critical = false;
  std::vector<Certificate> certificates;
  QuirkSet quirks;

  Status read(QuirkRecorder& recorder);

 private:
  Status read_basic(ByteView der, QuirkRecorder& recorder);
  Status read_data(QuirkRecorder& recorder);
  Status read_certificates(Reader& fields, const QuirkPolicy& policy);
};

Status OcspResponse::Body::read(QuirkRecorder& recorder) {
  Reader outer(der);
  HUTONG_TRY(Reader fields, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const std::uint64_t number, fields.read_enumerated());
  HUTONG_TRY(status, status_from(number));
  HUTONG_TRY(auto wrapped, fields.enter_optional(asn1::context_constructed(0)));
  HUTONG_CHECK(fields.finish());
  if (wrapped.has_value() != (status == OcspResponseStatus::kSuccessful)) {
    return Error{Errc::kMalformed, "ocsp.body", "exactly a successful response has a body"};
  }
  if (wrapped) {
    HUTONG_TRY(Reader body, wrapped->enter_sequence());
    HUTONG_CHECK(wrapped->finish());
    HUTONG_TRY(const asn1::Oid type, body.read_oid());
    if (type != oids::kOcspBasic) {
      return Error{Errc::kPolicy, "ocsp.type", "not a basic response: " + type.to_string()};
    }
    HUTONG_TRY(const ByteView basic, body.read_octet_string());
    HUTONG_CHECK(body.finish());
    HUTONG_CHECK(read_basic(basic, recorder));
  }
  quirks = recorder.seen();
  return ok();
}

Status OcspResponse::Body::read_basic(ByteView basic, QuirkRecorder& recorder) {
  Reader outer(basic);
  HUTONG_TRY(Reader fields, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const asn1::Element data, fields.read_element(Tag::kSequence));
  tbs = data.encoded;
  HUTONG_TRY(const asn1::Element identifier, fields.read_element(Tag::kSequence));
  algorithm_der = identifier.encoded;
  HUTONG_CHECK(internal::check_algorithm_form(algorithm_der, recorder));
  algorithm = crypto::SignatureAlgorithm::from_der(algorithm_der);
  HUTONG_TRY(signature, fields.read_bit_string_octets());
  HUTONG_CHECK(read_certificates(fields, recorder.policy()));
  HUTONG_CHECK(fields.finish());
  return read_data(recorder);
}

Status OcspResponse::Body::read_certificates(Reader& fields, const QuirkPolicy& policy) {
  HUTONG_TRY(auto wrapped, fields.enter_optional(asn1::context_constructed(0)));
  if (!wrapped) {
    return ok();
  }
  HUTONG_TRY(Reader list, wrapped->enter_sequence());
  HUTONG_CHECK(wrapped->finish());
  while (!list.at_end()) {
    HUTONG_TRY(const asn1::Element element, list.read_any());
    auto certificate = Certificate::parse(element.encoded, policy);
    if (certificate && certificates.size() < kMostResponderCertificates) {
      certificates.push_back(std::move(certificate).value());
    }
  }
  return ok();
}

Status OcspResponse::Body::read_data(QuirkRecorder& recorder) {
  Reader outer(tbs);
  HUTONG_TRY(Reader data, outer.enter_sequence());
  HUTONG_TRY(auto version, data.enter_optional(asn1::context_constructed(0)));
  if (version) {
    HUTONG_TRY(const std::uint64_t number, version->read_small());
    if (number != 0) {
      return Error{Errc::kMalformed, "ocsp.version", "only version 1 exists"};
    }
    HUTONG_CHECK(version->finish());
  }
  HUTONG_TRY(responder, read_responder(data, recorder));
  HUTONG_TRY(produced_at, read_generalized(data));
  HUTONG_TRY(Reader list, data.enter_sequence());
  while (!list.at_end()) {
    HUTONG_TRY(OcspSingleResponse single, read_single(list));
    responses.push_back(std::move(single));
  }
  HUTONG_TRY(auto wrapped, data.enter_optional(asn1::context_constructed(1)));
  if (wrapped) {
    HUTONG_TRY(internal::OcspExtensions extensions, internal::read_ocsp_extensions(*wrapped));
    nonce = std::move(extensions.nonce);
    unknown_critical = extensions.unknown_critical;
  }
  if (nonce && nonce->raw_form) {
    HUTONG_CHECK(recorder.meet(Quirk::kOcspRawNonce));
  }
  return data.finish();
}

Result<OcspResponse> OcspResponse::parse(ByteView der, const QuirkPolicy& policy) {
  if (der.size() > kMostOctets) {
    return Error{Errc::kLimit, "ocsp.too_large", "a response of more than 1 MiB"};
  }
  auto body = std::make_shared<Body>();
  body->der = to_bytes(der);
  QuirkRecorder recorder(policy);
  HUTONG_CHECK(body->read(recorder));
  return OcspResponse(std::move(body));
}

ByteView OcspResponse::der() const { return body_->der; }
OcspResponseStatus OcspResponse::status() const { return body_->status; }
ByteView OcspResponse::tbs() const { return body_->tbs; }
const OcspResponderId& OcspResponse::responder() const { return body_->responder; }
Time OcspResponse::produced_at() const { return body_->produced_at; }
const std::vector<OcspSingleResponse>& OcspResponse::responses() const { return body_->responses; }
const std::optional<OcspNonce>& OcspResponse::nonce() const { return body_->nonce; }
bool OcspResponse::has_unknown_critical_extension() const { return body_->unknown_critical; }
const std::vector<Certificate>& OcspResponse::certificates() const { return body_->certificates; }
ByteView OcspResponse::signature_algorithm_der() const { return body_->algorithm_der; }
const Result<crypto::SignatureAlgorithm>& OcspResponse::signature_algorithm() const {
  return body_->algorithm;
}
ByteView OcspResponse::signature() const { return body_->signature; }
QuirkSet OcspResponse::quirks() const { return body_->quirks; }

const OcspSingleResponse* OcspResponse::find(const Certificate& certificate,
                                             const Certificate& issuer) const {
  const auto found = std::ranges::find_if(body_->responses, [&](const OcspSingleResponse& single) {
    return single.certificate.names(certificate, issuer);
  });
  return found == body_->responses.end() ? nullptr : &*found;
}

bool OcspResponse::is_by(const Certificate& responder) const {
  if (const auto* name = std::get_if<Name>(&body_->responder); name != nullptr) {
    return *name == responder.subject();
  }
  const Bytes& hash = std::get<Bytes>(body_->responder);
  return hash == crypto::digest(crypto::DigestAlgorithm::kSha1, responder.key_octets()) ||
         equal(hash, crypto::sm3(responder.key_octets()));
}

bool OcspResponse::is_signed_by(const crypto::PublicKey& responder_key) const {
  return internal::verifies(responder_key, signature_algorithm(), tbs(), signature());
}

}  // namespace hutong::x509
