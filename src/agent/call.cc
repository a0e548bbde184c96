#include "agent/call.h"

#include <algorithm>
#include <array>

#include "agent/methods.h"

namespace hutong::agent {
namespace {

std::vector<Method> table() {
  std::vector<Method> all;
  for (const auto group : {agent_methods(), token_methods(), signing_methods(), verifying_methods(),
                           envelope_methods(), key_methods()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  std::ranges::sort(all, {}, &Method::name);
  return all;
}

}  // namespace

std::span<const Method> all_methods() {
  static const std::vector<Method> methods = table();
  return methods;
}

const Method* find_method(std::string_view name) {
  const auto methods = all_methods();
  const auto found = std::ranges::lower_bound(methods, name, {}, &Method::name);
  return found == methods.end() || found->name != name ? nullptr : &*found;
}

Asking asking(Call& call, const ApplicationPlace& place) {
  Asking shown{.origin = call.origin, .purpose = call.purpose, .token = place.token};
  const auto now = call.bench.tokens.enumeration(false);
  const auto found = std::ranges::find_if(
      now.devices, [&place](const auto& device) { return token_name(device) == place.token; });
  if (found != now.devices.end() && !found->info.label.empty()) {
    shown.token = found->info.label + " (" + found->info.serial_number + ")";
  }
  shown.token += " / " + place.application;
  return shown;
}

Result<std::shared_ptr<Login>> login_for(Call& call, const ApplicationPlace& place) {
  HUTONG_TRY(auto login, call.bench.logins.find(call.origin, place));
  if (!login->covers(call.purpose)) {
    HUTONG_TRY(auto turn, call.bench.prompts.enter(call.origin));
    if (!login->covers(call.purpose)) {  // not answered while this call waited for its turn
      HUTONG_CHECK(turn.confirm(call.bench.windows.use_key(asking(call, place))));
      login->add_purpose(call.purpose);
    }
  }
  login->touch();
  return login;
}

Result<token::Container> container_for(Call& call, const Place& place) {
  HUTONG_TRY(const auto login, login_for(call, place.in));
  return login->application().open_container(raw_name(place.container));
}

}  // namespace hutong::agent
