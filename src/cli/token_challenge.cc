#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/token_commands.h"
#include "cli/token_target.h"
#include "login_challenge/challenge.h"
#include "token/driver/token_signer.h"
#include "x509/certificate.h"

namespace hutong::cli {
namespace {

using login_challenge::Challenge;

struct TokenChallengeOptions {
  TokenOptions token;
  std::string file;
  std::string origin;
  std::string out;
  bool der = false;
};

/// The members that the platform's answer to POST /api/v1/login/challenges has; others are passed over.
Result<Challenge> read_asked(ByteView text, const std::string& origin) {
  const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  const auto member = [&json](const char* name) -> std::string {
    const auto found = json.is_object() ? json.find(name) : json.end();
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto nonce = from_base64(member("nonce"));
  const auto time = from_rfc3339(member("time"));
  if (!nonce || !time) {
    return Error{Errc::kMalformed, "challenge.value",
                 "JSON with audience, purpose, nonce and time is wanted"};
  }
  return Challenge{.origin = origin,
                   .audience = member("audience"),
                   .nonce = *nonce,
                   .time = *time,
                   .purpose = member("purpose")};
}

Result<Exit> answer_with_token(Context& context, const TokenChallengeOptions& options) {
  HUTONG_TRY(const auto content, FileContent::open(options.file));
  HUTONG_TRY(const Challenge challenge, read_asked(content.view(), options.origin));
  HUTONG_TRY(const auto application, log_in_to_token(context, options.token));
  HUTONG_TRY(const auto container, application.open_container(options.token.container));
  HUTONG_TRY(const Bytes der, container.certificate(token::KeyUse::kSignature));
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(der));
  HUTONG_TRY(const auto key, token::TokenSigner::create(container));
  HUTONG_TRY(const Bytes message, login_challenge::sign(challenge, {key, certificate}, context.now));
  HUTONG_CHECK(
      write_product(context, options.out, {message, "PKCS7"}, options.der ? Form::kDer : Form::kPem));
  return Exit::kGood;
}

}  // namespace

void add_token_challenge(CLI::App& group, Context& context) {
  auto options = std::make_shared<TokenChallengeOptions>();
  const std::string_view examples =
      "  hutong token challenge asked.json --origin https://platform.example --container supplier -o "
      "answer.p7m";
  CLI::App* command = add_command(group, context,
                                  {"challenge",
                                   {"用密码钥匙签署登录挑战，供没有浏览器的程序登录",
                                    "sign a login challenge, for programs that log in without a browser"},
                                   {examples, examples}});
  add_file(command, context, "FILE", options->file,
           {"登录挑战，即 POST /api/v1/login/challenges 的应答",
            "the challenge: the answer to POST /api/v1/login/challenges"})
      ->required();
  command
      ->add_option("--origin", options->origin,
                   std::string(context.text({"所登录平台的来源；请确认它就是您要登录的平台",
                                             "origin of the platform that asked; make sure that it is the "
                                             "one you want to log in to"})))
      ->required()
      ->type_name("ORIGIN");
  add_token_options(*command, context, options->token, TokenPart::kContainer);
  add_pin_options(*command, context, options->token.pin);
  add_output(command, context, options->out, options->der);
  run_with(command, context, options, answer_with_token);
}

}  // namespace hutong::cli
