#include <cstdio>
#include <string_view>

#include "crypto/internal/cpu.h"
#include "tests/constant_time/secrets.h"

namespace hutong::test {

/// SplitMix64; quality does not matter here.
void SecretRandom::fill(std::span<std::uint8_t> out) {
  for (std::uint8_t& octet : out) {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t mixed = (state_ ^ state_ >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    octet = static_cast<std::uint8_t>(mixed >> 56);
  }
  make_secret(out);
}

Bytes SecretRandom::bytes(std::size_t size) {
  Bytes out(size);
  fill(out);
  return out;
}

namespace {

/// "portable": no special instructions; "fastest": all that valgrind can run. It announces what it runs
/// through CPUID, except ADCX and ADOX, which valgrind 3.19 runs without announcing. It knows no VAES.
bool choose_path(std::string_view name) {
  crypto::internal::CpuFeatures features;
  if (name == "fastest") {
    features = crypto::internal::cpu_features();
    features.bmi2_adx = features.bmi2;
  } else if (name != "portable") {
    return false;
  }
  crypto::internal::pretend_cpu_features(features);
  return true;
}

}  // namespace
}  // namespace hutong::test

int main(int count, char** arguments) {
  if (RUNNING_ON_VALGRIND == 0) {
    std::fputs("nothing is checked without valgrind\n", stderr);
    return 2;
  }
  const bool has_path = count > 1 && hutong::test::choose_path(arguments[1]);
  if (!has_path) {
    std::fputs("usage: valgrind crypto_constant_time_test portable|fastest [GTest option ...]\n", stderr);
    return 2;
  }
  testing::InitGoogleTest(&count, arguments);  // lists the kernels: after the choice
  return RUN_ALL_TESTS();
}
