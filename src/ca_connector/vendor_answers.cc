#include "ca_connector/vendor_answers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "net/json.h"

namespace hutong::ca_connector {
namespace {

using net::Json;

constexpr std::size_t kMostMember = 200;
constexpr std::int64_t kMostPromised = 1'000'000;

struct StateMeaning {
  std::string_view state;
  Outcome outcome;
};
constexpr std::array kStates{
    StateMeaning{"entered", Outcome::kWaiting},  StateMeaning{"submitted", Outcome::kWaiting},
    StateMeaning{"approved", Outcome::kWaiting}, StateMeaning{"issued", Outcome::kMade},
    StateMeaning{"delivered", Outcome::kMade},   StateMeaning{"done", Outcome::kMade},
    StateMeaning{"refused", Outcome::kEnded},    StateMeaning{"cancelled", Outcome::kEnded}};

Error odd_answer(std::string_view member) {
  return {Errc::kUnavailable, "connector.answer",
          "the vendor's answer: \"" + std::string(member) + "\" is missing or not as the profile says"};
}

Result<Json> object_of(std::string_view text) {
  auto json = net::parse_json(text);
  return json && json->is_object() ? std::move(json) : Result<Json>(odd_answer("the whole"));
}

/// A short text.
Result<std::string> member_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) {
    return odd_answer(name);
  }
  auto text = found->get<std::string>();
  return text.empty() || text.size() > kMostMember ? Result<std::string>(odd_answer(name))
                                                   : Result(std::move(text));
}

Result<Time> time_of(const Json& object, const char* name) {
  HUTONG_TRY(const auto text, member_of(object, name));
  const auto time = from_rfc3339(text);
  return time ? Result(*time) : odd_answer(name);
}

Result<std::optional<std::int64_t>> promise_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) {
    return std::optional<std::int64_t>();
  }
  if (!found->is_number_integer() || *found < 0 || *found > kMostPromised) {
    return odd_answer(name);
  }
  return std::optional(found->get<std::int64_t>());
}

/// Nothing is made before it was entered.
Status check_times(const OrderTimes& order, std::string_view member) {
  return order.made_at && *order.made_at < order.entered_at ? Status(odd_answer(member)) : ok();
}

Result<OrderTimes> summary_of(const Json& json) {
  if (!json.is_object()) {
    return odd_answer("items");
  }
  OrderTimes order;
  HUTONG_TRY(order.id, member_of(json, "id"));
  HUTONG_TRY(order.kind, member_of(json, "kind"));
  HUTONG_TRY(const auto state, member_of(json, "state"));
  const auto meaning = std::ranges::find(kStates, state, &StateMeaning::state);
  if (meaning == kStates.end()) {
    return odd_answer("state");
  }
  order.outcome = meaning->outcome;
  HUTONG_TRY(order.entered_at, time_of(json, "entered_at"));
  if (order.outcome == Outcome::kMade && state != "delivered") {
    HUTONG_TRY(order.made_at, time_of(json, "changed_at"));
    HUTONG_CHECK(check_times(order, "changed_at"));
  }
  return order;
}

/// The time of the step that made it.
Result<std::optional<Time>> making_of(const Json& json) {
  const auto steps = json.find("steps");
  if (steps == json.end() || !steps->is_array()) {
    return odd_answer("steps");
  }
  std::optional<Time> made_at;
  for (const Json& step : *steps) {
    if (!step.is_object()) {
      return odd_answer("steps");
    }
    HUTONG_TRY(const auto name, member_of(step, "step"));
    if (name == "make") {
      HUTONG_TRY(made_at, time_of(step, "at"));
    }
  }
  return made_at;
}

}  // namespace

Result<Promises> read_promises(std::string_view text) {
  HUTONG_TRY(const Json json, object_of(text));
  Promises promises;
  if (json.contains("vendor")) {
    HUTONG_TRY(promises.vendor, member_of(json, "vendor"));
  }
  const auto commitments = json.find("commitments");
  if (commitments == json.end()) {
    return promises;
  }
  if (!commitments->is_object()) {
    return odd_answer("commitments");
  }
  HUTONG_TRY(promises.order_hours, promise_of(*commitments, "order_hours"));
  HUTONG_TRY(promises.revocation_minutes, promise_of(*commitments, "revocation_minutes"));
  HUTONG_TRY(promises.availability_permille, promise_of(*commitments, "availability_permille"));
  return promises;
}

Result<std::vector<OrderTimes>> read_order_list(std::string_view text) {
  HUTONG_TRY(const Json json, object_of(text));
  const auto items = json.find("items");
  if (items == json.end() || !items->is_array()) {
    return odd_answer("items");
  }
  std::vector<OrderTimes> orders;
  for (const Json& item : *items) {
    HUTONG_TRY(auto order, summary_of(item));
    orders.push_back(std::move(order));
  }
  return orders;
}

Result<OrderTimes> read_order(std::string_view text) {
  HUTONG_TRY(const Json json, object_of(text));
  HUTONG_TRY(auto order, summary_of(json));
  if (order.outcome == Outcome::kMade) {
    HUTONG_TRY(order.made_at, making_of(json));
    HUTONG_CHECK(order.made_at ? check_times(order, "steps") : Status(odd_answer("steps")));
  }
  return order;
}

}  // namespace hutong::ca_connector
