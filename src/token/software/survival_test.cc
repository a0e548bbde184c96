#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <thread>

#include "token/software/test_token.h"

/// Killed processes, many processes and many threads on one device.
namespace hutong::token::test {
namespace {

using namespace std::chrono_literals;
using Survival = TokenTest;
using Together = TokenTest;

/// A process of its own that reports by a pipe; killed when dropped, if it still runs.
class Child {
 public:
  explicit Child(const std::function<void(int report)>& work) {
    if (::pipe(pipe_.data()) != 0) {
      throw std::runtime_error("no pipe");
    }
    process_ = ::fork();
    if (process_ < 0) {
      throw std::runtime_error("no process");
    }
    if (process_ == 0) {
      ::close(pipe_[0]);
      work(pipe_[1]);
      ::_exit(0);  // the tests behind this one are the parent's; it judges by what was reported
    }
    ::close(pipe_[1]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill();
    ::close(pipe_[0]);
  }
  void kill() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      wait();
    }
  }
  void wait() {
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }
  /// The next report; nothing when the process ended without one.
  template <typename Record>
  std::optional<Record> next() const {
    Record record{};
    const ssize_t size = ::read(pipe_[0], &record, sizeof record);
    return size == static_cast<ssize_t>(sizeof record) ? std::optional<Record>(record) : std::nullopt;
  }
  /// Everything that was reported until the end.
  template <typename Record>
  std::vector<Record> reports() const {
    std::vector<Record> records;
    while (const auto record = next<Record>()) {
      records.push_back(*record);
    }
    return records;
  }

 private:
  std::array<int, 2> pipe_{};
  pid_t process_ = -1;
};

template <typename Record>
void report(int to, const Record& record) {
  if (::write(to, &record, sizeof record) != static_cast<ssize_t>(sizeof record)) {
    ::_exit(1);  // the parent is gone, or misses the report and fails
  }
}

ULONG tries_left(HAPPLICATION application) {
  ULONG most = 0;
  ULONG left = 0;
  BOOL factory = FALSE;
  EXPECT_EQ(skf().SKF_GetPINInfo(application, USER_TYPE, &most, &left, &factory), SAR_OK);
  return left;
}

std::chrono::microseconds some_time(int most_milliseconds) {
  static std::mt19937 generator(20261129);
  return std::chrono::microseconds(
      std::uniform_int_distribution<int>(0, most_milliseconds * 1000)(generator));
}

TEST_F(Survival, KillingGivesNoTryBack) {
  authenticate();
  HAPPLICATION application = create_application("app", SECURE_USER_ACCOUNT, 10);
  ULONG before = tries_left(application);
  for (int round = 0; round < 60 && before != 0; ++round) {
    Child guesser([&](int to) { report(to, log_in(application, "87654321")); });
    std::this_thread::sleep_for(some_time(90));
    guesser.kill();
    const ULONG now = tries_left(application);
    const auto answers = guesser.reports<ULONG>();
    EXPECT_LE(now, before);
    EXPECT_GE(now + 1, before);
    if (!answers.empty()) {  // whoever learned that the PIN was wrong has paid
      EXPECT_EQ(answers.front(), SAR_PIN_INCORRECT);
      EXPECT_EQ(now + 1, before);
    }
    before = now;
  }
  if (before == 0) {
    EXPECT_EQ(log_in(application), SAR_PIN_LOCKED);
  }
}

struct MadeKey {
  int number;
  ECCPUBLICKEYBLOB key;
};

TEST_F(Survival, KillingLosesNoKey) {
  HAPPLICATION application = ready();
  std::size_t made = 0;
  for (int round = 0; round < 6; ++round) {
    Child maker([&](int to) {
      for (int number = round * 10; number < round * 10 + 10; ++number) {
        HCONTAINER pair = nullptr;
        MadeKey key{number, {}};
        if (skf().SKF_CreateContainer(application, text(("k" + std::to_string(number)).c_str()), &pair) ==
                SAR_OK &&
            skf().SKF_GenECCKeyPair(pair, SGD_SM2_1, &key.key) == SAR_OK) {
          report(to, key);
        }
      }
    });
    std::vector<MadeKey> told;
    if (round == 0) {  // on a slow machine one at least
      told.push_back(maker.next<MadeKey>().value());
    }
    std::this_thread::sleep_for(some_time(60));
    maker.kill();
    const auto more = maker.reports<MadeKey>();
    told.insert(told.end(), more.begin(), more.end());
    for (MadeKey& reported : told) {
      HCONTAINER pair = nullptr;
      ASSERT_EQ(
          skf().SKF_OpenContainer(application, text(("k" + std::to_string(reported.number)).c_str()), &pair),
          SAR_OK);
      BYTE digest[32] = {9};
      ECCSIGNATUREBLOB signature{};
      ASSERT_EQ(skf().SKF_ECCSignData(pair, digest, 32, &signature), SAR_OK);
      EXPECT_EQ(skf().SKF_ECCVerify(device_, &reported.key, digest, 32, &signature), SAR_OK);
      ++made;
    }
  }
  EXPECT_GT(made, 0U);
  const auto names =
      names_of([&](LPSTR list, ULONG* length) { return skf().SKF_EnumContainer(application, list, length); });
  for (const auto& name : names) {  // those that nobody was told of are whole as well
    HCONTAINER pair = nullptr;
    ULONG type = 0;
    EXPECT_EQ(skf().SKF_OpenContainer(application, text(name.c_str()), &pair), SAR_OK);
    EXPECT_EQ(skf().SKF_GetContainerType(pair, &type), SAR_OK);
  }
}

TEST_F(Survival, KillingLeavesNoHalfApplication) {
  authenticate();
  for (int round = 0; round < 6; ++round) {
    Child maker([&](int) {
      for (int number = 0; number < 3; ++number) {
        create_application(("a" + std::to_string(round * 3 + number)).c_str());
      }
    });
    std::this_thread::sleep_for(some_time(250));
  }
  ASSERT_EQ(skf().SKF_DisConnectDev(device_), SAR_OK);
  connect();  // sweeps
  const auto names =
      names_of([&](LPSTR list, ULONG* length) { return skf().SKF_EnumApplication(device_, list, length); });
  for (const auto& name : names) {
    HAPPLICATION application = nullptr;
    ASSERT_EQ(skf().SKF_OpenApplication(device_, text(name.c_str()), &application), SAR_OK);
    EXPECT_EQ(log_in(application), SAR_OK) << name;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home_.file("one"))) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name.find('.') == std::string::npos || name == "device.key") << name;
  }
}

