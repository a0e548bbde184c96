#include <algorithm>
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
  if (system.state == SystemState::kSuspended) {
    json["suspended_because"] = system.suspended_because;
  }
  return json;
}

Json step_json(const SystemStep& step) {
  return {{"id", step.id},
          {"step", to_string(step.kind)},
          {"reason", step.reason},
          {"proposed_by", step.proposed_by},
          {"proposed_at", to_rfc3339(step.proposed_at)}};
}

/// GET /api/v1/business-systems
class ListSystems {
 public:
  using Input = net::PageRequest;
  struct Output {
    std::vector<BusinessSystem> items;
    std::string next;
    std::vector<SystemStep> waiting;
  };
  explicit ListSystems(const SystemDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) { return net::page_request(request); }
  Result<Output> process(const Input& page, const Authorized& /*by*/) const {
    HUTONG_TRY(auto found, desk_->list(page.cursor, page.limit + 1));
    std::string next = net::cut_page(found, page.limit);
    HUTONG_TRY(auto waiting, desk_->waiting());
    return Output{.items = std::move(found), .next = std::move(next), .waiting = std::move(waiting)};
  }
  static Response render(const Output& output) {
    return page_response(output.items, output.next, [&output](const BusinessSystem& system) {
      Json json = system_json(system);
      const auto step = std::ranges::find(output.waiting, system.id, &SystemStep::system);
      if (step != output.waiting.end()) {
        json["waiting"] = step_json(*step);
      }
      return json;
    });
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

/// POST /api/v1/business-systems/{id}/retirement and …/suspension: what one person is enough for.
class EndSystem {
 public:
  struct Input {
    std::string system;
    std::string reason;
  };
  using Output = BusinessSystem;
  using Act = Result<BusinessSystem> (SystemDesk::*)(const Authorized&, std::string_view,
                                                     std::string_view) const;
  EndSystem(const SystemDesk& desk, Act act) : desk_(&desk), act_(act) {}
  static Result<Input> parse(const Request& request) {
    HUTONG_TRY(const auto body, JsonBody::parse(request, {"reason"}));
    HUTONG_TRY(auto reason, read_reason(body));
    return Input{.system = request.parameters.at("id"), .reason = std::move(reason)};
  }
  Result<Output> process(const Input& input, const Authorized& by) const {
    return (desk_->*act_)(by, input.system, input.reason);
  }
  static Response render(const Output& output) { return net::json_response(system_json(output)); }

 private:
  const SystemDesk* desk_;
  Act act_;
};

/// POST /api/v1/business-systems/{id}/steps
class ProposeSystemStep {
 public:
  struct Input {
    std::string system;
    SystemStepKind kind = SystemStepKind::kResumption;
    std::string reason;
  };
  using Output = SystemDesk::ProposedStep;
  explicit ProposeSystemStep(const SystemDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) {
    HUTONG_TRY(const auto body, JsonBody::parse(request, {"step", "reason"}));
    HUTONG_TRY(const auto word, body.text("step"));
    const auto kind = system_step_from(word);
    if (!kind) {
      return wrong_member("step");
    }
    HUTONG_TRY(auto reason, read_reason(body));
    return Input{.system = request.parameters.at("id"), .kind = *kind, .reason = std::move(reason)};
  }
  Result<Output> process(const Input& input, const Authorized& by) const {
    return desk_->propose_step(by, input.system, input.kind, input.reason);
  }
  static Response render(const Output& output) {
    Json json = step_json(output.step);
    if (!output.secret.empty()) {
      json["client_secret"] = output.secret;
    }
    return net::json_response(json, 201);
  }

 private:
  const SystemDesk* desk_;
};

/// POST /api/v1/business-systems/{id}/steps/{step}/decision
class DecideSystemStep {
 public:
  struct Input {
    ProposalDecision decided;  ///< `proposal` is the business system
    std::string step;
  };
  using Output = BusinessSystem;
  explicit DecideSystemStep(const SystemDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) {
    HUTONG_TRY(auto decided, read_proposal_decision(request));
    return Input{.decided = std::move(decided), .step = request.parameters.at("step")};
  }
  Result<Output> process(const Input& input, const Authorized& by) const {
    return desk_->decide_step(by, input.decided.proposal, input.step, input.decided.decision,
                              input.decided.reason);
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
              EndSystem(desk, &SystemDesk::retire), guard, kManageSystems);
  add_guarded(router, Method::kPost, "/api/v1/business-systems/{id}/suspension", kSystemBody,
              EndSystem(desk, &SystemDesk::suspend), guard, kManageSystems);
  add_guarded(router, Method::kPost, "/api/v1/business-systems/{id}/steps", kSystemBody,
              ProposeSystemStep(desk), guard, kManageSystems);
  add_guarded(router, Method::kPost, "/api/v1/business-systems/{id}/steps/{step}/decision", kSystemBody,
              DecideSystemStep(desk), guard, kReleaseSystems);
}

}  // namespace hutong::platform::login
