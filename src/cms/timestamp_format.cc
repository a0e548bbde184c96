#include <array>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "cms/attributes.h"
#include "cms/internal/imprint.h"
#include "cms/internal/timestamp_error.h"
#include "cms/sign.h"
#include "cms/timestamp.h"

namespace hutong::cms {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;

constexpr std::array kFailures{TimestampFailure::kBadAlg,
                               TimestampFailure::kBadRequest,
                               TimestampFailure::kBadDataFormat,
                               TimestampFailure::kTimeNotAvailable,
                               TimestampFailure::kUnacceptedPolicy,
                               TimestampFailure::kUnacceptedExtension,
                               TimestampFailure::kAddInfoNotAvailable,
                               TimestampFailure::kSystemFailure};

/// Extensions as the types only; GM/T 0033 prints the field as one Extension, RFC 3161 as a list.
Result<std::vector<asn1::Oid>> read_extension_types(asn1::Reader list) {
  std::vector<asn1::Oid> types;
  if (list.next_is(Tag::kOid)) {
    HUTONG_TRY(const asn1::Oid type, list.read_oid());
    types.push_back(type);
    return types;
  }
  while (!list.at_end()) {
    HUTONG_TRY(asn1::Reader extension, list.enter_sequence());
    HUTONG_TRY(const asn1::Oid type, extension.read_oid());
    types.push_back(type);
  }
  return types;
}

Result<TimestampFailure> failure_from(const asn1::BitString& bits) {
  for (const TimestampFailure failure : kFailures) {
    if (bits.bit(static_cast<std::size_t>(failure))) {
      return failure;
    }
  }
  return internal::broken_timestamp("an unknown failInfo");  // GM/T 0033 7.2: must be reported as an error
}

Status read_status(asn1::Reader reader, TimestampResponse& response) {
  HUTONG_TRY(const std::uint64_t status, reader.read_small());
  if (status > static_cast<std::uint64_t>(TimestampStatus::kRevocationNotification)) {
    return internal::broken_timestamp("an unknown status");
  }
  response.status = static_cast<TimestampStatus>(status);
  if (reader.next_is(Tag::kSequence)) {
    HUTONG_TRY(asn1::Reader texts, reader.enter_sequence());
    while (!texts.at_end()) {
      HUTONG_TRY(const ByteView text, texts.read(Tag::kUtf8String));
      if (!is_utf8(as_text(text))) {
        return internal::broken_timestamp("the status text is not UTF-8");
      }
      response.status_text.emplace_back(as_text(text));
    }
  }
  if (!reader.at_end()) {
    HUTONG_TRY(const asn1::BitString bits, reader.read_bit_string());
    HUTONG_TRY(response.failure, failure_from(bits));
  }
  return reader.finish();
}

bool is_granted(TimestampStatus status) {
  return status == TimestampStatus::kGranted || status == TimestampStatus::kGrantedWithMods;
}

}  // namespace

std::string_view to_string(TimestampFailure failure) {
  switch (failure) {
    case TimestampFailure::kBadAlg:
      return "badAlg";
    case TimestampFailure::kBadRequest:
      return "badRequest";
    case TimestampFailure::kBadDataFormat:
      return "badDataFormat";
    case TimestampFailure::kTimeNotAvailable:
      return "timeNotAvailable";
    case TimestampFailure::kUnacceptedPolicy:
      return "unacceptedPolicy";
    case TimestampFailure::kUnacceptedExtension:
      return "unacceptedExtension";
    case TimestampFailure::kAddInfoNotAvailable:
      return "addInfoNotAvailable";
    case TimestampFailure::kSystemFailure:
      break;
  }
  return "systemFailure";
}

Result<TimestampRequest> TimestampRequest::from_der(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader reader, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const std::uint64_t version, reader.read_small());
  if (version != 1) {
    return internal::broken_timestamp("TimeStampReq has another version than 1");
  }
  TimestampRequest request;
  HUTONG_TRY(request.imprint, internal::read_imprint(reader));
  if (reader.next_is(Tag::kOid)) {
    HUTONG_TRY(request.policy, reader.read_oid());
  }
  if (reader.next_is(Tag::kInteger)) {
    HUTONG_TRY(const ByteView nonce, reader.read_integer());
    HUTONG_TRY(request.nonce, x509::Serial::from_content(nonce));
  }
  if (reader.next_is(Tag::kBoolean)) {
    HUTONG_TRY(request.certificate_wanted, reader.read_boolean());
  }
  if (reader.next_is(asn1::context_constructed(0))) {
    HUTONG_TRY(const asn1::Reader list, reader.enter(asn1::context_constructed(0)));
    HUTONG_TRY(request.extensions, read_extension_types(list));
  }
  HUTONG_CHECK(reader.finish());
  return request;
}

Bytes TimestampRequest::to_der() const {
  Writer out;
  out.sequence([&](Writer& body) {
    body.small(1);
    internal::write_imprint(body, imprint);
    if (policy) {
      body.oid(*policy);
    }
    if (nonce) {
      body.element(Tag::kInteger, nonce->content());
    }
    if (certificate_wanted) {
      body.boolean(true);
    }
  });
  return std::move(out).take();
}

Result<TimestampResponse> TimestampResponse::from_der(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader reader, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  TimestampResponse response;
  HUTONG_TRY(const asn1::Reader status, reader.enter_sequence());
  HUTONG_CHECK(read_status(status, response));
  response.token = to_bytes(reader.rest());
  if (!reader.at_end()) {
    HUTONG_TRY(const asn1::Element token, reader.read_element(Tag::kSequence));
    response.token = to_bytes(token.encoded);
  }
  HUTONG_CHECK(reader.finish());
  if (is_granted(response.status) == response.token.empty()) {
    return internal::broken_timestamp("a token is there exactly when the status is granted");
  }
  return response;
}

Bytes TimestampResponse::to_der() const {
  Writer out;
  out.sequence([&](Writer& body) {
    body.sequence([&](Writer& info) {
      info.small(static_cast<std::uint64_t>(status));
      if (!status_text.empty()) {
        info.sequence([&](Writer& texts) {
          for (const std::string& text : status_text) {
            texts.text(Tag::kUtf8String, text);
          }
        });
      }
      if (failure) {
        info.named_bits(std::uint32_t{1} << static_cast<unsigned>(*failure));
      }
    });
    body.raw(token);
  });
  return std::move(out).take();
}

Result<Bytes> make_token(const TstInfo& info, const TimestampAuthority& authority,
                         TokenCertificate certificate) {
  SignOptions options;
  options.form = authority.form;
  options.content_type = oids::kTstInfo;
  options.signing_time = info.time;
  options.signer_certificates = certificate == TokenCertificate::kIncluded ? SignerCertificates::kIncluded
                                                                           : SignerCertificates::kLeftOut;
  const MessageSigner signer{
      authority.key,
      authority.certificate,
      {signing_certificate_attribute(authority.certificate, authority.key.algorithm().digest)}};
  return sign_attached(info.to_der(), std::span(&signer, 1), options);
}

}  // namespace hutong::cms
