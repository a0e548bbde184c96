#include "ca/registration/order_rules.h"

#include <algorithm>
#include <array>
#include <string>

namespace hutong::ca::registration {
namespace {

using State = OrderState;
using enum StepKind;

struct Rule {
  StepKind step;
  State from;
  State to;
};

constexpr std::array kRules{
    Rule{kChange, State::kEntered, State::kEntered},
    Rule{kChange, State::kRefused, State::kEntered},
    Rule{kSubmit, State::kEntered, State::kSubmitted},
    Rule{kSubmit, State::kRefused, State::kSubmitted},
    Rule{kApprove, State::kSubmitted, State::kApproved},
    Rule{kRefuse, State::kSubmitted, State::kRefused},
    Rule{kCancel, State::kEntered, State::kCancelled},
    Rule{kCancel, State::kSubmitted, State::kCancelled},
    Rule{kCancel, State::kRefused, State::kCancelled},
    Rule{kCancel, State::kApproved, State::kCancelled},
    Rule{kAttachRequest, State::kApproved, State::kApproved},
    Rule{kMake, State::kApproved, State::kIssued},
    Rule{kMakeFailed, State::kApproved, State::kApproved},
    Rule{kDeliver, State::kIssued, State::kDelivered},
    Rule{kNewSecret, State::kSubmitted, State::kSubmitted},
    Rule{kNewSecret, State::kApproved, State::kApproved},
    Rule{kNewSecret, State::kIssued, State::kIssued},
    Rule{kMaterial, State::kEntered, State::kEntered},
    Rule{kMaterial, State::kSubmitted, State::kSubmitted},
    Rule{kMaterial, State::kRefused, State::kRefused},
    Rule{kMaterial, State::kApproved, State::kApproved},
    Rule{kMaterial, State::kIssued, State::kIssued},
    Rule{kFee, State::kEntered, State::kEntered},
    Rule{kFee, State::kSubmitted, State::kSubmitted},
    Rule{kFee, State::kRefused, State::kRefused},
    Rule{kFee, State::kApproved, State::kApproved},
    Rule{kFee, State::kIssued, State::kIssued},
    Rule{kFee, State::kDelivered, State::kDelivered},
    Rule{kFee, State::kDone, State::kDone},
};

const Rule* find_rule(const Order& order, StepKind step) {
  const auto found = std::ranges::find_if(
      kRules, [&](const Rule& rule) { return rule.step == step && rule.from == order.state; });
  return found == kRules.end() ? nullptr : &*found;
}

}  // namespace

Result<OrderState> state_after(const Order& order, StepKind step) {
  const Rule* rule = find_rule(order, step);
  if (rule == nullptr) {
    return Error{Errc::kConflict, "order.state",
                 "an order that is " + std::string(to_string(order.state)) + " does not allow the step " +
                     std::string(to_string(step))};
  }
  return step == kMake && changes_status_only(order.kind) ? State::kDone : rule->to;
}

std::vector<StepKind> next_steps(const Order& order) {
  std::vector<StepKind> steps;
  for (const Rule& rule : kRules) {
    if (rule.from == order.state && rule.step != kMakeFailed) {
      steps.push_back(rule.step);
    }
  }
  return steps;
}

}  // namespace hutong::ca::registration
