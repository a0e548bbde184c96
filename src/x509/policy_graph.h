#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "asn1/oid.h"
#include "x509/extensions.h"

namespace hutong::x509 {

using PolicySet = std::set<asn1::Oid>;

/// The valid policies along one certification path: the graph of RFC 9618, which gives the answers of the
/// policy tree of RFC 5280 6.1 without its exponential growth (at most one node per policy and level). Levels
/// are fed from the trust anchor to the end entity. Belongs to one thread.
class PolicyGraph {
 public:
  enum class AnyPolicy : bool { kInhibited, kAllowed };
  enum class Mapping : bool { kInhibited, kAllowed };

  PolicyGraph();  ///< level 0: anyPolicy

  /// 6.1.3 (d) and (e): the next certificate's policies, or nothing when it has no such extension.
  void add_level(const std::optional<std::vector<PolicyInformation>>& policies, AnyPolicy any_policy);
  /// 6.1.4 (b): the mappings of the certificate whose level was added last.
  void apply_mappings(std::span<const PolicyMapping> mappings, Mapping mapping);
  /// True when no policy is left ("valid_policy_tree is NULL"); stays so.
  bool empty() const { return levels_.empty(); }

  /// 6.1.5 (g): the policies of the trust anchor's domain that hold for the path and that the user accepts;
  /// anyPolicy when the path and the user restrict nothing.
  PolicySet user_constrained(const PolicySet& user_initial) const;

 private:
  struct Node {
    PolicySet expected;
    PolicySet parents;  ///< valid policies of nodes one level up
  };
  using Level = std::map<asn1::Oid, Node>;
  using Parents = std::map<asn1::Oid, PolicySet>;

  static Parents parents_by_expected_policy(const Level& level);
  void drop_if_empty();
  void map_policy(const asn1::Oid& policy, const PolicySet& subjects);
  std::vector<PolicySet> live_policies() const;
  PolicySet authority_constrained() const;

  std::vector<Level> levels_;
};

}  // namespace hutong::x509
