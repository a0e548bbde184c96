#include "ca/registration/import_handlers.h"

#include <array>
#include <string>
#include <utility>

#include "ca/registration/batch_import.h"
#include "ca/registration/json_fields.h"
#include "ca/registration/order_handlers.h"
#include "ca/registration/order_json.h"
#include "ca/rights.h"

namespace hutong::ca::registration {
namespace {

using net::Json;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t kImportOctets = std::size_t{12} << 20;
constexpr std::array<std::string_view, 3> kTakes{"nothing", "good_rows", "all_or_nothing"};

Result<Take> take_of(const std::string& text) {
  for (std::size_t i = 0; i < kTakes.size(); ++i) {
    if (kTakes.at(i) == text) {
      return static_cast<Take>(i);
    }
  }
  return wrong_field("take");
}

Json to_json(const ImportReport& report) {
  Json findings = Json::array();
  for (const ImportFinding& finding : report.findings) {
    findings.push_back({{"row", finding.row},
                        {"column", finding.column},
                        {"code", finding.code},
                        {"message_zh", finding.message_zh},
                        {"message_en", finding.message_en}});
  }
  Json json{{"rows", report.rows},
            {"good", report.good},
            {"imported", report.orders.size()},
            {"orders", report.orders},
            {"findings", std::move(findings)}};
  if (!report.batch.empty()) {
    json["batch"] = report.batch;
  }
  return json;
}

Result<Response> import_table(const RegistrationSystem& system, const Request& request, const Doer& doer) {
  HUTONG_TRY(const Json body, read_body(request));
  HUTONG_TRY(const auto fields, JsonFields::of(body, {"file_name", "content", "template", "take", "submit"}));
  HUTONG_CHECK(fields.text("file_name"));
  HUTONG_TRY(const Bytes content, fields.octets_or_empty("content"));
  ImportWish wish{.file = content, .template_id = {}};
  HUTONG_TRY(wish.template_id, fields.text("template"));
  HUTONG_TRY(const std::string take, fields.text_or("take", "nothing"));
  HUTONG_TRY(wish.take, take_of(take));
  HUTONG_TRY(const bool submit, fields.flag_or("submit", false));
  wish.entry = submit ? Entry::kSubmit : Entry::kDraft;
  HUTONG_TRY(const auto report, import_orders(system.desk(), wish, doer));
  return net::json_response(to_json(report));
}

Response columns() {
  Json list = Json::array();
  for (const ImportColumn& column : import_columns()) {
    list.push_back(
        {{"field", column.field}, {"zh", column.zh}, {"en", column.en}, {"required", column.is_required}});
  }
  return net::json_response(Json{{"columns", std::move(list)}});
}

}  // namespace

void add_import_routes(net::Router& router, const RegistrationSystem& system, const operators::Guard& guard) {
  router.add({.method = Method::kPost,
              .pattern = "/api/v1/imports",
              .body_limit = kImportOctets,
              .handler = [&system, &guard](const Request& request) {
                return act(system, guard, right::kEnterOrder, request, "order.imported",
                           [&](const Doer& doer) { return import_table(system, request, doer); });
              }});
  router.add({.pattern = "/api/v1/imports", .handler = [&guard](const Request& request) -> Result<Response> {
                HUTONG_CHECK(guard.authorize(request, right::kEnterOrder));
                return columns();
              }});
}

}  // namespace hutong::ca::registration
