#include "crypto/sm2_nonce_pool.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "crypto/internal/fork_generation.h"
#include "crypto/internal/secret_pages.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/signature.h"
#include "crypto/sm2.h"
#include "tests/support/openssl_peer.h"

namespace hutong::crypto {
namespace {

using internal::Scalar;

constexpr std::size_t kSignatures = 3 * Sm2NoncePool::kBatch + 5;
const Sm3Digest kE = {1, 2, 3};

/// The system's octets, 32 at a time and remembered; the first ones may be given.
class RecordedRandom final : public RandomSource {
 public:
  explicit RecordedRandom(std::vector<Sm2Scalar> first = {}) : given_(std::move(first)) {}
  void fill(std::span<std::uint8_t> out) override {
    Sm2Scalar k;
    if (made_.size() < given_.size()) {
      k = given_[made_.size()];
    } else {
      system_random().fill(k);
    }
    made_.push_back(k);
    std::ranges::copy(k, out.begin());
  }
  const std::vector<Sm2Scalar>& made() const { return made_; }

 private:
  std::vector<Sm2Scalar> given_;
  std::vector<Sm2Scalar> made_;
};

/// The r that the nonce k gives with kE.
Sm2Scalar r_of(const Sm2Scalar& k) {
  internal::Sm2Coordinates point;
  internal::sm2_kernel().multiply_base(k, point);
  return (Scalar::reduce(kE) + Scalar::reduce(point.x)).octets();
}

/// Runs `child` in the child that `make_child` makes and returns the 32 octets it answers.
Sm2Scalar answer_of_child(const std::function<pid_t()>& make_child, const std::function<Sm2Scalar()>& child) {
  std::array<int, 2> pipe_ends{};
  EXPECT_EQ(pipe(pipe_ends.data()), 0);
  const pid_t pid = make_child();
  if (pid == 0) {
    const Sm2Scalar answer = child();
    _exit(write(pipe_ends[1], answer.data(), answer.size()) == 32 ? 0 : 1);
  }
  Sm2Scalar answer{};
  close(pipe_ends[1]);
  EXPECT_EQ(read(pipe_ends[0], answer.data(), answer.size()), 32);
  close(pipe_ends[0]);
  int status = -1;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
  return answer;
}
/// A fork of which the C library learns nothing.
pid_t fork_silently() {
  return static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0));
}
/// Whether this system keeps what MADV_WIPEONFORK promises: qemu-user answers yes and forgets it.
bool wipes_on_fork() {
  constexpr std::size_t kSize = 4096;
  void* const page = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  EXPECT_NE(page, MAP_FAILED);
  EXPECT_EQ(madvise(page, kSize, MADV_WIPEONFORK), 0);
  auto& octet = *static_cast<std::uint8_t*>(page);
  octet = 1;
  const bool is_wiped = answer_of_child(fork, [&] { return Sm2Scalar{octet}; }) == Sm2Scalar{};
  munmap(page, kSize);
  return is_wiped;
}
/// The kinds of fork that can be noticed here.
std::vector<std::function<pid_t()>> forks() {
  std::vector<std::function<pid_t()>> kinds = {fork};
  if (wipes_on_fork()) {
    kinds.emplace_back(fork_silently);
  }
  return kinds;
}

TEST(Sm2NoncePool, SignaturesAreGood) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const auto peer = test::peer::Sm2Key::from_private(key.expose().expose(), key.public_key().octets());
  Sm2NoncePool pool;
  for (std::size_t i = 0; i < kSignatures; ++i) {
    const Bytes message(i, 0x42);
    const Sm2Signature signature = key.sign(message, kSm2DefaultId, pool);
    EXPECT_TRUE(key.public_key().verify(message, signature));
    EXPECT_TRUE(peer.verify(message, signature.to_der(), kSm2DefaultId));
  }
}

TEST(Sm2NoncePool, EveryNonceServesOneSignatureAcrossKeys) {
  const std::array<Sm2PrivateKey, 2> keys = {Sm2PrivateKey::generate(), Sm2PrivateKey::generate()};
  RecordedRandom random;
  Sm2NoncePool pool(random);
  std::multiset<Sm2Scalar> used;
  for (std::size_t i = 0; i < 2 * Sm2NoncePool::kBatch; ++i) {
    used.insert(keys[i % 2].sign_digest(kE, pool).r);
  }
  std::multiset<Sm2Scalar> expected;
  for (const Sm2Scalar& k : random.made()) {
    expected.insert(r_of(k));
  }
  EXPECT_EQ(used, expected);
  EXPECT_EQ(expected.size(), 2 * Sm2NoncePool::kBatch);
}

