#include <algorithm>
#include <array>
#include <string>

#include "x509/lint.h"

namespace hutong::x509 {
namespace {

struct Section {
  LintTarget target;
  std::string_view title;
};
constexpr std::array kSections{Section{LintTarget::kCertificate, "Certificates 证书"},
                               Section{LintTarget::kCrl, "Revocation lists 证书撤销列表"},
                               Section{LintTarget::kRequest, "Requests 证书请求"}};

/// A rule without the place for what was found: "…: {0}" loses its end, a "{0}" inside becomes "…".
std::string without_placeholder(std::string_view text) {
  std::string plain(text);
  for (const std::string_view end : {"：{0}", ": {0}", "，条目 {0}", "; entry {0}"}) {
    if (plain.ends_with(end)) {
      plain.resize(plain.size() - end.size());
    }
  }
  if (const auto at = plain.find("{0}"); at != std::string::npos) {
    plain.replace(at, 3, "…");
  }
  return plain;
}

std::string_view obligation(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "shall 应";
    case Severity::kWarning:
      return "should 宜";
    default:
      return "habit 习惯";
  }
}

std::string row(const LintRule& rule) {
  return "| `" + std::string(rule.kind.code) + "` | " + std::string(obligation(rule.kind.severity)) + " | " +
         without_placeholder(rule.kind.en) + "<br>" + without_placeholder(rule.kind.zh) + " | " +
         std::string(rule.applies_to_en) + " | " + std::string(rule.kind.clause) + " |\n";
}

}  // namespace

std::string lint_rules_markdown() {
  const auto& rules = lint_rules();
  std::string text =
      "# Lint rules\n\n"
      "Made by `hutong cert lint --list --markdown`; a test keeps this page in step with the program.\n\n"
      "The profile is GM/T 0015 (GB/T 20518 has the same content), GM/T 0092 for requests, on top of RFC "
      "5280. "
      "**shall** is an error, **should** a warning, **habit** an information. Lint is stricter than "
      "recognition: a "
      "certificate of a real CA may be valid and still have lapses; what Hutong issues has none.\n\n"
      "There are " +
      std::to_string(rules.size()) + " rules.\n";
  for (const auto& section : kSections) {
    const auto count = std::ranges::count(rules, section.target, &LintRule::target);
    text += "\n## " + std::string(section.title) + " (" + std::to_string(count) +
            ")\n\n| id | obligation | rule | applies to | clause |\n| --- | --- | --- | --- | --- |\n";
    for (const auto& rule : rules) {
      text += rule.target == section.target ? row(rule) : "";
    }
  }
  return text;
}

}  // namespace hutong::x509
