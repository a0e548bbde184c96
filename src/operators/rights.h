#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "operators/roles.h"

namespace hutong::operators {

/// Codes of rights in order; what one operator or API client was granted.
using RightSet = std::set<std::string, std::less<>>;

enum class ForMachines : bool { kNo, kYes };

/// Something one may be allowed to do. The code is stable ("order.review"): a-z, 0-9, '.', '_' and '-'.
struct Right {
  std::string_view code;
  std::string_view zh;
  std::string_view en;
  RoleSet inherent = {};                    ///< roles that have it by what they are
  RoleSet grantable = {};                   ///< roles whose governor may grant it
  ForMachines machines = ForMachines::kNo;  ///< API clients may be granted it
};

/// The rights of this module itself.
inline constexpr std::string_view kReadOperators = "operator.read";
inline constexpr std::string_view kGovernOperators = "operator.govern";
inline constexpr std::string_view kManageClients = "client.manage";
inline constexpr std::string_view kReadAudit = "audit.read";
inline constexpr std::string_view kVerifyAudit = "audit.verify";
inline constexpr std::string_view kMarkAudit = "audit.mark";
inline constexpr std::string_view kArchiveAudit = "audit.archive";
/// Anybody with a session: for what concerns oneself only.
inline constexpr std::string_view kAnyRight = "";

/// All rights of a program: those of this module and its own. Immutable, any thread. Texts must be literals.
class RightsCatalogue {
 public:
  explicit RightsCatalogue(std::span<const Right> of_program = {});
  std::span<const Right> all() const { return rights_; }
  const Right* find(std::string_view code) const;
  /// True when somebody of this role who was granted `granted` may do it.
  bool allows(Role role, const RightSet& granted, std::string_view code) const;
  /// kMalformed "right.unknown", kPolicy "right.not_for_role".
  Status check_grant(Role role, const RightSet& rights) const;
  /// The same for API clients: "right.unknown", "right.not_for_machines".
  Status check_machine_grant(const RightSet& rights) const;
  /// What the role has anyway and what was granted.
  RightSet effective(Role role, const RightSet& granted) const;

 private:
  std::vector<Right> rights_;
};

/// As stored: codes in order, one blank between them.
std::string to_text(const RightSet& rights);
RightSet rights_from_text(std::string_view text);

}  // namespace hutong::operators
