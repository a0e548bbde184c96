#include "platform/svs/svs_service.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <variant>

#include "platform/svs/certificate_item.h"
#include "platform/svs/svs_request.h"
#include "recognition/judge.h"
#include "recognition/recognition_findings.h"

namespace hutong::platform::svs {
namespace {

using recognition::Kind;
using recognition::RecognitionReport;
using x509::Certificate;
using x509::RevocationMode;

constexpr std::uint64_t kCertificateGiven = 1;
constexpr std::uint64_t kCertificateBySerial = 2;

/// verifyLevel
constexpr std::uint64_t kTimeOnly = 0;
constexpr std::uint64_t kTimeAndRoot = 1;
constexpr std::uint64_t kTimeRootAndList = 2;

/// Certificates that judge() sees afterwards: it knows which deviations the vendor may show.
Result<Certificate> read_loosely(ByteView der) {
  return Certificate::parse(der, x509::QuirkPolicy::everything());
}

/// As in CertStatus of GB/T 19713 and RFC 6960; nothing when no response speaks about the certificate.
std::optional<std::uint64_t> ocsp_state(const RecognitionReport& report) {
  if (report.chain.empty()) {
    return std::nullopt;
  }
  const x509::RevocationStatus& revocation = report.chain.front().revocation;
  const bool asked = std::ranges::any_of(revocation.sources, [](const x509::RevocationSource& source) {
    return std::holds_alternative<x509::OcspResponse>(source);
  });
  if (!asked) {
    return std::nullopt;
  }
  switch (revocation.status) {
    case x509::CertificateStatus::kGood:
      return 0;
    case x509::CertificateStatus::kRevoked:
    case x509::CertificateStatus::kOnHold:
      return 1;
    default:
      return 2;
  }
}

Code code_of_certificate(const RecognitionReport& report) {
  const bool unreadable = x509::has_finding(report.findings, recognition::findings::kInputUnreadable.code) ||
                          report.kind != Kind::kCertificate;
  return unreadable ? Code::kCertDecode : code_of(report);
}

bool may_sign(const Certificate& certificate) {
  const auto& usage = certificate.extensions().key_usage;
  return !usage || usage->can_sign();
}

}  // namespace

Packet Service::answer(Type type, const Packet& request, const std::string& peer) const {
  switch (type) {
    case Type::kExportCert:
      return export_cert(request);
    case Type::kParseCert:
      return parse_cert(request);
    case Type::kValidateCert:
      return validate_cert(request);
    case Type::kSignData:
      return sign_data(request, peer);
    case Type::kVerifySignedData:
      return respond(verify_data(request));
    case Type::kSignDataInit:
      return begin(request, Purpose::kSign, peer);
    case Type::kSignDataUpdate:
      return update(request, Purpose::kSign);
    case Type::kSignDataFinal:
      return sign_final(request, peer);
    case Type::kVerifySignedDataInit:
      return begin(request, Purpose::kVerify, peer);
    case Type::kVerifySignedDataUpdate:
      return update(request, Purpose::kVerify);
    case Type::kVerifySignedDataFinal:
      return respond(verify_final(request));
    case Type::kSignMessage:
      return sign_message(request, peer);
    case Type::kVerifySignedMessage:
      break;
  }
  return respond(verify_message(request));
}

RecognitionReport Service::judge(ByteView file, std::optional<ByteView> content, RevocationMode mode) const {
  const auto snapshot = trust_->current();
  const Time now = clock_->now();
  const recognition::Question question{.file = file, .content = content, .at = now, .revocation = mode};
  auto report = recognition::judge(question, {.list = &snapshot->list,
                                              .now = now,
                                              .revocation = &snapshot->revocation,
                                              .cache = &cache_,
                                              .paths = &snapshot->paths});
  if (sources_ != nullptr) {
    sources_->learn(report, now);
  }
  return report;
}

bool Service::is_good_stamp(ByteView token, ByteView request, ByteView content) const {
  return std::ranges::any_of(std::array{request, content}, [&](ByteView stamped) {
    const auto report = judge(token, stamped, RevocationMode::kPrefer);
    return report.kind == Kind::kTimestamp && report.indication == x509::Indication::kValid;
  });
}

Packet Service::export_cert(const Packet& request) const {
  const auto* certificate = inventory_.find(as_text(request.octets(Member::kIdentification)));
  if (certificate == nullptr) {
    return respond(Code::kCertId);
  }
  Packet packet = respond(Code::kSuccess);
  packet.set(Member::kCert, to_bytes(certificate->der()));
  return packet;
}

Packet Service::parse_cert(const Packet& request) const {
  const auto certificate = read_loosely(request.octets(Member::kCert));
  if (!certificate) {
    return respond(Code::kCertDecode);
  }
  auto item = certificate_item(*certificate, *request.number(Member::kInfoType));
  if (!item) {
    return respond(Code::kCertInfoType);
  }
  Packet packet = respond(Code::kSuccess);
  packet.set(Member::kInfo, std::move(*item));
  return packet;
}

Packet Service::validate_cert(const Packet& request) const {
  const auto report = judge(request.octets(Member::kCert), std::nullopt, RevocationMode::kPrefer);
  const Code code = code_of_certificate(report);
  if (!request.flag(Member::kOcsp)) {
    return respond(code);
  }
  const auto state = ocsp_state(report);
  if (!state) {
    return respond(code == Code::kSuccess ? Code::kServerConnect : code);
  }
  Packet packet = respond(code);
  packet.set(Member::kState, *state);
  return packet;
}

Code Service::certificate_code(const Certificate& certificate, std::uint64_t level) const {
  if (level == kTimeOnly) {
    const Time now = clock_->now();
    return now < certificate.not_before()  ? Code::kCertNotYet
           : now > certificate.not_after() ? Code::kCertExpired
                                           : Code::kSuccess;
  }
  if (level != kTimeAndRoot && level != kTimeRootAndList) {
    return Code::kDataFormat;
  }
  const auto mode = level == kTimeAndRoot ? RevocationMode::kNone : RevocationMode::kRequire;
  const Code code = code_of_certificate(judge(certificate.der(), std::nullopt, mode));
  return code == Code::kSuccess && !may_sign(certificate) ? Code::kCert : code;
}

Code Service::find_signer(const Packet& request, std::optional<Certificate>& signer) const {
  const auto type = *request.number(Member::kType);
  if (type == kCertificateBySerial && request.has(Member::kCertSn)) {
    const auto* found = inventory_.find_serial(request.octets(Member::kCertSn));
    if (found == nullptr) {
      return Code::kCert;
    }
    signer = *found;
    return Code::kSuccess;
  }
  if (type != kCertificateGiven || !request.has(Member::kCert)) {
    return Code::kDataFormat;
  }
  const ByteView der = request.octets(Member::kCert);
  auto read =
      *request.number(Member::kVerifyLevel) == kTimeOnly ? Certificate::parse(der) : read_loosely(der);
  if (!read) {
    return Code::kCertDecode;
  }
  signer = std::move(*read);
  return Code::kSuccess;
}

Code Service::verify_data(const Packet& request) const {
  const auto algorithm = sign_method(request);
  const auto id = signer_id(request);
  if (!algorithm) {
    return Code::kSignMethod;
  }
  if (!id || !has_right_length(request)) {
    return Code::kDataFormat;
  }
  std::optional<Certificate> signer;
  if (const Code code = find_signer(request, signer); code != Code::kSuccess) {
    return code;
  }
  if (!signer->public_key()) {
    return Code::kCert;
  }
  auto verifier = crypto::SignatureVerifier::create(*signer->public_key(), *algorithm, *id);
  if (!verifier) {
    return Code::kSignMethod;
  }
  verifier->update(request.octets(Member::kInData));
  if (!verifier->verify(request.octets(Member::kSignature))) {
    return Code::kInvalidSignature;
  }
  return certificate_code(*signer, *request.number(Member::kVerifyLevel));
}

Packet Service::begin(const Packet& request, Purpose purpose, const std::string& peer) const {
  const auto algorithm = sign_method(request);
  const auto id = signer_id(request);
  const bool is_sm2 = algorithm && algorithm->scheme == crypto::SignatureScheme::kSm2;
  if (!algorithm || (purpose == Purpose::kSign && !is_sm2)) {
    return respond(Code::kSignMethod);
  }
  const auto key = is_sm2 ? signer_public_key(request.octets(Member::kSignerPublicKey)) : std::nullopt;
  if (!id || (is_sm2 && (!key || key->sm2() == nullptr))) {
    return respond(Code::kDataFormat);
  }
  std::shared_ptr<Session> session(new Session{.purpose = purpose,
                                               .algorithm = *algorithm,
                                               .key = key,
                                               .digest = crypto::Digest(algorithm->digest),
                                               .owner = peer});
  if (is_sm2) {
    session->digest.update(key->sm2()->z(as_bytes(*id)));
  }
  auto handle = sessions_.open(std::move(session), clock_->now());
  if (!handle) {
    return respond(Code::kSystemFailure);
  }
  Packet packet = respond(Code::kSuccess);
  packet.set(Member::kSessionId, std::move(*handle));
  return packet;
}

Packet Service::update(const Packet& request, Purpose purpose) const {
  const ByteView handle = request.octets(Member::kSessionId);
  const auto session = sessions_.find(handle, purpose, clock_->now());
  if (session == nullptr || !has_right_length(request)) {
    return respond(Code::kDataFormat);
  }
  const std::lock_guard lock(session->busy);
  session->digest.update(request.octets(Member::kInData));
  Packet packet = respond(Code::kSuccess);
  packet.set(Member::kSessionId, to_bytes(handle));
  return packet;
}

Code Service::verify_final(const Packet& request) const {
  const auto session = sessions_.take(request.octets(Member::kSessionId), Purpose::kVerify, clock_->now());
  if (session == nullptr) {
    return Code::kDataFormat;
  }
  std::optional<Certificate> signer;
  if (const Code code = find_signer(request, signer); code != Code::kSuccess) {
    return code;
  }
  const auto& key = signer->public_key();
  if (!key) {
    return Code::kCert;
  }
  const std::lock_guard lock(session->busy);
  const bool same_key = !session->key || *session->key == *key;
  if (!same_key || !crypto::verify_digest(*key, session->algorithm, session->digest.finish(),
                                          request.octets(Member::kSignature))) {
    return Code::kInvalidSignature;
  }
  return certificate_code(*signer, *request.number(Member::kVerifyLevel));
}

Code Service::verify_message(const Packet& request) const {
  const auto id = signer_id(request);
  if (!id || *id != crypto::kSm2DefaultId || !has_right_length(request)) {
    return Code::kDataFormat;
  }
  const auto content =
      request.has(Member::kInData) ? std::optional(request.octets(Member::kInData)) : std::nullopt;
  const auto report = judge(request.octets(Member::kSignedMessage), content, RevocationMode::kPrefer);
  const bool is_message = report.kind == Kind::kSignedMessage || report.kind == Kind::kDetachedSignature;
  return is_message ? code_of(report) : Code::kDataFormat;
}

}  // namespace hutong::platform::svs
