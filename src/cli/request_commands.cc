#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/key_input.h"
#include "cli/lint_command.h"
#include "cli/object_view.h"
#include "cli/password.h"
#include "crypto/signature.h"
#include "recognition/report_json.h"
#include "x509/builder.h"
#include "x509/name.h"

namespace hutong::cli {
namespace {

struct CreateOptions {
  std::string key;
  PasswordOptions password;
  std::string subject;
  std::vector<std::string> dns;
  std::vector<std::string> email;
  PasswordOptions challenge;
  std::string out = "-";
  bool der = false;
};

struct ShowRequestOptions {
  std::string file;
};

std::vector<x509::ExtensionValue> extensions_from(const CreateOptions& options) {
  std::vector<Bytes> names;
  for (const auto& name : options.dns) {
    names.push_back(x509::dns_name(name));
  }
  for (const auto& address : options.email) {
    names.push_back(x509::email_name(address));
  }
  return names.empty() ? std::vector<x509::ExtensionValue>{}
                       : std::vector<x509::ExtensionValue>{x509::extension::subject_alt_name(names)};
}

Result<Exit> create(Context& context, const CreateOptions& options) {
  x509::TbsCertificateRequest request;
  auto subject = x509::Name::from_string(options.subject);
  if (!subject) {
    return usage_error("usage.subject", subject.error().detail);
  }
  request.subject = *std::move(subject);
  request.extensions = extensions_from(options);
  HUTONG_TRY(const auto challenge, password_from(options.challenge));
  if (challenge) {
    request.challenge_password = std::string(text_of(*challenge));
  }
  HUTONG_TRY(auto key, load_key(context, options.key, options.password));
  HUTONG_TRY(const auto der, x509::sign(request, crypto::Sm2Signer(std::move(key))));
  HUTONG_CHECK(write_product(context, options.out, {der.view(), "CERTIFICATE REQUEST"},
                             options.der ? Form::kDer : Form::kPem));
  return Exit::kGood;
}

Result<Exit> show_request(Context& context, const ShowRequestOptions& options) {
  HUTONG_TRY(const auto der, load_object(options.file, x509::InputKind::kCertificateRequest));
  HUTONG_TRY(const auto request, x509::CertificateRequest::parse(der));
  const Exit exit = request.is_signed_by_own_key() ? Exit::kGood : Exit::kRejected;
  if (!context.json) {
    print_request(context, request);
    return exit;
  }
  recognition::RecognitionReport report;
  report.request = request;
  context.out << recognition::to_json(report)["request"].dump(2) << "\n";
  return exit;
}

void add_create(CLI::App& group, Context& context) {
  auto options = std::make_shared<CreateOptions>();
  const std::string_view examples =
      "  hutong request create --key alice.key --subject 'CN=张三,O=某公司,C=CN' -o alice.csr\n"
      "  hutong request create --key web.key --subject 'CN=example.cn,O=某公司,C=CN' --dns example.cn";
  CLI::App* command = add_command(group, context,
                                  {"create",
                                   {"生成证书请求（GM/T 0092）", "make a certificate request (GM/T 0092)"},
                                   {examples, examples}});
  add_file(command, context, "--key", options->key, {"私钥", "the private key"})->required();
  add_password_options(*command, context, options->password);
  command
      ->add_option("--subject", options->subject,
                   std::string(context.text({"主体名称，RFC 4514 写法：CN 在前、C 在后",
                                             "the subject's name as in RFC 4514: CN first, C last"})))
      ->required()
      ->type_name("NAME");
  command
      ->add_option("--dns", options->dns,
                   std::string(context.text({"域名（可重复）", "a DNS name (repeatable)"})))
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      ->add_option("--email", options->email,
                   std::string(context.text({"电子邮件地址（可重复）", "an e-mail address (repeatable)"})))
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  add_file(command, context, "--challenge-file", options->challenge.file,
           {"挑战口令所在文件", "the file that holds the challenge password"});
  add_output(command, context, options->out, options->der);
  run_with(command, context, options, create);
}

void add_show_request(CLI::App& group, Context& context) {
  auto options = std::make_shared<ShowRequestOptions>();
  const std::string_view examples = "  hutong request show alice.csr\n  hutong request show --json alice.csr";
  CLI::App* command =
      add_command(group, context,
                  {"show",
                   {"显示证书请求并检查其签名", "show a certificate request and check its signature"},
                   {examples, examples}});
  add_file(command, context, "FILE", options->file, {"证书请求", "the request"})->required();
  run_with(command, context, options, show_request);
}

}  // namespace

void add_request_commands(CLI::App& app, Context& context) {
  CLI::App* group =
      add_group(app, context, "request",
                {"证书请求：生成、显示、对照规范检查", "certificate requests: create, show, lint"});
  add_create(*group, context);
  add_show_request(*group, context);
  add_lint_command(*group, context, x509::LintTarget::kRequest);
}

}  // namespace hutong::cli
