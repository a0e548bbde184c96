#include "ca/registration/template_handlers.h"

#include <functional>
#include <string>
#include <utility>

#include "audit/audit_log.h"
#include "ca/registration/json_fields.h"
#include "ca/registration/order_handlers.h"
#include "ca/registration/order_json.h"
#include "ca/registration/template_grants.h"
#include "ca/rights.h"
#include "ca/signing/template_repository.h"
#include "operators/authorized.h"

namespace hutong::ca::registration {
namespace {

using net::Json;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t kTemplateOctets = 64 * 1024;

class TemplateHandlers {
 public:
  TemplateHandlers(const RegistrationSystem& system, const operators::Guard& guard)
      : system_(&system), guard_(&guard) {}

  Result<Response> list(const Request& request) const;
  Result<Response> show(const Request& request) const;
  Result<Response> add(const Request& request) const;
  Result<Response> retire(const Request& request) const;
  Result<Response> grant(const Request& request) const;
  Result<Response> withdraw(const Request& request) const;
  Result<Response> synchronise(const Request& request) const;

 private:
  using Change = std::function<Status(storage::Transaction& transaction, const std::string& id)>;
  Result<Response> change(const Request& request, std::string_view action, const Change& change) const;
  Time now() const { return system_->clock().now(); }

  const RegistrationSystem* system_;
  const operators::Guard* guard_;
};

Result<Response> TemplateHandlers::list(const Request& request) const {
  HUTONG_CHECK(guard_->authorize(request, right::kQueryOrders));
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const auto all, TemplateRepository::in_use(reader));
  HUTONG_TRY(const auto granted, TemplateGrants::granted(reader));
  Json items = Json::array();
  for (const CertificateTemplate& made : all) {
    Json item = ca::to_json(made);
    item["granted"] = granted.contains(made.id);
    items.push_back(std::move(item));
  }
  return net::json_response(Json{{"items", std::move(items)}});
}

Result<Response> TemplateHandlers::show(const Request& request) const {
  HUTONG_CHECK(guard_->authorize(request, right::kQueryOrders));
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const auto made, TemplateRepository::find(reader, request.parameters.at("id")));
  HUTONG_TRY(const bool is_granted, TemplateGrants::is_granted(reader, made.id));
  Json json = ca::to_json(made);
  json["granted"] = is_granted;
  return net::json_response(json);
}

Result<Response> TemplateHandlers::add(const Request& request) const {
  return act(*system_, *guard_, right::kManageTemplates, request, "template.added",
             [&](const Doer& doer) -> Result<Response> {
               HUTONG_TRY(const Json body, read_body(request));
               HUTONG_TRY(const auto made, template_from_json(body));
               const audit::Event event{.time = now(),
                                        .actor = doer.actor,
                                        .action = "template.added",
                                        .object_kind = "template",
                                        .object_id = made.id,
                                        .detail = net::to_text(Json{{"version", made.version}}),
                                        .signature = doer.signature};
               const Status added = storage::in_transaction(
                   system_->database(), [&](storage::Transaction& transaction) -> Status {
                     HUTONG_CHECK(TemplateRepository::add(transaction, made, now()));
                     return audit::append(transaction, event);
                   });
               return added ? Result<Response>(net::json_response(ca::to_json(made), 201)) : added.error();
             });
}

Result<Response> TemplateHandlers::change(const Request& request, std::string_view action,
                                          const Change& change_one) const {
  return act(
      *system_, *guard_, right::kManageTemplates, request, action, [&](const Doer& doer) -> Result<Response> {
        const std::string& id = request.parameters.at("id");
        const audit::Event event{.time = now(),
                                 .actor = doer.actor,
                                 .action = std::string(action),
                                 .object_kind = "template",
                                 .object_id = id,
                                 .signature = doer.signature};
        const Status changed =
            storage::in_transaction(system_->database(), [&](storage::Transaction& transaction) -> Status {
              HUTONG_CHECK(change_one(transaction, id));
              return audit::append(transaction, event);
            });
        return changed ? Result<Response>(Response{.status = 204}) : changed.error();
      });
}

Result<Response> TemplateHandlers::retire(const Request& request) const {
  return change(request, "template.retired", [](storage::Transaction& transaction, const std::string& id) {
    return TemplateRepository::retire(transaction, id);
  });
}

Result<Response> TemplateHandlers::grant(const Request& request) const {
  const Time at = now();
  return change(request, "template.granted", [at](storage::Transaction& transaction, const std::string& id) {
    return TemplateGrants::grant(transaction, id, at);
  });
}

Result<Response> TemplateHandlers::withdraw(const Request& request) const {
  return change(request, "template.withdrawn", [](storage::Transaction& transaction, const std::string& id) {
    return TemplateGrants::withdraw(transaction, id);
  });
}

Result<Response> TemplateHandlers::synchronise(const Request& request) const {
  return act(
      *system_, *guard_, right::kSynchroniseTemplates, request, "template.synchronised",
      [&](const Doer& doer) -> Result<Response> {
        const Time at = now();
        auto changes = storage::in_transaction(
            system_->database(), [&](storage::Transaction& transaction) -> Result<TemplateGrants::Changes> {
              HUTONG_TRY(auto taken_over, TemplateGrants::synchronise(transaction, at));
              HUTONG_CHECK(audit::append(
                  transaction, audit::Event{.time = at,
                                            .actor = doer.actor,
                                            .action = "template.synchronised",
                                            .object_kind = "template",
                                            .detail = net::to_text(Json{{"added", taken_over.added},
                                                                        {"changed", taken_over.changed},
                                                                        {"withdrawn", taken_over.withdrawn}}),
                                            .signature = doer.signature}));
              return taken_over;
            });
        if (!changes) {
          return changes.error();
        }
        return net::json_response(Json{{"added", changes->added},
                                       {"changed", changes->changed},
                                       {"withdrawn", changes->withdrawn},
                                       {"at", to_rfc3339(at)}});
      });
}

}  // namespace

void add_template_routes(net::Router& router, const RegistrationSystem& system,
                         const operators::Guard& guard) {
  const TemplateHandlers rooms(system, guard);
  using Handler = Result<Response> (TemplateHandlers::*)(const Request&) const;
  const auto add = [&](Method method, std::string pattern, Handler handler) {
    router.add({.method = method,
                .pattern = std::move(pattern),
                .body_limit = method == Method::kGet ? 0 : kTemplateOctets,
                .handler = [rooms, handler](const Request& request) {
                  return std::invoke(handler, rooms, request);
                }});
  };
  add(Method::kGet, "/api/v1/templates", &TemplateHandlers::list);
  add(Method::kPost, "/api/v1/templates", &TemplateHandlers::add);
  add(Method::kGet, "/api/v1/templates/{id}", &TemplateHandlers::show);
  add(Method::kDelete, "/api/v1/templates/{id}", &TemplateHandlers::retire);
  add(Method::kPut, "/api/v1/templates/{id}/grant", &TemplateHandlers::grant);
  add(Method::kDelete, "/api/v1/templates/{id}/grant", &TemplateHandlers::withdraw);
  add(Method::kPost, "/api/v1/template-synchronisations", &TemplateHandlers::synchronise);
}

}  // namespace hutong::ca::registration
