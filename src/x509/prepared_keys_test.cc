#include "x509/prepared_keys.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/signature.h"

namespace hutong::x509 {
namespace {

using crypto::PublicKey;

std::vector<PublicKey> make_keys(std::size_t count) {
  std::vector<PublicKey> keys;
  for (std::size_t i = 0; i < count; ++i) {
    keys.emplace_back(crypto::Sm2PrivateKey::generate(crypto::system_random()).public_key());
  }
  return keys;
}

TEST(PreparedKeys, AKeyGetsItsTableAfterSomeUses) {
  PreparedKeys prepared({.uses_before = 3});
  const auto keys = make_keys(2);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(prepared.use(keys[0]), nullptr);
  }
  const auto table = prepared.use(keys[0]);
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->key().octets(), keys[0].sm2()->octets());
  EXPECT_EQ(prepared.use(keys[0]), table) << "made once";
  EXPECT_EQ(prepared.use(keys[1]), nullptr) << "others count for themselves";
  EXPECT_EQ(prepared.tables(), 1U);
}

TEST(PreparedKeys, TheTableUsedLongestAgoMakesRoom) {
  PreparedKeys prepared({.uses_before = 1, .most_tables = 2});
  const auto keys = make_keys(3);
  const auto prepare = [&](std::size_t i) {
    prepared.use(keys[i]);
    return prepared.use(keys[i]);
  };
  const auto first = prepare(0);
  prepare(1);
  prepared.use(keys[0]);
  prepare(2);
  EXPECT_EQ(prepared.tables(), 2U);
  EXPECT_EQ(prepared.use(keys[0]), first) << "was used later than the second";
  EXPECT_EQ(prepared.use(keys[1]), nullptr) << "counts from the beginning";
}

TEST(PreparedKeys, OfMoreKeysThanTablesSomeKeepTheirs) {
  PreparedKeys prepared({.uses_before = 2, .most_tables = 2});
  const auto keys = make_keys(4);
  const auto take_turns = [&] {
    std::vector<std::shared_ptr<const crypto::Sm2PreparedKey>> tables;
    for (const auto& key : keys) {
      tables.push_back(prepared.use(key));
    }
    return tables;
  };
  take_turns();
  take_turns();
  const auto tables = take_turns();
  EXPECT_NE(tables[0], nullptr);
  EXPECT_NE(tables[1], nullptr);
  for (int round = 0; round < 12; ++round) {
    EXPECT_EQ(take_turns(), tables) << "none is made again, none is lost";
  }
  for (int i = 0; i < 6; ++i) {
    prepared.use(keys[2]);
  }
  EXPECT_NE(prepared.use(keys[2]), nullptr) << "the others were not used meanwhile";
  EXPECT_EQ(prepared.tables(), 2U);
}

TEST(PreparedKeys, WithoutRoomForTablesThereAreNone) {
  PreparedKeys prepared({.uses_before = 1, .most_tables = 0});
  const auto keys = make_keys(1);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(prepared.use(keys[0]), nullptr);
  }
  EXPECT_EQ(prepared.tables(), 0U);
}

TEST(PreparedKeys, CountsAreBoundedToo) {
  PreparedKeys prepared({.uses_before = 1, .most_tables = 2, .most_counts = 2});
  const auto keys = make_keys(3);
  for (int round = 0; round < 3; ++round) {
    for (const auto& key : keys) {
      EXPECT_EQ(prepared.use(key), nullptr) << "the count of the first went when the third came";
    }
  }
}

TEST(PreparedKeys, OtherKeysAreNotPrepared) {
  PreparedKeys prepared({.uses_before = 0});
  constexpr std::string_view kP256 =
      "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0"
      "f4"
      "a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
  Bytes spki;
  for (std::size_t i = 0; i < kP256.size(); i += 2) {
    spki.push_back(static_cast<std::uint8_t>(std::stoul(std::string(kP256.substr(i, 2)), nullptr, 16)));
  }
  const auto key = PublicKey::from_spki(spki);
  ASSERT_TRUE(key) << key.error().detail;
  EXPECT_EQ(prepared.use(*key), nullptr);
  EXPECT_EQ(prepared.tables(), 0U);
}

TEST(PreparedKeys, ManyThreadsShareThem) {
  PreparedKeys prepared({.uses_before = 4, .most_tables = 3, .most_counts = 4});
  const auto keys = make_keys(6);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < 300; ++i) {
        const auto& key = keys[(i * (t + 1) + i / 40) % keys.size()];
        const auto table = prepared.use(key);
        wrong += table != nullptr && table->key().octets() != key.sm2()->octets() ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(prepared.tables(), 3U);
}

}  // namespace
}  // namespace hutong::x509
