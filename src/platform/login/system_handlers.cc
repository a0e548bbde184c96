#include <utility>

#include "net/json_body.h"
#include "platform/login/system_desk.h"
#include "platform/rights.h"

namespace hutong::platform::login {
namespace {

using net::Json;
using net::JsonBody;
using net::Method;
using net::Request;
using net::Response;
using operators::Authorized;

constexpr std::size_t kSystemBody = std::size_t{32} << 10;

Json system_json(const BusinessSystem& system) {
  Json json = {{"client_id", system.id}, {"state", to_string(system.state)}};
  json.update(to_json(system.content));
  json["proposed_by"] = system.proposed_by;
  json["proposed_at"] = to_rfc3339(system.proposed_at);
  if (system.decided_at) {
    json["decided_by"] = system.decided_by;
    json["decided_at"] = to_rfc3339(*system.decided_at);
  }
  return json;
}

/// GET /api/v1/business-systems
class ListSystems {
 public:
  using Input = net::PageRequest;
  struct Output {
    std::vector<BusinessSystem> items;
    std::string next;
  };
  explicit ListSystems(const SystemDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) { return net::page_request(request); }
  Result<Output> process(const Input& page, const Authorized& /*by*/) const {
    HUTONG_TRY(auto found, desk_->list(page.cursor, page.limit + 1));
    std::string next = net::cut_page(found, page.limit);
    return Output{.items = std::move(found), .next = std::move(next)};
  }
  static Response render(const Output& output) {
    return page_response(output.items, output.next, system_json);
  }

 private:
  const SystemDesk* desk_;
};

/// POST /api/v1/business-systems
class ProposeSystem {
 public:
  using Input = SystemContent;
  using Output = SystemDesk::Registered;
  explicit ProposeSystem(const SystemDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) {
    HUTONG_TRY(const Json json, net::parse_json(as_text(request.body)));
    return read_system_content(json);
  }
  Result<Output> process(const Input& input, const Authorized& by) const { return desk_->propose(by, input); }
  static Response render(const Output& output) {
    Json json = system_json(output.system);
    json["client_secret"] = output.secret;
    return net::json_response(json, 201);
  }

 private:
  const SystemDesk* desk_;
};

/// POST /api/v1/business-systems/{id}/decision
class DecideSystem {
 public:
  using Input = ProposalDecision;
  using Output = BusinessSystem;
  explicit DecideSystem(const SystemDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) { return read_proposal_decision(request); }
  Result<Output> process(const Input& input, const Authorized& by) const {
    return desk_->decide(by, input.proposal, input.decision, input.reason);
  }
  static Response render(const Output& output) { return net::json_response(system_json(output)); }

 private:
  const SystemDesk* desk_;
};

/// POST /api/v1/business-systems/{id}/retirement
class RetireSystem {
 public:
  struct Input {
    std::string system;
    std::string reason;
  };
  using Output = BusinessSystem;
  explicit RetireSystem(const SystemDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) {
    HUTONG_TRY(const auto body, JsonBody::parse(request, {"reason"}));
    HUTONG_TRY(auto reason, read_reason(body));
    return Input{.system = request.parameters.at("id"), .reason = std::move(reason)};
  }
  Result<Output> process(const Input& input, const Authorized& by) const {
    return desk_->retire(by, input.system, input.reason);
  }
  static Response render(const Output& output) { return net::json_response(system_json(output)); }

 private:
  const SystemDesk* desk_;
};

}  // namespace

void add_system_routes(net::Router& router, const SystemDesk& desk, const operators::Guard& guard) {
  add_guarded(router, Method::kGet, "/api/v1/business-systems", 0, ListSystems(desk), guard, kReadSystems);
  add_guarded(router, Method::kPost, "/api/v1/business-systems", kSystemBody, ProposeSystem(desk), guard,
              kManageSystems);
  add_guarded(router, Method::kPost, "/api/v1/business-systems/{id}/decision", kSystemBody,
              DecideSystem(desk), guard, kReleaseSystems);
  add_guarded(router, Method::kPost, "/api/v1/business-systems/{id}/retirement", kSystemBody,
              RetireSystem(desk), guard, kManageSystems);
}

}  // namespace hutong::platform::login
