#include "cli/lint_command.h"

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/report_view.h"
#include "cli/style.h"
#include "recognition/report_json.h"
#include "x509/input.h"

namespace hutong::cli {
namespace {

using Json = nlohmann::ordered_json;

struct LintOptions {
  x509::LintTarget target = x509::LintTarget::kCertificate;
  std::vector<std::string> files;
  bool list = false;
  bool markdown = false;
};

struct Linted {
  std::string file;
  x509::LintReport report;
};

x509::InputKind input_kind(x509::LintTarget target) {
  switch (target) {
    case x509::LintTarget::kCertificate:
      return x509::InputKind::kCertificate;
    case x509::LintTarget::kCrl:
      return x509::InputKind::kCrl;
    case x509::LintTarget::kRequest:
      break;
  }
  return x509::InputKind::kCertificateRequest;
}

Result<x509::LintReport> lint(x509::LintTarget target, ByteView der) {
  switch (target) {
    case x509::LintTarget::kCertificate:
      return x509::lint_certificate(der);
    case x509::LintTarget::kCrl:
      return x509::lint_crl(der);
    case x509::LintTarget::kRequest:
      break;
  }
  return x509::lint_request(der);
}

/// Every object of the right kind in the file; an object of no known kind is tried as well, because lint is
/// there for the broken ones.
Status lint_file(const LintOptions& options, const std::string& file, std::vector<Linted>& linted) {
  HUTONG_TRY(const auto content, FileContent::open(file));
  HUTONG_TRY(const auto input, x509::decode_input(content.view()));
  const std::size_t before = linted.size();
  for (const auto& object : input.objects) {
    if (object.kind == input_kind(options.target) || object.kind == x509::InputKind::kUnknown) {
      HUTONG_TRY(auto report, lint(options.target, object.der));
      linted.push_back({file, std::move(report)});
    }
  }
  if (linted.size() == before) {
    return Error{Errc::kMalformed, "input.kind",
                 file + ": no " + std::string(x509::to_string(input_kind(options.target))) + " inside"};
  }
  return ok();
}

x509::Indication verdict(const Linted& linted) { return x509::indication_of(linted.report.findings); }

Json json_of(const Linted& linted) {
  Json findings = Json::array();
  for (const auto& finding : linted.report.findings) {
    findings.push_back(recognition::to_json(finding));
  }
  return Json{{"file", linted.file},
              {"target", x509::to_string(linted.report.target)},
              {"indication", x509::to_string(verdict(linted))},
              {"findings", std::move(findings)},
              {"passed", linted.report.passed},
              {"not_applicable", linted.report.not_applicable}};
}

void print(const Context& context, const Linted& linted) {
  const auto indication = verdict(linted);
  const Text kept{"符合规范", "keeps the profile"};
  const Text broken{"不符合规范", "breaks the profile"};
  const std::string word = std::string(mark(indication)) + " " +
                           std::string(context.text(indication == x509::Indication::kValid ? kept : broken));
  const std::string passed = std::to_string(linted.report.passed.size());
  const std::string lapses = std::to_string(linted.report.findings.size());
  context.out << paint(context, tone(indication), word) << "  " << linted.file << "  "
              << paint(
                     context, Tone::kDim,
                     context.text({"通过 {0} 项，有 {1} 处", "{0} rules kept, {1} lapses"}, {passed, lapses}))
              << "\n";
  print_findings(context, linted.report.findings);
}

Json json_of(const x509::LintRule& rule) {
  return Json{{"id", rule.kind.code},
              {"target", x509::to_string(rule.target)},
              {"severity", x509::to_string(rule.kind.severity)},
              {"clause", rule.kind.clause},
              {"text_zh", rule.kind.zh},
              {"text_en", rule.kind.en},
              {"applies_to_zh", rule.applies_to_zh},
              {"applies_to_en", rule.applies_to_en}};
}

Result<Exit> list_rules(const Context& context, const LintOptions& options) {
  if (options.markdown) {
    context.out << x509::lint_rules_markdown();
    return Exit::kGood;
  }
  Json list = Json::array();
  for (const auto& rule : x509::lint_rules()) {
    if (rule.target != options.target) {
      continue;
    }
    list.push_back(json_of(rule));
    if (!context.json) {
      context.out << paint(context, tone(rule.kind.severity), mark(rule.kind.severity)) << " "
                  << padded(rule.kind.code, 40) << context.text({rule.kind.zh, rule.kind.en}, {"…"}) << "  "
                  << paint(context, Tone::kDim, rule.kind.clause) << "\n";
    }
  }
  if (context.json) {
    context.out << list.dump(2) << "\n";
  }
  return Exit::kGood;
}

Result<Exit> run(Context& context, const LintOptions& options) {
  if (options.list) {
    return list_rules(context, options);
  }
  if (options.files.empty()) {
    return usage_error("usage.file", "FILE is missing");
  }
  std::vector<Linted> linted;
  for (const auto& file : options.files) {
    HUTONG_CHECK(lint_file(options, file, linted));
  }
  Json list = Json::array();
  Exit exit = Exit::kGood;
  for (const auto& one : linted) {
    exit = verdict(one) == x509::Indication::kValid ? exit : Exit::kRejected;
    if (context.json) {
      list.push_back(json_of(one));
    } else {
      print(context, one);
    }
  }
  if (context.json) {
    context.out << (list.size() == 1 ? list.front() : list).dump(2) << "\n";
  }
  return exit;
}

CommandText text_for(x509::LintTarget target) {
  switch (target) {
    case x509::LintTarget::kCertificate:
      return {"lint",
              {"对照 GM/T 0015 逐项检查证书", "check a certificate against GM/T 0015, rule by rule"},
              {"  hutong cert lint user.cer\n  hutong cert lint --json *.cer\n  hutong cert lint --list",
               "  hutong cert lint user.cer\n  hutong cert lint --json *.cer\n  hutong cert lint --list"}};
    case x509::LintTarget::kCrl:
      return {"lint",
              {"对照 GM/T 0015 逐项检查撤销列表", "check a revocation list against GM/T 0015, rule by rule"},
              {"  hutong crl lint ca.crl\n  hutong crl lint --list",
               "  hutong crl lint ca.crl\n  hutong crl lint --list"}};
    case x509::LintTarget::kRequest:
      break;
  }
  return {"lint",
          {"对照 GM/T 0092 逐项检查证书请求", "check a certificate request against GM/T 0092, rule by rule"},
          {"  hutong request lint user.csr\n  hutong request lint --list",
           "  hutong request lint user.csr\n  hutong request lint --list"}};
}

}  // namespace

void add_lint_command(CLI::App& group, Context& context, x509::LintTarget target) {
  auto options = std::make_shared<LintOptions>();
  options->target = target;
  CLI::App* command = add_command(group, context, text_for(target));
  command->add_option("FILE", options->files,
                      std::string(context.text({"文件，“-”为标准输入", "files; \"-\" is standard input"})));
  auto* list = add_flag(command, context, "--list", options->list, {"列出全部规则", "list the rules"});
  add_flag(command, context, "--markdown", options->markdown,
           {"以 Markdown 列出（全部对象）", "list them as Markdown, for all objects"})
      ->needs(list);
  run_with(command, context, options, run);
}

}  // namespace hutong::cli
