#include <utility>

#include "cms/sign.h"
#include "net/log.h"
#include "platform/svs/svs_request.h"
#include "platform/svs/svs_service.h"

/// The services that sign, with the keys of application entities.
namespace hutong::platform::svs {
namespace {

bool is_sm2_method(const Packet& request) {
  const auto algorithm = sign_method(request);
  return algorithm && algorithm->scheme == crypto::SignatureScheme::kSm2;
}

Packet signed_answer(Member member, Bytes octets) {
  Packet packet = respond(Code::kSuccess);
  packet.set(member, std::move(octets));
  return packet;
}

/// The lists that speak about the certificates.
std::vector<Bytes> lists_for(const std::vector<x509::Certificate>& certificates,
                             const recognition::RevocationData& revocation) {
  recognition::NameSet issuers;
  for (const auto& one : certificates) {
    issuers.insert(one.issuer());
  }
  std::vector<x509::Crl> lists;
  revocation.add_crls_for(issuers, lists);
  std::vector<Bytes> ders;
  ders.reserve(lists.size());
  for (const auto& list : lists) {
    ders.push_back(to_bytes(list.der()));
  }
  return ders;
}

}  // namespace

Code Service::find_entity(const Packet& request, const std::string& peer, const Entity*& entity) const {
  const auto index = *request.number(Member::kKeyIndex);
  entity = inventory_.entity(index);
  if (entity == nullptr) {
    net::log(net::LogLevel::kWarning, "svs.key_unknown", {{"key_index", index}, {"remote", peer}});
    return Code::kKeyIndex;
  }
  if (!entity->authorises(request.octets(Member::kKeyValue))) {
    net::log(net::LogLevel::kWarning, "svs.key_refused", {{"key_index", index}, {"remote", peer}});
    return Code::kKeyValue;
  }
  net::log(net::LogLevel::kInfo, "svs.key_used", {{"key_index", index}, {"remote", peer}});
  return Code::kSuccess;
}

Packet Service::sign_data(const Packet& request, const std::string& peer) const {
  const auto id = signer_id(request);
  if (!is_sm2_method(request)) {
    return respond(Code::kSignMethod);
  }
  if (!id || !has_right_length(request)) {
    return respond(Code::kDataFormat);
  }
  const Entity* entity = nullptr;
  if (const Code code = find_entity(request, peer, entity); code != Code::kSuccess) {
    return respond(code);
  }
  const auto signature = entity->key().key().sign(request.octets(Member::kInData), *id);
  return signed_answer(Member::kSignature, signature.to_der());
}

Packet Service::sign_final(const Packet& request, const std::string& peer) const {
  const auto session = sessions_.take(request.octets(Member::kSessionId), Purpose::kSign, clock_->now());
  if (session == nullptr) {
    return respond(Code::kDataFormat);
  }
  const Entity* entity = nullptr;
  if (const Code code = find_entity(request, peer, entity); code != Code::kSuccess) {
    return respond(code);
  }
  if (!session->key || !(*session->key == entity->key().public_key())) {
    return respond(Code::kKeyIndex);
  }
  const std::lock_guard lock(session->busy);
  auto signature = entity->key().sign_digest(session->digest.finish());
  return signature ? signed_answer(Member::kSignature, std::move(*signature)) : respond(Code::kSystemFailure);
}

Packet Service::sign_message(const Packet& request, const std::string& peer) const {
  const auto id = signer_id(request);
  if (!is_sm2_method(request)) {
    return respond(Code::kSignMethod);
  }
  if (!id || *id != crypto::kSm2DefaultId || !has_right_length(request)) {
    return respond(Code::kDataFormat);
  }
  const Entity* entity = nullptr;
  if (const Code code = find_entity(request, peer, entity); code != Code::kSuccess) {
    return respond(code);
  }
  cms::SignOptions options;
  options.signing_time = clock_->now();
  if (request.flag(Member::kCertificateChain)) {
    for (std::size_t i = 1; i < entity->certificates().size(); ++i) {
      options.certificates.push_back(to_bytes(entity->certificates()[i].der()));
    }
  }
  if (request.flag(Member::kCrl)) {
    options.crls = lists_for(entity->certificates(), trust_->current()->revocation);
  }
  const std::vector<cms::MessageSigner> signers{{.key = entity->key(), .certificate = entity->certificate()}};
  const ByteView data = request.octets(Member::kInData);
  auto message = request.flag(Member::kOriginalText) ? cms::sign_attached(data, signers, options)
                                                     : cms::sign_detached(data, signers, options);
  return message ? signed_answer(Member::kSignedMessage, std::move(*message)) : respond(Code::kSystemFailure);
}

}  // namespace hutong::platform::svs
