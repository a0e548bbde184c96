#include "operators/internal/audit_handlers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "net/router.h"

namespace hutong::operators {
namespace {

using audit::Outcome;
using Defect = audit::ChainReport::Defect;
using Review = audit::Query::Review;

template <typename Value>
struct Named {
  std::string_view name;
  Value value;
};
constexpr std::array kOutcomes{Named<Outcome>{"done", Outcome::kDone},
                               Named<Outcome>{"refused", Outcome::kRefused},
                               Named<Outcome>{"failed", Outcome::kFailed}};
constexpr std::array kReviews{Named<Review>{"all", Review::kAll}, Named<Review>{"open", Review::kOpen},
                              Named<Review>{"audited", Review::kAudited}};
constexpr std::array kDefects{Named<Defect>{"none", Defect::kNone}, Named<Defect>{"gap", Defect::kGap},
                              Named<Defect>{"previous_hash", Defect::kPreviousHash},
                              Named<Defect>{"hash", Defect::kHash}, Named<Defect>{"tail", Defect::kTail}};

template <typename Value, std::size_t kCount>
std::string_view name_of(const std::array<Named<Value>, kCount>& table, Value value) {
  const auto found = std::ranges::find(table, value, &Named<Value>::value);
  return found == table.end() ? std::string_view() : found->name;
}

/// Nothing for an empty text.
template <typename Value, std::size_t kCount>
Result<std::optional<Value>> choice(const std::array<Named<Value>, kCount>& table, const std::string& text) {
  if (text.empty()) {
    return std::optional<Value>();
  }
  const auto found = std::ranges::find(table, text, &Named<Value>::name);
  if (found == table.end()) {
    return Error{Errc::kMalformed, "request.choice", text};
  }
  return std::optional(found->value);
}

Result<std::optional<storage::Moment>> moment(const net::Request& request, std::string_view name) {
  const std::string text = query_text(request, name);
  if (text.empty()) {
    return std::optional<storage::Moment>();
  }
  const auto time = from_rfc3339(text);
  if (!time) {
    return Error{Errc::kMalformed, "request.time", std::string(name) + " must be an RFC 3339 time"};
  }
  return std::optional<storage::Moment>(*time);
}

net::Json to_json(const CheckedRecord& checked) {
  const audit::Record& record = checked.record;
  const audit::Event& event = record.event;
  auto detail = net::parse_json(event.detail);
  net::Json json = {{"sequence", record.sequence},
                    {"time", to_rfc3339(std::chrono::floor<std::chrono::seconds>(event.time))},
                    {"actor", {{"subject", event.actor.subject}, {"fingerprint", event.actor.fingerprint}}},
                    {"action", event.action},
                    {"object", {{"kind", event.object_kind}, {"id", event.object_id}}},
                    {"outcome", name_of(kOutcomes, event.outcome)},
                    {"detail", detail ? std::move(*detail) : net::Json(event.detail)},
                    {"signature", to_string(checked.verdict)}};
  if (record.marks.audited_at) {
    json["audited_at"] = to_rfc3339(*record.marks.audited_at);
    json["audited_by"] = record.marks.audited_by;
  }
  if (record.marks.archived_at) {
    json["archived_at"] = to_rfc3339(*record.marks.archived_at);
  }
  return json;
}

net::Json to_json(const Archive& archive) {
  return {{"id", archive.id},
          {"first", archive.first},
          {"last", archive.last},
          {"head_hash", to_hex(archive.head)},
          {"file_name", archive.file_name},
          {"created_by", archive.created_by},
          {"created_at", to_rfc3339(archive.created_at)}};
}

net::Json to_json(const audit::Head& head) {
  return {{"sequence", head.sequence}, {"hash", to_hex(head.hash)}};
}

Error out_of_range() {
  return {Errc::kMalformed, "request.number", "numbers of records count from 1, first before last"};
}

}  // namespace

Result<SearchRecords::Input> SearchRecords::parse(const net::Request& request) {
  HUTONG_TRY(const auto page, page_request(request));
  Input query{.subject = query_text(request, "subject"),
              .action = query_text(request, "action"),
              .object_kind = query_text(request, "object_kind"),
              .object_id = query_text(request, "object_id"),
              .limit = page.limit};
  HUTONG_TRY(query.from, moment(request, "from"));
  HUTONG_TRY(query.until, moment(request, "until"));
  HUTONG_TRY(query.outcome, choice(kOutcomes, query_text(request, "outcome")));
  HUTONG_TRY(const auto review, choice(kReviews, query_text(request, "review")));
  query.review = review.value_or(Review::kAll);
  if (!page.cursor.empty()) {
    HUTONG_TRY(query.before, whole_number(page.cursor, "cursor"));
  }
  return query;
}

Result<SearchRecords::Output> SearchRecords::process(const Input& input, const Authorized& /*by*/) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(auto page, audit::search(reader, input));
  SignatureCheck signatures;
  Output output{.next = page.next};
  for (audit::Record& record : page.records) {
    HUTONG_TRY(const auto verdict, signatures.check(reader, record));
    output.items.push_back({.record = std::move(record), .verdict = verdict});
  }
  return output;
}

