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

Result<CreateValidation::Output> CreateValidation::process(const Input& input) const {
  const auto snapshot = trust_->current();
  const Time now = clock_->now();
  const recognition::Question question{.file = input.file,
                                       .file_name = input.file_name,
                                       .content = input.content,
                                       .chain = input.chain,
                                       .at = input.at.value_or(now),
                                       .revocation = input.revocation};
  const auto report = recognition::judge(
      question, {.list = &snapshot->list, .now = now, .revocation = &snapshot->revocation, .cache = &cache_});
  metrics_->count(report);
  const std::string id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random());
  Output output{.json = to_text(id, now, recognition::to_json(report))};
  if (const auto stored = reports_->put(id, to_text(id, now, recognition::to_json_to_keep(report)));
      !stored) {
    net::log(net::LogLevel::kError, "report.not_stored", {{"id", id}, {"detail", stored.error().detail}});
  }
  return output;
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
