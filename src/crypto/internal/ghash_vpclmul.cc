#include <immintrin.h>

#include "crypto/internal/ghash.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_GHASH_TARGET [[gnu::target("avx2,pclmul,vpclmulqdq")]]

constexpr std::size_t kAtOnce = 16;
using Word = __m256i;

struct Lanes {
  HUTONG_GHASH_TARGET static Word load(const std::uint8_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const Word*>(from));
  }
  HUTONG_GHASH_TARGET static Word first(__m128i x) { return _mm256_zextsi128_si256(x); }
  HUTONG_GHASH_TARGET static Word reversed(Word x) {
    const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(order));
  }
  template <int kHalves>
  HUTONG_GHASH_TARGET static Word multiply(Word a, Word b) {
    return _mm256_clmulepi64_epi128(a, b, kHalves);
  }
  HUTONG_GHASH_TARGET static __m128i sum(Word x) {
    return _mm256_castsi256_si128(x) ^ _mm256_extracti128_si256(x, 1);
  }
};

#include "crypto/internal/ghash_polyval.h"

#undef HUTONG_GHASH_TARGET

}  // namespace

const GhashKernel kGhashVpclmul = {"vpclmul", absorb};

}  // namespace hutong::crypto::internal
