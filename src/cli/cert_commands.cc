#include <nlohmann/json.hpp>
#include <vector>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/judge_command.h"
#include "cli/lint_command.h"
#include "cli/object_view.h"
#include "cli/report_view.h"
#include "recognition/judge.h"
#include "recognition/report_json.h"

namespace hutong::cli {
namespace {

struct ShowCertificateOptions {
  std::vector<std::string> files;
};

/// What a certificate says is the first element of the chain in its recognition report.
nlohmann::ordered_json json_of(const x509::Certificate& certificate, Time now) {
  const auto report = recognition::judge(
      {.file = certificate.der(), .at = now, .revocation = x509::RevocationMode::kNone}, {.now = now});
  auto element = recognition::to_json(report)["chain"].at(0);
  for (const char* judged : {"role", "status"}) {
    element.erase(judged);
  }
  return element;
}

Result<Exit> show_certificate(Context& context, const ShowCertificateOptions& options) {
  HUTONG_TRY(const auto certificates, load_certificates(options.files));
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  bool first = true;
  for (const auto& certificate : certificates) {
    if (context.json) {
      list.push_back(json_of(certificate, context.now));
      continue;
    }
    context.out << (std::exchange(first, false) ? "" : "\n");
    print_certificate(context, certificate);
  }
  if (context.json) {
    context.out << (list.size() == 1 ? list.front() : list).dump(2) << "\n";
  }
  return Exit::kGood;
}

void add_show_certificate(CLI::App& group, Context& context) {
  auto options = std::make_shared<ShowCertificateOptions>();
  CLI::App* command = add_command(
      group, context,
      {"show",
       {"显示证书内容", "show what certificates say"},
       {"  hutong cert show user.cer\n  hutong cert show --json chain.p7b | jq -r '.[].subject'",
        "  hutong cert show user.cer\n  hutong cert show --json chain.p7b | jq -r '.[].subject'"}});
  command
      ->add_option(
          "FILE", options->files,
          std::string(context.text({"证书文件（DER、PEM、base64、p7b），“-”为标准输入",
                                    "certificates (DER, PEM, base64, p7b); \"-\" is standard input"})))
      ->required();
  run_with(command, context, options, show_certificate);
}

}  // namespace

void add_cert_commands(CLI::App& app, Context& context) {
  CLI::App* group =
      add_group(app, context, "cert", {"证书：显示、验证、对照规范检查", "certificates: show, verify, lint"});
  add_show_certificate(*group, context);
  add_judge_command(
      *group, context,
      {"verify",
       {"验证证书", "verify certificates"},
       {"  hutong cert verify user.cer --chain ca.cer --anchor root.cer\n"
        "  hutong cert verify user.cer --trust-list region.p7 --trust-list-signer operator.cer --crl ca.crl\n"
        "  hutong cert verify old.cer --anchor root.cer --at 2020-01-01 --revocation none --json",
        "  hutong cert verify user.cer --chain ca.cer --anchor root.cer\n"
        "  hutong cert verify user.cer --trust-list region.p7 --trust-list-signer operator.cer --crl ca.crl\n"
        "  hutong cert verify old.cer --anchor root.cer --at 2020-01-01 --revocation none --json"}},
      {recognition::Kind::kCertificate, recognition::Kind::kCertificateBundle});
  add_lint_command(*group, context, x509::LintTarget::kCertificate);
}

}  // namespace hutong::cli
