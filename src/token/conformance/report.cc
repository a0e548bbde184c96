#include "token/conformance/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hutong::token::conformance {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

BothTexts verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return {"通过", "passed"};
    case Verdict::kFailed:
      return {"不通过", "failed"};
    case Verdict::kUnsupported:
      break;
  }
  return {"不支持", "not supported"};
}

constexpr std::string_view kPageStart = R"(<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>SKF 接口一致性测试报告</title>
<style>
body { font: 16px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; }
.en { color: #5b6773; font-size: .9em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin-top: 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .6rem; border-bottom: 1px solid #d9dfe5; }
code { font-size: .9em; }
.passed { color: #17693c; } .failed { color: #b3261e; font-weight: 600; } .unsupported { color: #7a5b00; }
ul { margin: .3rem 0 0; padding-left: 1.1rem; }
</style>
</head>
<body>
)";

void write_row(std::string& out, const CheckResult& check) {
  const BothTexts verdict = verdict_text(check.verdict);
  out += "<tr><td><code>" + escaped(check.id) + "</code></td><td>" + escaped(check.title.zh) +
         "<br><span class=\"en\">" + escaped(check.title.en) + "</span>";
  if (!check.notes.empty()) {
    out += "<ul>";
    for (const std::string& note : check.notes) {
      out += "<li>" + escaped(note) + "</li>";
    }
    out += "</ul>";
  }
  out += "</td><td>" + escaped(check.clause) + "</td><td class=\"" +
         std::string(verdict_name(check.verdict)) + "\">" + escaped(verdict.zh) + "<br><span class=\"en\">" +
         escaped(verdict.en) + "</span></td></tr>\n";
}

void write_field(std::string& out, std::string_view name, std::string_view value) {
  out += "<dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd>\n";
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "passed";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kUnsupported:
      break;
  }
  return "unsupported";
}

std::size_t ConformanceReport::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(checks, verdict, &CheckResult::verdict));
}

std::string to_json(const ConformanceReport& report) {
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (const CheckResult& check : report.checks) {
    checks.push_back({{"id", check.id},
                      {"clause", check.clause},
                      {"title", {{"zh", check.title.zh}, {"en", check.title.en}}},
                      {"verdict", verdict_name(check.verdict)},
                      {"notes", check.notes}});
  }
  const nlohmann::ordered_json json{{"norm", "GM/T 0016-2012"},
                                    {"library", report.library},
                                    {"library_sm3", report.library_sm3},
                                    {"device", report.device},
                                    {"made_at", report.made_at},
                                    {"passed", report.count(Verdict::kPassed)},
                                    {"failed", report.count(Verdict::kFailed)},
                                    {"unsupported", report.count(Verdict::kUnsupported)},
                                    {"checks", std::move(checks)}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string to_html(const ConformanceReport& report) {
  std::string out(kPageStart);
  out +=
      "<h1>SKF 接口一致性测试报告</h1>\n<p class=\"en\">Conformance of an SKF library with GM/T "
      "0016-2012</p>\n<dl>\n";
  write_field(out, "库 Library", report.library);
  write_field(out, "SM3", report.library_sm3);
  write_field(out, "设备 Device", report.device);
  write_field(out, "时间 Time", report.made_at);
  write_field(out, "结果 Result",
              "通过 passed " + std::to_string(report.count(Verdict::kPassed)) + " · 不通过 failed " +
                  std::to_string(report.count(Verdict::kFailed)) + " · 不支持 not supported " +
                  std::to_string(report.count(Verdict::kUnsupported)));
  out +=
      "</dl>\n<table>\n<tr><th>编号 Id</th><th>检查 Check</th><th>条款 Clause</th><th>结论 "
      "Verdict</th></tr>\n";
  for (const CheckResult& check : report.checks) {
    write_row(out, check);
  }
  out += "</table>\n</body>\n</html>\n";
  return out;
}

}  // namespace hutong::token::conformance
