#include "recognition/detect.h"

#include <algorithm>
#include <utility>

#include "asn1/oids.h"
#include "base/stream.h"
#include "cms/message.h"
#include "cms/signed_data.h"
#include "cms/timestamp.h"
#include "crypto/pem.h"
#include "x509/input.h"

namespace hutong::recognition {
namespace {

using x509::InputKind;

constexpr std::size_t kMessageBeginning = 64;
constexpr std::uint8_t kSequenceOctet = 0x30;

/// Lets content pass by unseen: here only the structure counts.
class IgnoredContent final : public cms::ContentObserver {
 public:
  Status begin(const cms::SignedData& /*head*/) override { return ok(); }
  Status write(ByteView /*piece*/) override { return ok(); }
};

Encoding encoding_of(ByteView file) {
  if (!file.empty() && file[0] == kSequenceOctet) {
    return Encoding::kDer;
  }
  return crypto::looks_like_pem(file) ? Encoding::kPem : Encoding::kBase64;
}

/// Bundle, time stamp, detached or attached: only the end of the message tells.
Kind kind_of_signed(const cms::SignedData& message) {
  if (message.signers.empty() && !message.certificates.empty()) {
    return Kind::kCertificateBundle;
  }
  if (message.content_type == asn1::oids::kTstInfo) {
    return Kind::kTimestamp;
  }
  return message.content == cms::ContentPresence::kAbsent ? Kind::kDetachedSignature : Kind::kSignedMessage;
}

void take_signed(ByteView message, Detected& detected) {
  IgnoredContent nothing;
  MemorySource source(message);
  auto read = cms::read_signed_data(source, nothing);
  if (!read) {
    detected.kind = Kind::kSignedMessage;  // broken, and its judge will say how
    return;
  }
  detected.kind = kind_of_signed(*read);
  if (detected.kind == Kind::kCertificateBundle) {
    detected.certificates = std::move(read->certificates);
    detected.crls = std::move(read->crls);
  } else if (detected.kind == Kind::kDetachedSignature) {
    detected.signature = std::move(*read);
  }
}

void take_message(const cms::MessageKind& kind, Detected& detected) {
  switch (kind.type) {
    case cms::MessageType::kSignedData:
      take_signed(detected.object, detected);
      return;
    case cms::MessageType::kEnvelopedData:
    case cms::MessageType::kSignedAndEnvelopedData:
    case cms::MessageType::kEncryptedData:
      detected.kind = Kind::kEnvelopedMessage;
      return;
    default:
      detected.kind = Kind::kUnknown;
  }
}

Kind kind_of_der(InputKind kind, ByteView der) {
  switch (kind) {
    case InputKind::kCertificate:
      return Kind::kCertificate;
    case InputKind::kCrl:
      return Kind::kCrl;
    case InputKind::kCertificateRequest:
      return Kind::kCertificateRequest;
    case InputKind::kOcspResponse:
      return Kind::kOcspResponse;
    case InputKind::kKey:
      return Kind::kUnknown;
    default:
      return cms::TimestampResponse::from_der(der) ? Kind::kTimestamp : Kind::kUnknown;
  }
}

/// The further objects of a file can only help: certificates for the chain, lists for revocation.
void take_companions(std::vector<x509::InputObject>& objects, Detected& detected) {
  for (auto& object : objects) {
    if (object.kind == InputKind::kCertificate) {
      detected.certificates.push_back(std::move(object.der));
    } else if (object.kind == InputKind::kCrl) {
      detected.crls.push_back(std::move(object.der));
    } else {
      ++detected.ignored;
    }
  }
}

void take_objects(std::vector<x509::InputObject> objects, Detected& detected) {
  const auto is_key = [](const x509::InputObject& object) { return object.kind == InputKind::kKey; };
  detected.private_key = std::erase_if(objects, is_key) > 0;
  if (objects.empty()) {
    return;
  }
  const auto is_certificate = [](const auto& object) { return object.kind == InputKind::kCertificate; };
  if (objects.size() > 1 && is_certificate(objects.front())) {
    detected.kind = Kind::kCertificateBundle;
    take_companions(objects, detected);
    return;
  }
  const InputKind first = objects.front().kind;
  detected.decoded = std::move(objects.front().der);
  detected.object = detected.decoded;
  objects.erase(objects.begin());
  take_companions(objects, detected);
  if (const auto message = cms::recognise_message(detected.object)) {
    take_message(*message, detected);
  } else {
    detected.kind = kind_of_der(first, detected.object);
  }
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::kCertificate:
      return "certificate";
    case Kind::kCertificateBundle:
      return "certificate_bundle";
    case Kind::kCrl:
      return "crl";
    case Kind::kCertificateRequest:
      return "certificate_request";
    case Kind::kSignedMessage:
      return "signed_message";
    case Kind::kDetachedSignature:
      return "detached_signature";
    case Kind::kEnvelopedMessage:
      return "enveloped_message";
    case Kind::kTimestamp:
      return "timestamp";
    case Kind::kOcspResponse:
      return "ocsp_response";
    case Kind::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(Encoding encoding) {
  switch (encoding) {
    case Encoding::kPem:
      return "pem";
    case Encoding::kBase64:
      return "base64";
    case Encoding::kDer:
      break;
  }
  return "der";
}

Detected detect(ByteView file) {
  Detected detected;
  detected.encoding = encoding_of(file);
  detected.object = file;
  // Messages first: they may be BER, and large ones must not be copied.
  if (detected.encoding == Encoding::kDer) {
    if (const auto message = cms::recognise_message(file.first(std::min(file.size(), kMessageBeginning)))) {
      take_message(*message, detected);
      return detected;
    }
  }
  auto input = x509::decode_input(file, x509::QuirkPolicy::standard());
  if (input) {
    detected.quirks = input->quirks;
    take_objects(std::move(input->objects), detected);
  } else if (detected.encoding == Encoding::kDer) {
    detected.kind = kind_of_der(x509::detect_der(file), file);
  }
  return detected;
}

}  // namespace hutong::recognition