TEST(Sm2NoncePool, ServesASigner) {
  RecordedRandom random;
  Sm2NoncePool pool(random);
  const Sm2Signer signer(Sm2PrivateKey::generate(), pool);
  const Bytes message(20, 0x42);
  const auto whole = signer.sign(message);
  ASSERT_TRUE(whole);
  EXPECT_TRUE(verify_signature(signer.public_key(), kSm2WithSm3, message, *whole));
  const auto over_digest = signer.sign_digest(kE);
  ASSERT_TRUE(over_digest);
  EXPECT_TRUE(verify_digest(signer.public_key(), kSm2WithSm3, kE, *over_digest));
  EXPECT_EQ(random.made().size(), Sm2NoncePool::kBatch);
}

/// The last nonce of a batch is used first. For it, e is chosen so that r = 0, r + k = n, or s = 0.
TEST(Sm2NoncePool, SkipsTheNoncesThatTheStandardForbids) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const Sm2PrivateKey nonce = Sm2PrivateKey::generate();
  const Scalar k = Scalar::reduce(internal::scalar_octets(nonce.expose().expose()));
  const Scalar x1 = Scalar::reduce(internal::scalar_octets(ByteView(nonce.public_key().octets()).subspan(1)));
  const Scalar d = Scalar::reduce(internal::scalar_octets(key.expose().expose()));
  for (const Scalar& e : {Scalar{} - x1, Scalar{} - k - x1, k * invert(d) - x1}) {
    std::vector<Sm2Scalar> octets(Sm2NoncePool::kBatch, kE);
    octets.back() = k.octets();
    octets[Sm2NoncePool::kBatch - 2] = Sm2Scalar{7};
    RecordedRandom random(octets);
    Sm2NoncePool pool(random);
    const Sm2Signature signature = key.sign_digest(e.octets(), pool);
    EXPECT_TRUE(key.public_key().verify_digest(e.octets(), signature));
    internal::Sm2Coordinates second;
    internal::sm2_kernel().multiply_base(Sm2Scalar{7}, second);
    EXPECT_EQ(signature.r, (e + Scalar::reduce(second.x)).octets());
  }
}

TEST(Sm2NoncePool, ThreadsGetDifferentNonces) {
  constexpr int kThreads = 4;
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  Sm2NoncePool pool;
  std::mutex mutex;
  std::set<Sm2Scalar> seen;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (std::size_t n = 0; n < kSignatures; ++n) {
          const Sm2Signature signature = key.sign_digest(kE, pool);
          const std::scoped_lock lock(mutex);
          seen.insert(signature.r);
          EXPECT_TRUE(key.public_key().verify_digest(kE, signature));
        }
      });
    }
  }
  EXPECT_EQ(seen.size(), kThreads * kSignatures);
}

/// The pool is full when the child is made: without further care both would use the same nonce next.
TEST(Sm2NoncePool, AChildNeverUsesItsParentsNonces) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  Sm2NoncePool pool;
  static_cast<void>(key.sign_digest(kE, pool));
  const auto sign = [&] { return key.sign_digest(kE, pool).r; };
  std::set<Sm2Scalar> seen = {answer_of_child(fork, sign)};
  const auto kinds = forks();
  for (const auto& kind : kinds) {
    seen.insert(answer_of_child(kind, sign));
  }
  for (std::size_t i = 0; i < Sm2NoncePool::kBatch; ++i) {
    seen.insert(sign());
  }
  EXPECT_EQ(seen.size(), 1 + kinds.size() + Sm2NoncePool::kBatch);
}

TEST(ForkGeneration, ChangesInChildrenOnly) {
  const std::uint64_t own = internal::fork_generation();
  EXPECT_GT(own, 0U);
  EXPECT_EQ(internal::fork_generation(), own);
  const auto differs = [own] {
    const bool differs_here = internal::fork_generation() != own;
    const bool stays = internal::fork_generation() == internal::fork_generation();
    const std::uint64_t child = internal::fork_generation();
    const Sm2Scalar below = answer_of_child(fork, [&] {
      const std::uint64_t grandchild = internal::fork_generation();
      return Sm2Scalar{static_cast<std::uint8_t>(grandchild != own && grandchild != child)};
    });
    return Sm2Scalar{static_cast<std::uint8_t>(differs_here && stays), below[0]};
  };
  for (const auto& kind : forks()) {
    EXPECT_EQ(answer_of_child(kind, differs), (Sm2Scalar{1, 1}));
  }
  EXPECT_EQ(internal::fork_generation(), own);
}

TEST(SecretPages, AreZeroAtFirstAndInAChild) {
  if (!wipes_on_fork()) {
    GTEST_SKIP() << "skipped: this system says that it wipes pages on fork (MADV_WIPEONFORK) and does not";
  }
  const internal::SecretPages pages(3 * sizeof(Sm2Scalar));
  auto& content = *static_cast<std::array<Sm2Scalar, 3>*>(pages.data());
  EXPECT_EQ(content, (std::array<Sm2Scalar, 3>{}));
  content[2] = {9};
  EXPECT_EQ(answer_of_child(fork, [&] { return content[2]; }), Sm2Scalar{});
  EXPECT_EQ(content[2], Sm2Scalar{9});
}

}  // namespace
}  // namespace hutong::crypto
