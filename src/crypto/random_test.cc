#include "crypto/random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "base/bytes.h"

namespace hutong::crypto {
namespace {

using Octets = std::array<std::uint8_t, 32>;

Octets draw() {
  Octets octets{};
  system_random().fill(octets);
  return octets;
}

/// A place that stays zero in eight fillings was not written.
TEST(SystemRandom, FillsEveryOctetAndNoMore) {
  for (std::size_t size = 1; size < 1500; size += 1 + size / 16) {
    Bytes any_bit(size + 1, 0);
    for (int i = 0; i < 8; ++i) {
      Bytes octets(size + 1, 0);
      system_random().fill(std::span(octets).first(size));
      std::ranges::transform(octets, any_bit, any_bit.begin(), std::bit_or<>());
    }
    EXPECT_EQ(std::ranges::count(any_bit, 0), 1) << size;
    EXPECT_EQ(any_bit.back(), 0);
  }
}

TEST(SystemRandom, NeverRepeatsInOneThreadOrInSeveral) {
  constexpr std::size_t kDraws = 500;
  constexpr std::size_t kThreads = 4;
  std::mutex mutex;
  std::set<Octets> seen;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (std::size_t n = 0; n < kDraws; ++n) {
          const Octets octets = draw();
          const std::scoped_lock lock(mutex);
          seen.insert(octets);
        }
      });
    }
  }
  EXPECT_EQ(seen.size(), kDraws * kThreads);
}

/// What was made in advance before the fork goes to the parent alone.
TEST(SystemRandom, ChildrenDrawOtherOctetsThanTheirParent) {
  constexpr std::size_t kDraws = 40;
  std::set<Octets> seen = {draw()};
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  for (int child = 0; child < 2; ++child) {
    const pid_t pid = fork();
    if (pid == 0) {
      bool written = true;
      for (std::size_t i = 0; i < kDraws; ++i) {
        const Octets octets = draw();
        written = written && write(pipe_ends[1], octets.data(), octets.size()) == 32;
      }
      _exit(written ? 0 : 1);
    }
    int status = -1;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  for (std::size_t i = 0; i < 2 * kDraws; ++i) {
    Octets octets{};
    ASSERT_EQ(read(pipe_ends[0], octets.data(), octets.size()), 32);
    seen.insert(octets);
  }
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  for (std::size_t i = 0; i < kDraws; ++i) {
    seen.insert(draw());
  }
  EXPECT_EQ(seen.size(), 1 + 3 * kDraws);
}

}  // namespace
}  // namespace hutong::crypto
