#include "ca/vendor/vendor_handlers.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "ca/registration/json_fields.h"
#include "ca/registration/order_json.h"
#include "ca/registration/template_grants.h"
#include "ca/rights.h"
#include "ca/vendor/caller.h"
#include "ca/vendor/order_placing.h"
#include "ca/vendor/webhook_handlers.h"

namespace hutong::ca::vendor {
namespace {

using net::Json;
using net::Method;
using net::Request;
using net::Response;
using operators::Authorized;
using registration::Order;
using registration::OrderRepository;
using registration::OrderState;
using registration::StepWish;

constexpr std::size_t kOrderOctets = 64 * 1024;
constexpr std::size_t kBatchOctets = std::size_t{8} << 20;

Json addresses_of(const PublishingAddresses& addresses) {
  return {{"crl", addresses.crl},
          {"crl_partitions", addresses.crl_partitions},
          {"delta_crl", addresses.delta_crl},
          {"ocsp", addresses.ocsp},
          {"ca_certificate", addresses.ca_certificate}};
}

Json to_json(const ServiceCommitments& promised) {
  return {{"order_hours", promised.order_hours},
          {"revocation_minutes", promised.revocation_minutes},
          {"availability_permille", promised.availability_permille},
          {"support_phone", promised.support_phone},
          {"support_email", promised.support_email}};
}

Result<Response> show_service(const VendorParts& parts, const Request& request) {
  HUTONG_CHECK(platform_of(parts, request, right::kQueryOrders));
  HUTONG_TRY(auto reader, parts.system.database().read());
  HUTONG_TRY(const auto templates, registration::TemplateGrants::all_for_orders(reader));
  Json offered = Json::array();
  for (const CertificateTemplate& made_by : templates) {
    offered.push_back(ca::to_json(made_by));
  }
  const Issuer& issuer = parts.system.signing().issuer();
  return net::json_response(Json{{"profile", "hutong-vendor-1"},
                                 {"vendor", parts.vendor_name},
                                 {"authority", parts.system.signing().authority()},
                                 {"addresses", addresses_of(issuer.addresses())},
                                 {"ca_certificate", to_base64(issuer.certificate().der())},
                                 {"webhook_certificate", to_base64(parts.webhook_certificate.der())},
                                 {"templates", std::move(offered)},
                                 {"commitments", to_json(parts.commitments)}});
}

Result<Response> list_orders(const VendorParts& parts, const Request& request) {
  HUTONG_TRY(const auto by, platform_of(parts, request, right::kQueryOrders));
  registration::OrderFilter filter{.client = by.id(), .before = registration::query_text(request, "cursor")};
  HUTONG_TRY(filter.limit, registration::limit_of(request));
  HUTONG_TRY(auto reader, parts.system.database().read());
  HUTONG_TRY(const auto lines, OrderRepository::search(reader, filter));
  Json items = Json::array();
  for (const auto& line : lines) {
    items.push_back(registration::to_json(line));
  }
  Json json{{"items", std::move(items)}};
  if (lines.size() == filter.limit) {
    json["next"] = lines.back().order.id;
  }
  return net::json_response(json);
}

Result<Response> show_order(const VendorParts& parts, const Request& request) {
  HUTONG_TRY(const auto by, platform_of(parts, request, right::kQueryOrders));
  HUTONG_TRY(const auto order, own_order(parts, request, by));
  return net::json_response(registration::to_json(order));
}

Result<Response> show_certificates(const VendorParts& parts, const Request& request) {
  HUTONG_TRY(const auto by, platform_of(parts, request, right::kQueryOrders));
  HUTONG_TRY(const auto order, own_order(parts, request, by));
  HUTONG_TRY(auto reader, parts.system.database().read());
  HUTONG_TRY(const Json json, registration::issued_objects(reader, parts.system.signing(), order));
  return net::json_response(json);
}

/// A step that the platform takes; taken before, it is answered with the order as it is.
struct OwnStep {
  std::string_view right;
  std::string_view action;
  OrderState reached;
  Result<Order> (registration::OrderDesk::*take)(const StepWish&, const registration::Doer&) const;
};
constexpr OwnStep kDeliver{right::kDeliverOrder, "order.delivered", OrderState::kDelivered,
                           &registration::OrderDesk::deliver};
constexpr OwnStep kCancel{right::kEnterOrder, "order.cancelled", OrderState::kCancelled,
                          &registration::OrderDesk::cancel};

Result<Response> take_step(const VendorParts& parts, const Request& request, const OwnStep& step) {
  return act(parts, step.right, request, step.action, [&](const Authorized& by) -> Result<Response> {
    HUTONG_TRY(auto order, own_order(parts, request, by));
    if (order.state != step.reached) {
      HUTONG_TRY(order, std::invoke(step.take, parts.system.desk(), StepWish{order.id, order.version},
                                    registration::doer_of(by)));
    }
    return net::json_response(registration::to_json(order));
  });
}

Result<Response> show_certificate(const VendorParts& parts, const Request& request) {
  HUTONG_CHECK(platform_of(parts, request, right::kQueryCertificates));
  const auto serial = x509::Serial::from_hex(request.parameters.at("serial"));
  if (!serial) {
    return registration::wrong_field("serial");
  }
  HUTONG_TRY(auto reader, parts.system.database().read());
  HUTONG_TRY(const auto record, CertificateRepository::find(reader, serial.value()));
  return net::json_response(registration::to_json(record, registration::WithDer::kYes));
}

}  // namespace

void add_vendor_routes(net::Router& router, const VendorParts& parts) {
  const auto shared = std::make_shared<const VendorParts>(parts);
  using Handler = std::function<Result<Response>(const VendorParts&, const Request&)>;
  const auto add = [&](Method method, std::string_view rest, std::size_t limit, Handler handler) {
    router.add({.method = method,
                .pattern = "/api/v1/vendor/" + std::string(rest),
                .body_limit = limit,
                .handler = [shared, handler = std::move(handler)](const Request& request) {
                  return handler(*shared, request);
                }});
  };
  const auto step = [](const OwnStep& taken) {
    return [taken](const VendorParts& given, const Request& request) {
      return take_step(given, request, taken);
    };
  };
  add(Method::kGet, "service", 0, show_service);
  add(Method::kPost, "orders", kOrderOctets, place_order);
  add(Method::kGet, "orders", 0, list_orders);
  add(Method::kPost, "order-batches", kBatchOctets, place_orders);
  add(Method::kGet, "orders/{id}", 0, show_order);
  add(Method::kGet, "orders/{id}/certificates", 0, show_certificates);
  add(Method::kPost, "orders/{id}/delivery", kOrderOctets, step(kDeliver));
  add(Method::kPost, "orders/{id}/cancellation", kOrderOctets, step(kCancel));
  add(Method::kGet, "certificates/{serial}", 0, show_certificate);
  add(Method::kGet, "webhook", 0, show_webhook);
  add(Method::kPut, "webhook", kOrderOctets, set_webhook);
  add(Method::kDelete, "webhook", 0, remove_webhook);
}

}  // namespace hutong::ca::vendor
