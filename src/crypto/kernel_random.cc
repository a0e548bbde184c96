#include "crypto/kernel_random.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

namespace hutong::crypto {
namespace {

class KernelRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    while (!out.empty()) {
      const ssize_t size = ::getrandom(out.data(), out.size(), 0);
      if (size > 0) {
        out = out.subspan(static_cast<std::size_t>(size));
      } else if (errno != EINTR) {
        std::abort();
      }
    }
  }
};

}  // namespace

RandomSource& kernel_random() {
  static KernelRandom source;
  return source;
}

}  // namespace hutong::crypto
