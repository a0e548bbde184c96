#include "operators/roles.h"

#include <algorithm>

namespace hutong::operators {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::kSuperAdministrator:
      return "super_administrator";
    case Role::kAuditAdministrator:
      return "audit_administrator";
    case Role::kBusinessAdministrator:
      return "business_administrator";
    case Role::kBusinessOperator:
      return "business_operator";
    case Role::kAuditor:
      return "auditor";
  }
  return "";
}

std::optional<Role> role_from(std::string_view text) {
  const auto found =
      std::ranges::find_if(kAllRoles, [text](const Role role) { return to_string(role) == text; });
  return found == kAllRoles.end() ? std::nullopt : std::optional(*found);
}

bool governs(Role governor, Role governed) {
  switch (governor) {
    case Role::kSuperAdministrator:
      return governed == Role::kSuperAdministrator || governed == Role::kBusinessAdministrator;
    case Role::kAuditAdministrator:
      return governed == Role::kAuditAdministrator || governed == Role::kAuditor;
    case Role::kBusinessAdministrator:
      return governed == Role::kBusinessOperator;
    case Role::kBusinessOperator:
    case Role::kAuditor:
      break;
  }
  return false;
}

}  // namespace hutong::operators
