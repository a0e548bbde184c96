#include "crypto/sm2_nonce_pool.h"

#include <array>
#include <atomic>
#include <new>

#include "crypto/internal/fork_generation.h"
#include "crypto/internal/secret_pages.h"
#include "crypto/internal/sm2_nonce.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto {

/// The memory of a pool. All zeros is a pool that is free and empty, which is what a child finds.
class Sm2NoncePool::Store {
 public:
  /// The right to use the store, for a scope; or not, when another thread has it.
  class Hold {
   public:
    Hold(Store& store, std::uint64_t generation) : holder_(store.contents().holder) {
      std::uint64_t found = holder_.load(std::memory_order_relaxed);
      // A holder of another generation was a thread of the parent, which does not exist here.
      is_ours_ = found != generation &&
                 holder_.compare_exchange_strong(found, generation, std::memory_order_acquire);
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    ~Hold() {
      if (is_ours_) {
        holder_.store(kNobody, std::memory_order_release);
      }
    }
    explicit operator bool() const { return is_ours_; }

   private:
    std::atomic<std::uint64_t>& holder_;
    bool is_ours_;
  };

  /// Only with a Hold.
  void take(std::uint64_t generation, RandomSource& random, internal::Sm2Nonce& out) {
    Contents& c = contents();
    if (c.left == 0 || c.generation != generation) {
      refill(generation, random);
    }
    --c.left;
    out.k = c.k[c.left];
    out.x = c.x[c.left];
    wipe(c.k[c.left]);
    wipe(c.x[c.left]);
  }

 private:
  static constexpr std::uint64_t kNobody = 0;
  struct Contents {
    std::atomic<std::uint64_t> holder;
    std::uint64_t generation;  ///< in which the nonces were made
    std::size_t left;          ///< the first ones
    std::array<internal::Sm2ScalarOctets, kBatch> k;
    std::array<internal::Sm2ScalarOctets, kBatch> x;
  };
  Contents& contents() const { return *contents_; }

  void refill(std::uint64_t generation, RandomSource& random) {
    Contents& c = contents();
    c.left = 0;
    for (internal::Sm2ScalarOctets& k : c.k) {
      internal::make_nonce(random, k);
    }
    internal::sm2_kernel().multiply_base_x(c.k, c.x);
    c.generation = generation;
    c.left = kBatch;
  }

  internal::SecretPages pages_{sizeof(Contents)};
  Contents* contents_ = new (pages_.data()) Contents{};
};

Sm2NoncePool::Sm2NoncePool(RandomSource& random) : random_(&random), store_(std::make_unique<Store>()) {}
Sm2NoncePool::~Sm2NoncePool() = default;

void Sm2NoncePool::take(internal::Sm2Nonce& out) {
  const std::uint64_t generation = internal::fork_generation();
  const Store::Hold hold(*store_, generation);
  if (hold) {
    store_->take(generation, *random_, out);
  } else {
    internal::draw_nonce(*random_, out);
  }
}

}  // namespace hutong::crypto
