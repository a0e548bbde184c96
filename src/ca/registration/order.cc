#include "ca/registration/order.h"

#include <algorithm>
#include <array>

#include "x509/identity.h"

namespace hutong::ca::registration {
namespace {

constexpr std::array<std::string_view, 7> kOrderKinds{"application", "renewal",    "change",  "suspension",
                                                      "release",     "revocation", "recovery"};
constexpr std::array<std::string_view, kOrderStates> kOrderStateNames{
    "entered", "submitted", "approved", "issued", "delivered", "done", "refused", "cancelled"};
constexpr std::array<std::string_view, kStepKinds> kOrderSteps{
    "enter", "change",      "submit",  "approve",    "refuse",   "cancel", "attach_request",
    "make",  "make_failed", "deliver", "new_secret", "material", "fee"};
constexpr std::array<std::string_view, 5> kRoles{"other", "purchaser", "agency", "supplier", "expert"};

template <typename Enum, std::size_t kCount>
std::optional<Enum> enum_from(const std::array<std::string_view, kCount>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  return found == names.end() ? std::nullopt : std::optional(static_cast<Enum>(found - names.begin()));
}

}  // namespace

std::string_view to_string(OrderKind kind) { return kOrderKinds.at(static_cast<std::size_t>(kind)); }
std::optional<OrderKind> order_kind_from(std::string_view text) {
  return enum_from<OrderKind>(kOrderKinds, text);
}
bool changes_status_only(OrderKind kind) {
  return kind == OrderKind::kSuspension || kind == OrderKind::kRelease || kind == OrderKind::kRevocation;
}

std::string_view to_string(OrderState state) { return kOrderStateNames.at(static_cast<std::size_t>(state)); }
std::optional<OrderState> order_state_from(std::string_view text) {
  return enum_from<OrderState>(kOrderStateNames, text);
}
std::string_view to_string(StepKind step) { return kOrderSteps.at(static_cast<std::size_t>(step)); }

std::string_view to_string(ApplicantRole role) { return kRoles.at(static_cast<std::size_t>(role)); }
std::optional<ApplicantRole> applicant_role_from(std::string_view text) {
  return enum_from<ApplicantRole>(kRoles, text);
}

bool Applicant::is_person() const { return x509::is_resident_identity_number(number); }

}  // namespace hutong::ca::registration
