#include "x509/policy_graph.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "asn1/oids.h"

namespace hutong::x509 {

using asn1::oids::kAnyPolicy;

PolicyGraph::PolicyGraph() { levels_.push_back(Level{{kAnyPolicy, Node{{kAnyPolicy}, {}}}}); }

PolicyGraph::Parents PolicyGraph::parents_by_expected_policy(const Level& level) {
  Parents parents;
  for (const auto& [policy, node] : level) {
    for (const auto& expected : node.expected) {
      parents[expected].insert(policy);
    }
  }
  return parents;
}

void PolicyGraph::drop_if_empty() {
  if (!levels_.empty() && levels_.back().empty()) {
    levels_.clear();
  }
}

void PolicyGraph::add_level(const std::optional<std::vector<PolicyInformation>>& policies,
                            AnyPolicy any_policy) {
  if (empty()) {
    return;
  }
  if (!policies) {
    levels_.clear();
    return;
  }
  const Parents parents = parents_by_expected_policy(levels_.back());
  const bool any_above = levels_.back().contains(kAnyPolicy);
  bool any_asserted = false;
  Level level;
  for (const auto& information : *policies) {
    if (information.policy == kAnyPolicy) {
      any_asserted = true;
    } else if (const auto found = parents.find(information.policy); found != parents.end()) {
      level[information.policy] = Node{{information.policy}, found->second};
    } else if (any_above) {
      level[information.policy] = Node{{information.policy}, {kAnyPolicy}};
    }
  }
  if (any_asserted && any_policy == AnyPolicy::kAllowed) {
    for (const auto& [expected, above] : parents) {
      level.try_emplace(expected, Node{{expected}, above});
    }
  }
  levels_.push_back(std::move(level));
  drop_if_empty();
}

void PolicyGraph::map_policy(const asn1::Oid& policy, const PolicySet& subjects) {
  Level& level = levels_.back();
  if (const auto found = level.find(policy); found != level.end()) {
    found->second.expected = subjects;
  } else if (level.contains(kAnyPolicy)) {
    level[policy] = Node{subjects, {kAnyPolicy}};
  }
}

void PolicyGraph::apply_mappings(std::span<const PolicyMapping> mappings, Mapping mapping) {
  if (empty()) {
    return;
  }
  std::map<asn1::Oid, PolicySet> mapped;
  for (const auto& entry : mappings) {
    mapped[entry.issuer_domain].insert(entry.subject_domain);
  }
  for (const auto& [policy, subjects] : mapped) {
    if (mapping == Mapping::kAllowed) {
      map_policy(policy, subjects);
    } else {
      levels_.back().erase(policy);
    }
  }
  drop_if_empty();
}

/// Per level, the policies whose nodes still have descendants on the last level.
std::vector<PolicySet> PolicyGraph::live_policies() const {
  std::vector<PolicySet> live(levels_.size());
  for (const auto& [policy, node] : levels_.back()) {
    live.back().insert(policy);
  }
  for (std::size_t depth = levels_.size() - 1; depth > 0; --depth) {
    for (const auto& policy : live[depth]) {
      const PolicySet& parents = levels_[depth].at(policy).parents;
      live[depth - 1].insert(parents.begin(), parents.end());
    }
  }
  return live;
}

/// The policies of the trust anchor's domain: live nodes that hang below an anyPolicy node.
PolicySet PolicyGraph::authority_constrained() const {
  if (empty()) {
    return {};
  }
  const std::vector<PolicySet> live = live_policies();
  PolicySet policies;
  for (std::size_t depth = 1; depth < levels_.size(); ++depth) {
    for (const auto& policy : live[depth]) {
      if (policy != kAnyPolicy && levels_[depth].at(policy).parents.contains(kAnyPolicy)) {
        policies.insert(policy);
      }
    }
  }
  if (live.back().contains(kAnyPolicy)) {
    policies.insert(kAnyPolicy);
  }
  return policies;
}

PolicySet PolicyGraph::user_constrained(const PolicySet& user_initial) const {
  PolicySet authority = authority_constrained();
  if (user_initial.contains(kAnyPolicy)) {
    return authority;
  }
  if (authority.contains(kAnyPolicy)) {
    return user_initial;
  }
  PolicySet both;
  std::ranges::set_intersection(authority, user_initial, std::inserter(both, both.end()));
  return both;
}

}  // namespace hutong::x509
