#include "crypto/sm2_many.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "crypto/internal/sm2_lanes_batch.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/random.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

using internal::Scalar;
using internal::Sm2Coordinates;
using internal::Sm2LanesKernel;

using Jobs = std::vector<Sm2VerificationJob>;

Scalar random_scalar() {
  Sm2Scalar octets;
  system_random().fill(octets);
  return Scalar::reduce(octets);
}
Scalar small(std::uint64_t value) { return {{value, 0, 0, 0}}; }

Sm2VerificationJob good_job() {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const Sm3Digest e = random_scalar().octets();
  return {key.public_key(), e, key.sign_digest(e)};
}
Jobs good_jobs(std::size_t count) {
  Jobs jobs;
  for (std::size_t i = 0; i < count; ++i) {
    jobs.push_back(good_job());
  }
  return jobs;
}

Sm2PublicKey key_at(const Sm2Coordinates& point) {
  Bytes octets = {4};
  octets.insert(octets.end(), point.x.begin(), point.x.end());
  octets.insert(octets.end(), point.y.begin(), point.y.end());
  return Sm2PublicKey::from_octets(octets).value();
}
Sm2Coordinates multiple_of_base(const Scalar& k) {
  Sm2Coordinates point;
  EXPECT_TRUE(internal::sm2_kernel().multiply_base(k.octets(), point));
  return point;
}
Sm2Coordinates coordinates_of(const Sm2PublicKey& key) {
  return internal::coordinates_from(ByteView(key.octets()).subspan(1));
}
/// A signature with this s and t = r + s that claims the x of s*G + t*P: right, if that sum is finite.
Sm2VerificationJob job_with(const Sm2PublicKey& key, const Scalar& s, const Scalar& t) {
  Sm2Coordinates sum{};
  const Sm2Coordinates base_part = multiple_of_base(s);
  internal::sm2_kernel().multiply_add_public(t.octets(), coordinates_of(key), base_part, sum);
  const Scalar r = t - s;
  return {key, (r - Scalar::reduce(sum.x)).octets(), {r.octets(), s.octets()}};
}

/// Every implementation; null stands for none.
std::vector<const Sm2LanesKernel*> all_kernels() {
  const auto kernels = internal::sm2_lanes_kernels();
  std::vector<const Sm2LanesKernel*> all(kernels.begin(), kernels.end());
  all.push_back(nullptr);
  return all;
}

class Sm2Many : public testing::TestWithParam<const Sm2LanesKernel*> {
 protected:
  static std::vector<bool> verify(const Jobs& jobs) {
    return GetParam() == nullptr ? internal::sm2_verify_singly(jobs)
                                 : internal::sm2_verify_in_lanes(*GetParam(), jobs);
  }
  static void expect_like_single_verification(const Jobs& jobs) {
    const std::vector<bool> verdicts = verify(jobs);
    ASSERT_EQ(verdicts.size(), jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      EXPECT_EQ(verdicts[i], jobs[i].key.verify_digest(jobs[i].e, jobs[i].signature))
          << i << ": " << to_hex(jobs[i].key.octets()) << " " << to_hex(jobs[i].signature.to_raw());
    }
  }
};

TEST_P(Sm2Many, AcceptGoodSignaturesInGroupsOfEverySize) {
  const Jobs jobs = good_jobs(19);
  for (std::size_t count = 0; count <= jobs.size(); ++count) {
    EXPECT_EQ(verify({jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(count)}),
              std::vector<bool>(count, true));
  }
}

TEST_P(Sm2Many, RefuseABadOneInEveryPlace) {
  const Jobs good = good_jobs(9);
  for (std::size_t bad = 0; bad < good.size(); ++bad) {
    std::vector<bool> expected(good.size(), true);
    expected[bad] = false;
    Jobs jobs = good;
    jobs[bad].signature.s[31] ^= 1;
    EXPECT_EQ(verify(jobs), expected);
    jobs = good;
    jobs[bad].e[0] ^= 0x80;
    EXPECT_EQ(verify(jobs), expected);
    jobs = good;
    jobs[bad].key = good_job().key;
    EXPECT_EQ(verify(jobs), expected);
    jobs = good;
    jobs[bad].signature.r = {};
    EXPECT_EQ(verify(jobs), expected);
    jobs[bad].signature = {good[bad].signature.r, internal::octets_from(internal::kGroupOrder)};
    EXPECT_EQ(verify(jobs), expected);
    jobs[bad].signature = {small(5).octets(), (Scalar{} - small(5)).octets()};  // t = 0
    EXPECT_EQ(verify(jobs), expected);
  }
}

TEST_P(Sm2Many, JudgeAThousandLikeSingleVerification) {
  Jobs jobs = good_jobs(40);
  for (std::size_t i = 0; jobs.size() < 1000; ++i) {
    Sm2VerificationJob job = jobs[i % 40];
    if (i % 3 != 0) {
      job.signature.r[i % 32] ^= static_cast<std::uint8_t>(1U << i % 8);
    }
    jobs.push_back(job);
  }
  expect_like_single_verification(jobs);
}

