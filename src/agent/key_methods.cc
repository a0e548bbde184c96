#include <array>
#include <utility>

#include "agent/methods.h"
#include "agent/token_list.h"
#include "base/encoding.h"
#include "token/driver/token_signer.h"
#include "x509/builder.h"
#include "x509/name.h"

namespace hutong::agent {
namespace {

using net::Json;
using token::KeyUse;

Result<Json> generate(Call& call) {
  HUTONG_TRY(const auto place, call.params.place());
  HUTONG_TRY(const auto login, login_for(call, place.in));
  HUTONG_TRY(const auto container, login->application().open_or_create_container(raw_name(place.container)));
  if (container.public_key(KeyUse::kSignature)) {
    return Error{Errc::kConflict, "agent.key_exists", "choose another container"};
  }
  HUTONG_TRY(const auto key, container.generate_key_pair());
  call.bench.tokens.touch();
  return Json{{"public_key", public_key_text(key)}, {"container", place.container}};
}

Result<Json> request(Call& call) {
  HUTONG_TRY(const auto place, call.params.place());
  HUTONG_TRY(const auto subject, call.params.text("subject"));
  auto name = x509::Name::from_string(subject);
  if (!name || name->empty()) {
    return Error{Errc::kMalformed, "agent.request", "subject is a name such as CN=…,O=…,C=CN"};
  }
  HUTONG_TRY(const auto container, container_for(call, place));
  HUTONG_TRY(const auto signer, token::TokenSigner::create(container));
  x509::TbsCertificateRequest request;
  request.subject = *std::move(name);
  HUTONG_TRY(const auto der, x509::sign(request, signer));
  return Json{{"request", to_base64(der.view())}};
}

Status import_one(const token::Container& container, KeyUse use, const x509::Certificate& certificate) {
  HUTONG_TRY(const auto key, container.public_key(use));
  if (!certificate.public_key() || *certificate.public_key() != crypto::PublicKey(key)) {
    return Error{Errc::kConflict, "agent.certificate_key", "the certificate is not for the container's key"};
  }
  return container.import_certificate(use, certificate.der());
}

Result<Json> import_certificates(Call& call) {
  constexpr std::array<std::pair<std::string_view, KeyUse>, 2> kUses{
      {{"signature", KeyUse::kSignature}, {"encryption", KeyUse::kEncryption}}};
  HUTONG_TRY(const auto place, call.params.place());
  std::vector<std::pair<std::size_t, x509::Certificate>> given;
  for (std::size_t i = 0; i < kUses.size(); ++i) {
    if (call.params.has(kUses.at(i).first)) {
      HUTONG_TRY(auto certificate, call.params.certificate(kUses.at(i).first));
      given.emplace_back(i, std::move(certificate));
    }
  }
  if (given.empty()) {
    return Error{Errc::kMalformed, "agent.request", "signature or encryption is missing"};
  }
  HUTONG_TRY(const auto container, container_for(call, place));
  Json imported = Json::array();
  for (const auto& [index, certificate] : given) {
    HUTONG_CHECK(import_one(container, kUses.at(index).second, certificate));
    imported.push_back(kUses.at(index).first);
  }
  call.bench.tokens.touch();
  return Json{{"imported", std::move(imported)}};
}

Result<Json> import_keys(Call& call) {
  HUTONG_TRY(const auto place, call.params.place());
  HUTONG_TRY(const Bytes enveloped_key, call.params.octets("enveloped_key"));
  std::optional<x509::Certificate> certificate;
  if (call.params.has("certificate")) {
    HUTONG_TRY(certificate, call.params.certificate("certificate"));
  }
  HUTONG_TRY(const auto container, container_for(call, place));
  HUTONG_CHECK(container.import_key_pair(enveloped_key));
  if (certificate) {
    HUTONG_CHECK(import_one(container, KeyUse::kEncryption, *certificate));
  }
  HUTONG_TRY(const auto key, container.public_key(KeyUse::kEncryption));
  call.bench.tokens.touch();
  return Json{{"public_key", public_key_text(key)}};
}

constexpr std::array<std::string_view, 3> kPlaceParams{"token", "application", "container"};
constexpr std::array<std::string_view, 4> kRequestParams{"token", "application", "container", "subject"};
constexpr std::array<std::string_view, 5> kImportParams{"token", "application", "container", "signature",
                                                        "encryption"};
constexpr std::array<std::string_view, 5> kImportKeysParams{"token", "application", "container",
                                                            "enveloped_key", "certificate"};

constexpr std::array<Method, 4> kKeyMethods{{
    {"keys.generate", Access::kAllowed, Purpose::kNeeded, kPlaceParams, nullptr, generate},
    {"request.create", Access::kAllowed, Purpose::kNeeded, kRequestParams, nullptr, request},
    {"certificates.import", Access::kAllowed, Purpose::kNeeded, kImportParams, nullptr, import_certificates},
    {"keys.import", Access::kAllowed, Purpose::kNeeded, kImportKeysParams, nullptr, import_keys},
}};

}  // namespace

std::span<const Method> key_methods() { return kKeyMethods; }

}  // namespace hutong::agent
