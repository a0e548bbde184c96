#include "recognition/judge.h"

#include <utility>

#include "recognition/detect.h"
#include "recognition/internal/session.h"
#include "recognition/recognition_findings.h"

namespace hutong::recognition {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::kEndEntity:
      return "end_entity";
    case Role::kIntermediate:
      return "intermediate";
    case Role::kAnchor:
      break;
  }
  return "anchor";
}

RecognitionReport judge(const Question& question, const Trust& trust) {
  internal::Session session(question, trust, detect(question.file));
  switch (session.detected().kind) {
    case Kind::kCertificate:
      internal::judge_certificate(session);
      break;
    case Kind::kCertificateBundle:
      internal::judge_bundle(session);
      break;
    case Kind::kCrl:
      internal::judge_crl(session);
      break;
    case Kind::kCertificateRequest:
      internal::judge_request(session);
      break;
    case Kind::kOcspResponse:
      internal::judge_ocsp_response(session);
      break;
    case Kind::kSignedMessage:
    case Kind::kDetachedSignature:
      internal::judge_signed_message(session);
      break;
    case Kind::kEnvelopedMessage:
      internal::judge_envelope(session);
      break;
    case Kind::kTimestamp:
      internal::judge_timestamp(session);
      break;
    case Kind::kUnknown:
      session.add(findings::kInputUnknown, "file");
      break;
  }
  return std::move(session).finish();
}

}  // namespace hutong::recognition
