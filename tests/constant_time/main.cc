#include <cstdio>
#include <string_view>

#include "crypto/internal/cpu.h"
#include "tests/constant_time/secrets.h"

namespace hutong::test {

namespace {

/// "portable": no special instructions; "fastest": all that valgrind can run. It announces what it runs
/// through CPUID, except ADCX and ADOX, which valgrind 3.19 runs without announcing. It knows none
/// of VAES, VPCLMULQDQ and GFNI.
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
