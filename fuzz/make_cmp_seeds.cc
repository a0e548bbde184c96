// Writes the seeds of the fuzzers of CMP messages and of vendors' answers over CMP that are ours into the
// corpus folder given as argument: make_cmp_seeds fuzz/corpus. Those made by OpenSSL are those of
// tests/data/cmp/openssl.vec.

#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "cmp/client.h"
#include "cmp/encrypted_key.h"
#include "cmp/information.h"
#include "cmp/message.h"
#include "cmp/protection.h"
#include "fuzz/cms_identities.h"

namespace hutong::fuzz {
namespace {

const crypto::Sm2Signer& signer() {
  static const crypto::Sm2Signer signer(private_key(kSignerKey));
  return signer;
}

cmp::Header header() {
  cmp::Header header;
  header.sender = cmp::Party::of(certificate(kSignerCertificate).subject());
  header.recipient = cmp::Party::of(certificate(kRootCertificate).subject());
  header.message_time = judgement().options.at;
  header.transaction_id = Bytes(16, 1);
  header.sender_nonce = Bytes(16, 2);
  header.recipient_nonce = Bytes(16, 3);
  header.free_text = {"互通"};
  header.general_info = {cmp::implicit_confirm(), cmp::certificate_profile("organisation")};
  return header;
}

/// Dual certificates asked for: a key of the asker's, and one that the CA makes.
Bytes dual_request() {
  const auto alice = certificate(kSignerCertificate);
  cmp::CertificateTemplateFields fields;
  fields.subject = alice.subject();
  fields.spki = signer().public_key().to_spki();
  auto signing =
      cmp::request_certificate(0, fields, {cmp::old_certificate_control(cmp::CertificateId::of(alice))});
  must(cmp::prove_possession(signing, signer()));
  fields.spki.clear();
  fields.extensions = {x509::extension::key_usage({x509::KeyUsageBit::kKeyEncipherment})};
  const cmp::CertificateRequests body{cmp::BodyType::kKeyUpdateRequest,
                                      {signing, cmp::request_certificate(1, fields)}};
  return must(cmp::SignatureProtector(signer(), alice).protect({header(), body, {}}));
}

Bytes dual_response() {
  cmp::CertificateResponses body;
  body.kind = cmp::BodyType::kKeyUpdateResponse;
  body.ca_certificates = {x509::CertificateDer(must(from_hex(kRootCertificate)))};
  body.responses.resize(2);
  body.responses[0].certificate = x509::CertificateDer(must(from_hex(kSignerCertificate)));
  body.responses[1].id = 1;
  body.responses[1].certificate = x509::CertificateDer(must(from_hex(kRecipientCertificate)));
  body.responses[1].private_key = cmp::write_enveloped_key(Bytes{0x30, 0x03, 0x02, 0x01, 0x05});
  const cmp::PasswordProtector protector(SecretBytes::copy_of(as_bytes("geheim")), {1});
  return must(protector.protect({header(), body, {}}));
}

Bytes information() {
  using Source = cmp::CrlStatus::Source;
  const auto root = certificate(kRootCertificate);
  const x509::CertificateDer der(must(from_hex(kRootCertificate)));
  const cmp::Party uri{x509::uri_name("http://ca.example/0.crl"), std::nullopt};
  const cmp::GeneralMessage body{
      cmp::BodyType::kGeneralResponse,
      {cmp::root_certificate(root), cmp::certificates_value({der}), cmp::crls_value({{0x30, 0x00}}),
       cmp::root_key_update({der, der, der}),
       cmp::crl_status_list({{Source::kDistributionPoint, {uri}, judgement().options.at},
                             {Source::kIssuer, {cmp::Party::of(root.subject())}, std::nullopt}})}};
  return cmp::write_unprotected({header(), body, {der}});
}

Bytes revocation() {
  const cmp::RevocationRequest body{
      {cmp::revocation_of(certificate(kSignerCertificate), x509::CrlReason::kSuperseded)}};
  return cmp::write_unprotected({header(), body, {}});
}

Bytes answer(const cmp::Body& body) { return cmp::write_unprotected({header(), body, {}}); }

cmp::CertificateResponse response(std::int64_t id, cmp::PkiStatus status) {
  return {.id = id,
          .status = {status, {}, 0},
          .certificate = std::nullopt,
          .private_key = {},
          .response_info = {}};
}

/// What comes of a PKCS#10 request: certificates for signing and for encryption, or a wait.
Bytes order(cmp::PkiStatus status) {
  cmp::CertificateResponses body;
  body.kind = cmp::BodyType::kCertificationResponse;
  body.responses = {response(-1, status)};
  if (status == cmp::PkiStatus::kAccepted) {
    body.responses[0].certificate = x509::CertificateDer(must(from_hex(kSignerCertificate)));
    body.responses.push_back(response(1, status));
    body.responses[1].certificate = x509::CertificateDer(must(from_hex(kRecipientCertificate)));
    body.responses[1].private_key = cmp::write_enveloped_key(Bytes{0x30, 0x03, 0x02, 0x01, 0x05});
  }
  return answer(body);
}

bool write_answers(const std::filesystem::path& folder) {
  const x509::CertificateDer root(must(from_hex(kRootCertificate)));
  const cmp::StatusInfo refused = cmp::rejection({Errc::kUnauthorized, "cmp.not_allowed", "不允许"});
  std::filesystem::create_directories(folder);
  return write_file(folder / "authorities.der",
                    answer(cmp::GeneralMessage{cmp::BodyType::kGeneralResponse,
                                               {cmp::certificates_value({root})}})) &&
         write_file(folder / "issued.der", order(cmp::PkiStatus::kAccepted)) &&
         write_file(folder / "waiting.der", order(cmp::PkiStatus::kWaiting)) &&
         write_file(folder / "refused.der", order(cmp::PkiStatus::kRejection)) &&
         write_file(folder / "ask_again.der",
                    answer(cmp::PollResponse{{{-1, std::chrono::seconds(60), {"请稍候"}}}})) &&
         write_file(folder / "confirmed.der", answer(cmp::Confirm{})) &&
         write_file(folder / "revoked.der", answer(cmp::RevocationResponse{{{}}, {}, {}})) &&
         write_file(folder / "not_revoked.der", answer(cmp::RevocationResponse{{refused}, {}, {}}));
}

bool write(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  return write_file(folder / "dual_request.der", dual_request()) &&
         write_file(folder / "dual_response.der", dual_response()) &&
         write_file(folder / "information.der", information()) &&
         write_file(folder / "revocation.der", revocation());
}

}  // namespace
}  // namespace hutong::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_cmp_seeds FOLDER\n";
    return 2;
  }
  const std::filesystem::path corpus(argv[1]);
  return hutong::fuzz::write(corpus / "cmp") && hutong::fuzz::write_answers(corpus / "cmp_answers") ? 0 : 1;
}
