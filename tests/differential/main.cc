#include <cstdio>
#include <cstdlib>
#include <string>

#include "crypto/internal/ghash.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_lanes.h"
#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/sm3_lanes.h"
#include "crypto/internal/sm4_kernel.h"
#include "tests/differential/checks.h"

/// Differential test: every implementation against the portable one and OpenSSL.
///
///     crypto_differential [INPUTS [SEED]]
///
/// prints a line for each kind of input and ends with 1 when anything differed. ctest runs a small share of
/// the million that a release should see (docs/crypto.md).
namespace hutong::test {
namespace {

constexpr unsigned kMostReports = 5;

/// The number of inputs that differed.
std::size_t run(const Check& check, std::size_t count, std::uint64_t seed) {
  Inputs inputs(seed);
  std::size_t different = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (const std::string difference = check.run(inputs); !difference.empty()) {
      if (++different <= kMostReports) {
        std::printf("%s, seed %llu, input %zu: %s\n", std::string(check.name).c_str(),
                    static_cast<unsigned long long>(seed), i, difference.c_str());
      }
    }
  }
  std::printf("%-20s %8zu inputs, %zu differ\n", std::string(check.name).c_str(), count, different);
  std::fflush(stdout);
  return different;
}

template <typename Kernels>
void name_kernels(const char* algorithm, const Kernels& kernels) {
  std::printf("%s:", algorithm);
  for (const auto* kernel : kernels) {
    std::printf(" %s", std::string(kernel->name).c_str());
  }
  std::printf("\n");
}

/// What is compared; the first of each list is what functions above the kernels run on.
void name_all_kernels() {
  using namespace crypto::internal;
  name_kernels("SM2", sm2_kernels());
  name_kernels("SM2 lanes", sm2_lanes_kernels());
  name_kernels("SM3", sm3_kernels());
  std::printf("SM3 lanes: %s\n", sm3_lanes() != nullptr ? "avx2" : "");
  name_kernels("SM4", sm4_kernels());
  name_kernels("GHASH", ghash_kernels());
}

int run_all(std::size_t inputs, std::uint64_t seed) {
  name_all_kernels();
  std::size_t different = 0;
  std::size_t total = 0;
  for (const auto& checks :
       {arithmetic_checks(), group_checks(), sm2_function_checks(), symmetric_checks(), mode_checks()}) {
    for (const Check& check : checks) {
      const std::size_t count = inputs * check.per_mille / 1000;
      different += run(check, count, seed);
      total += count;
    }
  }
  std::printf("%zu inputs, %zu differ\n", total, different);
  return different == 0 && total != 0 ? 0 : 1;
}

}  // namespace
}  // namespace hutong::test

int main(int count, char** arguments) {
  const std::size_t inputs = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 10'000;
  const std::uint64_t seed = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 20260131;
  return hutong::test::run_all(inputs, seed);
}
