#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "token/conformance/bench.h"

/// Several threads and several processes at one device.
namespace hutong::token::conformance {
namespace {

constexpr int kWorkers = 4;
constexpr int kRounds = 10;

/// Signs on a device handle of its own and verifies with our SM2; the number of good signatures. No notes: it
/// runs beside others.
int sign_rounds(const SkfTable& skf, HCONTAINER container, const crypto::Sm2PublicKey& key) {
  int good = 0;
  for (int round = 0; round < kRounds; ++round) {
    crypto::Sm3Digest digest{static_cast<std::uint8_t>(round)};
    ECCSIGNATUREBLOB signature[2] = {};
    if (skf.SKF_ECCSignData(container, digest.data(), static_cast<ULONG>(digest.size()), &signature[0]) !=
        SAR_OK) {
      continue;
    }
    const auto read = strict_signature(signature[0]);
    good += read && key.verify_digest(digest, *read) ? 1 : 0;
  }
  return good;
}

void threads(Bench& bench) {
  HAPPLICATION application = bench.ready_application(bench.connect());
  HCONTAINER container = bench.new_container(application);
  const auto key = bench.new_key(container);
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < kWorkers; ++i) {
      workers.emplace_back([&] { good += sign_rounds(bench.skf, container, key); });
    }
  }
  bench.expect(good == kWorkers * kRounds, "of " + std::to_string(kWorkers * kRounds) +
                                               " signatures made in four threads " +
                                               std::to_string(good.load()) + " are good");
}

/// The tries that are left after wrong PINs from two processes at once.
void processes(Bench& bench) {
  DEVHANDLE device = bench.connect();
  HAPPLICATION application = bench.new_application(device);
  const auto guess = [&] {
    Number left;
    bench.skf.SKF_VerifyPIN(application, USER_TYPE, text(kWrongPin), left.out());
  };
  const pid_t other = ::fork();
  bench.require(other >= 0, "no second process could be started");
  if (other == 0) {
    guess();
    ::_exit(0);  // without the library's farewell, which belongs to the process that loaded it
  }
  guess();
  ::waitpid(other, nullptr, 0);
  bench.expect(bench.tries_left(application) == kTrialTries - 2,
               "after a wrong PIN from each of two processes " +
                   std::to_string(bench.tries_left(application)) + " tries of " +
                   std::to_string(kTrialTries) + " are left");
}

}  // namespace

std::vector<Check> concurrency_checks() {
  return {
      {"concurrency.threads", "7", {"多线程签名", "threads sign at once"}, threads},
      {"concurrency.processes",
       "7.2.6",
       {"多进程共用 PIN 计数", "processes share the count of tries"},
       processes},
  };
}

}  // namespace hutong::token::conformance
