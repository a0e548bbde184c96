#include "ca/registration/order_json.h"

#include <charconv>
#include <utility>

#include "base/encoding.h"
#include "ca/registration/json_fields.h"
#include "ca/registration/order_content.h"
#include "ca/registration/order_rules.h"

namespace hutong::ca::registration {
namespace {

using net::Json;

constexpr std::int64_t kMostDays = 36'525;
constexpr std::size_t kMostOnAPage = 1'000;

Result<OrderKind> kind_of(const JsonFields& fields) {
  HUTONG_TRY(const std::string text, fields.text("kind"));
  const auto kind = order_kind_from(text);
  return kind ? Result<OrderKind>(*kind) : wrong_field("kind");
}

Status read_key_choice(const JsonFields& fields, NewOrder& wish) {
  const Json* key = fields.find("key");
  if (key == nullptr) {
    return ok();
  }
  HUTONG_TRY(const auto members, JsonFields::of(*key, {"algorithm", "bits"}));
  HUTONG_TRY(wish.key_algorithm, members.text("algorithm"));
  HUTONG_TRY(wish.key_bits, members.number("bits", 0, 1'000'000));
  return ok();
}

Status read_parties(const JsonFields& fields, NewOrder& wish) {
  if (const Json* applicant = fields.find("applicant")) {
    HUTONG_TRY(wish.applicant, applicant_from_json(*applicant));
  }
  if (const Json* subject = fields.find("subject")) {
    HUTONG_TRY(wish.subject, subject_from_json(*subject));
  }
  return ok();
}

Status read_target(const JsonFields& fields, NewOrder& wish) {
  HUTONG_TRY(const std::string serial, fields.text_or("certificate", ""));
  if (!serial.empty()) {
    const auto read = x509::Serial::from_hex(serial);
    if (!read) {
      return wrong_field("certificate");
    }
    wish.target = read.value();
  }
  HUTONG_TRY(const std::string reason, fields.text_or("reason", ""));
  wish.reason = reason_from_name(reason);
  const bool is_for_orders = wish.reason != x509::CrlReason::kCertificateHold;
  return reason.empty() || (wish.reason && is_for_orders) ? ok() : Status(wrong_field("reason"));
}

std::string use_of(const CertificateRecord& record) {
  const auto certificate = x509::Certificate::parse(record.der);
  if (!certificate || !certificate->extensions().key_usage || certificate->is_ca()) {
    return "other";
  }
  return certificate->extensions().key_usage->can_sign() ? "signing" : "encryption";
}

Json base_json(const Order& order, const std::string& number) {
  const Applicant& applicant = order.content.applicant;
  Json json{{"id", order.id},
            {"kind", to_string(order.kind)},
            {"state", to_string(order.state)},
            {"version", order.version},
            {"template", order.template_id},
            {"applicant",
             {{"name", applicant.name},
              {"number", number},
              {"role", to_string(applicant.role)},
              {"region", applicant.region}}},
            {"entered_at", to_rfc3339(order.entered_at)},
            {"entered_by", order.entered_by.subject},
            {"changed_at", to_rfc3339(order.changed_at)},
            {"has_request", order.key_sm3.has_value()}};
  if (order.target) {
    json["certificate"] = order.target->to_hex();
  }
  if (order.problem) {
    json["problem"] = {{"code", order.problem->code},
                       {"detail", order.problem->detail},
                       {"at", to_rfc3339(order.problem->at)}};
  }
  if (!order.batch.empty()) {
    json["batch"] = order.batch;
  }
  return json;
}

Status add_certificate(storage::Reader& reader, const std::optional<x509::Serial>& serial, const char* name,
                       Json& json) {
  if (!serial) {
    return ok();
  }
  HUTONG_TRY(const auto record, CertificateRepository::find(reader, *serial));
  json[name] = to_base64(record.der);
  return ok();
}

}  // namespace

Result<Json> read_body(const net::Request& request) {
  HUTONG_TRY(auto json, net::parse_json(as_text(request.body)));
  return json.is_object() ? Result<Json>(std::move(json))
                          : Error{Errc::kMalformed, "request.field", "a JSON object is expected"};
}

Result<StepWish> step_from(const net::Request& request) {
  HUTONG_TRY(const Json json, read_body(request));
  HUTONG_TRY(const auto fields, JsonFields::of(json, {"version", "note"}));
  StepWish step{.order = request.parameters.at("id")};
  HUTONG_TRY(step.version, fields.number("version", 1, INT64_MAX));
  HUTONG_TRY(step.note, fields.text_or("note", ""));
  return step;
}

Result<NewOrder> new_order_from_json(const Json& json) {
  HUTONG_TRY(const auto fields,
             JsonFields::of(json, {"kind", "applicant", "template", "subject", "days", "key", "request",
                                   "certificate", "reason", "submit", "note", "version"}));
  NewOrder wish;
  HUTONG_TRY(wish.kind, kind_of(fields));
  HUTONG_CHECK(read_parties(fields, wish));
  HUTONG_CHECK(read_key_choice(fields, wish));
  HUTONG_CHECK(read_target(fields, wish));
  HUTONG_TRY(wish.template_id, fields.text_or("template", ""));
  HUTONG_TRY(const auto days, fields.number_if_given("days", 1, kMostDays));
  wish.days = days ? std::optional(static_cast<std::uint32_t>(*days)) : std::nullopt;
  HUTONG_TRY(wish.request, fields.octets_or_empty("request"));
  HUTONG_TRY(const bool submit, fields.flag_or("submit", false));
  wish.entry = submit ? Entry::kSubmit : Entry::kDraft;
  HUTONG_TRY(wish.note, fields.text_or("note", ""));
  return wish;
}

std::string query_text(const net::Request& request, std::string_view name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

Result<std::size_t> limit_of(const net::Request& request) {
  const std::string text = query_text(request, "limit");
  if (text.empty()) {
    return std::size_t{50};
  }
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && limit >= 1 && limit <= kMostOnAPage ? Result<std::size_t>(limit) : wrong_field("limit");
}

Json to_json(const OrderLine& line) { return base_json(line.order, line.shown_number); }

Json to_json(const Step& step) {
  return {{"number", step.number},          {"step", to_string(step.kind)},
          {"state", to_string(step.state)}, {"at", to_rfc3339(step.at)},
          {"actor", step.actor.subject},    {"fingerprint", step.actor.fingerprint},
          {"signed", step.is_signed},       {"note", step.note}};
}

Json to_json(const Order& order) {
  Json json = base_json(order, shown_number(order.content.applicant));
  json["applicant"] = to_json(order.content.applicant, Shown::kMasked);
  json["subject"] = to_json(order.content.subject, Shown::kMasked);
  json["key"] = {{"algorithm", "SM2"}, {"bits", 256}};
  if (order.days) {
    json["days"] = *order.days;
  }
  if (order.reason) {
    json["reason"] = reason_name(*order.reason);
  }
  Json steps = Json::array();
  for (const StepKind step : next_steps(order)) {
    steps.push_back(to_string(step));
  }
  json["next_steps"] = std::move(steps);
  return json;
}

Json to_json(const CertificateRecord& record, WithDer with_der) {
  Json json{{"serial", record.serial.to_hex()},
            {"state", to_string(record.state)},
            {"subject", record.subject},
            {"template", record.template_id},
            {"template_version", record.template_version},
            {"not_before", to_rfc3339(record.not_before)},
            {"not_after", to_rfc3339(record.not_after)},
            {"use", use_of(record)}};
  if (!record.order.empty()) {
    json["order"] = record.order;
  }
  if (record.pair) {
    json["pair"] = record.pair->to_hex();
  }
  if (record.changed_at) {
    json["changed_at"] = to_rfc3339(*record.changed_at);
  }
  if (record.reason) {
    json["reason"] = reason_name(*record.reason);
  }
  if (with_der == WithDer::kYes) {
    json["certificate"] = to_base64(record.der);
  }
  return json;
}

Result<Json> issued_objects(storage::Reader& reader, const SigningSystem& signing, const Order& order) {
  if (order.state != OrderState::kIssued && order.state != OrderState::kDelivered) {
    return Error{Errc::kConflict, "order.state",
                 "an order that is " + std::string(to_string(order.state)) + " has nothing to deliver"};
  }
  Json json = Json::object();
  HUTONG_CHECK(add_certificate(reader, order.issued_signing, "signing_certificate", json));
  HUTONG_CHECK(add_certificate(reader, order.issued_encryption, "encryption_certificate", json));
  if (!order.enveloped_key.empty()) {
    json["enveloped_key"] = to_base64(order.enveloped_key);
  }
  json["chain"] = Json::array({to_base64(signing.issuer().certificate().der())});
  return json;
}

}  // namespace hutong::ca::registration
