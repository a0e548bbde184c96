#include "demonstration/subscribers.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "x509/certificate_request.h"
#include "x509/crl.h"

namespace hutong::demonstration {
namespace {

constexpr std::size_t kMostSubscriberFile = 1 << 20;

class DemonstrationSubscribers : public testing::Test {
 protected:
  DemonstrationSubscribers() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  /// A request by a fresh key, whose public key is returned.
  crypto::PublicKey ask(const std::string& name) const {
    const auto key = fresh_key();
    const auto request =
        x509::sign(x509::TbsCertificateRequest{.subject = name_of({.organization = "x", .common_name = "x"}),
                                               .challenge_password = std::nullopt,
                                               .gm_challenge_password_oid = true,
                                               .extensions = {}},
                   key);
    EXPECT_TRUE(write_file(folder_ / (name + ".csr"), request.value().view()));
    return key.public_key();
  }
  x509::Certificate certificate(const std::string& name) const {
    return x509::Certificate::parse(read_file(folder_ / (name + ".cer"), kMostSubscriberFile).value())
        .value();
  }
  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "hutong-subscribers-test";
  Region region_ = make_region(SystemClock().now()).value();
};

TEST_F(DemonstrationSubscribers, GetWhatTheirNameSays) {
  const auto key = ask("supplier");
  for (const auto* name : {"purchaser", "revoked", "on-hold", "expired", "unaccredited", "unknown"}) {
    ask(name);
  }
  ASSERT_TRUE(write_subscribers(folder_, region_));
  EXPECT_EQ(to_bytes(certificate("supplier").spki()), key.to_spki());
  EXPECT_EQ(certificate("supplier").issuer(), region_.ca_a.certificate().subject());
  EXPECT_EQ(certificate("purchaser").issuer(), region_.ca_b.certificate().subject());
  EXPECT_EQ(certificate("unaccredited").issuer(), region_.outsider.certificate().subject());
  EXPECT_LT(certificate("expired").not_after(), region_.now);
  const auto list = x509::Crl::parse(region_.lists.at("ca-a.crl")).value();
  for (const auto& [name, reason] : {std::pair{"revoked", x509::CrlReason::kKeyCompromise},
                                     std::pair{"on-hold", x509::CrlReason::kCertificateHold}}) {
    const auto entry = list.find(certificate(name).serial());
    ASSERT_TRUE(entry) << name;
    EXPECT_EQ(entry->reason, reason) << name;
  }
  EXPECT_FALSE(list.find(certificate("supplier").serial()));
  EXPECT_TRUE(list.find(region_.agency_revoked.certificate.serial()));
}

TEST_F(DemonstrationSubscribers, OneWithoutARequestIsPassedOverAndABrokenOneTold) {
  ask("supplier");
  ASSERT_TRUE(write_subscribers(folder_, region_));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "revoked.cer"));
  Bytes request = read_file(folder_ / "supplier.csr", kMostSubscriberFile).value();
  request.back() = static_cast<std::uint8_t>(request.back() ^ 1);
  ASSERT_TRUE(write_file(folder_ / "revoked.csr", request));
  EXPECT_EQ(write_subscribers(folder_, region_).error().reason, "demonstration.request");
}

}  // namespace
}  // namespace hutong::demonstration
