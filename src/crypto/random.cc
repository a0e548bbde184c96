#include "crypto/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>

#include "base/secret.h"
#include "crypto/internal/fork_generation.h"
#include "crypto/internal/secret_pages.h"

namespace hutong::crypto {
namespace {

void fill_from_drbg(std::span<std::uint8_t> out) {
  constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;
  while (!out.empty()) {
    const std::size_t size = std::min(out.size(), kMostAtOnce);
    if (RAND_priv_bytes(out.data(), static_cast<int>(size)) != 1) {
      std::abort();
    }
    out = out.subspan(size);
  }
}

/// Octets made in advance for one thread, because a request costs 0.6 us however small it is, a tenth of a
/// signature. Each is wiped when it is handed out. A child drops what its parent made.
struct Reserve {
  static constexpr std::size_t kSize = 512;
  std::array<std::uint8_t, kSize> octets;
  std::size_t left;  ///< the first ones
  std::uint64_t generation;

  void take(std::span<std::uint8_t> out);
};

void Reserve::take(std::span<std::uint8_t> out) {
  const std::uint64_t now = internal::fork_generation();
  if (left < out.size() || generation != now) {
    fill_from_drbg(octets);
    left = octets.size();
    generation = now;
  }
  left -= out.size();
  const auto taken = std::span(octets).subspan(left, out.size());
  std::ranges::copy(taken, out.begin());
  wipe(taken);
}

/// The thread's reserve. Without a destructor, so that it may still be asked while the thread's objects die.
struct ThreadReserve {
  Reserve* reserve;
  bool is_closed;
};
constinit thread_local ThreadReserve t_reserve{};

/// Where the reserve lies: in no core dump, not in swapped memory, and empty (zero) in a child of this
/// process.
class ReservePages {
 public:
  ReservePages() : pages_(sizeof(Reserve)) { t_reserve.reserve = new (pages_.data()) Reserve{}; }
  ReservePages(const ReservePages&) = delete;
  ReservePages& operator=(const ReservePages&) = delete;
  ~ReservePages() { t_reserve = {nullptr, true}; }
  void make() const {}

 private:
  internal::SecretPages pages_;
};
thread_local const ReservePages t_pages;

class SystemRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    constexpr std::size_t kMostReserved = 64;
    if (out.size() > kMostReserved || t_reserve.is_closed) {
      fill_from_drbg(out);
      return;
    }
    if (t_reserve.reserve == nullptr) {
      t_pages.make();
    }
    t_reserve.reserve->take(out);
  }
};

}  // namespace

RandomSource& system_random() {
  static SystemRandom source;
  return source;
}

}  // namespace hutong::crypto
