#include "operators/rights.h"

#include <algorithm>
#include <array>

namespace hutong::operators {
namespace {

constexpr RoleSet kAdministrators{Role::kSuperAdministrator, Role::kAuditAdministrator,
                                  Role::kBusinessAdministrator};

constexpr std::array kOwnRights{
    Right{.code = kReadOperators,
          .zh = "查看操作员",
          .en = "See operators",
          .inherent = {Role::kSuperAdministrator, Role::kAuditAdministrator, Role::kBusinessAdministrator,
                       Role::kAuditor}},
    Right{.code = kGovernOperators,
          .zh = "管理下级操作员及其权限",
          .en = "Add and retire operators, set their rights",
          .inherent = kAdministrators},
    Right{.code = kManageClients,
          .zh = "管理接口客户端",
          .en = "Manage API clients",
          .inherent = {Role::kSuperAdministrator}},
    Right{.code = kReadAudit,
          .zh = "查询审计记录",
          .en = "Search audit records",
          .inherent = {Role::kAuditAdministrator},
          .grantable = {Role::kAuditor}},
    Right{.code = kVerifyAudit,
          .zh = "验证审计记录",
          .en = "Verify the audit chain and its signatures",
          .inherent = {Role::kAuditAdministrator},
          .grantable = {Role::kAuditor}},
    Right{.code = kMarkAudit,
          .zh = "标记已审计",
          .en = "Mark records as audited",
          .inherent = {Role::kAuditAdministrator},
          .grantable = {Role::kAuditor}},
    Right{.code = kArchiveAudit,
          .zh = "归档审计记录",
          .en = "Archive audit records",
          .inherent = {Role::kAuditAdministrator},
          .grantable = {Role::kAuditor}},
};

}  // namespace

RightsCatalogue::RightsCatalogue(std::span<const Right> of_program, IsRegion is_region)
    : rights_(kOwnRights.begin(), kOwnRights.end()), is_region_(is_region) {
  rights_.insert(rights_.end(), of_program.begin(), of_program.end());
}

const Right* RightsCatalogue::find(std::string_view code) const {
  const auto found = std::ranges::find(rights_, code, &Right::code);
  return found == rights_.end() ? nullptr : &*found;
}

bool RightsCatalogue::allows(Role role, const RightSet& granted, std::string_view code,
                             std::string_view region) const {
  if (code == kAnyRight) {
    return true;
  }
  const Right* right = find(code);
  if (right == nullptr || (right->reach == Reach::kWhole && !region.empty())) {
    return false;
  }
  return right->inherent.contains(role) ||
         (right->grantable.contains(role) && granted.find(code) != granted.end());
}

Status RightsCatalogue::check_region(Role role, std::string_view region) const {
  if (region.empty()) {
    return ok();
  }
  if (is_region_ == nullptr || !is_region_(region)) {
    return Error{Errc::kMalformed, "operator.region", "no region: " + std::string(region)};
  }
  if (role != Role::kBusinessOperator) {
    return Error{Errc::kPolicy, "operator.region_role", "only business operators are bound to a region"};
  }
  return ok();
}

Status RightsCatalogue::check_grant(Role role, const RightSet& rights, std::string_view region) const {
  HUTONG_CHECK(check_region(role, region));
  for (const std::string& code : rights) {
    const Right* right = find(code);
    if (right == nullptr) {
      return Error{Errc::kMalformed, "right.unknown", code};
    }
    if (!right->grantable.contains(role)) {
      return Error{Errc::kPolicy, "right.not_for_role",
                   code + " cannot be granted to the role " + std::string(to_string(role))};
    }
    if (!region.empty() && right->reach == Reach::kWhole) {
      return Error{Errc::kPolicy, "right.not_for_region", code + " reaches beyond a region"};
    }
  }
  return ok();
}

Status RightsCatalogue::check_machine_grant(const RightSet& rights) const {
  for (const std::string& code : rights) {
    const Right* right = find(code);
    if (right == nullptr) {
      return Error{Errc::kMalformed, "right.unknown", code};
    }
    if (right->machines == ForMachines::kNo) {
      return Error{Errc::kPolicy, "right.not_for_machines", code};
    }
  }
  return ok();
}

RightSet RightsCatalogue::effective(Role role, const RightSet& granted, std::string_view region) const {
  RightSet rights;
  for (const Right& right : rights_) {
    if (allows(role, granted, right.code, region)) {
      rights.emplace(right.code);
    }
  }
  return rights;
}

std::string to_text(const RightSet& rights) {
  std::string text;
  for (const std::string& code : rights) {
    text.append(text.empty() ? "" : " ").append(code);
  }
  return text;
}

RightSet rights_from_text(std::string_view text) {
  RightSet rights;
  while (!text.empty()) {
    const auto end = text.find(' ');
    rights.emplace(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return rights;
}

}  // namespace hutong::operators
