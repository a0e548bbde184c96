#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "crypto/constant_time.h"
#include "crypto/internal/ghash.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/sm2.h"
#include "crypto/sm3.h"
#include "crypto/sm4.h"
#include "tests/support/fixed_octets.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

/// A statistical timing test in the manner of "dudect" (Reparaz, Balasch, Verbauwhede, 2017): an operation is
/// timed on one fixed secret and on random ones, in random order, and Welch's t says whether the two means
/// differ by more than chance.
///
///     crypto_timing_test [SECONDS-PER-OPERATION [NAME]]
///
/// |t| above 4.5 asks for a closer look, above 10 means a leak. The last column is a null control, two
/// classes of random secrets alike: it shows what the noise of the machine makes of nothing. Where it is
/// above 4.5 itself, a t of that size says nothing, and above 10 the line counts as failed. Run by hand, on a
/// quiet machine: it proves nothing, but sees what valgrind cannot, such as instructions whose time depends
/// on their operands.
namespace hutong::crypto {
namespace {

using internal::Scalar;
using internal::Sm2Coordinates;
using internal::Sm2ScalarOctets;
using test::FixedOctets;

std::uint64_t now() {
#if defined(__x86_64__)
  unsigned processor = 0;
  _mm_lfence();
  const std::uint64_t ticks = __rdtscp(&processor);
  _mm_lfence();
  return ticks;
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

volatile std::uint8_t sink;

using Secret = std::array<std::uint8_t, 32>;
struct Operation {
  std::string_view name;
  std::function<void(const Secret&)> run;
  bool leaks = false;  ///< on purpose: shows that the test sees something
};

/// Mean and variance as they come (Welford).
struct Moments {
  double count = 0;
  double mean = 0;
  double squares = 0;

  void add(double value) {
    ++count;
    const double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }
  double variance() const { return squares / (count - 1); }
};

double welch_t(const Moments& a, const Moments& b) {
  return (a.mean - b.mean) / std::sqrt(a.variance() / a.count + b.variance() / b.count);
}

struct Sample {
  bool is_fixed;
  std::uint64_t ticks;
};

/// Without a fixed secret both classes are of random ones.
std::vector<Sample> measure(const Operation& operation, const std::optional<Secret>& fixed, double seconds) {
  constexpr std::size_t kBatch = 500;
  FixedOctets random(static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()));
  std::vector<Sample> samples;
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < end) {
    std::vector<std::pair<bool, Secret>> inputs(kBatch);  // made before the clock runs
    for (auto& [is_fixed, secret] : inputs) {
      is_fixed = random.below(2) == 0;
      const Secret fresh = Scalar::reduce(random.octets<32>()).octets();
      secret = is_fixed ? fixed.value_or(fresh) : fresh;
    }
    for (const auto& [is_fixed, secret] : inputs) {
      const std::uint64_t before = now();
      operation.run(secret);
      samples.push_back({is_fixed, now() - before});
    }
  }
  return samples;
}

struct Verdict {
  double t = 0;
  double difference = 0;  ///< of the means, fixed minus random, as a share of the latter
};

/// The largest |t| over several cut-offs: interrupts make long measurements that drown a small difference.
Verdict judge(const std::vector<Sample>& samples) {
  std::vector<std::uint64_t> sorted;
  for (const Sample& sample : samples) {
    sorted.push_back(sample.ticks);
  }
  std::ranges::sort(sorted);
  Verdict largest;
  for (const double quantile : {0.5, 0.75, 0.9, 0.97, 1.0}) {
    const std::uint64_t limit =
        sorted[static_cast<std::size_t>(quantile * static_cast<double>(sorted.size() - 1))];
    Moments of_fixed;
    Moments of_random;
    for (const Sample& sample : samples) {
      if (sample.ticks <= limit) {
        (sample.is_fixed ? of_fixed : of_random).add(static_cast<double>(sample.ticks));
      }
    }
    const double t = welch_t(of_fixed, of_random);
    if (std::abs(t) > std::abs(largest.t)) {
      largest = {t, (of_fixed.mean - of_random.mean) / of_random.mean};
    }
  }
  return largest;
}

std::vector<Operation> operations() {
  const internal::Sm2Kernel& kernel = internal::sm2_kernel();
  static Sm2Coordinates generator;
  kernel.multiply_base(internal::kScalarOne.octets(), generator);
  static const Bytes ciphertext = sm2_encrypt(Sm2PrivateKey::generate().public_key(), Bytes(32, 1)).value();
  static const Secret expected{};
  static const Bytes text(256, 7);
  return {
      {"comparison that stops early (leaks)",
       [](const Secret& secret) {
         const Bytes many(4000, secret[31]);  // the fixed secret has a 5 here
         std::size_t i = 0;
         while (i < many.size() && many[i] == 5) {
           sink = many[i++];
         }
       },
       true},
      {"k*P in variable time (leaks)",
       [&kernel](const Secret& k) {
         Sm2Coordinates out;
         kernel.multiply_add_public(k, generator, generator, out);
         sink = out.x[0];
       },
       true},
      {"k*G",
       [&kernel](const Secret& k) {
         Sm2Coordinates out;
         kernel.multiply_base(k, out);
         sink = out.x[0];
       }},
      {"k*P",
       [&kernel](const Secret& k) {
         Sm2Coordinates out;
         kernel.multiply(k, generator, out);
         sink = out.x[0];
       }},
      {"scalar inversion", [](const Secret& k) { sink = invert(Scalar::reduce(k)).octets()[0]; }},
      {"key and signature",
       [](const Secret& d) {
         FixedOctets random(3);
         sink = Sm2PrivateKey::from_octets(d).value().sign_digest(expected, random).r[0];
       }},
      {"decryption, wrong key",
       [](const Secret& d) {
         sink = sm2_decrypt(Sm2PrivateKey::from_octets(d).value(), ciphertext) ? 1 : 0;
       }},
      {"SM4 key and CBC",
       [](const Secret& key) {
         Sm4Cbc cbc(Sm4Key::from_octets(ByteView(key).last(16)).value(), Sm4Block{}, Direction::kEncrypt,
                    Padding::kNone);
         sink = cbc.update(text)[0];
       }},
      {"SM4 key and GCM",
       [](const Secret& key) {
         sink = sm4_gcm_encrypt(ByteView(key).last(16), Bytes(12), {}, text).value()[0];
       }},
      {"GHASH",
       [](const Secret& key) {
         Sm4Block h;
         std::ranges::copy(ByteView(key).last(16), h.begin());
         Sm4Block y{};
         internal::ghash(h, y, text.data(), text.size() / 16);
         sink = y[0];
       }},
      {"HMAC-SM3", [](const Secret& key) { sink = hmac_sm3(key, text)[0]; }},
      {"constant_time_equal",
       [](const Secret& secret) { sink = constant_time_equal(secret, expected) ? 1 : 0; }},
  };
}

/// Whether the answer is the expected one. |t| above 10 with a fixed secret of either kind is a leak.
bool run(const Operation& operation, double seconds) {
  Secret small{};
  small.back() = 5;  // a leak through leading zeros or few bits shows most here
  const Secret ordinary = Scalar::reduce(FixedOctets(4).octets<32>()).octets();
  measure(operation, small, seconds / 20);  // tables, caches
  const Verdict of_small = judge(measure(operation, small, seconds / 3));
  const Verdict of_ordinary = judge(measure(operation, ordinary, seconds / 3));
  const Verdict of_nothing = judge(measure(operation, std::nullopt, seconds / 3));
  constexpr double kLeak = 10;
  const bool leaks = std::abs(of_small.t) > kLeak || std::abs(of_ordinary.t) > kLeak;
  const bool is_noise = std::abs(of_nothing.t) > kLeak;
  const bool is_expected = leaks == operation.leaks && !is_noise;
  const char* const remark = is_noise ? "  <-- too noisy to say" : is_expected ? "" : "  <-- look closer";
  std::printf("%-38.*s %9.2f %8.3f%% %9.2f %8.3f%% %9.2f%s\n", static_cast<int>(operation.name.size()),
              operation.name.data(), of_small.t, 100 * of_small.difference, of_ordinary.t,
              100 * of_ordinary.difference, of_nothing.t, remark);
  std::fflush(stdout);
  return is_expected;
}

int run_all(double seconds, std::string_view wanted) {
  bool as_expected = true;
  std::printf("%-38s %9s %9s %9s %9s %9s\n", "operation", "t, small", "slower", "t, other", "slower",
              "t, null");
  for (const Operation& operation : operations()) {
    if (operation.name.find(wanted) != std::string_view::npos) {
      as_expected = run(operation, seconds) && as_expected;
    }
  }
  return as_expected ? 0 : 1;
}

}  // namespace
}  // namespace hutong::crypto

int main(int count, char** arguments) {
  const double seconds = count > 1 ? std::strtod(arguments[1], nullptr) : 20;
  return hutong::crypto::run_all(seconds, count > 2 ? arguments[2] : "");
}
