#include "cmp/protection.h"

#include <utility>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "cmp/internal/fields.h"
#include "cmp/oids.h"
#include "crypto/constant_time.h"

namespace hutong::cmp {
namespace {

Error another_signer(std::string detail) { return {Errc::kUnauthorized, "cmp.signer", std::move(detail)}; }
Error broken() { return {Errc::kCryptoFail, "cmp.integrity", "the message is not protected by its sender"}; }

Result<asn1::Oid> algorithm_oid(ByteView algorithm_identifier) {
  asn1::Reader outer(algorithm_identifier);
  HUTONG_TRY(asn1::Reader fields, outer.enter_sequence());
  return fields.read_oid();
}

Status expect(const ReceivedMessage& message, ProtectionKind expected) {
  HUTONG_TRY(const ProtectionKind kind, protection_kind(message));
  if (kind != expected) {
    return Error{Errc::kUnauthorized, "cmp.protection_kind", "the message is not protected as agreed"};
  }
  return ok();
}

bool named_by(const Header& header, const x509::Certificate& certificate) {
  if (!header.sender.name || !(*header.sender.name == certificate.subject())) {
    return false;
  }
  const auto& key_id = certificate.extensions().subject_key_identifier;
  return header.sender_key_id.empty() || !key_id || equal(header.sender_key_id, *key_id);
}

bool may_sign(const x509::Certificate& certificate) {
  const auto& usage = certificate.extensions().key_usage;
  return !usage || usage->can_sign();
}

}  // namespace

Result<ProtectionKind> protection_kind(const ReceivedMessage& message) {
  const bool has_algorithm = !message.header.protection_algorithm.empty();
  if (has_algorithm != message.protection.has_value()) {
    return internal::bad_structure("protection and its algorithm come together");
  }
  if (!has_algorithm) {
    return ProtectionKind::kNone;
  }
  HUTONG_TRY(const asn1::Oid oid, algorithm_oid(message.header.protection_algorithm));
  return oid == oids::kPasswordBasedMac ? ProtectionKind::kPasswordMac : ProtectionKind::kSignature;
}

Result<Bytes> Protector::protect(Message message) const {
  HUTONG_CHECK(prepare(message));
  HUTONG_TRY(const Bytes protection,
             protection_of(message.header, write_protected_part(message.header, message.body)));
  return write_with_protection(message, protection);
}

PasswordProtector::PasswordProtector(SecretBytes secret, Bytes reference, PasswordMacParameters parameters,
                                     crypto::RandomSource& random)
    : secret_(std::move(secret)),
      reference_(std::move(reference)),
      parameters_(std::move(parameters)),
      random_(&random) {}

Status PasswordProtector::prepare(Message& message) const {
  message.header.sender_key_id = reference_;
  message.header.protection_algorithm = parameters_.with_fresh_salt(*random_).to_der();
  return ok();
}

Result<Bytes> PasswordProtector::protection_of(const Header& header, ByteView protected_part) const {
  HUTONG_TRY(const auto parameters, PasswordMacParameters::from_der(header.protection_algorithm));
  return password_mac(parameters, secret_.expose(), protected_part);
}

SignatureProtector::SignatureProtector(const crypto::Signer& signer, x509::Certificate certificate,
                                       std::vector<x509::CertificateDer> chain)
    : signer_(&signer), certificate_(std::move(certificate)), chain_(std::move(chain)) {}

Status SignatureProtector::prepare(Message& message) const {
  message.header.sender = Party::of(certificate_.subject());
  message.header.protection_algorithm = signer_->algorithm().to_der();
  const auto& key_id = certificate_.extensions().subject_key_identifier;
  message.header.sender_key_id = key_id ? to_bytes(*key_id) : Bytes();
  std::vector<x509::CertificateDer> certificates{x509::CertificateDer(to_bytes(certificate_.der()))};
  certificates.insert(certificates.end(), chain_.begin(), chain_.end());
  certificates.insert(certificates.end(), message.extra_certificates.begin(),
                      message.extra_certificates.end());
  message.extra_certificates = std::move(certificates);
  return ok();
}

Result<Bytes> SignatureProtector::protection_of(const Header&, ByteView protected_part) const {
  return signer_->sign(protected_part);
}

Status check_password_mac(const ReceivedMessage& message, ByteView secret) {
  HUTONG_CHECK(expect(message, ProtectionKind::kPasswordMac));
  HUTONG_TRY(const auto parameters, PasswordMacParameters::from_der(message.header.protection_algorithm));
  HUTONG_TRY(const Bytes expected, password_mac(parameters, secret, message.protected_part));
  return crypto::constant_time_equal(expected, *message.protection) ? ok() : Status(broken());
}

Status check_signature(const ReceivedMessage& message, const x509::Certificate& signer) {
  HUTONG_CHECK(expect(message, ProtectionKind::kSignature));
  if (!named_by(message.header, signer)) {
    return another_signer("the sender is not the subject of this certificate");
  }
  if (!may_sign(signer)) {
    return another_signer("the sender's key is not for signatures");
  }
  HUTONG_TRY(const auto algorithm, crypto::SignatureAlgorithm::from_der(message.header.protection_algorithm));
  if (algorithm.digest == crypto::DigestAlgorithm::kSha1) {
    return Error{Errc::kPolicy, "cmp.algorithm", algorithm.name()};
  }
  HUTONG_TRY(const auto key, signer.public_key());
  const bool good = crypto::verify_signature(key, algorithm, message.protected_part, *message.protection);
  return good ? ok() : Status(broken());
}

Result<x509::Certificate> signer_certificate(const ReceivedMessage& message) {
  for (const x509::CertificateDer& der : message.extra_certificates) {
    auto certificate = x509::Certificate::parse(der.view());
    if (certificate && named_by(message.header, *certificate)) {
      return certificate;
    }
  }
  return another_signer("the signer's certificate is not among extraCerts");
}

Status PasswordCheck::check(const ReceivedMessage& message) const {
  return check_password_mac(message, secret_.expose());
}

Status KnownSignerCheck::check(const ReceivedMessage& message) const {
  HUTONG_CHECK(expect(message, ProtectionKind::kSignature));
  for (const x509::Certificate& candidate : known_) {
    if (named_by(message.header, candidate)) {
      return check_signature(message, candidate);
    }
  }
  return another_signer("signed by nobody that is known");
}

}  // namespace hutong::cmp
