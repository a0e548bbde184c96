#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/judge_command.h"
#include "cli/lint_command.h"
#include "cli/object_view.h"
#include "recognition/report_json.h"
#include "x509/crl.h"
#include "x509/serial.h"

namespace hutong::cli {
namespace {

struct ShowListOptions {
  std::string file;
  std::string serial;
  std::size_t entries = 20;
};

/// The entry of one certificate: exit kGood when it is on the list, kRejected when it is not.
Result<Exit> show_entry(const Context& context, const x509::Crl& crl, const std::string& text) {
  HUTONG_TRY(const auto serial, x509::Serial::from_hex(text));
  const auto entry = crl.find(serial);
  if (context.json) {
    nlohmann::ordered_json json{{"serial", serial.to_hex()}, {"listed", entry.has_value()}};
    if (entry) {
      json["revoked_at"] = to_rfc3339(entry->revoked_at);
      json["reason"] = x509::to_string(entry->reason.value_or(x509::CrlReason::kUnspecified));
    }
    context.out << json.dump(2) << "\n";
  } else {
    const auto reason =
        entry ? entry->reason.value_or(x509::CrlReason::kUnspecified) : x509::CrlReason::kUnspecified;
    const std::string when = entry ? to_rfc3339(entry->revoked_at) : "";
    context.out << (entry ? context.text(
                                {"已列出：{0} {1}", "listed: {0} {1}"},
                                {when, context.text({x509::to_string_zh(reason), x509::to_string(reason)})})
                          : std::string(context.text({"未列出", "not listed"})))
                << "\n";
  }
  return entry ? Exit::kGood : Exit::kRejected;
}

Result<Exit> show_list(Context& context, const ShowListOptions& options) {
  HUTONG_TRY(const auto crls, load_crls({options.file}));
  const auto& crl = crls.front();
  if (!options.serial.empty()) {
    return show_entry(context, crl, options.serial);
  }
  if (!context.json) {
    print_crl_content(context, crl, options.entries);
    return Exit::kGood;
  }
  recognition::RecognitionReport report;
  report.crl = crl;
  context.out << recognition::to_json(report)["crl"].dump(2) << "\n";
  return Exit::kGood;
}

void add_show_list(CLI::App& group, Context& context) {
  auto options = std::make_shared<ShowListOptions>();
  CLI::App* command = add_command(
      group, context,
      {"show",
       {"显示撤销列表内容，或查一个序列号", "show what a revocation list says, or look up one serial number"},
       {"  hutong crl show ca.crl\n  hutong crl show ca.crl --serial 12f2d09324b0a3eb7132aa7f24a8149a",
        "  hutong crl show ca.crl\n  hutong crl show ca.crl --serial 12f2d09324b0a3eb7132aa7f24a8149a"}});
  add_file(command, context, "FILE", options->file, {"撤销列表", "the list"})->required();
  command
      ->add_option("--serial", options->serial,
                   std::string(context.text(
                       {"只查这个序列号（十六进制）", "look up this serial number (hexadecimal)"})))
      ->type_name("HEX");
  command
      ->add_option("--entries", options->entries,
                   std::string(context.text({"最多显示的条目数", "the most entries to show"})))
      ->capture_default_str();
  run_with(command, context, options, show_list);
}

}  // namespace

void add_crl_commands(CLI::App& app, Context& context) {
  CLI::App* group = add_group(app, context, "crl",
                              {"撤销列表：显示、验证、对照规范检查", "revocation lists: show, verify, lint"});
  add_show_list(*group, context);
  add_judge_command(*group, context,
                    {"verify",
                     {"验证撤销列表", "verify a revocation list"},
                     {"  hutong crl verify ca.crl --anchor root.cer --chain ca.cer\n"
                      "  hutong crl verify arl.crl --anchor root.cer --at 2022-05-06",
                      "  hutong crl verify ca.crl --anchor root.cer --chain ca.cer\n"
                      "  hutong crl verify arl.crl --anchor root.cer --at 2022-05-06"}},
                    {recognition::Kind::kCrl});
  add_lint_command(*group, context, x509::LintTarget::kCrl);
}

}  // namespace hutong::cli
