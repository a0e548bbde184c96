#include <algorithm>
#include <array>
#include <utility>

#include "agent/content.h"
#include "agent/methods.h"
#include "base/encoding.h"
#include "cms/sign.h"
#include "crypto/sm3.h"
#include "login_challenge/challenge.h"
#include "token/driver/token_signer.h"

namespace hutong::agent {
namespace {

using net::Json;
using token::KeyUse;

/// Null when the container has none.
Json certificate_text(const token::Container& container) {
  const auto certificate = container.certificate(KeyUse::kSignature);
  return certificate ? Json(to_base64(*certificate)) : Json(nullptr);
}

Json signature_json(const token::Container& container, const Bytes& signature) {
  return {{"signature", to_base64(signature)}, {"certificate", certificate_text(container)}};
}

/// A container's key and certificate, kept together for a cms::MessageSigner.
struct TokenIdentity {
  token::TokenSigner key;
  x509::Certificate certificate;
  static Result<TokenIdentity> of(const token::Container& container) {
    HUTONG_TRY(auto key, token::TokenSigner::create(container));
    HUTONG_TRY(Bytes der, container.certificate(KeyUse::kSignature));
    HUTONG_TRY(auto certificate, x509::Certificate::parse(std::move(der)));
    return TokenIdentity{.key = std::move(key), .certificate = std::move(certificate)};
  }
};

Result<Json> sign_data(Call& call) {
  HUTONG_TRY(const auto place, call.params.place());
  HUTONG_TRY(const auto user_id, call.params.user_id());
  HUTONG_TRY(const auto container, container_for(call, place));
  HUTONG_TRY(const auto key, container.public_key(KeyUse::kSignature));
  crypto::Sm3 e;
  e.update(key.z(as_bytes(user_id)));
  UnreservedSource content(*call.input);
  HUTONG_CHECK(feed(content, e));
  HUTONG_TRY(const Bytes signature, container.sign_digest(e.finish()));
  return signature_json(container, signature);
}

/// Nobody can see what a digest is of, so the user is asked each time.
Status ask_about_digest(Call& call, const ApplicationPlace& place) {
  if (call.bench.origins.may_sign_digests(call.origin)) {
    return ok();
  }
  HUTONG_TRY(auto turn, call.bench.prompts.enter(call.origin));
  return turn.confirm(call.bench.windows.sign_digest(asking(call, place)));
}

Result<Json> sign_digest(Call& call) {
  HUTONG_TRY(const auto place, call.params.place());
  HUTONG_TRY(const Bytes given, call.params.octets("digest"));
  crypto::Sm3Digest digest{};
  if (given.size() != digest.size()) {
    return Error{Errc::kMalformed, "agent.request", "digest has 32 octets"};
  }
  std::ranges::copy(given, digest.begin());
  HUTONG_TRY(const auto container, container_for(call, place));
  HUTONG_CHECK(ask_about_digest(call, place.in));
  HUTONG_TRY(const Bytes signature, container.sign_digest(digest));
  return signature_json(container, signature);
}

bool wants_detached(const PageRequest& request) {
  const auto found = request.params.find("detached");
  return found != request.params.end() && found->is_boolean() && found->get<bool>();
}

ContentMembers content_of_message(const PageRequest& request) {
  return {.in = "data", .out = wants_detached(request) ? std::string_view() : std::string_view("message")};
}

/// Without attributes the content itself is signed, as by sign.data.
Result<Json> sign_message(Call& call) {
  HUTONG_TRY(const auto place, call.params.place());
  HUTONG_TRY(const bool detached, call.params.flag("detached", false));
  HUTONG_TRY(const bool attributes, call.params.flag("attributes", true));
  HUTONG_TRY(const auto container, container_for(call, place));
  HUTONG_TRY(const auto identity, TokenIdentity::of(container));
  const std::array<cms::MessageSigner, 1> signers{
      {{.key = identity.key, .certificate = identity.certificate}}};
  cms::SignOptions options;
  if (attributes) {
    options.signing_time = call.bench.clock.now();
  } else {
    options.attributes = cms::Attributes::kNone;
  }
  UnreservedSource unreserved(*call.input);
  ByteSource& content = attributes ? *call.input : unreserved;
  if (!detached) {
    HUTONG_CHECK(cms::sign_attached(content, signers, options, *call.output));
    return Json::object();
  }
  HUTONG_TRY(const Bytes message, cms::sign_detached(content, signers, options));
  return Json{{"message", to_base64(message)}};
}

/// The origin is put in here; the page cannot choose it.
Result<login_challenge::Challenge> challenge_of(const Call& call) {
  HUTONG_TRY(const Params given, call.params.object("challenge", {"audience", "nonce", "time"}));
  login_challenge::Challenge challenge;
  challenge.origin = call.origin;
  challenge.purpose = call.purpose;
  HUTONG_TRY(challenge.audience, given.text("audience"));
  HUTONG_TRY(challenge.nonce, given.octets("nonce"));
  HUTONG_TRY(const auto time, given.text("time"));
  const auto read = from_rfc3339(time);
  if (!read) {
    return Error{Errc::kMalformed, "agent.request", "challenge.time is a time of RFC 3339"};
  }
  challenge.time = *read;
  if (auto der = login_challenge::to_der(challenge); !der) {
    return Error{Errc::kMalformed, "agent.request", "challenge: " + der.error().detail};
  }
  return challenge;
}

Result<Json> sign_challenge(Call& call) {
  HUTONG_TRY(const auto place, call.params.place());
  HUTONG_TRY(const auto challenge, challenge_of(call));
  HUTONG_TRY(const auto container, container_for(call, place));
  HUTONG_TRY(const auto identity, TokenIdentity::of(container));
  const Time now = call.bench.clock.now();
  HUTONG_CHECK(call.bench.nonces.use(challenge.nonce, challenge.time, now));
  HUTONG_TRY(
      const Bytes message,
      login_challenge::sign(challenge, {.key = identity.key, .certificate = identity.certificate}, now));
  return Json{{"message", to_base64(message)}};
}

ContentMembers content_of_data(const PageRequest& /*request*/) { return {.in = "data"}; }

constexpr std::array<std::string_view, 5> kDataParams{"token", "application", "container", "data", "user_id"};
constexpr std::array<std::string_view, 4> kDigestParams{"token", "application", "container", "digest"};
constexpr std::array<std::string_view, 6> kMessageParams{"token", "application", "container",
                                                         "data",  "detached",    "attributes"};
constexpr std::array<std::string_view, 4> kChallengeParams{"token", "application", "container", "challenge"};

constexpr std::array<Method, 4> kSigningMethods{{
    {"sign.data", Access::kAllowed, Purpose::kNeeded, kDataParams, content_of_data, sign_data},
    {"sign.digest", Access::kAllowed, Purpose::kNeeded, kDigestParams, nullptr, sign_digest},
    {"sign.message", Access::kAllowed, Purpose::kNeeded, kMessageParams, content_of_message, sign_message},
    {"challenge.sign", Access::kAllowed, Purpose::kNeeded, kChallengeParams, nullptr, sign_challenge},
}};

}  // namespace

std::span<const Method> signing_methods() { return kSigningMethods; }

}  // namespace hutong::agent
