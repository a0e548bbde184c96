#include "crypto/random.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace hutong::crypto {
namespace {

class SystemRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    constexpr std::size_t kMostAtOnce = 256;
    while (!out.empty()) {
      const std::size_t size = std::min(out.size(), kMostAtOnce);
      if (getentropy(out.data(), size) != 0) {
        std::abort();
      }
      out = out.subspan(size);
    }
  }
};

}  // namespace

/// In place of crypto/random.cc, which asks OpenSSL.
RandomSource& system_random() {
  static SystemRandom source;
  return source;
}

}  // namespace hutong::crypto