/// Keys with known small logarithms, and s and t for which s*G and t*P meet or cancel.
TEST_P(Sm2Many, JudgeKeysMadeToCollide) {
  Jobs jobs;
  for (const std::uint64_t k : {1U, 2U, 3U, 5U, 16U, 31U, 32U, 255U, 256U, 257U}) {
    for (const bool negative : {false, true}) {
      const Scalar logarithm = negative ? Scalar{} - small(k) : small(k);
      const Sm2PublicKey key = key_at(multiple_of_base(logarithm));
      for (const Scalar& t :
           {small(1), small(2), small(6), Scalar{} - small(6), small(31), random_scalar()}) {
        for (const Scalar& s :
             {small(1), small(256), logarithm * t, Scalar{} - logarithm * t, random_scalar()}) {
          if (((t - s).is_zero() | s.is_zero()) == 0) {
            jobs.push_back(job_with(key, s, t));
          }
        }
      }
    }
  }
  expect_like_single_verification(jobs);
}

/// t*P plus the lower windows of s*G is the next addend, or its opposite, in any of the windows.
TEST_P(Sm2Many, JudgeSignaturesThatCollideInTheMiddle) {
  Jobs jobs;
  for (std::size_t window = 0; window < 31; ++window) {
    for (const bool opposite : {false, true}) {
      Sm2Scalar octets = random_scalar().octets();
      octets[31] |= 1;
      const Scalar s = Scalar::reduce(octets);
      // Window i of an odd s stands for octet i with its lowest bit set, less 256 when octet i + 1 is even.
      Scalar below{};
      Scalar digit{};
      Scalar weight = internal::kScalarOne;
      for (std::size_t i = 0; i <= window; ++i) {
        below = below + digit;
        digit = small(octets[31 - i] | 1U) * weight;
        weight = weight * small(256);
        digit = (octets[30 - i] & 1) == 0 ? digit - weight : digit;
      }
      const Scalar t = random_scalar();
      const Scalar logarithm = ((opposite ? Scalar{} - digit : digit) - below) * invert(t);
      jobs.push_back(job_with(key_at(multiple_of_base(logarithm)), s, t));
      ASSERT_TRUE(jobs.back().key.verify_digest(jobs.back().e, jobs.back().signature));
    }
  }
  expect_like_single_verification(jobs);
}

/// The sum is a point whose x is in [n, p), so that the signature claims x - n.
TEST_P(Sm2Many, KnowThatXMayExceedTheOrder) {
  const Sm2Coordinates high = internal::coordinates_from(
      test::hex("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54127"
                "13382F1EC459A2FF2B0B5BDF5AD8F25209357B4C4333219A04C5C0021B13DAA5"));
  const Scalar s = random_scalar();
  const Scalar t = random_scalar();
  Sm2Coordinates key;
  ASSERT_TRUE(internal::sm2_kernel().multiply_add_public(invert(t).octets(), high,
                                                         multiple_of_base(Scalar{} - s * invert(t)), key));
  Jobs jobs = good_jobs(3);
  jobs.push_back(job_with(key_at(key), s, t));
  jobs.push_back(job_with(key_at(key), s, t));
  jobs.back().e = (Scalar::reduce(jobs.back().e) + internal::kScalarOne).octets();
  EXPECT_EQ(verify(jobs), (std::vector<bool>{true, true, true, true, false}));
}

TEST_P(Sm2Many, AgreeWithTheNegativeSuite) {
  const auto suite = nlohmann::json::parse(test::read(test::data_path("crypto/sm2_wycheproof_style.json")));
  Jobs jobs;
  std::vector<bool> expected;
  for (const auto& group : suite.at("testGroups")) {
    if (group.at("type") != "Sm2Verify") {
      continue;
    }
    const auto key =
        Sm2PublicKey::from_octets(test::hex(group.at("publicKey").at("uncompressed").get<std::string>()));
    ASSERT_TRUE(key);
    for (const auto& test : group.at("tests")) {
      const auto signature = Sm2Signature::from_der(test::hex(test.at("sig").get<std::string>()));
      const Bytes id = test::hex(test.at("id").get<std::string>());
      if (signature && id.size() <= kSm2MostIdSize) {
        Sm3 digest;
        digest.update(key->z(id));
        digest.update(test::hex(test.at("msg").get<std::string>()));
        jobs.push_back({*key, digest.finish(), *signature});
        expected.push_back(test.at("result") == "valid");
      }
    }
  }
  EXPECT_GE(jobs.size(), 50U);
  EXPECT_EQ(verify(jobs), expected);
}

INSTANTIATE_TEST_SUITE_P(OnThisProcessor, Sm2Many, testing::ValuesIn(all_kernels()), [](const auto& kernel) {
  return kernel.param == nullptr ? "singly" : std::string(kernel.param->name);
});

TEST(Sm2VerifyMany, UsesTheBestOfThem) {
  Jobs jobs = good_jobs(6);
  jobs[4].e[31] ^= 1;
  EXPECT_EQ(sm2_verify_many(jobs), (std::vector<bool>{true, true, true, true, false, true}));
  EXPECT_TRUE(sm2_verify_many({}).empty());
}

}  // namespace
}  // namespace hutong::crypto
