#include "ca/registration/material_handlers.h"

#include <optional>
#include <string>
#include <utility>

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

/// Base64 of the largest file, and what stands around it.
constexpr std::size_t kMaterialOctets = MaterialRepository::kMostOctets / 3 * 4 + 64 * 1024;
constexpr std::size_t kFeeOctets = 16 * 1024;
constexpr std::int64_t kMostFeeCents = 100'000'000;

/// Files and fees are added to the order as it is now: they change nothing that anybody decides on.
Result<StepWish> step_now(const RegistrationSystem& system, const Request& request, std::string note) {
  HUTONG_TRY(const auto order, system.desk().find(request.parameters.at("id")));
  return StepWish{order.id, order.version, std::move(note)};
}

Result<Response> attach(const RegistrationSystem& system, const Request& request, const Doer& doer) {
  HUTONG_TRY(const Json body, read_body(request));
  HUTONG_TRY(const auto fields, JsonFields::of(body, {"kind", "file_name", "content"}));
  HUTONG_TRY(const std::string kind_name, fields.text("kind"));
  const auto kind = material_kind_from(kind_name);
  if (!kind) {
    return wrong_field("kind");
  }
  HUTONG_TRY(const std::string name, fields.text("file_name"));
  HUTONG_TRY(const Bytes content, fields.octets_or_empty("content"));
  HUTONG_TRY(const auto wish, step_now(system, request, name));
  std::optional<Material> added;
  const MaterialRepository materials(system.seal());
  HUTONG_CHECK(system.desk().take(
      wish, StepKind::kMaterial, doer, [&](storage::Transaction& transaction, const Order& order) -> Status {
        HUTONG_TRY(added, materials.add(transaction, order.id, *kind, name, content, order.changed_at));
        return ok();
      }));
  return net::json_response(to_json(*added), 201);
}

Result<Response> add_fee(const RegistrationSystem& system, const Request& request, const Doer& doer) {
  HUTONG_TRY(const Json body, read_body(request));
  HUTONG_TRY(const auto fields, JsonFields::of(body, {"item", "cents", "receipt"}));
  Fee fee;
  HUTONG_TRY(fee.item, fields.text("item"));
  HUTONG_TRY(fee.cents, fields.number("cents", 0, kMostFeeCents));
  HUTONG_TRY(fee.receipt, fields.text_or("receipt", ""));
  HUTONG_TRY(const auto wish, step_now(system, request, fee.item));
  HUTONG_CHECK(system.desk().take(wish, StepKind::kFee, doer,
                                  [&](storage::Transaction& transaction, const Order& order) {
                                    fee.at = order.changed_at;
                                    return FeeRepository::add(transaction, order.id, fee);
                                  }));
  return net::json_response(to_json(fee), 201);
}

Result<Response> download(const RegistrationSystem& system, const operators::Guard& guard,
                          const Request& request) {
  HUTONG_CHECK(guard.authorize(request, right::kSeePersonalData));
  HUTONG_TRY(auto reader, system.database().read());
  HUTONG_TRY(auto file, MaterialRepository(system.seal())
                            .find(reader, request.parameters.at("id"), request.parameters.at("sm3")));
  return Response{.content_type = file.material.media_type, .body = std::string(as_text(file.content))};
}

}  // namespace

Json to_json(const Material& material) {
  return {{"sm3", material.sm3},
          {"kind", to_string(material.kind)},
          {"file_name", material.file_name},
          {"media_type", material.media_type},
          {"size", material.size},
          {"at", to_rfc3339(material.at)}};
}

Json to_json(const Fee& fee) {
  Json json{{"item", fee.item}, {"cents", fee.cents}, {"at", to_rfc3339(fee.at)}};
  if (!fee.receipt.empty()) {
    json["receipt"] = fee.receipt;
  }
  return json;
}

void add_material_routes(net::Router& router, const RegistrationSystem& system,
                         const operators::Guard& guard) {
  const auto add = [&](std::string pattern, std::size_t limit, std::string_view action, auto answer) {
    router.add({.method = Method::kPost,
                .pattern = std::move(pattern),
                .body_limit = limit,
                .handler = [&system, &guard, action, answer](const Request& request) {
                  return act(system, guard, right::kEnterOrder, request, action,
                             [&](const Doer& doer) { return answer(system, request, doer); });
                }});
  };
  add("/api/v1/orders/{id}/materials", kMaterialOctets, "order.material_attached", &attach);
  add("/api/v1/orders/{id}/fees", kFeeOctets, "order.fee_noted", &add_fee);
  router.add(
      {.pattern = "/api/v1/orders/{id}/materials/{sm3}",
       .handler = [&system, &guard](const Request& request) { return download(system, guard, request); }});
}

}  // namespace hutong::ca::registration
