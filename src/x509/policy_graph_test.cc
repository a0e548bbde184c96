#include "x509/policy_graph.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"

namespace hutong::x509 {
namespace {

constexpr asn1::Oid kAny = asn1::oids::kAnyPolicy;
constexpr asn1::Oid kGold("1.2.3.1");
constexpr asn1::Oid kSilver("1.2.3.2");
constexpr asn1::Oid kForeign("1.2.4.1");
constexpr auto kAllowed = PolicyGraph::AnyPolicy::kAllowed;
constexpr auto kInhibited = PolicyGraph::AnyPolicy::kInhibited;

std::optional<std::vector<PolicyInformation>> policies(std::initializer_list<asn1::Oid> oids) {
  std::vector<PolicyInformation> list;
  for (const auto& oid : oids) {
    list.push_back({oid, {}, {}});
  }
  return list;
}

TEST(PolicyGraph, IntersectsAlongThePath) {
  PolicyGraph graph;
  graph.add_level(policies({kGold, kSilver}), kAllowed);
  graph.add_level(policies({kGold}), kAllowed);
  EXPECT_EQ(graph.user_constrained({kAny}), PolicySet{kGold});
  EXPECT_EQ(graph.user_constrained({kSilver}), PolicySet{});
}

TEST(PolicyGraph, IsEmptyWithoutPolicies) {
  PolicyGraph graph;
  graph.add_level(policies({kGold}), kAllowed);
  graph.add_level(std::nullopt, kAllowed);
  EXPECT_TRUE(graph.empty());
  graph.add_level(policies({kAny}), kAllowed);
  EXPECT_TRUE(graph.empty());
  EXPECT_EQ(graph.user_constrained({kAny}), PolicySet{});
}

TEST(PolicyGraph, AnyPolicyStandsForWhatTheUserAccepts) {
  PolicyGraph graph;
  graph.add_level(policies({kAny}), kAllowed);
  graph.add_level(policies({kAny}), kAllowed);
  EXPECT_EQ(graph.user_constrained({kAny}), PolicySet{kAny});
  EXPECT_EQ(graph.user_constrained({kGold}), PolicySet{kGold});
}

TEST(PolicyGraph, InhibitedAnyPolicyStandsForNothing) {
  PolicyGraph graph;
  graph.add_level(policies({kAny}), kInhibited);
  EXPECT_TRUE(graph.empty());
}

TEST(PolicyGraph, MappedPolicyCountsInTheAnchorsDomain) {
  PolicyGraph graph;
  graph.add_level(policies({kGold}), kAllowed);
  const std::vector<PolicyMapping> mappings = {{kGold, kForeign}};
  graph.apply_mappings(mappings, PolicyGraph::Mapping::kAllowed);
  graph.add_level(policies({kForeign}), kAllowed);
  EXPECT_EQ(graph.user_constrained({kAny}), PolicySet{kGold});
}

TEST(PolicyGraph, InhibitedMappingRemovesThePolicy) {
  PolicyGraph graph;
  graph.add_level(policies({kGold}), kAllowed);
  const std::vector<PolicyMapping> mappings = {{kGold, kForeign}};
  graph.apply_mappings(mappings, PolicyGraph::Mapping::kInhibited);
  EXPECT_TRUE(graph.empty());
}

TEST(PolicyGraph, MappingFromAnyPolicyMakesItsOwnNode) {
  PolicyGraph graph;
  graph.add_level(policies({kAny}), kAllowed);
  const std::vector<PolicyMapping> mappings = {{kSilver, kForeign}};
  graph.apply_mappings(mappings, PolicyGraph::Mapping::kAllowed);
  graph.add_level(policies({kForeign}), kAllowed);
  EXPECT_EQ(graph.user_constrained({kAny}), PolicySet{kSilver});
}

/// 2^n nodes in the tree of RFC 5280, 2n in the graph.
TEST(PolicyGraph, DoesNotGrowExponentially) {
  PolicyGraph graph;
  const std::vector<PolicyMapping> mappings = {
      {kGold, kGold}, {kGold, kSilver}, {kSilver, kGold}, {kSilver, kSilver}};
  for (int i = 0; i < 64; ++i) {
    graph.add_level(policies({kGold, kSilver}), kAllowed);
    graph.apply_mappings(mappings, PolicyGraph::Mapping::kAllowed);
  }
  EXPECT_EQ(graph.user_constrained({kAny}), (PolicySet{kGold, kSilver}));
}

}  // namespace
}  // namespace hutong::x509
