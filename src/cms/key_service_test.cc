#include "cms/key_service.h"

#include <gtest/gtest.h>

#include "cms/internal/test_identities.h"
#include "tests/support/support.h"

namespace hutong::cms {
namespace {

using test::identity;
using test::midsummer;

Bytes octets(ByteView view) { return {view.begin(), view.end()}; }
x509::Serial number(std::uint8_t value) { return x509::Serial::from_magnitude(Bytes{value}); }
Bytes sample() { return hutong::test::load_vectors("cms/key_service.vec").at(0).hex("der"); }

KeyServiceRequest all_kinds() {
  const Bytes spki = octets(identity("signer").certificate.spki());
  return {.ca = KeyServiceParty::of(identity("root").certificate),
          .requests = {ApplyKeyRequest{number(3), spki, midsummer(), test::time("2028-06-15T00:00:00Z")},
                       RestoreKeyRequest{number(4), spki}, RevokeKeyRequest{number(5)}},
          .at = midsummer(),
          .task = 7};
}

TEST(KeyService, ReadsTheSampleOfTheSheetAndWritesItsOctetsAgain) {
  const auto& root = identity("root").certificate;
  const auto read = read_key_service_request(sample(), root);
  ASSERT_TRUE(read) << read.error().reason << ' ' << read.error().detail;
  const KeyServiceRequest& request = read.value();
  EXPECT_EQ(request.ca, KeyServiceParty::of(root));
  EXPECT_EQ(request.task, 1U);
  ASSERT_EQ(request.requests.size(), 1U);
  const auto& apply = std::get<ApplyKeyRequest>(request.requests[0]);
  EXPECT_EQ(apply.certificate, number(3));
  EXPECT_TRUE(equal(apply.user_spki, identity("signer").certificate.spki()));
  const Bytes written = sign_key_service(request, identity("root").signer()).value();
  const std::size_t signature_part = 90;  // AlgorithmIdentifier and signature, whose nonce is another
  const Bytes before = sample();
  EXPECT_TRUE(equal(ByteView(written).subspan(4, before.size() - signature_part),
                    ByteView(before).subspan(4, before.size() - signature_part)));
}

TEST(KeyService, EveryKindOfRequestSurvivesTheWire) {
  const auto der = sign_key_service(all_kinds(), identity("root").signer()).value();
  const auto read = read_key_service_request(der, identity("root").certificate).value();
  ASSERT_EQ(read.requests.size(), 3U);
  EXPECT_EQ(std::get<ApplyKeyRequest>(read.requests[0]).not_after, test::time("2028-06-15T00:00:00Z"));
  EXPECT_EQ(std::get<RestoreKeyRequest>(read.requests[1]).certificate, number(4));
  EXPECT_EQ(std::get<RevokeKeyRequest>(read.requests[2]).certificate, number(5));
  EXPECT_EQ(key_service_sender(der).value(), KeyServiceParty::of(identity("root").certificate));
}

TEST(KeyService, EveryKindOfResponseSurvivesTheWire) {
  const Bytes spki = octets(identity("recipient").certificate.spki());
  const Bytes protected_key = {0x30, 0x03, 0x02, 0x01, 0x01};
  const KeyServiceResponse response{
      .centre = KeyServiceParty::of(identity("signer").certificate),
      .responses = {ReturnedKey{ReturnedKey::For::kApplication, number(3), spki, protected_key},
                    ReturnedKey{ReturnedKey::For::kRecovery, number(4), spki, protected_key},
                    RevokedKey{number(5)}, KeyServiceError{12, "没有这个密钥"}},
      .at = midsummer(),
      .task = 7};
  const auto der = sign_key_service(response, identity("signer").signer()).value();
  const auto read = read_key_service_response(der, identity("signer").certificate).value();
  ASSERT_EQ(read.responses.size(), 4U);
  EXPECT_EQ(std::get<ReturnedKey>(read.responses[0]).protected_key, protected_key);
  EXPECT_EQ(std::get<ReturnedKey>(read.responses[1]).reason, ReturnedKey::For::kRecovery);
  EXPECT_EQ(std::get<RevokedKey>(read.responses[2]).certificate, number(5));
  EXPECT_EQ(std::get<KeyServiceError>(read.responses[3]).description, "没有这个密钥");
  EXPECT_EQ(read.task, 7U);
}

TEST(KeyService, BelievesTheNamedSenderOnly) {
  const auto der = sign_key_service(all_kinds(), identity("root").signer()).value();
  EXPECT_EQ(read_key_service_request(der, identity("signer").certificate).error().reason,
            "key_service.signature");
  auto posing = all_kinds();
  posing.ca = KeyServiceParty::of(identity("signer").certificate);
  const auto posed = sign_key_service(posing, identity("root").signer()).value();
  EXPECT_EQ(read_key_service_request(posed, identity("root").certificate).error().reason,
            "key_service.party");
}

TEST(KeyService, NoChangedOctetPasses) {
  const auto& root = identity("root").certificate;
  const Bytes der = sample();
  for (std::size_t i = 0; i < der.size(); ++i) {
    Bytes changed = der;
    changed[i] ^= 0x01;
    EXPECT_FALSE(read_key_service_request(changed, root)) << "octet " << i;
  }
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(read_key_service_request(ByteView(der).first(size), root)) << "first " << size;
  }
}

TEST(KeyService, RefusesTooManyRequestsAndOtherVersions) {
  auto many = all_kinds();
  many.requests.assign(kMostKeyRequests + 1, RevokeKeyRequest{number(5)});
  const auto der = sign_key_service(many, identity("root").signer()).value();
  EXPECT_EQ(read_key_service_request(der, identity("root").certificate).error().reason,
            "key_service.too_many");
}

}  // namespace
}  // namespace hutong::cms
