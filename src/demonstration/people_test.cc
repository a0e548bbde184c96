#include "demonstration/people.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/file.h"
#include "crypto/key_file.h"
#include "x509/certificate.h"

namespace hutong::demonstration {
namespace {

constexpr std::size_t kMostFile = 1 << 20;

TEST(DemonstrationPeople, EveryKeyFileOpensAndItsCertificateIsOfTheAuthority) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "hutong-people-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(write_people(folder, "training-only", SystemClock().now()));
  const auto authority = x509::Certificate::parse(read_file(folder / "authority.cer", kMostFile).value());
  ASSERT_TRUE(authority);
  for (const std::string name : {"system-administrator", "security-administrator", "audit-administrator",
                                 "clerk", "reviewer", "auditor"}) {
    const auto file = read_file(folder / (name + ".p12"), kMostFile);
    ASSERT_TRUE(file) << name;
    const auto content = crypto::read_pkcs12(*file, "training-only");
    ASSERT_TRUE(content) << name;
    ASSERT_TRUE(content->key) << name;
    ASSERT_FALSE(content->certificates.empty()) << name;
    EXPECT_EQ(content->certificates.front(), read_file(folder / (name + ".cer"), kMostFile).value()) << name;
    const auto certificate = x509::Certificate::parse(content->certificates.front());
    ASSERT_TRUE(certificate) << name;
    EXPECT_EQ(certificate->issuer(), authority->subject()) << name;
    EXPECT_EQ(std::filesystem::status(folder / (name + ".p12")).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_EQ(crypto::read_pkcs12(*file, "another").error().reason, "pkcs12.password") << name;
  }
}

}  // namespace
}  // namespace hutong::demonstration
