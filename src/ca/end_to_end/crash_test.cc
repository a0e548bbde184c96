#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <set>
#include <thread>

#include "ca/end_to_end/ca_home.h"
#include "ca/end_to_end/key_centre_home.h"
#include "ca/end_to_end/load.h"

namespace hutong::ca {
namespace {

using test::Load;
using test::Promises;

/// How often the program is killed; HUTONG_CRASH_RUNS for more.
int runs() {
  const char* text = std::getenv("HUTONG_CRASH_RUNS");
  return text == nullptr ? 3 : std::atoi(text);
}

/// A CA with a key management centre behind, both real programs; what is ordered are dual certificates.
class CaCrash : public test::CaHome {
 protected:
  void SetUp() override {
    CaHome::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) {
      more_ = centre_.section();
      write_config("ca.toml", home_.url(), "keys");
      centre_.initialise(file("ca.cer"), file("password"));
    }
  }
  /// Every encryption certificate has its key at the centre, under the CA's name for it.
  void check_centre(storage::Database& own) {
    auto opened = test::must(storage::Database::open(centre_.url()));
    auto reader = test::must(opened.read());
    EXPECT_TRUE(test::must(audit::verify_chain(reader)).whole());
    std::set<std::string> kept;
    for (const storage::Row& row : test::must(reader.query(
             "SELECT certificate FROM used_keys UNION ALL SELECT certificate FROM history_keys"))) {
      EXPECT_TRUE(kept.insert(row.text(0)).second) << row.text(0) << " has two keys";
    }
    auto orders = test::must(own.read());
    for (const storage::Row& row : test::must(
             orders.query("SELECT issued_encryption FROM orders WHERE issued_encryption IS NOT NULL"))) {
      EXPECT_TRUE(kept.contains(row.text(0))) << row.text(0) << " has no key at the centre";
    }
  }
  /// The lists as they are published now hold everything whose revocation was promised.
  void check_lists() {
    const std::string path = "/crl/" + authority();
    const auto listed = [&] {
      const auto full = test::see_list(port_, path + "/0.crl", promises_, mutex_);
      const auto delta = test::see_list(port_, path + "/0-delta.crl", promises_, mutex_);
      return std::ranges::all_of(promises_.revoked, [&](const x509::Serial& serial) {
        return full.find(serial) || delta.find(serial);
      });
    };
    bool complete = listed();
    for (int tries = 0; tries < 600 && !complete; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      complete = listed();
    }
    EXPECT_TRUE(complete) << "a revocation is on no list";
  }

  /// Until the load has promised something more of each kind; a slow machine needs seconds to log in.
  void wait_for_promises() {
    const auto now = [this] {
      const std::scoped_lock lock(mutex_);
      return std::array{promises_.issued.size(), promises_.revoked.size(), promises_.stamps.size()};
    };
    const auto before = now();
    const auto grown = [&] { return std::ranges::equal(before, now(), std::less()); };
    for (int tries = 0; tries < 6'000 && !grown(); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  test::KeyCentreHome centre_{folder_, GetParam()};
  Promises promises_;
  std::mutex mutex_;
};
INSTANTIATE_TEST_SUITE_P(Storage, CaCrash, hutong::test::every_database(), hutong::test::database_name);

TEST_P(CaCrash, KilledUnderLoadNothingIsLostAndNothingComesTwice) {
  const test::Desk desk{carrier("录入员"), carrier("审核员"), carrier("制证员"), "organization-signing"};
  std::minstd_rand random(20261128);
  for (int run = 0; run < runs() && !HasFailure(); ++run) {
    if (!centre_.runs()) {
      centre_.start();
    }
    start();
    check_lists();
    Load load(port_, url(), desk, authority(), promises_, mutex_);
    if (run % 4 != 1) {  // now and then while people log in, too
      wait_for_promises();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 700));
    server_->end(SIGKILL);
    if (run % 3 == 2) {  // in the middle of what it was asked
      centre_.end(SIGKILL);
    }
    load.stop();
    auto opened = database();
    check_store(opened, promises_);
    check_centre(opened);
  }
  EXPECT_FALSE(promises_.issued.empty());
  EXPECT_FALSE(promises_.revoked.empty());
  EXPECT_FALSE(promises_.stamps.empty());
  RecordProperty("certificates", static_cast<int>(promises_.issued.size()));
  RecordProperty("revocations", static_cast<int>(promises_.revoked.size()));
  RecordProperty("stamps", static_cast<int>(promises_.stamps.size()));
  std::cout << runs() << " kills: " << promises_.issued.size() << " certificates, "
            << promises_.revoked.size() << " revocations, " << promises_.stamps.size()
            << " time stamps promised and kept\n";
}

}  // namespace
}  // namespace hutong::ca
