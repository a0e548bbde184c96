// The compression function of one message, for sm3_portable.cc and sm3_bmi2.cc, which include it within their
// unnamed namespaces and have defined HUTONG_SM3_TARGET.

#include "crypto/internal/sm3_scalar.h"

HUTONG_SM3_TARGET void compress(Sm3State& state, const std::uint8_t* blocks, std::size_t count) {
  Schedule w;
  const WipeAtExit wipe_schedule(w);
  for (; count != 0; --count, blocks += 64) {
    for (std::size_t j = 0; j < 16; ++j) {
      Word word = 0;
      std::memcpy(&word, blocks + 4 * j, sizeof word);
      w[j] = __builtin_bswap32(word);
    }
    compress_block(state, w);
  }
}
