#include "platform/validation/handlers.h"

#include <chrono>
#include <set>
#include <utility>

#include "base/encoding.h"
#include "cms/sign.h"
#include "crypto/random.h"
#include "net/log.h"
#include "net/ulid.h"
#include "recognition/judge.h"
#include "recognition/report_json.h"
#include "recognition/summary.h"

namespace hutong::platform {
namespace {

std::string to_text(const std::string& id, Time created_at, const net::Json& report,
                    const net::Json& inputs) {
  net::Json json = {{"id", id}, {"created_at", to_rfc3339(created_at)}};
  json.update(report);
  json["inputs"] = inputs;
  return net::to_text(json);
}

std::string_view name_of(x509::RevocationMode mode) {
  switch (mode) {
    case x509::RevocationMode::kRequire:
      return "require";
    case x509::RevocationMode::kPrefer:
      return "prefer";
    case x509::RevocationMode::kNone:
      break;
  }
  return "none";
}

}  // namespace

recognition::RecognitionReport CreateValidation::judge(const Input& input, Time now) const {
  const auto snapshot = parts_.trust.current();
  const recognition::Question question{.file = input.file,
                                       .file_name = input.file_name,
                                       .content = input.content,
                                       .chain = input.chain,
                                       .at = input.at.value_or(now),
                                       .revocation = input.revocation};
  auto report = recognition::judge(question, {.list = &snapshot->list,
                                              .now = now,
                                              .revocation = &snapshot->revocation,
                                              .cache = &cache_,
                                              .paths = &snapshot->paths});
  parts_.metrics.count(report);
  if (parts_.sources != nullptr) {
    parts_.sources->learn(report, now);
  }
  return report;
}

std::string CreateValidation::summarise(const Input& input) const {
  const Time now = parts_.clock.now();
  return recognition::to_summary_json(judge(input, now), now);
}

Result<net::Json> CreateValidation::inputs(const Input& input,
                                           const recognition::RecognitionReport& report) const {
  net::Json json = {{"program", "hutong-platform " HUTONG_VERSION},
                    {"revocation", name_of(input.revocation)}};
  if (input.content) {
    json["content_sm3"] = to_hex(crypto::sm3(*input.content));
  }
  json["chain_sm3"] = net::Json::array();
  for (const ByteView file : input.chain) {
    json["chain_sm3"].push_back(to_hex(crypto::sm3(file)));
  }
  std::set<std::string> considered;
  for (const auto& object : report.considered) {
    HUTONG_TRY(const auto sm3, parts_.evidence.keep(object));
    considered.insert(to_hex(sm3));
  }
  json["revocation_sm3"] = considered;
  if (report.trust_list) {
    parts_.evidence.touch_list(report.trust_list->sm3);
  }
  return json;
}

Result<CreateValidation::Output> CreateValidation::process(const Input& input) const {
  if (input.form == ReportForm::kSummary) {
    return Output{.json = summarise(input)};
  }
  const Time now = parts_.clock.now();
  const auto report = judge(input, now);
  const auto known = inputs(input, report);
  if (!known) {
    net::log(net::LogLevel::kError, "report.evidence_not_kept", {{"detail", known.error().detail}});
  }
  const net::Json inputs_shown = known ? *known : net::Json(nullptr);
  const std::string id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random());
  Output output{.json = to_text(id, now, recognition::to_json(report), inputs_shown)};
  const bool as_shown = !recognition::has_personal_octets(report);
  const auto kept = keep(
      id, as_shown ? output.json : to_text(id, now, recognition::to_json_to_keep(report), inputs_shown), now);
  if (!kept) {
    net::log(net::LogLevel::kError, "report.not_stored", {{"id", id}, {"detail", kept.error().detail}});
  }
  return output;
}

Status CreateValidation::keep(const std::string& id, const std::string& text, Time now) const {
  if (!parts_.reports.keeps()) {
    return ok();
  }
  if (parts_.signer == nullptr) {
    return parts_.reports.put(id, text);
  }
  const std::vector<cms::MessageSigner> signers = {
      {.key = parts_.signer->key(), .certificate = parts_.signer->certificate()}};
  cms::SignOptions options;
  options.signing_time = now;
  HUTONG_TRY(const Bytes message, cms::sign_attached(as_bytes(text), signers, options));
  return parts_.reports.put(id, text, message);
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

Result<ShowSignedValidation::Input> ShowSignedValidation::parse(const net::Request& request) {
  return Input{.id = request.parameters.at("id")};
}

Result<ShowSignedValidation::Output> ShowSignedValidation::process(const Input& input) const {
  HUTONG_TRY(auto message, reports_->get_signed(input.id));
  return Output{.message = std::move(message)};
}

net::Response ShowSignedValidation::render(const Output& output) {
  return {.content_type = "application/pkcs7-mime", .body = std::string(as_text(output.message))};
}

}  // namespace hutong::platform
