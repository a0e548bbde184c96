#include <vector>

#include "crypto/internal/declassify.h"
#include "crypto/internal/sm2_kernel.h"
#include "tests/constant_time/secrets.h"

/// That the method sees what it is there for: code that leaks on purpose is reported.
namespace hutong::crypto {
namespace {

volatile std::uint8_t sink;

template <typename Leak>
void expect_report(Leak leak) {
  const unsigned before = test::reports();
  leak();
  EXPECT_GT(test::reports(), before);
}

TEST(TheMethod, SeesASecretThatDecidesABranch) {
  expect_report([] {
    test::SecretRandom random;
    const auto secret = random.octets<1>();
    if ((secret[0] & 1) != 0) {
      sink = 1;
    }
  });
}

TEST(TheMethod, SeesASecretThatDecidesAnAddress) {
  expect_report([] {
    test::SecretRandom random;
    const std::vector<std::uint8_t> table(256, 7);
    const auto secret = random.octets<1>();
    sink = table.data()[secret[0]];
  });
}

TEST(TheMethod, SeesAComparisonThatStopsEarly) {
  expect_report([] {
    test::SecretRandom random;
    const auto a = random.octets<16>();
    const auto b = random.octets<16>();
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i]) {
      ++i;
      sink = 1;
    }
  });
}

class VariableTime : public testing::TestWithParam<const internal::Sm2Kernel*> {};

TEST_P(VariableTime, MultiplicationOfAPointIsReported) {
  expect_report([] {
    test::SecretRandom random;
    internal::Sm2ScalarOctets k = random.octets<32>();
    k[0] = 0;  // below n
    internal::Sm2Coordinates generator;
    internal::Sm2ScalarOctets one{};
    one.back() = 1;
    GetParam()->multiply_base(one, generator);
    internal::Sm2Coordinates out;
    GetParam()->multiply_add_public(k, generator, generator, out);
  });
}
INSTANTIATE_TEST_SUITE_P(OnThisPath, VariableTime,
                         testing::ValuesIn(internal::sm2_kernels().begin(), internal::sm2_kernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

TEST(TheMethod, FollowsSecretsThroughComputationsUntilTheyAreDeclassified) {
  test::SecretRandom random;
  const auto secret = random.octets<8>();
  std::array<std::uint8_t, 8> computed;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    computed[i] = static_cast<std::uint8_t>(secret[i] * 3 + 1);
  }
  EXPECT_TRUE(test::is_secret(computed));
  EXPECT_FALSE(test::is_secret(internal::declassify(computed)));
  EXPECT_TRUE(test::is_secret(computed));
  test::publish(computed);
  EXPECT_FALSE(test::is_secret(computed));
}

}  // namespace
}  // namespace hutong::crypto
