#include "platform/vendors/vendor_handlers.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "net/json.h"
#include "platform/desk_input.h"
#include "platform/rights.h"
#include "platform/vendors/vendor_content.h"

namespace hutong::platform {
namespace {

using net::Json;
using net::JsonBody;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t kMostFileName = 200;
constexpr std::size_t kUsualBody = 16 * 1024;
constexpr std::size_t kContentBody = 1 << 20;
/// The lists of a vendor's content are long: 200 entries each.
constexpr net::JsonLimits kContentLimits{.depth = 8, .values = 20'000};

Json vendor_json(const Vendor& vendor) {
  Json json = {{"id", vendor.id}, {"state", to_string(vendor.state)}};
  json.update(to_json(vendor.content));
  json["created_at"] = to_rfc3339(vendor.created_at);
  json["changed_at"] = to_rfc3339(vendor.changed_at);
  json["version"] = vendor.version;
  json["waiting"] = vendor.waiting;
  return json;
}

Json document_json(const VendorDocument& document) {
  return {{"id", document.id},
          {"kind", to_string(document.kind)},
          {"file_name", document.file_name},
          {"sm3", to_hex(document.sm3)},
          {"size", document.size},
          {"added_by", document.added_by},
          {"added_at", to_rfc3339(document.added_at)}};
}

Json step_json(const VendorStep& step) {
  Json json = proposal_json(step);
  json.update({{"vendor", step.vendor}, {"from", to_string(step.from)}, {"to", to_string(step.to)}});
  if (step.content) {
    json["content"] = to_json(*step.content);
  }
  return json;
}

Result<Json> body_of(const Request& request) {
  return net::parse_json(as_text(request.body), kContentLimits);
}

/// "version" and "reason" beside "content".
Result<WantedChange> change_of(const Request& request, std::initializer_list<std::string_view> members) {
  HUTONG_TRY(const Json json, body_of(request));
  if (!json.is_object()) {
    return Error{Errc::kMalformed, "request.body", "a JSON object is wanted"};
  }
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(members, name) == members.end()) {
      return Error{Errc::kMalformed, "request.unknown_member", "the member \"" + name + "\" is unknown"};
    }
  }
  const auto version = json.find("version");
  if (version == json.end() || !version->is_number_integer()) {
    return wrong_member("version");
  }
  const auto content = json.find("content");
  if (content == json.end()) {
    return wrong_member("content");
  }
  WantedChange wanted{.vendor = request.parameters.at("id"), .version = version->get<std::int64_t>()};
  HUTONG_TRY(wanted.content, read_vendor_content(*content));
  if (members.size() > 2) {
    HUTONG_TRY(wanted.reason, read_desk_text(json, "reason", kMostReason));
  }
  return wanted;
}

}  // namespace

Result<ListVendors::Input> ListVendors::parse(const Request& request) {
  HUTONG_TRY(const auto page, net::page_request(request));
  Input input{.after = page.cursor, .limit = page.limit};
  if (const std::string state = net::query_text(request, "state"); !state.empty()) {
    input.state = vendor_state_from(state);
    if (!input.state) {
      return wrong_member("state");
    }
  }
  if (const std::string waiting = net::query_text(request, "waiting"); !waiting.empty()) {
    if (waiting != "true" && waiting != "false") {
      return wrong_member("waiting");
    }
    input.only_waiting = waiting == "true";
  }
  return input;
}

Result<ListVendors::Output> ListVendors::process(Input input, const operators::Authorized& /*by*/) const {
  const std::size_t limit = input.limit++;
  HUTONG_TRY(auto found, desk_->search(input));
  std::string next = net::cut_page(found, limit);
  return Output{.items = std::move(found), .next = std::move(next)};
}

Response ListVendors::render(const Output& output) {
  return page_response(output.items, output.next, vendor_json);
}

Response ShowVendor::render(const Output& output) {
  Json json = vendor_json(output.vendor);
  json["documents"] = Json::array();
  for (const VendorDocument& document : output.documents) {
    json["documents"].push_back(document_json(document));
  }
  json["steps"] = Json::array();
  for (const VendorStep& step : output.steps) {
    json["steps"].push_back(step_json(step));
  }
  json["connector_checks"] = Json::array();
  for (const ConnectorCheck& check : output.checks) {
    json["connector_checks"].push_back(to_json(check));
  }
  return net::json_response(json);
}

