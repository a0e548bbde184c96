#include "cli/command.h"
#include "cli/output.h"
#include "cli/token_commands.h"
#include "cli/token_target.h"
#include "cms/enveloped_data.h"
#include "token/driver/token_opener.h"
#include "x509/certificate.h"

namespace hutong::cli {
namespace {

struct TokenDecryptOptions {
  TokenOptions token;
  std::string file;
  std::string out = "-";
};

Result<Exit> decrypt_with_token(Context& context, const TokenDecryptOptions& options) {
  HUTONG_TRY(const auto application, log_in_to_token(context, options.token));
  HUTONG_TRY(const auto container, application.open_container(options.token.container));
  HUTONG_TRY(const Bytes der, container.certificate(token::KeyUse::kEncryption));
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(der));
  HUTONG_TRY(auto message, FileSource::open(options.file));
  HUTONG_TRY(auto out, Output::create(options.out));
  const token::TokenOpener opener(container);  // the session key never leaves the token
  HUTONG_CHECK(cms::open_envelope(message, {opener, &certificate}, out.sink()));
  HUTONG_CHECK(out.commit(context));
  return Exit::kGood;
}

}  // namespace

void add_token_decrypt(CLI::App& group, Context& context) {
  auto options = std::make_shared<TokenDecryptOptions>();
  const std::string_view examples =
      "  hutong token decrypt tender.pdf.p7e --container supplier -o tender.pdf";
  CLI::App* command =
      add_command(group, context,
                  {"decrypt",
                   {"用密码钥匙打开数字信封（GM/T 0010）", "open an envelope with the token (GM/T 0010)"},
                   {examples, examples}});
  add_file(command, context, "FILE", options->file, {"数字信封", "the envelope"})->required();
  add_token_options(*command, context, options->token, TokenPart::kContainer);
  add_pin_options(*command, context, options->token.pin);
  add_file(command, context, "-o,--out", options->out,
           {"输出文件（默认标准输出）", "output (default: standard output)"});
  run_with(command, context, options, decrypt_with_token);
}

}  // namespace hutong::cli
