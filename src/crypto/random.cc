#include "crypto/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>

namespace hutong::crypto {
namespace {

class SystemRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;
    while (!out.empty()) {
      const std::size_t size = std::min(out.size(), kMostAtOnce);
      if (RAND_priv_bytes(out.data(), static_cast<int>(size)) != 1) {
        std::abort();
      }
      out = out.subspan(size);
    }
  }
};

}  // namespace

RandomSource& system_random() {
  static SystemRandom source;
  return source;
}

}  // namespace hutong::crypto
