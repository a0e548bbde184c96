#include <atomic>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "ca/end_to_end/ca_home.h"
#include "ca/timestamping/timestamp_repository.h"
#include "cms/timestamp.h"
#include "x509/crl.h"

namespace hutong::ca {
namespace {

using test::must;

/// How often the program is killed; HUTONG_CRASH_RUNS for more.
int runs() {
  const char* text = std::getenv("HUTONG_CRASH_RUNS");
  return text == nullptr ? 3 : std::atoi(text);
}

class CaCrash : public test::CaHome {
 protected:
  /// Asks for stamps until told to stop; what was promised is kept in serials_.
  void load(const std::atomic<bool>& stopping) {
    const cms::TimestampRequest wanted{.imprint = cms::imprint_of(as_bytes("标书")),
                                       .policy = std::nullopt,
                                       .nonce = std::nullopt,
                                       .certificate_wanted = false,
                                       .extensions = {}};
    const Bytes query = wanted.to_der();
    while (!stopping) {
      const auto reply = net::fetch("127.0.0.1", port_,
                                    {.method = net::Method::kPost,
                                     .target = "/tsa",
                                     .headers = {{"Content-Type", "application/timestamp-query"}},
                                     .body = std::string(as_text(query))});
      if (!reply || reply->status != 200) {
        continue;
      }
      const auto report = cms::verify_timestamp(as_bytes(reply->body), {}, {.at = SystemClock().now()});
      if (report.info) {
        const std::scoped_lock lock(mutex_);
        given_.push_back(report.info->serial);
      }
    }
  }
  unsigned long list_number() {
    const auto body = get("/crl/" + authority() + "/0.crl").body;
    return std::stoul(must(x509::Crl::parse(as_bytes(body))).number()->to_hex(), nullptr, 16);
  }
  /// What must hold whenever the program was killed.
  void check() {
    auto opened = database();
    auto reader = must(opened.read());
    EXPECT_TRUE(must(audit::verify_chain(reader)).whole());
    EXPECT_EQ(std::set<x509::Serial>(given_.begin(), given_.end()).size(), given_.size());
    for (const auto& serial : given_) {
      EXPECT_TRUE(TimestampRepository::find(reader, serial)) << "a stamp without record";
    }
    const auto stamps = must(reader.query_one("SELECT count(*) FROM time_stamps")).integer(0);
    const auto records =
        must(reader.query_one("SELECT count(*) FROM audit_records WHERE action = ?", "timestamp.given"));
    EXPECT_EQ(stamps, records.integer(0)) << "each with its audit record";
  }

  std::mutex mutex_;
  std::vector<x509::Serial> given_;
};
INSTANTIATE_TEST_SUITE_P(Storage, CaCrash, hutong::test::every_database(), hutong::test::database_name);

TEST_P(CaCrash, KilledUnderLoadNothingIsLostAndNothingComesTwice) {
  std::minstd_rand random(20261128);
  unsigned long last_list = 0;
  for (int run = 0; run < runs(); ++run) {
    start();
    const unsigned long number = list_number();
    EXPECT_GE(number, last_list);
    last_list = number;
    std::atomic<bool> stopping{false};
    std::vector<std::thread> askers;
    for (int i = 0; i < 3; ++i) {
      askers.emplace_back([&] { load(stopping); });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 700));
    server_->end(SIGKILL);
    stopping = true;
    for (auto& asker : askers) {
      asker.join();
    }
    check();
  }
  EXPECT_FALSE(given_.empty());
}

}  // namespace
}  // namespace hutong::ca
