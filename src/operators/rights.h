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
/// How far a right reaches: kWhole ones are not for operators who are bound to a region.
enum class Reach : bool { kRegional, kWhole };
/// Whether a program knows this code of a region (GB/T 2260).
using IsRegion = bool (*)(std::string_view code);

/// Something one may be allowed to do. The code is stable ("order.review"): a-z, 0-9, '.', '_' and '-'.
struct Right {
  std::string_view code;
  std::string_view zh;
  std::string_view en;
  RoleSet inherent = {};                    ///< roles that have it by what they are
  RoleSet grantable = {};                   ///< roles whose governor may grant it
  ForMachines machines = ForMachines::kNo;  ///< API clients may be granted it
  Reach reach = Reach::kRegional;
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
  /// Without `is_region` nobody is bound to a region.
  explicit RightsCatalogue(std::span<const Right> of_program = {}, IsRegion is_region = nullptr);
  std::span<const Right> all() const { return rights_; }
  const Right* find(std::string_view code) const;
  /// True when somebody of this role who was granted `granted` may do it. `region`: whom it is not empty for
  /// is bound to it.
  bool allows(Role role, const RightSet& granted, std::string_view code, std::string_view region = {}) const;
  /// kMalformed "right.unknown", "operator.region" (the program has none of this code); kPolicy
  /// "right.not_for_role", "right.not_for_region" (it reaches everywhere), "operator.region_role" (only
  /// business operators are bound to a region).
  Status check_grant(Role role, const RightSet& rights, std::string_view region = {}) const;
  /// The same for API clients: "right.unknown", "right.not_for_machines".
  Status check_machine_grant(const RightSet& rights) const;
  /// What the role has anyway and what was granted.
  RightSet effective(Role role, const RightSet& granted, std::string_view region = {}) const;

 private:
  Status check_region(Role role, std::string_view region) const;

  std::vector<Right> rights_;
  IsRegion is_region_;
};

/// As stored: codes in order, one blank between them.
std::string to_text(const RightSet& rights);
RightSet rights_from_text(std::string_view text);

}  // namespace hutong::operators
