#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tools/test_ca.h"
#include "x509/chain_verifier.h"

/// Graphs that somebody made to cost us time. The work is what the budget says, counted, not timed.
namespace hutong::x509 {
namespace {

using test::issue;
using test::issue_signed_by;
using test::Kind;
using test::kMid2027;
using test::Party;

VerifyReport verify(const Certificate& leaf, const std::vector<Certificate>& graph,
                    const Budget& budget = {}) {
  static const std::vector<TrustAnchor> anchors = {*TrustAnchor::of(test::self_signed(Party("Anchor")))};
  VerifyRequest request{.leaf = leaf, .at = kMid2027};
  request.anchors = anchors;
  request.intermediates = graph;
  request.revocation = RevocationMode::kNone;
  request.budget = budget;
  return verify_chain(request);
}

void expect_stopped_by_budget(const VerifyReport& report, const Budget& budget = {}) {
  EXPECT_EQ(report.indication, Indication::kIndeterminate);
  EXPECT_TRUE(has_finding(report.findings, "path.budget"));
  EXPECT_LE(report.work.signature_checks, budget.signature_checks);
  EXPECT_LE(report.work.path_steps, budget.path_steps);
  EXPECT_LE(report.path.size(), budget.path_length);
}

std::string number(std::size_t i) { return "CA " + std::to_string(i); }

/// One key for all, because ten thousand would take the test too long; real signatures as far up as a search
/// with the standard budget can get.
TEST(HostileGraphs, AChainOfTenThousand) {
  const std::string seed = "one key";
  const Party shared("shared", seed);
  const test::FakeSigner fake(shared.key());
  std::vector<Certificate> graph;
  for (std::size_t i = 0; i < 10'000; ++i) {
    const Party subject(number(i), shared.signer);
    const Party issuer(number(i + 1), shared.signer);
    graph.push_back(i < 150 ? issue(issuer, subject, {.kind = Kind::kCa})
                            : issue_signed_by(issuer, subject, {.kind = Kind::kCa}, fake));
  }
  const Certificate leaf = issue(Party(number(0), shared.signer), Party("End"), {});
  expect_stopped_by_budget(verify(leaf, graph));
}

/// All bear the name and the key identifier of the leaf's issuer; none made its signature.
TEST(HostileGraphs, FiveThousandCasOfOneName) {
  const Party issuer("Many");
  const Certificate leaf = issue(issuer, Party("End"), {});
  const Bytes wanted = key_identifier(issuer.key());
  const test::FakeSigner fake(issuer.key());
  std::vector<Certificate> graph;
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    const Party other("Many", "other " + std::to_string(i % 500));
    graph.push_back(issue_signed_by(
        Party("Nobody", issuer.signer), other,
        {.kind = Kind::kCa, .serial = i + 1, .extensions = {extension::subject_key_identifier(wanted)}},
        fake));
  }
  expect_stopped_by_budget(verify(leaf, graph));
}

/// Every CA has certified every other: the number of paths grows with the factorial.
TEST(HostileGraphs, ACompleteGraphOfCrossCertificates) {
  constexpr std::size_t kCas = 12;
  std::vector<Party> cas;
  for (std::size_t i = 0; i < kCas; ++i) {
    cas.emplace_back(number(i));
  }
  std::vector<Certificate> graph;
  for (const Party& issuer : cas) {
    for (const Party& subject : cas) {
      graph.push_back(issue(issuer, subject, {.kind = Kind::kCa}));
    }
  }
  const Certificate leaf = issue(cas[0], Party("End"), {});
  const VerifyReport report = verify(leaf, graph);
  expect_stopped_by_budget(report);
  Budget generous;
  generous.signature_checks = 10'000;
  const VerifyReport longer = verify(leaf, graph, generous);
  expect_stopped_by_budget(longer, generous);
  EXPECT_LE(longer.work.signature_checks, kCas * kCas + 1) << "each signature is checked once";
}

/// The same graph with one way out: it is found within the budget.
TEST(HostileGraphs, AWayOutIsFound) {
  std::vector<Party> cas;
  for (std::size_t i = 0; i < 5; ++i) {
    cas.emplace_back(number(i));
  }
  std::vector<Certificate> graph;
  for (const Party& issuer : cas) {
    for (const Party& subject : cas) {
      graph.push_back(issue(issuer, subject, {.kind = Kind::kCa}));
    }
  }
  graph.push_back(issue(Party("Anchor"), cas[4], {.kind = Kind::kCa}));
  const VerifyReport report = verify(issue(cas[0], Party("End"), {}), graph);
  EXPECT_TRUE(report.trusted());
}

TEST(HostileGraphs, ACycleEnds) {
  const Party a("A");
  const Party b("B");
  const std::vector<Certificate> graph = {issue(a, b, {.kind = Kind::kCa}), issue(b, a, {.kind = Kind::kCa})};
  const VerifyReport report = verify(issue(a, Party("End"), {}), graph);
  EXPECT_EQ(report.indication, Indication::kIndeterminate);
  EXPECT_TRUE(has_finding(report.findings, "path.no_issuer"));
  EXPECT_FALSE(has_finding(report.findings, "path.budget"));
  EXPECT_LE(report.work.signature_checks, 4U);
}

TEST(HostileGraphs, NoBudgetNoAnswer) {
  Budget none;
  none.signature_checks = 0;
  const Certificate leaf = issue(Party("Anchor"), Party("End"), {});
  const VerifyReport report = verify(leaf, {}, none);
  expect_stopped_by_budget(report, none);
  EXPECT_EQ(report.work.signature_checks, 0U);
}

}  // namespace
}  // namespace hutong::x509
