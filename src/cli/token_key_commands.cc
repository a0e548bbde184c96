#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/token_commands.h"
#include "cli/token_target.h"
#include "token/driver/token_signer.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"
#include "x509/name.h"

namespace hutong::cli {
namespace {

struct TokenKeyOptions {
  TokenOptions token;
  std::string subject;
  bool der = false;
  std::string out = "-";
};

struct TokenImportOptions {
  TokenOptions token;
  std::string signature_certificate;
  std::string encryption_certificate;
  std::string enveloped_key;
};

struct TokenExportOptions {
  TokenOptions token;
  bool encryption = false;
  bool public_key = false;
  bool der = false;
  std::string out = "-";
};

Result<Exit> generate_in_token(Context& context, const TokenKeyOptions& options) {
  HUTONG_TRY(const auto application, log_in_to_token(context, options.token));
  HUTONG_TRY(const auto container, application.open_or_create_container(options.token.container));
  if (container.public_key(token::KeyUse::kSignature)) {
    return Error{Errc::kConflict, "token.exists",
                 options.token.container + ": there is a signature key already; choose another container"};
  }
  HUTONG_TRY(const auto key, container.generate_key_pair());
  const std::string id = to_hex(x509::key_identifier(crypto::PublicKey(key)));
  if (context.json) {
    const nlohmann::ordered_json json{{"container", options.token.container}, {"key_identifier", id}};
    context.out << json.dump(2) << "\n";
  } else {
    context.out << context.text({"容器 {0} 中已生成签名密钥（标识 {1}）",
                                 "signature key made in container {0} (identifier {1})"},
                                {options.token.container, id})
                << "\n";
  }
  return Exit::kGood;
}

Result<Exit> request_from_token(Context& context, const TokenKeyOptions& options) {
  auto subject = x509::Name::from_string(options.subject);
  if (!subject) {
    return usage_error("usage.subject", subject.error().detail);
  }
  HUTONG_TRY(const auto application, log_in_to_token(context, options.token));
  HUTONG_TRY(const auto container, application.open_container(options.token.container));
  HUTONG_TRY(const auto signer, token::TokenSigner::create(container));
  x509::TbsCertificateRequest request;
  request.subject = *std::move(subject);
  HUTONG_TRY(const auto der, x509::sign(request, signer));
  HUTONG_CHECK(write_product(context, options.out, {der.view(), "CERTIFICATE REQUEST"},
                             options.der ? Form::kDer : Form::kPem));
  return Exit::kGood;
}

/// The certificate of the file whose key the container holds for this use.
Status import_certificate(const token::Container& container, token::KeyUse use, const std::string& file) {
  if (file.empty()) {
    return ok();
  }
  HUTONG_TRY(const auto certificates, load_certificates(file));
  HUTONG_TRY(const auto key, container.public_key(use));
  const crypto::PublicKey public_key(key);
  for (const auto& certificate : certificates) {
    if (certificate.public_key() && *certificate.public_key() == public_key) {
      return container.import_certificate(use, certificate.der());
    }
  }
  return Error{Errc::kPolicy, "token.certificate_key", file + ": no certificate of the container's key"};
}

Result<Exit> import_into_token(Context& context, const TokenImportOptions& options) {
  if (options.signature_certificate.empty() && options.encryption_certificate.empty() &&
      options.enveloped_key.empty()) {
    return usage_error("usage.token", "say what to import: --signature, --encryption or --key");
  }
  HUTONG_TRY(const auto application, log_in_to_token(context, options.token));
  HUTONG_TRY(const auto container, application.open_container(options.token.container));
  HUTONG_CHECK(import_certificate(container, token::KeyUse::kSignature, options.signature_certificate));
  if (!options.enveloped_key.empty()) {
    HUTONG_TRY(const auto enveloped_key, FileContent::open(options.enveloped_key));
    HUTONG_CHECK(container.import_key_pair(enveloped_key.view()));
  }
  HUTONG_CHECK(import_certificate(container, token::KeyUse::kEncryption, options.encryption_certificate));
  return Exit::kGood;
}

Result<Exit> export_from_token(Context& context, const TokenExportOptions& options) {
  const auto use = options.encryption ? token::KeyUse::kEncryption : token::KeyUse::kSignature;
  const Form form = options.der ? Form::kDer : Form::kPem;
  HUTONG_TRY(const auto application, open_token_application(options.token));
  HUTONG_TRY(const auto container, application.open_container(options.token.container));
  if (options.public_key) {
    HUTONG_TRY(const auto key, container.public_key(use));
    const Bytes spki = crypto::PublicKey(key).to_spki();
    HUTONG_CHECK(write_product(context, options.out, {spki, "PUBLIC KEY"}, form));
  } else {
    HUTONG_TRY(const Bytes certificate, container.certificate(use));
    HUTONG_CHECK(write_product(context, options.out, {certificate, "CERTIFICATE"}, form));
  }
  return Exit::kGood;
}

void add_keygen(CLI::App& group, Context& context) {
  auto options = std::make_shared<TokenKeyOptions>();
  const std::string_view examples = "  hutong token keygen --container supplier";
  CLI::App* command =
      add_command(group, context,
                  {"keygen",
                   {"在密码钥匙内生成签名密钥对", "make a signature key pair inside the token"},
                   {examples, examples}});
  add_token_options(*command, context, options->token, TokenPart::kContainer);
  add_pin_options(*command, context, options->token.pin);
  run_with(command, context, options, generate_in_token);
}

void add_token_request(CLI::App& group, Context& context) {
  auto options = std::make_shared<TokenKeyOptions>();
  const std::string_view examples =
      "  hutong token request --container supplier --subject 'CN=某公司,C=CN' -o supplier.csr";
  CLI::App* command =
      add_command(group, context,
                  {"request",
                   {"用密码钥匙内的密钥生成证书请求", "make a certificate request with the token's key"},
                   {examples, examples}});
  add_token_options(*command, context, options->token, TokenPart::kContainer);
  add_pin_options(*command, context, options->token.pin);
  command
      ->add_option("--subject", options->subject,
                   std::string(context.text({"主体名称，RFC 4514 写法：CN 在前、C 在后",
                                             "the subject's name as in RFC 4514: CN first, C last"})))
      ->required()
      ->type_name("NAME");
  add_output(command, context, options->out, options->der);
  run_with(command, context, options, request_from_token);
}

void add_import(CLI::App& group, Context& context) {
  auto options = std::make_shared<TokenImportOptions>();
  const std::string_view examples =
      "  hutong token import --container supplier --signature sign.cer --key enc.key.der --encryption "
      "enc.cer";
  CLI::App* command = add_command(group, context,
                                  {"import",
                                   {"导入证书和加密密钥对（SM2EnvelopedKey）",
                                    "import certificates and the encryption key pair (SM2EnvelopedKey)"},
                                   {examples, examples}});
  add_token_options(*command, context, options->token, TokenPart::kContainer);
  add_pin_options(*command, context, options->token.pin);
  add_file(command, context, "--signature", options->signature_certificate,
           {"签名证书", "the signature certificate"});
  add_file(command, context, "--encryption", options->encryption_certificate,
           {"加密证书", "the encryption certificate"});
  add_file(command, context, "--key", options->enveloped_key,
           {"加密密钥对，DER 的 SM2EnvelopedKey", "the encryption key pair, SM2EnvelopedKey in DER"});
  run_with(command, context, options, import_into_token);
}

void add_export(CLI::App& group, Context& context) {
  auto options = std::make_shared<TokenExportOptions>();
  const std::string_view examples =
      "  hutong token export --container supplier -o sign.cer\n"
      "  hutong token export --container supplier --encryption --public-key -o enc.pub";
  CLI::App* command = add_command(
      group, context,
      {"export", {"导出证书或公钥", "write a certificate or public key out"}, {examples, examples}});
  add_token_options(*command, context, options->token, TokenPart::kContainer);
  add_flag(command, context, "--encryption", options->encryption,
           {"加密的而不是签名的", "that of encryption instead of signature"});
  add_flag(command, context, "--public-key", options->public_key,
           {"公钥而不是证书", "the public key instead of the certificate"});
  add_output(command, context, options->out, options->der);
  run_with(command, context, options, export_from_token);
}

}  // namespace

void add_token_keys(CLI::App& group, Context& context) {
  add_keygen(group, context);
  add_token_request(group, context);
  add_import(group, context);
  add_export(group, context);
}

}  // namespace hutong::cli
