#include <deque>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/key_input.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cms/sign.h"
#include "crypto/pem.h"
#include "crypto/signature.h"

namespace hutong::cli {
namespace {

struct SignOptions {
  std::string file;
  std::vector<std::string> signers;
  std::vector<std::string> keys;
  PasswordOptions password;
  std::vector<std::string> include;
  bool detached = false;
  bool no_attributes = false;
  bool no_certificates = false;
  std::string form = "gm";
  std::string signing_time = "now";
  bool pem = false;
  std::string out;
};

/// Keys and certificates that a cms::MessageSigner refers to; a deque never moves them.
struct Party {
  crypto::Sm2Signer key;
  x509::Certificate certificate;
};
struct Parties {
  std::deque<Party> list;
  std::vector<Bytes> further;  ///< the other certificates of the signers' files

  std::vector<cms::MessageSigner> signers() const {
    std::vector<cms::MessageSigner> signers;
    for (const auto& party : list) {
      signers.push_back({party.key, party.certificate});
    }
    return signers;
  }
};

/// The certificate of the key, wherever it stands in the file; the others may help whoever verifies.
Status add_party(const Context& context, const SignOptions& options, std::size_t number, Parties& parties) {
  HUTONG_TRY(const auto certificates, load_certificates(options.signers[number]));
  HUTONG_TRY(auto key, load_key(context, options.keys[number], options.password));
  const crypto::PublicKey public_key(key.public_key());
  std::optional<x509::Certificate> own;
  for (const auto& certificate : certificates) {
    const bool fits = certificate.public_key() && *certificate.public_key() == public_key;
    if (fits && !own) {
      own = certificate;
    } else {
      parties.further.push_back(to_bytes(certificate.der()));
    }
  }
  if (!own) {
    return Error{Errc::kPolicy, "cms.signer_key",
                 options.signers[number] + ": no certificate of the key " + options.keys[number]};
  }
  parties.list.push_back({crypto::Sm2Signer(std::move(key)), *std::move(own)});
  return ok();
}

Result<std::optional<Time>> signing_time(const SignOptions& options, Time now) {
  if (options.signing_time == "none") {
    return std::optional<Time>();
  }
  if (options.signing_time == "now") {
    return std::optional(now);
  }
  HUTONG_TRY(const Time time, from_rfc3339(options.signing_time));
  return std::optional(time);
}

Result<cms::SignOptions> message_options(const Context& context, const SignOptions& options,
                                         const Parties& parties) {
  cms::SignOptions message;
  message.form = options.form == "rfc" ? cms::MessageForm::kRfc : cms::MessageForm::kGm;
  message.attributes = options.no_attributes ? cms::Attributes::kNone : cms::Attributes::kStandard;
  message.signer_certificates =
      options.no_certificates ? cms::SignerCertificates::kLeftOut : cms::SignerCertificates::kIncluded;
  HUTONG_TRY(message.signing_time, signing_time(options, context.now));
  message.certificates = parties.further;
  HUTONG_TRY(const auto included, load_certificates(options.include));
  for (const auto& certificate : included) {
    message.certificates.push_back(to_bytes(certificate.der()));
  }
  return message;
}

std::string target(const SignOptions& options) {
  if (!options.out.empty()) {
    return options.out;
  }
  return options.file == "-" ? "-" : options.file + (options.detached ? ".p7s" : ".p7m");
}

Status write_message(ByteSource& content, const SignOptions& options,
                     const std::vector<cms::MessageSigner>& signers, const cms::SignOptions& message,
                     ByteSink& out) {
  if (!options.detached && !options.pem) {
    return cms::sign_attached(content, signers, message, out);
  }
  Bytes der;
  if (options.detached) {
    HUTONG_TRY(der, cms::sign_detached(content, signers, message));
  } else {
    MemorySink whole(Output::kMostHeldBack);
    HUTONG_CHECK(cms::sign_attached(content, signers, message, whole));
    der = std::move(whole).take();
  }
  return options.pem ? out.write(as_bytes(crypto::write_pem("CMS", der))) : out.write(der);
}

Result<Exit> sign(Context& context, const SignOptions& options) {
  if (options.signers.size() != options.keys.size()) {
    return usage_error("usage.signers", "as many --key as --signer, in the same order");
  }
  Parties parties;
  for (std::size_t i = 0; i < options.signers.size(); ++i) {
    HUTONG_CHECK(add_party(context, options, i, parties));
  }
  HUTONG_TRY(const auto message, message_options(context, options, parties));
  HUTONG_TRY(auto file, FileSource::open(options.file));
  HUTONG_TRY(auto out, Output::create(target(options)));
  {
    Progress progress(context, std::string(context.text({"正在签名", "signing"})), file.size());
    WatchedSource content(file, progress);
    HUTONG_CHECK(write_message(content, options, parties.signers(), message, out.sink()));
  }
  HUTONG_CHECK(out.commit(context));
  if (target(options) == "-") {
    return Exit::kGood;
  }
  if (context.json) {
    context.out << nlohmann::ordered_json{{"file", target(options)}, {"detached", options.detached}}.dump(2)
                << "\n";
  } else {
    context.out << context.text({"已签名：{0}", "signed: {0}"}, {target(options)}) << "\n";
  }
  return Exit::kGood;
}

void add_signer_options(CLI::App* command, const Context& context, SignOptions& options) {
  command
      ->add_option("--signer", options.signers,
                   std::string(context.text({"签名者证书（可重复，与 --key 一一对应）",
                                             "a signer's certificate (repeatable, one --key each)"})))
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      ->add_option("--key", options.keys,
                   std::string(context.text({"签名者私钥", "the signer's private key"})))
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
  add_password_options(*command, context, options.password);
  command
      ->add_option(
          "--include", options.include,
          std::string(context.text({"一并放入的证书，如签发者的（可重复）",
                                    "certificates to put in, the issuer's for instance (repeatable)"})))
      ->type_name("FILE")
      ->allow_extra_args(false);
}

}  // namespace

void add_sign_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<SignOptions>();
  const std::string_view examples =
      "  hutong sign bid.pdf --signer alice.cer --key alice.key\n"
      "  hutong sign bid.pdf --detached --signer alice.cer --key alice.key --include ca.cer\n"
      "  hutong sign bid.pdf --signer alice.cer --key alice.key --signer bob.cer --key bob.key -o bid.p7m";
  CLI::App* command = add_command(
      app, context, {"sign", {"签名（GM/T 0010）", "sign a file (GM/T 0010)"}, {examples, examples}});
  add_file(command, context, "FILE", options->file,
           {"原文，“-”为标准输入", "the content; \"-\" is standard input"})
      ->required();
  add_signer_options(command, context, *options);
  add_flag(command, context, "--detached", options->detached,
           {"签名与原文分离", "leave the content outside the message"});
  add_flag(command, context, "--no-attributes", options->no_attributes,
           {"不带签名属性，直接对原文签名", "sign the content itself, without signed attributes"});
  add_flag(command, context, "--no-certificates", options->no_certificates,
           {"不放入签名者证书", "leave the signers' certificates out"});
  command
      ->add_option("--form", options->form,
                   std::string(context.text({"gm（默认，国密对象标识符）或 rfc（RFC 5652）",
                                             "gm (default, national identifiers) or rfc (RFC 5652)"})))
      ->check(CLI::IsMember({"gm", "rfc"}))
      ->type_name("FORM");
  command
      ->add_option("--signing-time", options->signing_time,
                   std::string(context.text({"now（默认）、none 或时间", "now (default), none, or a time"})))
      ->type_name("TIME");
  add_flag(command, context, "--pem", options->pem, {"输出 PEM 而不是 DER", "write PEM instead of DER"});
  add_file(command, context, "-o,--out", options->out,
           {"输出文件（默认为原文件名加 .p7m 或 .p7s）", "output (default: FILE.p7m or FILE.p7s)"});
  run_with(command, context, options, sign);
}

}  // namespace hutong::cli
