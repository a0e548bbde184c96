#include "ca/registration/order_rules.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace hutong::ca::registration {
namespace {

using State = OrderState;

/// What the documentation says of each step, written again by hand.
const std::map<StepKind, std::set<State>>& allowed() {
  static const std::map<StepKind, std::set<State>> table{
      {StepKind::kEnter, {}},
      {StepKind::kChange, {State::kEntered, State::kRefused}},
      {StepKind::kSubmit, {State::kEntered, State::kRefused}},
      {StepKind::kApprove, {State::kSubmitted}},
      {StepKind::kRefuse, {State::kSubmitted}},
      {StepKind::kCancel, {State::kEntered, State::kSubmitted, State::kRefused, State::kApproved}},
      {StepKind::kAttachRequest, {State::kApproved}},
      {StepKind::kMake, {State::kApproved}},
      {StepKind::kMakeFailed, {State::kApproved}},
      {StepKind::kDeliver, {State::kIssued}},
      {StepKind::kNewSecret, {State::kSubmitted, State::kApproved, State::kIssued}},
      {StepKind::kMaterial,
       {State::kEntered, State::kSubmitted, State::kRefused, State::kApproved, State::kIssued}},
      {StepKind::kFee,
       {State::kEntered, State::kSubmitted, State::kRefused, State::kApproved, State::kIssued,
        State::kDelivered, State::kDone}},
  };
  return table;
}

TEST(OrderRules, EveryStepIsAllowedInItsStatesAndRefusedInAllOthers) {
  for (const auto& [step, states] : allowed()) {
    for (std::size_t i = 0; i < kOrderStates; ++i) {
      Order order;
      order.state = static_cast<State>(i);
      const auto after = state_after(order, step);
      EXPECT_EQ(after.has_value(), states.contains(order.state))
          << to_string(step) << " in " << to_string(order.state);
      if (!after) {
        EXPECT_EQ(after.error().reason, "order.state");
        EXPECT_EQ(after.error().code, Errc::kConflict);
      }
    }
  }
}

TEST(OrderRules, AChangeOfStatusIsDoneWhenItIsCarriedOut) {
  Order order;
  order.state = State::kApproved;
  EXPECT_EQ(state_after(order, StepKind::kMake).value(), State::kIssued);
  for (const OrderKind kind : {OrderKind::kSuspension, OrderKind::kRelease, OrderKind::kRevocation}) {
    order.kind = kind;
    EXPECT_EQ(state_after(order, StepKind::kMake).value(), State::kDone);
  }
}

TEST(OrderRules, NamesAreReadAsTheyAreWritten) {
  for (std::size_t i = 0; i < kOrderStates; ++i) {
    const auto state = static_cast<State>(i);
    EXPECT_EQ(order_state_from(to_string(state)), state);
  }
  EXPECT_FALSE(order_state_from("lost"));
  EXPECT_EQ(order_kind_from("recovery"), OrderKind::kRecovery);
}

}  // namespace
}  // namespace hutong::ca::registration
