#include "recognition/revocation_data.h"

#include <gtest/gtest.h>

#include "tests/tools/test_ca.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"

namespace hutong::recognition {
namespace {

using hutong::test::kMid2027;
using hutong::test::Party;

x509::OcspResponse good(const Party& ca, crypto::DigestAlgorithm hash) {
  x509::OcspSingleResponse single;
  single.certificate =
      x509::OcspCertId::of(x509::Serial::from_magnitude(Bytes{1}), ca.name, ca.key().key_octets(), hash);
  single.status = x509::OcspCertStatus::kGood;
  single.this_update = kMid2027;
  x509::TbsOcspResponse tbs;
  tbs.responder = ca.name;
  tbs.produced_at = kMid2027;
  tbs.responses = {single};
  return *x509::OcspResponse::parse(x509::sign(tbs, *ca.signer)->view());
}

TEST(RevocationData, FindsListsByIssuerAndIndirectOnesAlways) {
  const Party first("First");
  const Party second("Second");
  const Party indirect("Indirect");
  const std::vector<x509::ExtensionValue> speaks_for_others = {
      x509::extension::issuing_distribution_point({.indirect = true})};
  const RevocationData data(
      {hutong::test::list(first, {}), hutong::test::list(second, {}),
       hutong::test::list(indirect, {}, kMid2027, kMid2027 + std::chrono::hours(1), speaks_for_others)},
      {});
  std::vector<x509::Crl> found;
  data.add_crls_for({second.name}, found);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].issuer(), second.name);
  EXPECT_EQ(found[1].issuer(), indirect.name);
  std::vector<x509::Name> issuers;
  data.add_indirect_issuers(issuers);
  EXPECT_EQ(issuers, std::vector{indirect.name});
  EXPECT_EQ(data.crls().size(), 3U);
}

TEST(RevocationData, FindsResponsesWhateverHashNamesTheIssuer) {
  const Party first("First");
  const Party second("Second");
  const RevocationData data(
      {}, {good(first, crypto::DigestAlgorithm::kSm3), good(first, crypto::DigestAlgorithm::kSha1),
           good(second, crypto::DigestAlgorithm::kSm3)});
  std::vector<x509::OcspResponse> found;
  data.add_responses_for({first.name, hutong::test::name("Nobody")}, found);
  EXPECT_EQ(found.size(), 2U);
  found.clear();
  data.add_responses_for({second.name}, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(std::get<x509::Name>(found[0].responder()), second.name);
}

}  // namespace
}  // namespace hutong::recognition
