#include "cmp/client.h"

#include <utility>

#include "cmp/encrypted_key.h"
#include "cmp/internal/fields.h"

namespace hutong::cmp {
namespace {

constexpr std::size_t kClientNonceOctets = 16;

Bytes random_octets(crypto::RandomSource& random) {
  Bytes octets(kClientNonceOctets);
  random.fill(octets);
  return octets;
}

Error refused(const StatusInfo& status) { return {Errc::kPolicy, "cmp.refused", status.to_string()}; }

Result<EnrolledCertificate> take(const CertificateResponse& response) {
  if (response.status.status == PkiStatus::kWaiting) {
    return Error{Errc::kUnavailable, "cmp.waiting", response.status.to_string()};
  }
  if (!response.status.granted()) {
    return refused(response.status);
  }
  if (!response.certificate) {
    return internal::bad_structure("a granted certificate that is not there");
  }
  HUTONG_TRY(auto certificate, x509::Certificate::parse(response.certificate->view()));
  EnrolledCertificate enrolled{response.id, std::move(certificate), {}};
  if (!response.private_key.empty()) {
    HUTONG_TRY(enrolled.enveloped_key, read_enveloped_key(response.private_key));
  }
  return enrolled;
}

}  // namespace

ClientTransaction::ClientTransaction(ClientOptions options, const Protector& protector,
                                     const ProtectionCheck& check, crypto::RandomSource& random)
    : options_(std::move(options)),
      protector_(&protector),
      check_(&check),
      random_(&random),
      transaction_id_(random_octets(random)) {}

Result<Bytes> ClientTransaction::write(const Body& body, Time now) {
  own_nonce_ = random_octets(*random_);
  Message message;
  message.header.sender = Party::of(options_.sender);
  message.header.recipient = Party::of(options_.recipient);
  message.header.message_time = now;
  message.header.transaction_id = transaction_id_;
  message.header.sender_nonce = own_nonce_;
  message.header.recipient_nonce = their_nonce_;
  message.header.general_info = options_.general_info;
  message.body = body;
  return protector_->protect(std::move(message));
}

Result<ReceivedMessage> ClientTransaction::read(ByteView answer) {
  HUTONG_TRY(ReceivedMessage message, read_message(answer));
  HUTONG_CHECK(check_->check(message));
  if (message.header.transaction_id != transaction_id_) {
    return Error{Errc::kConflict, "cmp.transaction", "an answer in another transaction"};
  }
  if (own_nonce_.empty() || message.header.recipient_nonce != own_nonce_) {
    return Error{Errc::kConflict, "cmp.recipient_nonce", "not the answer to this message"};
  }
  their_nonce_ = message.header.sender_nonce;
  if (const auto* error = std::get_if<ErrorMessage>(&message.body); error != nullptr) {
    return refused(error->status);
  }
  return message;
}

Result<std::vector<EnrolledCertificate>> enrolled_certificates(const ReceivedMessage& answer) {
  const auto* const body = std::get_if<CertificateResponses>(&answer.body);
  if (body == nullptr || body->responses.empty()) {
    return internal::bad_structure("an answer without certificates");
  }
  std::vector<EnrolledCertificate> certificates;
  for (const CertificateResponse& response : body->responses) {
    HUTONG_TRY(auto certificate, take(response));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

Result<std::chrono::seconds> poll_delay(const ReceivedMessage& answer) {
  const auto* const body = std::get_if<PollResponse>(&answer.body);
  if (body == nullptr) {
    return internal::bad_structure("no answer to a poll");
  }
  return body->answers.front().check_after;
}

Bytes confirmation_hash(const x509::Certificate& certificate) {
  const auto& algorithm = certificate.signature_algorithm();
  return certificate.fingerprint(algorithm ? algorithm->digest : crypto::DigestAlgorithm::kSha256);
}

CertificateConfirm confirm(const std::vector<EnrolledCertificate>& certificates) {
  CertificateConfirm body;
  for (const EnrolledCertificate& enrolled : certificates) {
    body.certificates.push_back({.hash = confirmation_hash(enrolled.certificate),
                                 .id = enrolled.id,
                                 .status = std::nullopt,
                                 .hash_algorithm = {}});
  }
  return body;
}

Status check_revoked(const ReceivedMessage& answer) {
  const auto* const body = std::get_if<RevocationResponse>(&answer.body);
  if (body == nullptr) {
    return internal::bad_structure("no answer to a revocation");
  }
  for (const StatusInfo& status : body->statuses) {
    if (!status.granted()) {
      return refused(status);
    }
  }
  return ok();
}

}  // namespace hutong::cmp