Result<EnterVendor::Input> EnterVendor::parse(const Request& request) {
  HUTONG_TRY(const Json json, body_of(request));
  return read_vendor_content(json);
}

Response EnterVendor::render(const Output& output) { return net::json_response(vendor_json(output), 201); }

Result<ChangeVendor::Input> ChangeVendor::parse(const Request& request) {
  return change_of(request, {"version", "content"});
}

Result<ProposeVendorChange::Input> ProposeVendorChange::parse(const Request& request) {
  return change_of(request, {"version", "content", "reason"});
}

Response ProposeVendorChange::render(const Output& output) {
  return net::json_response(step_json(output), 201);
}

Response ChangeVendor::render(const Output& output) { return net::json_response(vendor_json(output)); }

Result<AddVendorDocument::Input> AddVendorDocument::parse(const Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"kind", "file_name", "content"}));
  HUTONG_TRY(const auto kind_text, body.text("kind"));
  const auto kind = document_kind_from(kind_text);
  if (!kind) {
    return wrong_member("kind");
  }
  HUTONG_TRY(const auto name, body.text("file_name"));
  HUTONG_TRY(auto file_name, read_desk_text({{"file_name", name}}, "file_name", kMostFileName));
  HUTONG_TRY(auto content, body.octets("content"));
  return Input{.vendor = request.parameters.at("id"),
               .kind = *kind,
               .file_name = std::move(file_name),
               .content = std::move(content)};
}

Response AddVendorDocument::render(const Output& output) {
  return net::json_response(document_json(output), 201);
}

Result<ShowVendorDocument::Input> ShowVendorDocument::parse(const Request& request) {
  return Input{.vendor = request.parameters.at("id"), .document = request.parameters.at("document")};
}

Response ShowVendorDocument::render(const Output& output) {
  return {.content_type = "application/octet-stream",
          .body = std::string(as_text(output.content)),
          .headers = {{"Content-Disposition", "attachment"}, {"Cache-Control", "no-store"}}};
}

Result<TakeVendorStep::Input> TakeVendorStep::parse(const Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"to", "version", "reason"}));
  HUTONG_TRY(const auto to_text, body.text("to"));
  const auto to = vendor_state_from(to_text);
  if (!to) {
    return wrong_member("to");
  }
  HUTONG_TRY(const auto version, body.integer("version"));
  HUTONG_TRY(auto reason, read_reason(body));
  return Input{
      .vendor = request.parameters.at("id"), .version = version, .to = *to, .reason = std::move(reason)};
}

Response TakeVendorStep::render(const Output& output) { return net::json_response(step_json(output), 201); }

Response DecideVendorStep::render(const Output& output) { return net::json_response(step_json(output)); }

void add_vendor_routes(net::Router& router, const VendorDesk& desk, const operators::Guard& guard) {
  add_guarded(router, Method::kGet, "/api/v1/vendors", 0, ListVendors(desk), guard, kReadVendors);
  add_guarded(router, Method::kPost, "/api/v1/vendors", kContentBody, EnterVendor(desk), guard,
              kManageVendors);
  add_guarded(router, Method::kGet, "/api/v1/vendors/{id}", 0, ShowVendor(desk), guard, kReadVendors);
  add_guarded(router, Method::kPut, "/api/v1/vendors/{id}", kContentBody, ChangeVendor(desk), guard,
              kManageVendors);
  add_guarded(router, Method::kPost, "/api/v1/vendors/{id}/documents", AddVendorDocument::kMostBody,
              AddVendorDocument(desk), guard, kManageVendors);
  add_guarded(router, Method::kGet, "/api/v1/vendors/{id}/documents/{document}", 0, ShowVendorDocument(desk),
              guard, kReadVendors);
  add_guarded(router, Method::kPost, "/api/v1/vendors/{id}/steps", kUsualBody, TakeVendorStep(desk), guard,
              kManageVendors);
  add_guarded(router, Method::kPost, "/api/v1/vendors/{id}/changes", kContentBody, ProposeVendorChange(desk),
              guard, kManageVendors);
  add_guarded(router, Method::kPost, "/api/v1/vendor-steps/{id}/decision", kUsualBody, DecideVendorStep(desk),
              guard, kReleaseVendors);
}

}  // namespace hutong::platform