TEST_F(Together, ProcessesShareOneCounter) {
  authenticate();
  HAPPLICATION application = create_application("app", SECURE_USER_ACCOUNT, 10);
  std::vector<std::unique_ptr<Child>> guessers;
  for (int i = 0; i < 4; ++i) {
    guessers.push_back(std::make_unique<Child>([&](int to) {
      for (int attempt = 0; attempt < 4; ++attempt) {
        report(to, log_in(application, "87654321"));
      }
    }));
  }
  std::size_t incorrect = 0;
  std::size_t locked = 0;
  for (auto& guesser : guessers) {
    guesser->wait();
    for (const ULONG answer : guesser->reports<ULONG>()) {
      incorrect += answer == SAR_PIN_INCORRECT ? 1U : 0U;
      locked += answer == SAR_PIN_LOCKED ? 1U : 0U;
    }
  }
  EXPECT_EQ(incorrect, 10U);
  EXPECT_EQ(locked, 6U);
}

TEST_F(Together, AKeptDeviceIsFreeWhenItsProcessDies) {
  Child keeper([&](int to) {
    report(to, skf().SKF_LockDev(device_, 1000));
    std::this_thread::sleep_for(60s);
  });
  EXPECT_EQ(keeper.next<ULONG>(), SAR_OK);
  EXPECT_EQ(skf().SKF_LockDev(device_, 50), SAR_TIMEOUTERR);
  keeper.kill();
  EXPECT_EQ(skf().SKF_LockDev(device_, 50), SAR_OK);
  EXPECT_EQ(skf().SKF_UnlockDev(device_), SAR_OK);
}

TEST_F(Together, ThreadsWorkOnOneDevice) {
  HAPPLICATION application = ready();
  std::vector<std::jthread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      HCONTAINER pair = nullptr;
      ECCPUBLICKEYBLOB key{};
      const std::string name = "t" + std::to_string(i);
      if (skf().SKF_CreateContainer(application, text(name.c_str()), &pair) != SAR_OK ||
          skf().SKF_GenECCKeyPair(pair, SGD_SM2_1, &key) != SAR_OK) {
        return;
      }
      for (int k = 0; k < 20; ++k) {
        BYTE digest[32] = {static_cast<BYTE>(k)};
        ECCSIGNATUREBLOB signature{};
        if (skf().SKF_ECCSignData(pair, digest, 32, &signature) == SAR_OK &&
            skf().SKF_ECCVerify(device_, &key, digest, 32, &signature) == SAR_OK) {
          ++good;
        }
      }
    });
  }
  threads.clear();
  EXPECT_EQ(good, 80);
}

TEST_F(Together, TheLoginEndsWithTheProcess) {
  authenticate();
  HAPPLICATION application = create_application();
  Child other([&](int to) { report(to, log_in(application)); });
  other.wait();
  EXPECT_EQ(other.reports<ULONG>(), (std::vector<ULONG>{SAR_OK}));
  HCONTAINER made = nullptr;
  EXPECT_EQ(skf().SKF_CreateContainer(application, text("c1"), &made), SAR_USER_NOT_LOGGED_IN);
}

}  // namespace
}  // namespace hutong::token::test
