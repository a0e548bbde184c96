#include <array>

#include "agent/methods.h"
#include "agent/version.h"

namespace hutong::agent {
namespace {

using net::Json;

Result<Json> hello(Call& call) {
  return Json{{"agent", kProgram},
              {"version", kVersion},
              {"protocol", kProtocol},
              {"origin", call.origin},
              {"allowed", call.bench.origins.is_allowed(call.origin)}};
}

Result<Json> request_origin(Call& call) {
  Workbench& bench = call.bench;
  if (!bench.origins.is_allowed(call.origin)) {
    HUTONG_TRY(auto turn, bench.prompts.enter(call.origin));
    if (!bench.origins.is_allowed(call.origin)) {
      HUTONG_CHECK(
          turn.confirm(bench.windows.allow_origin({.origin = call.origin, .purpose = call.purpose})));
      HUTONG_CHECK(bench.origins.allow(call.origin));
    }
  }
  return Json{{"allowed", true}};
}

Result<Json> status(Call& call) {
  Json json = call.bench.status();
  if (call.bench.origins.is_allowed(call.origin)) {
    json["logins"] = Json::array();
    for (const auto& login : call.bench.logins.of(call.origin)) {
      json["logins"].push_back(Json{{"token", login->place().token},
                                    {"application", login->place().application},
                                    {"purpose", login->first_purpose()},
                                    {"since", to_rfc3339(login->since())}});
    }
  }
  return json;
}

constexpr std::array<Method, 3> kAgentMethods{{
    {"hello", Access::kAnybody, Purpose::kWelcome, {}, nullptr, hello},
    {"origin.request", Access::kAnybody, Purpose::kNeeded, {}, nullptr, request_origin},
    {"status", Access::kAnybody, Purpose::kWelcome, {}, nullptr, status},
}};

}  // namespace

std::span<const Method> agent_methods() { return kAgentMethods; }

}  // namespace hutong::agent
