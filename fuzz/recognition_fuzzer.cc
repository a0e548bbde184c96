// Whatever is handed in gets a report: with a stable kind, never valid without a trust list, and its JSON is
// strict UTF-8. A trust list text that is accepted is the same text after being read and written again.

#include <nlohmann/json.hpp>

#include "fuzz/property.h"
#include "recognition/detect.h"
#include "recognition/judge.h"
#include "recognition/report_json.h"

namespace hutong::fuzz {
namespace {

void check_report(ByteView file) {
  const recognition::LoadedTrustList missing;
  const Time at{std::chrono::seconds(1'780'000'000)};
  const auto report = recognition::judge(
      {.file = file, .file_name = "fuzz", .content = file.first(file.size() / 2), .at = at},
      {.list = &missing, .now = at});
  require(report.indication != x509::Indication::kValid, "without a list nothing is valid");
  for (const auto& signer : report.signers) {
    require(signer.indication != x509::Indication::kValid, "nor is any signer");
  }
  require(report.kind == recognition::detect(file).kind, "detection does not waver");
  const std::string text = recognition::to_json(report).dump();  // throws on text that is not UTF-8
  require(!text.empty(), "a report has a text");
}

void check_trust_list(ByteView file) {
  const auto content = recognition::trust_list_from_json(as_text(file));
  if (!content) {
    return;
  }
  const std::string once = recognition::to_json_text(*content);
  const auto again = recognition::trust_list_from_json(once);
  require(again && recognition::to_json_text(*again) == once, "a list survives writing and reading");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hutong::fuzz::check_report({data, size});
  hutong::fuzz::check_trust_list({data, size});
  return 0;
}
