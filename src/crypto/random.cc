#include "crypto/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/secret.h"
#include "crypto/internal/fork_generation.h"

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
  bool is_closed;

  void take(std::span<std::uint8_t> out);
};
/// Without a destructor, so that it may still be asked while the thread's objects die.
constinit thread_local Reserve t_reserve{};

/// Closes and wipes it when the thread ends.
struct ReserveCloser {
  ~ReserveCloser() {
    t_reserve.is_closed = true;
    wipe(t_reserve.octets);
  }
  void watch() const {}
};
thread_local const ReserveCloser t_closer;

void Reserve::take(std::span<std::uint8_t> out) {
  const std::uint64_t now = internal::fork_generation();
  if (left < out.size() || generation != now) {
    t_closer.watch();
    fill_from_drbg(octets);
    left = octets.size();
    generation = now;
  }
  left -= out.size();
  const auto taken = std::span(octets).subspan(left, out.size());
  std::ranges::copy(taken, out.begin());
  wipe(taken);
}

class SystemRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    constexpr std::size_t kMostReserved = 64;
    if (out.size() <= kMostReserved && !t_reserve.is_closed) {
      t_reserve.take(out);
    } else {
      fill_from_drbg(out);
    }
  }
};

}  // namespace

RandomSource& system_random() {
  static SystemRandom source;
  return source;
}

}  // namespace hutong::crypto
