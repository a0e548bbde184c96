#include "cli/judge_command.h"

#include <algorithm>

#include "cli/report_view.h"
#include "cli/trust_options.h"

namespace hutong::cli {
namespace {

using recognition::Kind;
using recognition::RecognitionReport;

struct JudgeOptions {
  std::vector<Kind> kinds;
  std::vector<std::string> files;
  std::string content;
  TrustOptions trust;
};

bool is_wanted(const JudgeOptions& options, Kind kind) {
  // what could not be recognised keeps its report, which says so
  return options.kinds.empty() || kind == Kind::kUnknown || std::ranges::count(options.kinds, kind) > 0;
}

Result<Exit> judge(Context& context, const JudgeOptions& options) {
  if (!options.content.empty() && options.files.size() > 1) {
    return usage_error("usage.content", "--content goes with one FILE");
  }
  HUTONG_TRY(const auto trust, TrustInputs::load(options.trust, context));
  std::vector<RecognitionReport> reports;
  for (const auto& file : options.files) {
    HUTONG_TRY(auto report, judge_file(context, trust, file, options.content));
    if (!is_wanted(options, report.kind)) {
      return Error{Errc::kMalformed, "input.kind",
                   file + ": this is a " + std::string(recognition::to_string(report.kind))};
    }
    reports.push_back(std::move(report));
  }
  print_reports(context, reports);
  return exit_of(reports);
}

bool has_content(const std::vector<Kind>& kinds) {
  return kinds.empty() || std::ranges::count(kinds, Kind::kTimestamp) > 0;
}

}  // namespace

void add_judge_command(CLI::App& group, Context& context, const CommandText& text,
                       const std::vector<Kind>& kinds) {
  auto options = std::make_shared<JudgeOptions>();
  options->kinds = kinds;
  CLI::App* command = add_command(group, context, text);
  command
      ->add_option("FILE", options->files,
                   std::string(context.text({"文件（DER、PEM、base64），“-”为标准输入",
                                             "files (DER, PEM, base64); \"-\" is standard input"})))
      ->required();
  if (has_content(kinds)) {
    add_file(command, context, "--content", options->content,
             {"分离签名或时间戳的原文", "the content of a detached signature or time stamp"});
  }
  add_trust_options(*command, context, options->trust);
  run_with(command, context, options, judge);
}

}  // namespace hutong::cli