net::Response SearchRecords::render(const Output& output) {
  net::Json json = {{"items", net::Json::array()}};
  for (const CheckedRecord& checked : output.items) {
    json["items"].push_back(to_json(checked));
  }
  if (output.next > 0) {
    json["next"] = std::to_string(output.next);
  }
  return net::json_response(json);
}

Result<ShowRecord::Input> ShowRecord::parse(const net::Request& request) {
  return whole_number(request.parameters.at("sequence"), "sequence");
}

Result<ShowRecord::Output> ShowRecord::process(const Input& input, const Authorized& /*by*/) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(auto record, audit::find(reader, input));
  SignatureCheck signatures;
  HUTONG_TRY(const auto verdict, signatures.check(reader, record));
  HUTONG_TRY(auto signer, signatures.certificate(reader, record.event.actor.fingerprint));
  return Output{.record = std::move(record), .verdict = verdict, .signer = std::move(signer)};
}

net::Response ShowRecord::render(const Output& output) {
  net::Json json = to_json(output);
  json["previous"] = to_hex(output.record.previous);
  json["hash"] = to_hex(output.record.hash);
  if (const auto& signature = output.record.event.signature) {
    net::Json signed_part = {{"content", to_base64(signature->content)},
                             {"text", as_text(signature->content)},
                             {"signature", to_base64(signature->value)}};
    if (output.signer) {
      signed_part["certificate"] = to_base64(output.signer->der());
    }
    json["signed"] = std::move(signed_part);
  }
  return net::json_response(json);
}

Result<VerifyAudit::Input> VerifyAudit::parse(const net::Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"expected"}));
  HUTONG_TRY(const auto expected, body.optional_object("expected", {"sequence", "hash"}));
  if (!expected) {
    return Input();
  }
  audit::Head head;
  HUTONG_TRY(head.sequence, expected->integer("sequence"));
  HUTONG_TRY(const auto hex, expected->text("hash"));
  const auto hash = from_hex(hex);
  if (!hash || hash->size() != head.hash.size()) {
    return Error{Errc::kMalformed, "request.member", "\"hash\" must be an SM3 in hexadecimal"};
  }
  std::ranges::copy(*hash, head.hash.begin());
  return Input(head);
}

Result<VerifyAudit::Output> VerifyAudit::process(const Input& input, const Authorized& /*by*/) const {
  return office_->verify(input);
}

net::Response VerifyAudit::render(const Output& output) {
  net::Json wrong = net::Json::array();
  for (const auto& [sequence, verdict] : output.wrong_records) {
    wrong.push_back({{"sequence", sequence}, {"signature", to_string(verdict)}});
  }
  return net::json_response({{"whole", output.whole()},
                             {"first", output.chain.first},
                             {"records", output.chain.records},
                             {"head", to_json(output.chain.head)},
                             {"defect", name_of(kDefects, output.chain.defect)},
                             {"defect_at", output.chain.defect_at},
                             {"signatures",
                              {{"valid", output.valid},
                               {"unsigned", output.unsigned_records},
                               {"wrong", output.wrong},
                               {"wrong_records", std::move(wrong)}}}});
}

Result<MarkAudited::Input> MarkAudited::parse(const net::Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"first", "last"}));
  Input input;
  HUTONG_TRY(input.first, body.integer("first"));
  HUTONG_TRY(input.last, body.integer("last"));
  return input.first < 1 || input.last < input.first ? out_of_range() : Result<Input>(input);
}

Result<MarkAudited::Output> MarkAudited::process(const Input& input, const Authorized& by) const {
  return office_->mark(by, input.first, input.last);
}

net::Response MarkAudited::render(const Output& output) { return net::json_response({{"marked", output}}); }

Result<ListArchives::Output> ListArchives::process(const Input& input, const Authorized& /*by*/) const {
  HUTONG_TRY(auto found, office_->archives(input.cursor, input.limit + 1));
  std::string next = cut_page(found, input.limit);
  return Output{.items = std::move(found), .next = std::move(next)};
}

net::Response ListArchives::render(const Output& output) {
  net::Json json = {{"items", net::Json::array()}};
  for (const Archive& archive : output.items) {
    json["items"].push_back(to_json(archive));
  }
  if (!output.next.empty()) {
    json["next"] = output.next;
  }
  return net::json_response(json);
}

Result<CreateArchive::Input> CreateArchive::parse(const net::Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"last"}));
  Input input;
  HUTONG_TRY(input.last, body.integer("last"));
  return input.last < 1 ? out_of_range() : Result<Input>(input);
}

Result<CreateArchive::Output> CreateArchive::process(const Input& input, const Authorized& by) const {
  return office_->archive(by, input.last);
}

net::Response CreateArchive::render(const Output& output) { return net::json_response(to_json(output), 201); }

}  // namespace hutong::operators
