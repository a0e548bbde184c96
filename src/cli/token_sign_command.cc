#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/token_commands.h"
#include "cli/token_target.h"
#include "cms/sign.h"
#include "token/driver/token_signer.h"
#include "x509/certificate.h"

namespace hutong::cli {
namespace {

struct TokenSignOptions {
  TokenOptions token;
  std::string file;
  std::string out;
  bool detached = false;
};

Status write_signed(ByteSource& content, const TokenSignOptions& options, const cms::MessageSigner& signer,
                    Time now, ByteSink& out) {
  cms::SignOptions message;
  message.signing_time = now;
  const std::span<const cms::MessageSigner> signers(&signer, 1);
  if (!options.detached) {
    return cms::sign_attached(content, signers, message, out);
  }
  HUTONG_TRY(const Bytes der, cms::sign_detached(content, signers, message));
  return out.write(der);
}

Result<Exit> sign_with_token(Context& context, const TokenSignOptions& options) {
  HUTONG_TRY(const auto application, log_in_to_token(context, options.token));
  HUTONG_TRY(const auto container, application.open_container(options.token.container));
  HUTONG_TRY(const Bytes der, container.certificate(token::KeyUse::kSignature));
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(der));
  HUTONG_TRY(const auto key, token::TokenSigner::create(container));
  const std::string target = !options.out.empty()  ? options.out
                             : options.file == "-" ? "-"
                             : options.detached    ? options.file + ".p7s"
                                                   : options.file + ".p7m";
  HUTONG_TRY(auto content, FileSource::open(options.file));
  HUTONG_TRY(auto out, Output::create(target));
  HUTONG_CHECK(write_signed(content, options, {key, certificate}, context.now, out.sink()));
  HUTONG_CHECK(out.commit(context));
  if (target != "-") {
    if (context.json) {
      context.out << nlohmann::ordered_json{{"file", target}, {"detached", options.detached}}.dump(2) << "\n";
    } else {
      context.out << context.text({"已签名：{0}", "signed: {0}"}, {target}) << "\n";
    }
  }
  return Exit::kGood;
}

}  // namespace

void add_token_sign(CLI::App& group, Context& context) {
  auto options = std::make_shared<TokenSignOptions>();
  const std::string_view examples =
      "  hutong token sign tender.pdf --container supplier --detached\n"
      "  hutong token sign note.txt --container supplier -o note.p7m";
  CLI::App* command = add_command(
      group, context,
      {"sign", {"用密码钥匙签名（GM/T 0010）", "sign with the token (GM/T 0010)"}, {examples, examples}});
  add_file(command, context, "FILE", options->file, {"要签名的文件", "what to sign"})->required();
  add_token_options(*command, context, options->token, TokenPart::kContainer);
  add_pin_options(*command, context, options->token.pin);
  add_flag(command, context, "--detached", options->detached, {"签名不含原文", "leave the content outside"});
  add_file(command, context, "-o,--out", options->out,
           {"输出文件（默认 FILE.p7m 或 FILE.p7s）", "output (default: FILE.p7m or FILE.p7s)"});
  run_with(command, context, options, sign_with_token);
}

}  // namespace hutong::cli
