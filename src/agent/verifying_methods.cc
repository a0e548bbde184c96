#include <array>
#include <utility>

#include "agent/certificate_facts.h"
#include "agent/content.h"
#include "agent/methods.h"
#include "base/encoding.h"
#include "cms/enveloped_data.h"
#include "cms/signed_data.h"
#include "cms/verify.h"
#include "crypto/signature.h"
#include "crypto/sm3.h"

namespace hutong::agent {
namespace {

using net::Json;

/// The key that a signature is verified with: a certificate's, or one given in hexadecimal.
Result<crypto::PublicKey> key_of(const Params& params) {
  if (params.has("certificate")) {
    HUTONG_TRY(const auto certificate, params.certificate("certificate"));
    return certificate.public_key();
  }
  HUTONG_TRY(const auto text, params.text("public_key"));
  const auto octets = from_hex(text);
  const auto key =
      octets ? crypto::Sm2PublicKey::from_octets(*octets) : Result<crypto::Sm2PublicKey>(octets.error());
  if (!key) {
    return Error{Errc::kMalformed, "agent.request", "public_key is 04, x and y in hexadecimal"};
  }
  return crypto::PublicKey(*key);
}

Result<Json> verify_data(Call& call) {
  HUTONG_TRY(const Bytes signature, call.params.octets("signature"));
  HUTONG_TRY(const auto user_id, call.params.user_id());
  HUTONG_TRY(const auto key, key_of(call.params));
  HUTONG_TRY(auto verifier, crypto::SignatureVerifier::create(key, crypto::kSm2WithSm3, user_id));
  HUTONG_CHECK(feed(*call.input, verifier));
  return Json{{"valid", verifier.verify(signature)}};
}

Json signer_json(const cms::SignerReport& signer) {
  return {{"certificate", signer.certificate ? Json(to_base64(signer.certificate->der())) : Json(nullptr)},
          {"signature", to_base64(signer.signature)},
          {"algorithm", signer.algorithm},
          {"digest", signer.digest},
          {"claimed_signing_time",
           signer.claimed_signing_time ? Json(to_rfc3339(*signer.claimed_signing_time)) : Json(nullptr)},
          {"signature_verified", signer.signature_verified},
          {"indication", x509::to_string(signer.indication)},
          {"findings", finding_list(signer.findings)}};
}

Json report_json(const cms::SignedMessageReport& report) {
  bool verified = !report.signers.empty();
  Json signers = Json::array();
  for (const cms::SignerReport& signer : report.signers) {
    verified = verified && signer.signature_verified;
    signers.push_back(signer_json(signer));
  }
  return {{"signature_verified", verified},
          {"indication", x509::to_string(report.indication())},
          {"detached", report.detached},
          {"signers", std::move(signers)},
          {"findings", finding_list(report.findings)}};
}

/// What was signed beside the message, or the message with its content inside.
bool has_content_beside(const PageRequest& request) {
  return request.params.contains("data") || (request.stream && request.params.contains("message"));
}

ContentMembers content_of_verification(const PageRequest& request) {
  return has_content_beside(request) ? ContentMembers{.in = "data"}
                                     : ContentMembers{.in = "message", .out = "content"};
}

Result<Json> verify_message(Call& call) {
  const Time now = call.bench.clock.now();
  const auto believed = call.bench.trust.current(now);
  const cms::TrustContext trust = believed->context(now);
  cms::VerifyOptions options{.at = now, .trust = &trust, .content = call.output};
  if (call.output == nullptr) {
    HUTONG_TRY(const Bytes message, call.params.octets("message"));
    MemorySource source(message);
    HUTONG_TRY(const auto report, cms::verify_detached(source, *call.input, options));
    return report_json(report);
  }
  HUTONG_TRY(const auto report, cms::verify_message(*call.input, options));
  return report_json(report);
}

Json party_json(const cms::PartyIdentifier& party) {
  return {{"issuer", party.issuer ? party.issuer->to_string() : std::string()},
          {"serial_number", party.serial.to_hex()}};
}

/// The certificate in the message that the signer names; null when it is not there.
Json certificate_of(const cms::SignerInfo& signer, const cms::SignedData& message) {
  for (const Bytes& der : message.certificates) {
    const auto certificate = x509::Certificate::parse(der);
    if (certificate && signer.identifier.issuer && certificate->serial() == signer.identifier.serial &&
        certificate->issuer() == *signer.identifier.issuer) {
      return to_base64(der);
    }
  }
  return nullptr;
}

Result<Json> signed_info(ByteView message) {
  Bytes content;
  HUTONG_TRY(const auto data, cms::read_signed_data(message, &content));
  Json signers = Json::array();
  for (const cms::SignerInfo& signer : data.signers) {
    Json one{{"certificate", certificate_of(signer, data)}, {"signature", to_base64(signer.signature)}};
    one.update(party_json(signer.identifier));
    signers.push_back(std::move(one));
  }
  Json certificates = Json::array();
  for (const Bytes& der : data.certificates) {
    certificates.push_back(to_base64(der));
  }
  const bool is_detached = data.content == cms::ContentPresence::kAbsent;
  return Json{{"content", is_detached ? Json(nullptr) : Json(to_base64(content))},
              {"signers", std::move(signers)},
              {"certificates", std::move(certificates)}};
}

Result<Json> enveloped_info(ByteView message) {
  MemorySource source(message);
  HUTONG_TRY(const auto recipients, cms::recipients_of(source));
  Json list = Json::array();
  for (const cms::RecipientInfo& recipient : recipients) {
    list.push_back(party_json(recipient.identifier));
  }
  return Json{{"recipients", std::move(list)}};
}

Result<Json> message_info(Call& call) {
  HUTONG_TRY(const Bytes message, call.params.octets("message"));
  const auto kind = cms::recognise_message(message);
  if (!kind) {
    return Error{Errc::kMalformed, "cms.structure", "no message of GM/T 0010"};
  }
  Json json{{"type", cms::to_string(kind->type)}};
  if (kind->type == cms::MessageType::kSignedData) {
    HUTONG_TRY(const Json more, signed_info(message));
    json.update(more);
  } else if (kind->type == cms::MessageType::kEnvelopedData) {
    HUTONG_TRY(const Json more, enveloped_info(message));
    json.update(more);
  }
  return json;
}

Result<Json> certificate_info(Call& call) {
  HUTONG_TRY(const auto certificate, call.params.certificate("certificate"));
  Json json = certificate_facts(certificate);
  json["extensions"] = extension_list(certificate);
  return json;
}

Result<Json> validate_certificate(Call& call) {
  HUTONG_TRY(const auto certificate, call.params.certificate("certificate"));
  HUTONG_TRY(const auto chain, call.params.certificates("chain"));
  std::vector<ByteView> files;
  files.reserve(chain.size());
  for (const auto& one : chain) {
    files.push_back(one.der());
  }
  const Time now = call.bench.clock.now();
  return recognition::to_json(call.bench.trust.current(now)->judge(certificate.der(), std::move(files), now));
}

Result<Json> digest(Call& call) {
  crypto::Sm3 hash;
  if (call.params.has("certificate")) {
    HUTONG_TRY(const auto user_id, call.params.user_id());
    HUTONG_TRY(const auto certificate, call.params.certificate("certificate"));
    HUTONG_TRY(const auto key, certificate.public_key());
    if (key.sm2() == nullptr) {
      return Error{Errc::kPolicy, "sm2.public_key", "the certificate's key is not SM2"};
    }
    hash.update(key.sm2()->z(as_bytes(user_id)));
  }
  HUTONG_CHECK(feed(*call.input, hash));
  return Json{{"digest", to_base64(hash.finish())}};
}

ContentMembers content_to_verify(const PageRequest& /*request*/) { return {.in = "data"}; }

constexpr std::array<std::string_view, 5> kVerifyDataParams{"data", "signature", "certificate", "public_key",
                                                            "user_id"};
constexpr std::array<std::string_view, 2> kVerifyMessageParams{"message", "data"};
constexpr std::array<std::string_view, 1> kMessageInfoParams{"message"};
constexpr std::array<std::string_view, 1> kCertificateInfoParams{"certificate"};
constexpr std::array<std::string_view, 2> kValidateParams{"certificate", "chain"};
constexpr std::array<std::string_view, 3> kHashParams{"data", "certificate", "user_id"};

constexpr std::array<Method, 6> kVerifyingMethods{{
    {"verify.data", Access::kAllowed, Purpose::kWelcome, kVerifyDataParams, content_to_verify, verify_data},
    {"verify.message", Access::kAllowed, Purpose::kWelcome, kVerifyMessageParams, content_of_verification,
     verify_message},
    {"message.info", Access::kAllowed, Purpose::kWelcome, kMessageInfoParams, nullptr, message_info},
    {"certificate.info", Access::kAllowed, Purpose::kWelcome, kCertificateInfoParams, nullptr,
     certificate_info},
    {"certificate.validate", Access::kAllowed, Purpose::kWelcome, kValidateParams, nullptr,
     validate_certificate},
    {"digest", Access::kAllowed, Purpose::kWelcome, kHashParams, content_to_verify, digest},
}};

}  // namespace

std::span<const Method> verifying_methods() { return kVerifyingMethods; }

}  // namespace hutong::agent
