#include "kmc/service/key_service.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/encoding.h"
#include "cms/enveloped_key.h"
#include "kmc/stores/key_repository.h"
#include "kmc/test_support.h"

namespace hutong::kmc::test {
namespace {

using cms::KeyRequest;
using cms::KeyServiceError;
using cms::ReturnedKey;

/// What the subscriber's carrier makes of the answer.
crypto::Sm2PrivateKey opened(const ReturnedKey& returned, const Subscriber& subscriber) {
  const cms::Sm2KeyOpener opener(subscriber.key);
  auto pair = must(cms::unwrap_key_pair(returned.protected_key, opener));
  EXPECT_EQ(crypto::PublicKey(pair.public_key()).to_spki(), returned.spki);
  return pair;
}
std::uint64_t error_number(const cms::KeyResponse& response) {
  const auto* error = std::get_if<KeyServiceError>(&response);
  return error == nullptr ? 0 : error->number;
}
std::string_view reason_of(const Result<cms::KeyServiceResponse>& answer) {
  return answer ? "" : answer.error().reason;
}

using KeyServiceTest = CentreTest;
INSTANTIATE_TEST_SUITE_P(Databases, KeyServiceTest, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(KeyServiceTest, AnApplicationMovesAKeyFromTheSpareToTheInUseStore) {
  start();
  make_spare(3);
  const Subscriber subscriber;
  const auto answer = ask(first_, {apply(1, subscriber)});
  ASSERT_EQ(answer.responses.size(), 1U);
  EXPECT_EQ(answer.task, 7U);
  const auto& returned = std::get<ReturnedKey>(answer.responses[0]);
  EXPECT_EQ(returned.certificate, serial(1));
  EXPECT_EQ(returned.reason, ReturnedKey::For::kApplication);
  opened(returned, subscriber);
  EXPECT_EQ(counts().spare, 2);
  EXPECT_EQ(counts().in_use, 1);
  const auto log = records("key.applied");
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].event.actor.subject, first_.certificate().subject().to_string());
  EXPECT_EQ(log[0].event.actor.fingerprint, to_hex(first_.certificate().sm3()));
  EXPECT_TRUE(chain_is_whole());
}

TEST_P(KeyServiceTest, AskingAgainGivesTheSameKeyAndNeverASecondOne) {
  start();
  make_spare(3);
  const Subscriber subscriber;
  const auto once = std::get<ReturnedKey>(ask(first_, {apply(1, subscriber)}).responses.at(0));
  const auto again = std::get<ReturnedKey>(ask(first_, {apply(1, subscriber)}).responses.at(0));
  EXPECT_EQ(once.spki, again.spki);
  EXPECT_EQ(once.protected_key, again.protected_key);
  EXPECT_EQ(counts().spare, 2);
  // Twice in one message, too.
  const auto both = ask(first_, {apply(2, subscriber), apply(2, subscriber)});
  EXPECT_EQ(std::get<ReturnedKey>(both.responses.at(0)).spki,
            std::get<ReturnedKey>(both.responses.at(1)).spki);
  EXPECT_EQ(counts().spare, 1);
  EXPECT_EQ(counts().in_use, 2);
  EXPECT_EQ(error_number(ask(first_, {apply(1, Subscriber())}).responses.at(0)), 2U)
      << "another holder does not get it";
}

TEST_P(KeyServiceTest, TwoCasAreServedApart) {
  start();
  make_spare(4);
  const Subscriber subscriber;
  const auto of_first = std::get<ReturnedKey>(ask(first_, {apply(1, subscriber)}).responses.at(0));
  const auto of_second = std::get<ReturnedKey>(ask(second_, {apply(1, subscriber)}).responses.at(0));
  EXPECT_NE(of_first.spki, of_second.spki) << "the same number of another CA is another certificate";
  EXPECT_EQ(error_number(ask(second_, {cms::RevokeKeyRequest{serial(9)}}).responses.at(0)), 3U);
  ask(second_, {cms::RevokeKeyRequest{serial(1)}});
  EXPECT_EQ(counts().in_use, 1);
  EXPECT_EQ(counts().history, 1);
  auto reader = must(centre_->database().read());
  const auto by_authority = must(KeyRepository::counts_by_authority(reader));
  ASSERT_EQ(by_authority.size(), 2U);
  EXPECT_EQ(by_authority[0].in_use + by_authority[1].in_use, 1);
}

TEST_P(KeyServiceTest, ARevokedKeyGoesToTheHistoryStore) {
  start();
  make_spare(1);
  const Subscriber subscriber;
  ask(first_, {apply(1, subscriber)});
  const auto answer = ask(first_, {cms::RevokeKeyRequest{serial(1)}, cms::RevokeKeyRequest{serial(2)}});
  EXPECT_EQ(std::get<cms::RevokedKey>(answer.responses.at(0)).certificate, serial(1));
  EXPECT_EQ(error_number(answer.responses.at(1)), 3U);
  EXPECT_EQ(counts().in_use, 0);
  EXPECT_EQ(counts().history, 1);
  EXPECT_EQ(records("key.revoked").size(), 2U) << "the refused one as well";
  EXPECT_TRUE(std::holds_alternative<cms::RevokedKey>(
      ask(first_, {cms::RevokeKeyRequest{serial(1)}}).responses.at(0)));
  EXPECT_EQ(error_number(ask(first_, {apply(1, subscriber)}).responses.at(0)), 4U);
}

TEST_P(KeyServiceTest, AnEmptySpareStoreIsHelpedOutAtOnce) {
  start();
  const Subscriber subscriber;
  opened(std::get<ReturnedKey>(ask(first_, {apply(1, subscriber)}).responses.at(0)), subscriber);
  make_spare(1);
  const auto answer = ask(first_, {apply(2, subscriber), apply(3, subscriber)});
  opened(std::get<ReturnedKey>(answer.responses.at(0)), subscriber);
  opened(std::get<ReturnedKey>(answer.responses.at(1)), subscriber);
  EXPECT_EQ(counts().spare, 0);
  EXPECT_EQ(counts().in_use, 3);
}

TEST_P(KeyServiceTest, AThousandRequestsAreOneMessage) {
  start();
  make_spare(1000);
  const Subscriber subscriber;
  std::vector<KeyRequest> requests;
  for (std::uint32_t number = 0; number < cms::kMostKeyRequests; ++number) {
    requests.emplace_back(apply(number, subscriber));
  }
  const auto answer = ask(first_, requests);
  ASSERT_EQ(answer.responses.size(), cms::kMostKeyRequests);
  std::set<Bytes> keys;
  for (const auto& response : answer.responses) {
    keys.insert(std::get<ReturnedKey>(response).spki);
  }
  EXPECT_EQ(keys.size(), cms::kMostKeyRequests);
  EXPECT_EQ(counts().spare, 0);
  EXPECT_TRUE(chain_is_whole());
}

TEST_P(KeyServiceTest, RequestsThatMakeNoSenseAreAnsweredOneByOne) {
  start();
  const Subscriber subscriber;
  auto no_key = apply(1, subscriber);
  no_key.user_spki = {0x30, 0x00};
  auto backwards = apply(2, subscriber);
  std::swap(backwards.not_before, backwards.not_after);
  auto over = apply(3, subscriber);
  over.not_before = clock_.now() - std::chrono::days(2);
  over.not_after = clock_.now() - std::chrono::days(1);
  auto zero = apply(4, subscriber);
  zero.certificate = x509::Serial::from_magnitude(Bytes{0});
  auto off_curve = apply(5, subscriber);
  off_curve.user_spki.back() ^= 1;
  auto long_number = apply(6, subscriber);
  long_number.certificate = x509::Serial::from_magnitude(Bytes(40, 0x55));
  // What the message reader itself does not let pass is a refusal of the whole; here all or nothing is known.
  for (const auto& request : {backwards, over, zero, long_number, off_curve, no_key}) {
    const auto answer = ask(*centre_, first_, {request, apply(100, subscriber)});
    if (answer) {
      EXPECT_EQ(error_number(answer->responses.at(0)), 1U);
      EXPECT_TRUE(std::holds_alternative<ReturnedKey>(answer->responses.at(1)));
    } else {
      EXPECT_EQ(answer.error().code, Errc::kMalformed) << answer.error().reason;
    }
  }
  EXPECT_LE(counts().in_use, 1);
  EXPECT_TRUE(chain_is_whole());
}

TEST_P(KeyServiceTest, StrangersAndForgersGetNothing) {
  start();
  make_spare(1);
  const Subscriber subscriber;
  const Bytes message = first_.message({apply(1, subscriber)}, clock_.now());
  const auto answer = [&](ByteView octets, ByteView tls) {
    const auto result = centre_->service().answer(octets, tls);
    return result ? std::string_view("ok") : result.error().reason;
  };
  const ByteView tls = first_.tls_certificate().der();
  EXPECT_EQ(answer(message, {}), "key_service.client_certificate");
  EXPECT_EQ(answer(message, TestCa("演示CA丙").tls_certificate().der()), "key_service.authority_unknown");
  EXPECT_EQ(answer(message, second_.tls_certificate().der()), "key_service.signature")
      << "another CA's message over one's own connection";
  Bytes forged = message;
  forged.back() ^= 1;
  EXPECT_EQ(answer(forged, tls), "key_service.signature");
  EXPECT_EQ(answer(first_.message({apply(1, subscriber)}, clock_.now() - std::chrono::hours(1)), tls),
            "key_service.time");
  EXPECT_EQ(answer(first_.message({apply(1, subscriber)}, clock_.now() + std::chrono::hours(1)), tls),
            "key_service.time");
  for (std::size_t size = 0; size < message.size(); size += 7) {
    EXPECT_NE(answer(ByteView(message).first(size), tls), "ok") << size;
  }
  EXPECT_EQ(counts().spare, 1);
  EXPECT_EQ(counts().in_use, 0);
  EXPECT_GT(records("key_service.refused").size(), 3U);
  clock_.move(std::chrono::days(3650));
  EXPECT_EQ(answer(message, tls), "key_service.authority_expired");
}

TEST_P(KeyServiceTest, ASuspendedCaGetsNothing) {
  start();
  must(storage::in_transaction(centre_->database(), [&](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(auto all, AuthorityRepository::all(transaction));
    for (Authority& authority : all) {
      if (authority.certificate == first_.certificate()) {
        authority.state = AuthorityState::kSuspended;
        HUTONG_CHECK(AuthorityRepository::update(transaction, authority));
      }
    }
    return ok();
  }));
  EXPECT_EQ(reason_of(ask(*centre_, first_, {apply(1, Subscriber())})), "key_service.authority_suspended");
  EXPECT_EQ(reason_of(ask(*centre_, second_, {apply(1, Subscriber())})), "");
}

TEST_P(KeyServiceTest, NodesNeverGiveTheSameKeyTwice) {
  start();
  make_spare(400);
  constexpr int kThreads = 4;
  constexpr std::uint32_t kEach = 60;
  const auto other = node();
  const Subscriber subscriber;
  std::vector<std::vector<Bytes>> got(kThreads);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      const Centre& centre = thread % 2 == 0 ? *centre_ : *other;
      const TestCa& ca = thread < 2 ? first_ : second_;
      for (std::uint32_t number = 0; number < kEach; number += 2) {
        const auto base = static_cast<std::uint32_t>(thread) * 1000 + number;
        const auto answer = ask(centre, ca, {apply(base, subscriber), apply(base + 1, subscriber)});
        for (const auto& response : must(answer).responses) {
          got[static_cast<std::size_t>(thread)].push_back(std::get<ReturnedKey>(response).spki);
        }
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  std::set<Bytes> all;
  for (const auto& some : got) {
    all.insert(some.begin(), some.end());
  }
  EXPECT_EQ(all.size(), kThreads * kEach);
  EXPECT_EQ(counts().spare, 400 - std::int64_t{kThreads} * kEach);
  EXPECT_EQ(counts().in_use, std::int64_t{kThreads} * kEach);
  EXPECT_TRUE(chain_is_whole());
}

TEST_P(KeyServiceTest, TheSameApplicationOnTwoNodesAtOnceIsOneKey) {
  start();
  make_spare(50);
  const auto other = node();
  for (std::uint32_t number = 0; number < 20; ++number) {
    const Subscriber subscriber;
    Bytes here;
    Bytes there;
    std::thread second([&] {
      there =
          std::get<ReturnedKey>(must(ask(*other, first_, {apply(number, subscriber)})).responses.at(0)).spki;
    });
    here =
        std::get<ReturnedKey>(must(ask(*centre_, first_, {apply(number, subscriber)})).responses.at(0)).spki;
    second.join();
    EXPECT_EQ(here, there);
  }
  EXPECT_EQ(counts().in_use, 20);
  EXPECT_EQ(counts().spare, 30);
}

}  // namespace
}  // namespace hutong::kmc::test
