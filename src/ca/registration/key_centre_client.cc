#include "ca/registration/key_centre_client.h"

#include <array>
#include <utility>
#include <variant>

#include "crypto/random.h"

namespace hutong::ca::registration {
namespace {

Error away(std::string detail) { return {Errc::kUnavailable, "key_centre.away", std::move(detail)}; }
Error odd_answer(std::string detail) { return {Errc::kMalformed, "key_centre.answer", std::move(detail)}; }
Error refused(const cms::KeyServiceError& error) {
  return {Errc::kPolicy, "key_centre.refused",
          "number " + std::to_string(error.number) + ": " + error.description};
}

/// Comes back in the answer: an older answer does not fit.
std::uint64_t fresh_task() {
  std::array<std::uint8_t, 8> octets{};
  crypto::system_random().fill(octets);
  std::uint64_t task = 0;
  for (const std::uint8_t octet : octets) {
    task = task << 8 | octet;
  }
  return task >> 1;
}

Result<EscrowedKey> key_of(const cms::KeyResponse& response, const x509::Serial& asked,
                           cms::ReturnedKey::For reason) {
  if (const auto* error = std::get_if<cms::KeyServiceError>(&response)) {
    return refused(*error);
  }
  const auto* returned = std::get_if<cms::ReturnedKey>(&response);
  if (returned == nullptr || returned->certificate != asked || returned->reason != reason) {
    return odd_answer("it answers something else than what was asked");
  }
  HUTONG_TRY(auto key, crypto::PublicKey::from_spki(returned->spki));
  return EscrowedKey{std::move(key), returned->protected_key};
}

}  // namespace

KeyCentreClient::KeyCentreClient(net::Client client, Parties parties, std::string target)
    : client_(std::move(client)), parties_(std::move(parties)), target_(std::move(target)) {}

Result<std::vector<cms::KeyResponse>> KeyCentreClient::exchange(std::vector<cms::KeyRequest> requests,
                                                                Time now) const {
  const std::size_t asked = requests.size();
  const cms::KeyServiceRequest message{.ca = cms::KeyServiceParty::of(parties_.own),
                                       .requests = std::move(requests),
                                       .at = now,
                                       .task = fresh_task()};
  HUTONG_TRY(const Bytes der, cms::sign_key_service(message, parties_.signer));
  const auto answer = client_.send({.method = net::Method::kPost,
                                    .target = target_,
                                    .headers = {{"Content-Type", "application/octet-stream"}},
                                    .body = std::string(as_text(der))});
  if (!answer) {
    return away(answer.error().detail);
  }
  if (answer->status != 200) {
    return away("the key centre answers with status " + std::to_string(answer->status));
  }
  auto read = cms::read_key_service_response(as_bytes(answer->body), parties_.centre);
  if (!read) {
    return odd_answer(std::string(read.error().reason) + ": " + read.error().detail);
  }
  if (read->task != message.task || read->responses.size() != asked) {
    return odd_answer("it answers another message");
  }
  return std::move(read->responses);
}

template <typename Request>
Result<KeyCentre::Keys> KeyCentreClient::ask_for_keys(std::span<const Request> requests,
                                                      cms::ReturnedKey::For reason, Time now) const {
  HUTONG_TRY(const auto responses, exchange({requests.begin(), requests.end()}, now));
  Keys keys;
  keys.reserve(responses.size());
  for (std::size_t i = 0; i < responses.size(); ++i) {
    keys.push_back(key_of(responses[i], requests[i].certificate, reason));
  }
  return keys;
}

Result<KeyCentre::Keys> KeyCentreClient::apply(std::span<const cms::ApplyKeyRequest> requests,
                                               Time now) const {
  return ask_for_keys(requests, cms::ReturnedKey::For::kApplication, now);
}

Result<KeyCentre::Keys> KeyCentreClient::restore(std::span<const cms::RestoreKeyRequest> requests,
                                                 Time now) const {
  return ask_for_keys(requests, cms::ReturnedKey::For::kRecovery, now);
}

Result<std::vector<Status>> KeyCentreClient::revoke(std::span<const cms::RevokeKeyRequest> requests,
                                                    Time now) const {
  HUTONG_TRY(const auto responses, exchange({requests.begin(), requests.end()}, now));
  std::vector<Status> outcomes;
  for (std::size_t i = 0; i < responses.size(); ++i) {
    const auto* error = std::get_if<cms::KeyServiceError>(&responses[i]);
    const auto* revoked = std::get_if<cms::RevokedKey>(&responses[i]);
    const bool fits = revoked != nullptr && revoked->certificate == requests[i].certificate;
    outcomes.push_back(fits               ? ok()
                       : error != nullptr ? Status(refused(*error))
                                          : Status(odd_answer("it answers something else")));
  }
  return outcomes;
}

}  // namespace hutong::ca::registration
