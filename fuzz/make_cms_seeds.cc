// Writes the seeds of the message fuzzers into the corpus folder given as argument: make_cms_seeds
// fuzz/corpus

#include <filesystem>
#include <iostream>

#include "asn1/reader.h"
#include "base/file.h"
#include "cms/enveloped_key.h"
#include "cms/key_service.h"
#include "cms/signed_envelope.h"
#include "cms/timestamp.h"
#include "fuzz/cms_identities.h"

namespace hutong::fuzz {
namespace {

const ByteView kContent = as_bytes("hello GM/T 0010");

const crypto::Sm2Signer& signer() {
  static const crypto::Sm2Signer signer(private_key(kSignerKey));
  return signer;
}

Bytes signed_message(cms::Attributes attributes, cms::MessageForm form) {
  const auto alice = certificate(kSignerCertificate);
  const std::vector<cms::MessageSigner> signers{{signer(), alice}};
  cms::SignOptions options;
  options.attributes = attributes;
  options.form = form;
  options.signing_time = judgement().options.at;
  return must(cms::sign_attached(kContent, signers, options));
}

Bytes two_signers() {
  const auto alice = certificate(kSignerCertificate);
  const auto tsa = certificate(kTsaCertificate);
  const std::vector<cms::MessageSigner> signers{{signer(), alice}, {signer(), tsa}};
  return must(cms::sign_detached(kContent, signers));
}

cms::TstInfo stamp_of(ByteView data) {
  cms::TstInfo info;
  info.policy = asn1::Oid("1.2.3.4.1");
  info.imprint = cms::imprint_of(data);
  info.serial = x509::Serial::from_magnitude(Bytes{42});
  info.time = judgement().options.at;
  info.microseconds = 250'000;
  info.accuracy = cms::Accuracy{1, 500, 100, false};
  info.ordering = true;
  info.nonce = x509::Serial::from_magnitude(Bytes{1, 2, 3});
  return info;
}

Bytes token(ByteView data, cms::MessageForm form) {
  const auto tsa = certificate(kTsaCertificate);
  return must(cms::make_token(stamp_of(data), {signer(), tsa, form}));
}

Bytes stamped_message() {
  const Bytes message = signed_message(cms::Attributes::kStandard, cms::MessageForm::kGm);
  const Bytes signature = must(cms::read_signed_data(message)).signers.at(0).signature;
  return must(cms::add_signature_timestamp(message, 0, token(signature, cms::MessageForm::kGm)));
}

std::vector<x509::Certificate> recipients() { return {certificate(kRecipientCertificate)}; }

Bytes both() {
  const auto alice = certificate(kSignerCertificate);
  const std::vector<cms::MessageSigner> signers{{signer(), alice}};
  return must(cms::sign_and_envelop(kContent, signers, recipients()));
}

Bytes request() {
  cms::TimestampRequest request;
  request.imprint = cms::imprint_of(as_bytes("abc"));
  request.policy = asn1::Oid("1.2.3.4.1");
  request.nonce = x509::Serial::from_magnitude(Bytes{0x80});
  request.certificate_wanted = true;
  return request.to_der();
}

Bytes response() {
  cms::TimestampResponse response;
  response.token = token(as_bytes("abc"), cms::MessageForm::kRfc);
  return response.to_der();
}

Bytes refusal() {
  cms::TimestampResponse response;
  response.status = cms::TimestampStatus::kRejection;
  response.failure = cms::TimestampFailure::kBadAlg;
  response.status_text = {"不支持"};
  return response.to_der();
}

/// The signed part of a message between a CA and its key centre.
Bytes signed_part(const Bytes& message) {
  asn1::Reader outer(message);
  auto reader = must(outer.enter_sequence());
  const ByteView part = must(reader.read_element(asn1::Tag::kSequence)).encoded;
  return {part.begin(), part.end()};
}

x509::Serial number(std::uint8_t value) { return x509::Serial::from_magnitude(Bytes{value}); }

Bytes key_request() {
  const auto alice = certificate(kSignerCertificate);
  const Bytes spki(alice.spki().begin(), alice.spki().end());
  const Time at = judgement().options.at;
  const cms::KeyServiceRequest request{
      .ca = cms::KeyServiceParty::of(alice),
      .requests = {cms::ApplyKeyRequest{number(3), spki, at, at + std::chrono::days(365)},
                   cms::RestoreKeyRequest{number(4), spki}, cms::RevokeKeyRequest{number(5)}},
      .at = at,
      .task = 7};
  return signed_part(must(cms::sign_key_service(request, signer())));
}

Bytes key_response() {
  const auto alice = certificate(kSignerCertificate);
  const Bytes spki(alice.spki().begin(), alice.spki().end());
  const Bytes key = must(cms::wrap_key_pair(private_key(kRecipientKey), signer().key().public_key()));
  const cms::KeyServiceResponse response{
      .centre = cms::KeyServiceParty::of(alice),
      .responses = {cms::ReturnedKey{cms::ReturnedKey::For::kApplication, number(3), spki, key},
                    cms::RevokedKey{number(5)}, cms::KeyServiceError{12, "没有这个密钥"}},
      .at = judgement().options.at,
      .task = 7};
  return signed_part(must(cms::sign_key_service(response, signer())));
}

bool write(const std::filesystem::path& path, const Bytes& seed) {
  std::filesystem::create_directories(path.parent_path());
  return write_file(path, seed).has_value();
}

bool write_messages(const std::filesystem::path& folder) {
  using enum cms::Attributes;
  using enum cms::MessageForm;
  return write(folder / "attributes.der", signed_message(kStandard, kGm)) &&
         write(folder / "no_attributes.der", signed_message(kNone, kGm)) &&
         write(folder / "rfc.der", signed_message(kStandard, kRfc)) &&
         write(folder / "two_signers.der", two_signers()) &&
         write(folder / "stamped.der", stamped_message()) &&
         write(folder / "bundle.der", cms::bundle({must(from_hex(kRootCertificate))})) &&
         write(folder / "enveloped.der", must(cms::envelop(kContent, recipients()))) &&
         write(folder / "signed_and_enveloped.der", both()) &&
         write(folder / "enveloped_key.der",
               must(cms::wrap_key_pair(private_key(kRecipientKey), signer().key().public_key())));
}

bool write_stamps(const std::filesystem::path& folder) {
  return write(folder / "request.der", request()) && write(folder / "response.der", response()) &&
         write(folder / "refusal.der", refusal()) &&
         write(folder / "info.der", stamp_of(as_bytes("abc")).to_der()) &&
         write(folder / "token.der", token(as_bytes("abc"), cms::MessageForm::kGm));
}

bool write_key_service(const std::filesystem::path& folder) {
  return write(folder / "request.der", key_request()) && write(folder / "response.der", key_response());
}

}  // namespace
}  // namespace hutong::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_cms_seeds FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder(argv[1]);
  const bool written = hutong::fuzz::write_messages(folder / "cms") &&
                       hutong::fuzz::write_stamps(folder / "timestamp") &&
                       hutong::fuzz::write_key_service(folder / "key_service");
  return written ? 0 : 1;
}
