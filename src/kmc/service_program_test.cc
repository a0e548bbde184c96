#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "base/file.h"
#include "cms/enveloped_key.h"
#include "kmc/stores/key_repository.h"
#include "kmc/test_program.h"

namespace hutong::kmc::test {
namespace {

using cms::KeyRequest;
using cms::ReturnedKey;

/// The real program on a database of either kind.
class ServiceProgramTest : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override { HUTONG_NEED_DATABASE(home_); }
  hutong::test::TestDatabase home_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Databases, ServiceProgramTest, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(ServiceProgramTest, TwoCasGetKeysOverMutualTls) {
  const ProgramFolder folder(home_.folder(), home_.url(), 10, 20);
  Program program(folder.config());
  for (const NetworkCa* ca : {&folder.first(), &folder.second()}) {
    const net::Client client = ca->connect(program.service(), folder.server());
    const Subscriber subscriber;
    const auto answer =
        ask(client, *ca, folder.centre(), {apply_now(1, subscriber), apply_now(2, subscriber)});
    ASSERT_EQ(answer.responses.size(), 2U);
    const auto& returned = std::get<ReturnedKey>(answer.responses[0]);
    const auto pair = must(cms::unwrap_key_pair(returned.protected_key, cms::Sm2KeyOpener(subscriber.key)));
    EXPECT_EQ(crypto::PublicKey(pair.public_key()).to_spki(), returned.spki);
  }
  const auto metrics = must(net::fetch("127.0.0.1", program.management(), {.target = "/metrics"}));
  EXPECT_NE(metrics.body.find("hutong_kmc_keys{store=\"in_use\"} 4"), std::string::npos) << metrics.body;
  EXPECT_EQ(must(net::fetch("127.0.0.1", program.management(), {.target = "/readyz"})).status, 200);
  EXPECT_EQ(program.end(SIGTERM), 0);
}

TEST_P(ServiceProgramTest, NobodyElseGetsIn) {
  const ProgramFolder folder(home_.folder(), home_.url(), 0, 0);
  const Program program(folder.config());
  const std::string url = "https://127.0.0.1:" + std::to_string(program.service());
  const auto nobody = must(net::Client::create(url, {.tls = must(net::ClientTls::create(folder.server()))}));
  EXPECT_EQ(nobody.send({.method = net::Method::kPost, .target = "/key-service", .body = "x"}).error().code,
            Errc::kUnavailable)
      << "no client certificate, no connection";
  const NetworkCa stranger("演示CA丙");
  const auto with_other = stranger.connect(program.service(), folder.server());
  EXPECT_FALSE(with_other.send({.method = net::Method::kPost, .target = "/key-service", .body = "x"}));

  const net::Client first = folder.first().connect(program.service(), folder.server());
  struct Case {
    const char* what;
    Bytes message;
    int status;
    std::string_view code;
  };
  const Time now = SystemClock().now();
  Bytes altered = folder.first().ca().message({apply_now(1, Subscriber())}, now);
  altered[altered.size() / 2] ^= 1;
  for (const Case& one : std::vector<Case>{
           {"another CA's message", folder.second().ca().message({apply_now(1, Subscriber())}, now), 422,
            "key_service.signature"},
           {"an old message",
            folder.first().ca().message({apply_now(1, Subscriber())}, now - std::chrono::hours(1)), 403,
            "key_service.time"},
           {"no message", Bytes{}, 400, "asn1.truncated"},
           {"text", to_bytes(as_bytes("hello")), 400, ""},
           {"altered", altered, 0, ""},
           {"a megabyte of zeros", Bytes(1 << 20), 400, ""}}) {
    const auto answer = post_message(first, one.message);
    EXPECT_GE(answer.status, 400) << one.what;
    EXPECT_LT(answer.status, 500) << one.what << answer.body;
    if (one.status != 0) {
      EXPECT_EQ(answer.status, one.status) << one.what << answer.body;
    }
    EXPECT_NE(answer.body.find(one.code), std::string::npos) << one.what << answer.body;
  }
  EXPECT_EQ(must(first.send({.method = net::Method::kGet, .target = "/key-service"})).status, 405);
  EXPECT_EQ(must(first.send({.method = net::Method::kGet, .target = "/api/v1/policy"})).status, 404)
      << "the service port has no other door";
}

/// What a CA has seen with its own eyes: certificate number to key.
using Seen = std::map<std::uint32_t, Bytes>;

void ask_until_it_dies(const ProgramFolder& folder, std::uint16_t port, std::uint32_t from, Seen& seen,
                       std::mutex& mutex) {
  const net::Client client = folder.first().connect(port, folder.server());
  const Subscriber subscriber;
  try {
    for (std::uint32_t number = from;; number += 3) {
      std::vector<KeyRequest> requests{apply_now(number, subscriber), apply_now(number + 1, subscriber),
                                       apply_now(number + 2, subscriber)};
      const auto answer = ask(client, folder.first(), folder.centre(), requests);
      const std::lock_guard lock(mutex);
      for (std::uint32_t at = 0; at < 3; ++at) {
        seen[number + at] = std::get<ReturnedKey>(answer.responses.at(at)).spki;
      }
    }
  } catch (const std::exception&) {  // it was killed; whatever was not answered was perhaps done
  }
}

/// Everything that was made is in exactly one store, everything that was answered is there, the chain is
/// whole.
void check_stores(const std::string& url, const Seen& seen) {
  auto database = must(storage::Database::open(url));
  auto reader = must(database.read());
  const StoreCounts counts = must(KeyRepository::counts(reader));
  std::int64_t made = 0;
  audit::Query query{.action = "keys.made", .limit = 1000};
  do {
    const auto page = must(audit::search(reader, query));
    for (const auto& record : page.records) {
      made += must(net::parse_json(record.event.detail)).at("count").get<std::int64_t>();
    }
    query.before = page.next;
  } while (query.before != 0);
  EXPECT_EQ(made, counts.spare + counts.in_use + counts.history);
  std::set<Bytes> keys;
  std::map<std::string, Bytes> delivered;
  for (const storage::Row& row : must(reader.query("SELECT public_key FROM spare_keys"))) {
    EXPECT_TRUE(keys.insert(row.bytes(0)).second);
  }
  for (const storage::Row& row : must(reader.query("SELECT public_key, certificate FROM used_keys"))) {
    EXPECT_TRUE(keys.insert(row.bytes(0)).second) << "in two stores";
    delivered[row.text(1)] = row.bytes(0);
  }
  for (const auto& [number, spki] : seen) {
    const auto key = crypto::PublicKey::from_spki(spki).value();
    EXPECT_EQ(delivered[serial(number).to_hex()], to_bytes(key.sm2()->octets())) << number;
  }
  std::int64_t applied = 0;
  query = {.action = "key.applied", .limit = 1000};
  do {
    const auto page = must(audit::search(reader, query));
    applied += static_cast<std::int64_t>(page.records.size());
    query.before = page.next;
  } while (query.before != 0);
  EXPECT_EQ(applied, counts.in_use) << "no key without its record, no record without its key";
  EXPECT_TRUE(must(audit::verify_chain(reader)).whole());
}

TEST_P(ServiceProgramTest, KilledInTheMiddleItLosesNoKeyAndGivesNoneTwice) {
  const ProgramFolder folder(home_.folder(), home_.url(), 2'000, 3'000);
  std::mt19937 random(20261128);
  Seen seen;
  std::mutex mutex;
  constexpr int kRounds = 8;
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    Program program(folder.config());
    std::vector<std::thread> clients;
    for (std::uint32_t client = 0; client < 2; ++client) {
      clients.emplace_back(ask_until_it_dies, std::cref(folder), program.service(),
                           round * 1'000'000 + client * 100'000, std::ref(seen), std::ref(mutex));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 500));
    program.end(SIGKILL);
    for (auto& client : clients) {
      client.join();
    }
  }
  check_stores(home_.url(), seen);
  EXPECT_FALSE(seen.empty());
}

}  // namespace
}  // namespace hutong::kmc::test
