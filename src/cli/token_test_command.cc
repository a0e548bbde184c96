#include "cli/command.h"
#include "cli/files.h"
#include "cli/password.h"
#include "cli/style.h"
#include "cli/token_commands.h"
#include "token/conformance/suite.h"

namespace hutong::cli {
namespace {

namespace conformance = token::conformance;

struct DriverTestOptions {
  std::string library;
  std::string device;
  PasswordOptions device_key;
  std::string html;
  std::vector<std::string> only;
};

void print_check(const Context& context, const conformance::CheckResult& check) {
  const bool passed = check.verdict == conformance::Verdict::kPassed;
  const bool failed = check.verdict == conformance::Verdict::kFailed;
  const std::string_view mark = passed ? "✔ " : failed ? "✘ " : "- ";
  context.out << paint(context,
                       passed   ? Tone::kGood
                       : failed ? Tone::kBad
                                : Tone::kUnsure,
                       std::string(mark) + padded(check.id, 30))
              << context.text({check.title.zh, check.title.en}) << "\n";
  for (const std::string& note : check.notes) {
    context.out << "    " << note << "\n";
  }
}

Result<Exit> test_driver(Context& context, const DriverTestOptions& options) {
  conformance::SuiteOptions suite;
  suite.library = options.library;
  suite.device = options.device;
  suite.only = options.only;
  HUTONG_TRY(const auto key, password_from(options.device_key));
  if (key) {
    suite.device_key = text_of(*key);
  }
  if (!context.json) {
    suite.progress = [&context](const conformance::CheckResult& check) { print_check(context, check); };
  }
  HUTONG_TRY(const auto report, conformance::run_suite(suite, context.now));
  if (!options.html.empty()) {
    HUTONG_CHECK(write_octets(context, options.html, as_bytes(conformance::to_html(report))));
  }
  if (context.json) {
    context.out << conformance::to_json(report) << "\n";
  } else {
    using conformance::Verdict;
    context.out << context.text(
                       {"通过 {0}，不通过 {1}，不支持 {2}", "passed {0}, failed {1}, not supported {2}"},
                       {std::to_string(report.count(Verdict::kPassed)),
                        std::to_string(report.count(Verdict::kFailed)),
                        std::to_string(report.count(Verdict::kUnsupported))})
                << "\n";
  }
  return report.passed() ? Exit::kGood : Exit::kRejected;
}

}  // namespace

void add_driver_test(CLI::App& group, Context& context) {
  auto options = std::make_shared<DriverTestOptions>();
  const std::string_view examples =
      "  hutong token driver-test libhutong-skf.so\n"
      "  hutong token driver-test /usr/lib/libvendor_skf.so --device-key-file device.key --html report.html "
      "--json";
  CLI::App* command =
      add_command(group, context,
                  {"driver-test",
                   {"SKF 库一致性测试（GM/T 0016）：会建立并删除应用 HUTONG-TEST",
                    "try an SKF library against GM/T 0016: makes and deletes the application HUTONG-TEST"},
                   {examples, examples}});
  add_file(command, context, "LIB", options->library, {"SKF 库", "the SKF library"})->required();
  command
      ->add_option(
          "--device", options->device,
          std::string(context.text({"设备名称（默认第一个）", "the device's name (default: the first)"})))
      ->type_name("NAME");
  add_file(command, context, "--device-key-file", options->device_key.file,
           {"设备认证密钥所在文件，16 个字符（默认出厂密钥）",
            "the file with the device key, 16 characters (default: the factory's)"});
  command
      ->add_option("--only", options->only,
                   std::string(context.text(
                       {"只做这些检查：编号或其开头，如 key.（可重复）",
                        "these checks only: ids or their beginnings, such as key. (repeatable)"})))
      ->type_name("ID")
      ->allow_extra_args(false);
  add_file(command, context, "--html", options->html,
           {"另存 HTML 报告", "write a report in HTML here as well"});
  run_with(command, context, options, test_driver);
}

}  // namespace hutong::cli
