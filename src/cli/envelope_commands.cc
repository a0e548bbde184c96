#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/key_input.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cms/enveloped_data.h"
#include "crypto/pem.h"

namespace hutong::cli {
namespace {

struct EncryptOptions {
  std::string file;
  std::vector<std::string> recipients;
  std::string form = "gm";
  bool pem = false;
  std::string out;
};

struct DecryptOptions {
  std::string file;
  std::string key;
  PasswordOptions password;
  std::string certificate;
  std::string out;
};

/// Of each file the first certificate: a recipient's file may hold its chain as well.
Result<std::vector<x509::Certificate>> load_recipients(const std::vector<std::string>& paths) {
  std::vector<x509::Certificate> recipients;
  for (const auto& path : paths) {
    HUTONG_TRY(const auto certificates, load_certificates(path));
    recipients.push_back(certificates.front());
  }
  return recipients;
}

Status write_envelope(ByteSource& content, const EncryptOptions& options,
                      const std::vector<x509::Certificate>& recipients, ByteSink& out) {
  const cms::EnvelopeOptions how{.form =
                                     options.form == "rfc" ? cms::MessageForm::kRfc : cms::MessageForm::kGm};
  if (!options.pem) {
    return cms::envelop(content, recipients, how, out);
  }
  MemorySink whole(Output::kMostHeldBack);
  HUTONG_CHECK(cms::envelop(content, recipients, how, whole));
  return out.write(as_bytes(crypto::write_pem("CMS", whole.content())));
}

Result<Exit> encrypt(Context& context, const EncryptOptions& options) {
  const std::string target = !options.out.empty()  ? options.out
                             : options.file == "-" ? "-"
                                                   : options.file + ".p7e";
  HUTONG_TRY(const auto recipients, load_recipients(options.recipients));
  HUTONG_TRY(auto file, FileSource::open(options.file));
  HUTONG_TRY(auto out, Output::create(target));
  {
    Progress progress(context, std::string(context.text({"正在加密", "encrypting"})), file.size());
    WatchedSource content(file, progress);
    HUTONG_CHECK(write_envelope(content, options, recipients, out.sink()));
  }
  HUTONG_CHECK(out.commit(context));
  if (target == "-") {
    return Exit::kGood;
  }
  const std::string count = std::to_string(recipients.size());
  if (context.json) {
    context.out << nlohmann::ordered_json{{"file", target}, {"recipients", recipients.size()}}.dump(2)
                << "\n";
  } else {
    context.out << context.text({"已加密给 {0} 个接收者：{1}", "encrypted for {0} recipient(s): {1}"},
                                {count, target})
                << "\n";
  }
  return Exit::kGood;
}

/// A message in DER streams; PEM is decoded in memory first.
Result<cms::OpenedEnvelope> open_message(const DecryptOptions& options, const cms::EnvelopeKey& key,
                                         FileSource& file, Progress& progress, ByteSink& content) {
  if (options.file != "-") {
    HUTONG_TRY(const auto mapped, FileContent::open(options.file));
    if (crypto::looks_like_pem(mapped.view())) {
      HUTONG_TRY(const auto blocks, crypto::read_pem(as_text(mapped.view())));
      MemorySource message(blocks.front().der);
      return cms::open_envelope(message, key, content);
    }
  }
  WatchedSource message(file, progress);
  return cms::open_envelope(message, key, content);
}

Result<Exit> decrypt(Context& context, const DecryptOptions& options) {
  std::optional<x509::Certificate> certificate;
  if (!options.certificate.empty()) {
    HUTONG_TRY(const auto certificates, load_certificates(options.certificate));
    certificate = certificates.front();
  }
  HUTONG_TRY(const auto key, load_key(context, options.key, options.password));
  const cms::Sm2KeyOpener opener(key);
  HUTONG_TRY(auto file, FileSource::open(options.file));
  HUTONG_TRY(auto out, Output::create(options.out));
  std::optional<cms::OpenedEnvelope> opened;
  {
    Progress progress(context, std::string(context.text({"正在解密", "decrypting"})), file.size());
    HUTONG_TRY(opened, open_message(options, {opener, certificate ? &*certificate : nullptr}, file, progress,
                                    out.sink()));
  }
  HUTONG_CHECK(out.commit(context));
  if (options.out == "-") {
    return Exit::kGood;
  }
  const std::string size = std::to_string(opened->content_size);
  if (context.json) {
    context.out << nlohmann::ordered_json{{"file", options.out},
                                          {"content_size", opened->content_size},
                                          {"cipher", opened->cipher},
                                          {"recipients", opened->recipients.size()}}
                       .dump(2)
                << "\n";
  } else {
    context.out << context.text({"已解密：{0}（{1} 字节，{2}）", "decrypted: {0} ({1} octets, {2})"},
                                {options.out, size, opened->cipher})
                << "\n";
  }
  return Exit::kGood;
}

void add_encrypt(CLI::App& app, Context& context) {
  auto options = std::make_shared<EncryptOptions>();
  const std::string_view examples =
      "  hutong encrypt bid.pdf --to supplier.cer --to purchaser.cer\n"
      "  tar c bid | hutong encrypt - --to supplier.cer -o bid.p7e";
  CLI::App* command = add_command(
      app, context,
      {"encrypt",
       {"加密给证书持有者（GM/T 0010 数字信封）", "encrypt for the holders of certificates (GM/T 0010)"},
       {examples, examples}});
  add_file(command, context, "FILE", options->file,
           {"原文，“-”为标准输入", "the content; \"-\" is standard input"})
      ->required();
  command
      ->add_option("--to", options->recipients,
                   std::string(context.text(
                       {"接收者的加密证书（可重复）", "a recipient's encryption certificate (repeatable)"})))
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      ->add_option("--form", options->form,
                   std::string(context.text({"gm（默认）或 rfc", "gm (default) or rfc"})))
      ->check(CLI::IsMember({"gm", "rfc"}))
      ->type_name("FORM");
  add_flag(command, context, "--pem", options->pem, {"输出 PEM 而不是 DER", "write PEM instead of DER"});
  add_file(command, context, "-o,--out", options->out,
           {"输出文件（默认为原文件名加 .p7e）", "output (default: FILE.p7e)"});
  run_with(command, context, options, encrypt);
}

void add_decrypt(CLI::App& app, Context& context) {
  auto options = std::make_shared<DecryptOptions>();
  const std::string_view examples =
      "  hutong decrypt bid.pdf.p7e --key supplier.key -o bid.pdf\n"
      "  hutong decrypt bid.p7e --key supplier.key --certificate supplier.cer -o - | tar x";
  CLI::App* command = add_command(
      app, context, {"decrypt", {"打开数字信封", "open an enveloped message"}, {examples, examples}});
  add_file(command, context, "FILE", options->file,
           {"数字信封，“-”为标准输入", "the message; \"-\" is standard input"})
      ->required();
  add_file(command, context, "--key", options->key, {"接收者私钥", "the recipient's private key"})
      ->required();
  add_password_options(*command, context, options->password);
  add_file(command, context, "--certificate", options->certificate,
           {"接收者证书（缺省时逐个尝试）", "the recipient's certificate (default: try every recipient)"});
  add_file(command, context, "-o,--out", options->out,
           {"输出文件，“-”为标准输出", "output; \"-\" is standard output"})
      ->required();
  run_with(command, context, options, decrypt);
}

}  // namespace

void add_envelope_commands(CLI::App& app, Context& context) {
  add_encrypt(app, context);
  add_decrypt(app, context);
}

}  // namespace hutong::cli
