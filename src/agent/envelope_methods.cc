#include <array>

#include "agent/methods.h"
#include "cms/enveloped_data.h"
#include "token/driver/token_opener.h"

namespace hutong::agent {
namespace {

using net::Json;
using token::KeyUse;

Result<Json> encrypt(Call& call) {
  HUTONG_TRY(const auto recipients, call.params.certificates("certificates"));
  HUTONG_CHECK(cms::envelop(*call.input, recipients, {}, *call.output));
  return Json::object();
}

/// The content key never leaves the token.
Result<Json> decrypt(Call& call) {
  HUTONG_TRY(const auto place, call.params.place());
  HUTONG_TRY(const auto container, container_for(call, place));
  const token::TokenOpener opener(container);
  HUTONG_TRY(const Bytes der, container.certificate(KeyUse::kEncryption));
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(der));
  HUTONG_CHECK(cms::open_envelope(*call.input, {.key = opener, .certificate = &certificate}, *call.output));
  return Json::object();
}

ContentMembers content_in(const PageRequest& /*request*/) { return {.in = "data", .out = "message"}; }
ContentMembers content_out(const PageRequest& /*request*/) { return {.in = "message", .out = "data"}; }

constexpr std::array<std::string_view, 2> kEncryptParams{"certificates", "data"};
constexpr std::array<std::string_view, 4> kDecryptParams{"token", "application", "container", "message"};

constexpr std::array<Method, 2> kEnvelopeMethods{{
    {"encrypt.envelope", Access::kAllowed, Purpose::kWelcome, kEncryptParams, content_in, encrypt},
    {"decrypt.envelope", Access::kAllowed, Purpose::kNeeded, kDecryptParams, content_out, decrypt},
}};

}  // namespace

std::span<const Method> envelope_methods() { return kEnvelopeMethods; }

}  // namespace hutong::agent
