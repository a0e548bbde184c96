#include <immintrin.h>

#include "crypto/internal/ghash.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_GHASH_TARGET [[gnu::target("pclmul,ssse3")]]

constexpr std::size_t kAtOnce = 8;
using Word = __m128i;

struct Lanes {
  HUTONG_GHASH_TARGET static Word load(const std::uint8_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const Word*>(from));
  }
  HUTONG_GHASH_TARGET static Word first(__m128i x) { return x; }
  HUTONG_GHASH_TARGET static Word reversed(Word x) {
    return _mm_shuffle_epi8(x, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  }
  template <int kHalves>
  HUTONG_GHASH_TARGET static Word multiply(Word a, Word b) {
    return _mm_clmulepi64_si128(a, b, kHalves);
  }
  HUTONG_GHASH_TARGET static __m128i sum(Word x) { return x; }
};

#include "crypto/internal/ghash_polyval.h"

#undef HUTONG_GHASH_TARGET

}  // namespace

const GhashKernel kGhashClmul = {"clmul", absorb};

}  // namespace hutong::crypto::internal
