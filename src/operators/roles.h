#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

/// The roles of a certification or key management system (GM/T 0037 8.3, GM/T 0038 7.3).
namespace hutong::operators {

/// Stable numbers: they are stored. Append only.
enum class Role : std::uint8_t {
  kSuperAdministrator = 1,     ///< 超级管理员: made at initialisation; policy, business administrators
  kAuditAdministrator = 2,     ///< 审计管理员: made at initialisation; auditors
  kBusinessAdministrator = 3,  ///< 业务管理员: business operators
  kBusinessOperator = 4,       ///< 业务操作员
  kAuditor = 5,                ///< 审计员
};
inline constexpr std::array kAllRoles{Role::kSuperAdministrator, Role::kAuditAdministrator,
                                      Role::kBusinessAdministrator, Role::kBusinessOperator, Role::kAuditor};

/// "super_administrator", "audit_administrator", "business_administrator", "business_operator", "auditor".
std::string_view to_string(Role role);
std::optional<Role> role_from(std::string_view text);

/// Who adds and retires whom and sets whose rights (GM/T 0037 8.6.2.13, GM/T 0038 7.6.5): super administrator
/// → business administrators, business administrator → business operators, audit administrator → auditors.
/// Super and audit administrators each look after their own succession, and neither after the other.
bool governs(Role governor, Role governed);

/// A set of roles.
class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) {
      bits_ |= 1U << static_cast<unsigned>(role);
    }
  }
  constexpr bool contains(Role role) const { return (bits_ >> static_cast<unsigned>(role) & 1U) != 0; }

 private:
  std::uint32_t bits_ = 0;
};

}  // namespace hutong::operators
