#include "platform/validation/handlers.h"

#include <chrono>
#include <utility>

#include "crypto/random.h"
#include "net/json.h"
#include "net/log.h"
#include "net/ulid.h"
#include "recognition/judge.h"
#include "recognition/report_json.h"

namespace hutong::platform {
namespace {

std::string to_text(const std::string& id, Time created_at, const net::Json& report) {
  net::Json json = {{"id", id}, {"created_at", to_rfc3339(created_at)}};
  json.update(report);
  return net::to_text(json);
}

}  // namespace

recognition::RecognitionReport CreateValidation::judge(const Input& input, Time now) const {
  const auto snapshot = trust_->current();
  const recognition::Question question{.file = input.file,
                                       .file_name = input.file_name,
                                       .content = input.content,
                                       .chain = input.chain,
                                       .at = input.at.value_or(now),
                                       .revocation = input.revocation};
  auto report = recognition::judge(
      question, {.list = &snapshot->list, .now = now, .revocation = &snapshot->revocation, .cache = &cache_});
  metrics_->count(report);
  if (sources_ != nullptr) {
    sources_->learn(report, now);
  }
  return report;
}

std::string CreateValidation::summarise(const Input& input) const {
  const Time now = clock_->now();
  net::Json json = {{"created_at", to_rfc3339(now)}};
  json.update(recognition::to_summary_json(judge(input, now)));
  return net::to_text(json);
}

Result<CreateValidation::Output> CreateValidation::process(const Input& input) const {
  if (input.form == ReportForm::kSummary) {
    return Output{.json = summarise(input)};
  }
  const Time now = clock_->now();
  const auto report = judge(input, now);
  const std::string id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random());
  Output output{.json = to_text(id, now, recognition::to_json(report))};
  keep(id, now, report, output.json);
  return output;
}

void CreateValidation::keep(const std::string& id, Time now, const recognition::RecognitionReport& report,
                            const std::string& shown) const {
  if (!reports_->keeps()) {
    return;
  }
  const bool as_shown = !recognition::has_personal_octets(report);
  const auto stored =
      reports_->put(id, as_shown ? shown : to_text(id, now, recognition::to_json_to_keep(report)));
  if (!stored) {
    net::log(net::LogLevel::kError, "report.not_stored", {{"id", id}, {"detail", stored.error().detail}});
  }
}

net::Response CreateValidation::render(const Output& output) { return {.body = output.json}; }

Result<ShowValidation::Input> ShowValidation::parse(const net::Request& request) {
  return Input{.id = request.parameters.at("id")};
}

Result<ShowValidation::Output> ShowValidation::process(const Input& input) const {
  HUTONG_TRY(auto json, reports_->get(input.id));
  return Output{.json = std::move(json)};
}

net::Response ShowValidation::render(const Output& output) { return {.body = output.json}; }

}  // namespace hutong::platform
