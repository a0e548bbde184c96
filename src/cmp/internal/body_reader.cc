#include "cmp/internal/body_format.h"
#include "cmp/internal/fields.h"
#include "cmp/message.h"

namespace hutong::cmp::internal {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Tag;

namespace {

Result<Body> read_requests(Reader& content, BodyType kind) {
  HUTONG_TRY(const Reader list, content.enter_sequence());
  HUTONG_TRY(auto requests, read_some(list, kMostRequests, read_request_message));
  return Body(CertificateRequests{kind, std::move(requests)});
}

/// CertifiedKeyPair.
Status read_key_pair(Reader fields, CertificateResponse& out) {
  HUTONG_TRY(auto certificate, fields.enter_optional(context_constructed(0)));
  if (!certificate) {
    return Error{Errc::kPolicy, "cmp.encrypted_certificate", "an encrypted certificate"};
  }
  HUTONG_TRY(out.certificate, read_certificate(*certificate));
  HUTONG_CHECK(certificate->finish());
  HUTONG_TRY(auto key, fields.enter_optional(context_constructed(0)));
  if (key) {
    HUTONG_TRY(const asn1::Element choice, key->read_any());
    if (choice.tag != Tag::kSequence && choice.tag != context_constructed(0)) {
      return bad_structure("unknown form of an encrypted key");
    }
    out.private_key = to_bytes(choice.encoded);
    HUTONG_CHECK(key->finish());
  }
  HUTONG_CHECK(fields.enter_optional(context_constructed(1)));  // where it was published
  return fields.finish();
}

Result<CertificateResponse> read_response(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  CertificateResponse response;
  HUTONG_TRY(response.id, read_signed(fields));
  HUTONG_TRY(response.status, read_status(fields));
  HUTONG_TRY(auto pair, fields.enter_optional(Tag::kSequence));
  if (pair) {
    HUTONG_CHECK(read_key_pair(*pair, response));
  }
  HUTONG_TRY(const auto information, fields.read_optional(Tag::kOctetString));
  if (information) {
    response.response_info = to_bytes(*information);
  }
  HUTONG_CHECK(fields.finish());
  return response;
}

Result<Body> read_responses(Reader& content, BodyType kind) {
  HUTONG_TRY(Reader fields, content.enter_sequence());
  CertificateResponses body;
  body.kind = kind;
  HUTONG_TRY(auto wrapped, fields.enter_optional(context_constructed(1)));
  if (wrapped) {
    HUTONG_TRY(const Reader list, wrapped->enter_sequence());
    HUTONG_TRY(body.ca_certificates, read_some(list, kMostCertificates, read_certificate));
    HUTONG_CHECK(wrapped->finish());
  }
  HUTONG_TRY(const Reader list, fields.enter_sequence());
  HUTONG_TRY(body.responses, read_list(list, kMostRequests, read_response));
  HUTONG_CHECK(fields.finish());
  return Body(std::move(body));
}

Result<RevocationDetails> read_details(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  RevocationDetails details;
  HUTONG_TRY(details.certificate, read_template(fields));
  HUTONG_TRY(const auto extensions, fields.read_optional(Tag::kSequence));
  if (extensions) {
    HUTONG_TRY(details.entry_extensions, read_extensions(*extensions));
  }
  HUTONG_CHECK(fields.finish());
  return details;
}

Result<Body> read_revocation_request(Reader& content) {
  HUTONG_TRY(const Reader list, content.enter_sequence());
  HUTONG_TRY(auto certificates, read_some(list, kMostRequests, read_details));
  return Body(RevocationRequest{std::move(certificates)});
}

Result<Body> read_revocation_response(Reader& content) {
  HUTONG_TRY(Reader fields, content.enter_sequence());
  RevocationResponse body;
  HUTONG_TRY(const Reader statuses, fields.enter_sequence());
  HUTONG_TRY(body.statuses, read_some(statuses, kMostRequests, read_status));
  HUTONG_TRY(auto certificates, fields.enter_optional(context_constructed(0)));
  if (certificates) {
    HUTONG_TRY(const Reader list, certificates->enter_sequence());
    HUTONG_TRY(body.certificates, read_list(list, kMostRequests, read_certificate_id));
    HUTONG_CHECK(certificates->finish());
  }
  HUTONG_TRY(auto crls, fields.enter_optional(context_constructed(1)));
  if (crls) {
    HUTONG_TRY(const Reader list, crls->enter_sequence());
    HUTONG_TRY(body.crls, read_list(list, kMostRequests, read_sequence_der));
    HUTONG_CHECK(crls->finish());
  }
  HUTONG_CHECK(fields.finish());
  return Body(std::move(body));
}

Result<Body> read_general(Reader& content, BodyType kind) {
  HUTONG_TRY(const Reader list, content.enter_sequence());
  HUTONG_TRY(auto items, read_list(list, kMostTypedValues, read_typed_value));
  return Body(GeneralMessage{kind, std::move(items)});
}

Result<Body> read_error(Reader& content) {
  HUTONG_TRY(Reader fields, content.enter_sequence());
  ErrorMessage body;
  HUTONG_TRY(body.status, read_status(fields));
  if (fields.next_is(Tag::kInteger)) {
    HUTONG_TRY(body.code, read_signed(fields));
  }
  if (!fields.at_end()) {
    HUTONG_TRY(body.details, read_texts(fields));
  }
  HUTONG_CHECK(fields.finish());
  return Body(std::move(body));
}

Result<CertificateStatus> read_certificate_status(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  CertificateStatus status;
  HUTONG_TRY(const ByteView hash, fields.read_octet_string());
  status.hash = to_bytes(hash);
  HUTONG_TRY(status.id, read_signed(fields));
  if (fields.next_is(Tag::kSequence)) {
    HUTONG_TRY(status.status, read_status(fields));
  }
  HUTONG_TRY(auto algorithm, fields.enter_optional(context_constructed(0)));
  if (algorithm) {
    HUTONG_TRY(status.hash_algorithm, read_sequence_der(*algorithm));
    HUTONG_CHECK(algorithm->finish());
  }
  HUTONG_CHECK(fields.finish());
  return status;
}

Result<Body> read_certificate_confirm(Reader& content) {
  HUTONG_TRY(const Reader list, content.enter_sequence());
  HUTONG_TRY(auto statuses, read_list(list, kMostRequests, read_certificate_status));
  return Body(CertificateConfirm{std::move(statuses)});
}

Result<std::int64_t> read_poll_id(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  HUTONG_TRY(const std::int64_t id, read_signed(fields));
  HUTONG_CHECK(fields.finish());
  return id;
}

Result<Body> read_poll_request(Reader& content) {
  HUTONG_TRY(const Reader list, content.enter_sequence());
  HUTONG_TRY(auto ids, read_some(list, kMostRequests, read_poll_id));
  return Body(PollRequest{std::move(ids)});
}

Result<PollAnswer> read_poll_answer(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  PollAnswer answer;
  HUTONG_TRY(answer.id, read_signed(fields));
  HUTONG_TRY(const std::uint64_t seconds, fields.read_small());
  answer.check_after = std::chrono::seconds(seconds);
  if (!fields.at_end()) {
    HUTONG_TRY(answer.reason, read_texts(fields));
  }
  HUTONG_CHECK(fields.finish());
  return answer;
}

Result<Body> read_poll_response(Reader& content) {
  HUTONG_TRY(const Reader list, content.enter_sequence());
  HUTONG_TRY(auto answers, read_some(list, kMostRequests, read_poll_answer));
  return Body(PollResponse{std::move(answers)});
}

Result<Body> read_alternative(Reader& content, BodyType type) {
  switch (type) {
    case BodyType::kInitialRequest:
    case BodyType::kCertificationRequest:
    case BodyType::kKeyUpdateRequest:
      return read_requests(content, type);
    case BodyType::kInitialResponse:
    case BodyType::kCertificationResponse:
    case BodyType::kKeyUpdateResponse:
      return read_responses(content, type);
    case BodyType::kPkcs10Request: {
      HUTONG_TRY(Bytes der, read_sequence_der(content));
      return Body(Pkcs10Request{std::move(der)});
    }
    case BodyType::kRevocationRequest:
      return read_revocation_request(content);
    case BodyType::kRevocationResponse:
      return read_revocation_response(content);
    case BodyType::kConfirm:
      HUTONG_CHECK(content.read_null());
      return Body(Confirm{});
    case BodyType::kGeneralMessage:
    case BodyType::kGeneralResponse:
      return read_general(content, type);
    case BodyType::kError:
      return read_error(content);
    case BodyType::kCertificateConfirm:
      return read_certificate_confirm(content);
    case BodyType::kPollRequest:
      return read_poll_request(content);
    case BodyType::kPollResponse:
      return read_poll_response(content);
  }
  return Error{Errc::kPolicy, "cmp.body", "body " + std::to_string(static_cast<unsigned>(type))};
}

}  // namespace

Result<Body> read_body(Reader& reader) {
  HUTONG_TRY(const asn1::Element element, reader.read_any());
  const unsigned number = static_cast<unsigned>(element.tag) & 0x1FU;
  if (element.tag != context_constructed(static_cast<std::uint8_t>(number))) {
    return bad_structure("the body has a tag of its context");
  }
  HUTONG_TRY(Reader content, reader.nested(element.content));
  HUTONG_TRY(Body body, read_alternative(content, static_cast<BodyType>(number)));
  HUTONG_CHECK(content.finish());
  return body;
}

}  // namespace hutong::cmp::internal
