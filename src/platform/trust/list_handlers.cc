#include "platform/trust/list_handlers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "net/json.h"
#include "platform/desk_input.h"
#include "platform/rights.h"
#include "recognition/report_json.h"

namespace hutong::platform {
namespace {

using net::Json;
using net::JsonBody;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t kReleaseBody = 16 * 1024;

struct FormWord {
  ListForm form;
  std::string_view name;
  std::string_view content_type;
};
constexpr std::array kForms{FormWord{ListForm::kMessage, "list.p7m", "application/pkcs7-mime"},
                            FormWord{ListForm::kJson, "list.json", "application/json"},
                            FormWord{ListForm::kXml, "list.xml", "application/xml"},
                            FormWord{ListForm::kXmlSignature, "list.xml.p7s", "application/pkcs7-signature"},
                            FormWord{ListForm::kSigner, "signer.cer", "application/pkix-cert"}};

Json release_json(const TrustRelease& release) {
  Json json = proposal_json(release);
  json.update({{"number", release.base_number + 1},
               {"draft_sm3", release.draft_sm3},
               {"valid_days", release.valid_days}});
  return json;
}

Json change_json(const DraftChange& change) {
  return {{"kind", to_string(change.kind)},
          {"service", change.service},
          {"name_zh", change.name_zh},
          {"name_en", change.name_en},
          {"vendor_zh", change.vendor_zh},
          {"vendor_en", change.vendor_en},
          {"from", change.from},
          {"to", change.to}};
}

Json list_json(const PublishedList& list) {
  return {{"number", list.number},
          {"sm3", list.sm3},
          {"previous_sm3", list.previous.empty() ? Json(nullptr) : Json(list.previous)},
          {"issued_at", to_rfc3339(list.issued_at)},
          {"next_update", to_rfc3339(list.next_update)},
          {"release", list.release}};
}

/// The services as GET /api/v1/trust-list shows them.
Json services_json(const recognition::TrustListContent& content) {
  const recognition::LoadedTrustList list{
      .list = std::make_shared<const recognition::TrustList>(content, crypto::Sm3Digest{}), .detail = {}};
  return recognition::to_json(list, content.issued_at).at("services");
}

Error unknown_list() { return {Errc::kNotFound, "trust_list.unknown", "no such list"}; }

}  // namespace

Response ShowTrustDraft::render(const Output& output) {
  Json json = {{"number", output.base_number + 1},
               {"sm3", output.sm3},
               {"services", services_json(output.content)},
               {"changes", Json::array()}};
  for (const DraftChange& change : output.changes) {
    json["changes"].push_back(change_json(change));
  }
  if (output.open) {
    json["open"] = release_json(*output.open);
  }
  return net::json_response(json);
}

Result<ListTrustReleases::Output> ListTrustReleases::process(const Input& input,
                                                             const operators::Authorized& /*by*/) const {
  HUTONG_TRY(auto found, desk_->releases(input.cursor, input.limit + 1));
  std::string next = net::cut_page(found, input.limit);
  return Output{.items = std::move(found), .next = std::move(next)};
}

Response ListTrustReleases::render(const Output& output) {
  return page_response(output.items, output.next, release_json);
}

Result<ProposeTrustList::Input> ProposeTrustList::parse(const Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"draft_sm3", "valid_days", "reason"}));
  Input input;
  HUTONG_TRY(input.draft_sm3, body.text("draft_sm3"));
  HUTONG_TRY(input.valid_days, body.integer("valid_days"));
  HUTONG_TRY(input.reason, read_reason(body));
  return input;
}

Response ProposeTrustList::render(const Output& output) {
  return net::json_response(release_json(output), 201);
}

Response DecideTrustList::render(const Output& output) { return net::json_response(release_json(output)); }

Result<ListTrustLists::Input> ListTrustLists::parse(const Request& request) {
  HUTONG_TRY(const auto page, net::page_request(request));
  Input input{.limit = page.limit};
  if (!page.cursor.empty()) {
    HUTONG_TRY(input.before, net::whole_number(page.cursor, "cursor"));
  }
  return input;
}

Result<ListTrustLists::Output> ListTrustLists::process(const Input& input) const {
  HUTONG_TRY(auto found, desk_->lists(input.before, input.limit + 1));
  std::string next;
  if (found.size() > input.limit) {
    found.pop_back();
    next = std::to_string(found.back().number);
  }
  return Output{.items = std::move(found), .next = std::move(next)};
}

Response ListTrustLists::render(const Output& output) {
  return page_response(output.items, output.next, list_json);
}

Result<ShowTrustListFile::Input> ShowTrustListFile::parse(const Request& request) {
  Input input;
  const std::string& number = request.parameters.at("number");
  if (number != "current") {
    HUTONG_TRY(input.number, net::whole_number(number, "number"));
  }
  const auto form = std::ranges::find(kForms, request.parameters.at("form"), &FormWord::name);
  if (form == kForms.end()) {
    return unknown_list();
  }
  input.form = form->form;
  return input;
}

Result<ShowTrustListFile::Output> ShowTrustListFile::process(const Input& input) const {
  HUTONG_TRY(auto content, desk_->file(input.number, input.form));
  return Output{.content = std::move(content), .form = input.form, .is_final = input.number.has_value()};
}

Response ShowTrustListFile::render(const Output& output) {
  const auto form = std::ranges::find(kForms, output.form, &FormWord::form);
  return {
      .content_type = std::string(form->content_type),
      .body = std::string(as_text(output.content)),
      .headers = {{"Cache-Control", output.is_final ? "public, max-age=31536000, immutable" : "no-cache"}}};
}

void add_trust_routes(net::Router& router, const TrustDesk& desk, const operators::Guard& guard) {
  add_guarded(router, Method::kGet, "/api/v1/trust-list-draft", 0, ShowTrustDraft(desk), guard, kReadTrust);
  add_guarded(router, Method::kGet, "/api/v1/trust-list-releases", 0, ListTrustReleases(desk), guard,
              kReadTrust);
  add_guarded(router, Method::kPost, "/api/v1/trust-list-releases", kReleaseBody, ProposeTrustList(desk),
              guard, kManageTrust);
  add_guarded(router, Method::kPost, "/api/v1/trust-list-releases/{id}/decision", kReleaseBody,
              DecideTrustList(desk), guard, kReleaseTrust);
  router.add({.method = Method::kGet,
              .pattern = "/api/v1/trust-lists",
              .handler = [lists = ListTrustLists(desk)](const Request& request) {
                return net::serve(lists, request);
              }});
  router.add({.method = Method::kGet,
              .pattern = "/api/v1/trust-lists/{number}/{form}",
              .handler = [file = ShowTrustListFile(desk)](const Request& request) {
                return net::serve(file, request);
              }});
}

}  // namespace hutong::platform
