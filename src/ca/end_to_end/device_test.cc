#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "ca/end_to_end/ca_home.h"
#include "ca/end_to_end/key_centre_home.h"
#include "ca/end_to_end/load.h"

namespace hutong::ca {
namespace {

using hutong::test::OperatorClient;
using test::check_store;
using test::must;

/// A CA whose keys are in a cryptographic device (GM/T 0018), here the software one, made by its console.
class CaWithDevice : public test::CaHome {
 protected:
  void SetUp() override {
    folder_.write("pin", as_bytes("口令 of the device\n"));
    const auto made = hutong::test::program(
        HUTONG_SDF_CONSOLE, {.arguments = {file("device"), "--keys", "6", "--password-file", file("pin")}});
    ASSERT_EQ(made.exit, 0) << made.err;
    ::setenv("HUTONG_SDF_DEVICE", file("device").c_str(), 1);
    more_ = "[sdf]\nlibrary = \"" HUTONG_SDF_LIBRARY "\"\npassword_file = \"pin\"\nlast_index = 6\n";
    CaHome::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) {
      more_ += centre_.section();
      write_config("ca.toml", home_.url(), "keys");
      centre_.initialise(file("ca.cer"), file("password"));
      centre_.start();
    }
  }
  test::Desk desk() const {
    return {carrier("录入员"), carrier("审核员"), carrier("制证员"), "organization-signing"};
  }

  test::KeyCentreHome centre_{folder_, GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Storage, CaWithDevice, hutong::test::every_database(), hutong::test::database_name);

TEST_P(CaWithDevice, IssuesDualCertificatesWithKeysThatNoFileHolds) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(file("keys"))) {
    EXPECT_NE(entry.path().extension(), ".key") << entry.path();
  }
  EXPECT_TRUE(folder_.has("keys/sdf-labels.txt"));
  EXPECT_TRUE(folder_.has("root/root.key")) << "the root's key store is taken off the machine";
  start();
  test::Promises promises;
  std::mutex mutex;
  const test::Desk people = desk();
  {
    test::Load load(port_, url(), people, authority(), promises, mutex);
    const auto enough = [&] {
      const std::scoped_lock lock(mutex);
      return promises.issued.size() >= 4 && !promises.revoked.empty() && !promises.stamps.empty();
    };
    for (int tries = 0; tries < 6'000 && !enough(); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  EXPECT_GE(promises.issued.size(), 4U);
  EXPECT_FALSE(promises.revoked.empty());
  EXPECT_FALSE(promises.stamps.empty());
  auto opened = database();
  check_store(opened, promises);
  const auto ca = must(x509::Certificate::parse(folder_.read("ca.cer")));
  const auto issued = get("/certificates/" + promises.issued.front().to_hex() + ".cer");
  EXPECT_TRUE(must(x509::Certificate::parse(as_bytes(issued.body))).is_signed_by(*ca.public_key()));
}

/// The device is pulled out in the middle: the order says so, and goes on when the device is back.
TEST_P(CaWithDevice, AnOrderWaitsForADeviceThatIsAway) {
  start();
  const SystemClock clock;
  const test::Desk people = desk();
  OperatorClient enterer(url(), url(), people.enterer, clock);
  OperatorClient reviewer(url(), url(), people.reviewer, clock);
  OperatorClient maker(url(), url(), people.maker, clock);
  enterer.log_in();
  reviewer.log_in();
  maker.log_in();
  auto order = enterer.post("/api/v1/orders", test::application(people.template_id)).json;
  const std::string path = "/api/v1/orders/" + std::string(order["id"]);
  order = reviewer.post(path + "/approval", {{"version", order["version"]}}).json;
  std::filesystem::rename(file("device"), file("away"));
  const auto away = maker.post(path + "/issuance", {{"version", order["version"]}});
  EXPECT_EQ(away.status, 503);
  EXPECT_EQ(away.code, "sdf.device");
  std::filesystem::rename(file("away"), file("device"));
  const auto waiting = maker.get(path).json;
  EXPECT_EQ(waiting["state"], "approved");
  const auto made = maker.post(path + "/issuance", {{"version", waiting["version"]}});
  EXPECT_EQ(made.status, 200) << made.response.body;
  auto opened = database();
  check_store(opened, {});
}

TEST_P(CaWithDevice, TheCeremonyStopsWhereKeysWouldBeMadeInTheWrongPlace) {
  const auto refused = run({"init", "--config", file("ca.toml"), "--organization", "甲", "--name", "甲",
                            "--root", "--key-store", "file", "--demonstration", file("password")});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_NE(refused.err.find("init.usage"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("\"sdf\""), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace hutong::ca
