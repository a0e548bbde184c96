#include "crypto/internal/self_test_kernels.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "crypto/internal/endian.h"
#include "crypto/internal/self_test_vectors.h"

namespace hutong::crypto::internal {
namespace {

/// A message of one block and what pads it.
using PaddedMessage = std::array<std::uint8_t, 128>;
constexpr PaddedMessage padded(std::string_view repeated) {
  PaddedMessage out{};
  for (std::size_t i = 0; i < 64; ++i) {
    out[i] = static_cast<std::uint8_t>(repeated[i % repeated.size()]);
  }
  out[64] = 0x80;
  out[126] = 0x02;  // 512 bits
  return out;
}
constexpr PaddedMessage kAbcd = padded("abcd");
constexpr PaddedMessage kA = padded("a");
/// Of "a" 64 times.
constexpr auto kDigestOfA = octets("616EC433C359E7C2B19F360E2B8F2A1B6E9ED76B8DC1A7D207B31A5341C611E9");

bool is_digest(const Sm3State& state, const std::array<std::uint8_t, 32>& digest) {
  for (std::size_t i = 0; i < state.size(); ++i) {
    if (state[i] != load_be32(digest.data() + 4 * i)) {
      return false;
    }
  }
  return true;
}

bool sm3_works(const Sm3Kernel& kernel) {
  Sm3State state = kSm3InitialState;
  kernel.compress(state, kAbcd.data(), 2);
  return is_digest(state, kTestSm3Digest);
}

/// Two messages take turns in the lanes.
bool sm3_lanes_work(Sm3LanesFunction lanes) {
  Sm3LaneStates states;
  std::array<const std::uint8_t*, kSm3Lanes> blocks{};
  for (std::size_t lane = 0; lane < kSm3Lanes; ++lane) {
    blocks[lane] = lane % 2 == 0 ? kAbcd.data() : kA.data();
    for (std::size_t i = 0; i < states.size(); ++i) {
      states[i][lane] = kSm3InitialState[i];
    }
  }
  lanes(states, blocks, 2);
  bool all_right = true;
  for (std::size_t lane = 0; lane < kSm3Lanes; ++lane) {
    Sm3State state;
    for (std::size_t i = 0; i < states.size(); ++i) {
      state[i] = states[i][lane];
    }
    all_right = is_digest(state, lane % 2 == 0 ? kTestSm3Digest : kDigestOfA) && all_right;
  }
  return all_right;
}

using Sm4RoundKeys = std::array<std::uint8_t, kSm4RoundKeysSize>;

/// The answer of the standard for one block; then many at once, each the ciphertext of the one before.
bool sm4_blocks_work(const Sm4Kernel& kernel, const Sm4RoundKeys& keys) {
  constexpr std::size_t kBlocks = 47;  // the widest groups, single ones and a rest
  std::array<Sm4Block, kBlocks + 1> expected;
  expected[0] = kTestSm4Key;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    kernel.encrypt(keys.data(), expected[i].data(), expected[i + 1].data(), 1);
  }
  std::array<Sm4Block, kBlocks> together;
  kernel.encrypt(keys.data(), expected[0].data(), together[0].data(), kBlocks);
  return expected[1] == kTestSm4Ciphertext &&
         std::equal(together.begin(), together.end(), expected.begin() + 1);
}

bool sm4_chain_works(const Sm4Kernel& kernel, const Sm4RoundKeys& keys) {
  Sm4Block chain = kTestSm4Iv;
  auto out = kTestCbcPlaintext;
  kernel.encrypt_chain(keys.data(), chain.data(), out.data(), out.data(), out.size() / kSm4BlockSize);
  return out == kTestCbcCiphertext && std::equal(chain.begin(), chain.end(), out.end() - kSm4BlockSize);
}

bool sm4_works(const Sm4Kernel& kernel) {
  Sm4RoundKeys keys;
  kernel.expand_key(kTestSm4Key.data(), keys.data());
  return sm4_blocks_work(kernel, keys) && sm4_chain_works(kernel, keys);
}

/// Test case 2 of the GCM proposal (McGrew, Viega), appendix B; then many blocks at once against one by one.
bool ghash_works(const GhashKernel& kernel) {
  constexpr auto kHashKey = octets("66E94BD4EF8A2C3B884CFA59CA342B2E");
  constexpr auto kData = octets("0388DACE60B6A392F328C2B971B2FE7800000000000000000000000000000080");
  constexpr auto kExpected = octets("F38CBB1AD69223DCC3457AE5B6B0F885");
  Sm4Block y{};
  kernel.absorb(kHashKey, y, kData.data(), 2);
  if (y != kExpected) {
    return false;
  }
  constexpr std::size_t kBlocks = 51;  // several of the widest groups and a rest
  std::array<std::uint8_t, kBlocks * kSm4BlockSize> many{};
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i] = static_cast<std::uint8_t>(i * i);
  }
  Sm4Block one_by_one = y;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    kernel.absorb(kHashKey, one_by_one, many.data() + i * kSm4BlockSize, 1);
  }
  kernel.absorb(kHashKey, y, many.data(), kBlocks);
  return y == one_by_one;
}

constexpr Sm2Coordinates kGenerator = {
    octets("32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"),
    octets("BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0")};
constexpr Sm2Coordinates kPublic = {kTestSm2PublicX, kTestSm2PublicY};

bool is_point_of_nonce(const Sm2Coordinates& point) {
  return point.x == kTestSm2NonceX && point.y == kTestSm2NonceY;
}

/// r + s of the standard's signature: s*G + (r+s)*P is k*G.
constexpr auto kTestSm2RPlusS = octets("A756E53127F3F43B851C47CFEEFD9E43A2D133CA258EF4EA73FBF4683ACDA13A");

/// k*G both ways, each alone and together.
bool sm2_multiplies(const Sm2Kernel& kernel) {
  Sm2Coordinates base;
  Sm2Coordinates general;
  if (!kernel.multiply_base(kTestSm2Nonce, base) || !is_point_of_nonce(base) ||
      !kernel.multiply(kTestSm2Nonce, kGenerator, general) || !is_point_of_nonce(general)) {
    return false;
  }
  kernel.multiply_both(kTestSm2Nonce, kGenerator, base, general);
  return is_point_of_nonce(base) && is_point_of_nonce(general);
}

/// A batch as the nonce pool asks for it: k and d in turn.
bool sm2_batch_works(const Sm2Kernel& kernel) {
  std::array<Sm2ScalarOctets, 5> scalars;
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    scalars[i] = i % 2 == 0 ? kTestSm2Nonce : kTestSm2Private;
  }
  std::array<Sm2ScalarOctets, 5> x{};
  kernel.multiply_base_x(scalars, x);
  bool all_right = true;
  for (std::size_t i = 0; i < x.size(); ++i) {
    all_right = x[i] == (i % 2 == 0 ? kTestSm2NonceX : kTestSm2PublicX) && all_right;
  }
  return all_right;
}

/// In every lane the signature of the standard, right and wrong in turn.
bool sm2_lanes_work(const Sm2LanesKernel& kernel) {
  std::vector<Sm2LaneInput> inputs(kernel.lanes, {{kTestSm2S, kTestSm2RPlusS, kTestSm2NonceX}, kPublic});
  for (std::size_t lane = 1; lane < kernel.lanes; lane += 2) {
    inputs[lane].claim.x = kTestSm2NonceY;
  }
  std::vector<Sm2LaneVerdict> verdicts;
  verdicts.resize(kernel.lanes, Sm2LaneVerdict::kUndecided);
  kernel.has_x(inputs.data(), verdicts.data());
  bool all_right = true;
  for (std::size_t lane = 0; lane < kernel.lanes; ++lane) {
    const auto expected = lane % 2 == 0 ? Sm2LaneVerdict::kRight : Sm2LaneVerdict::kWrong;
    all_right = verdicts[lane] == expected && all_right;
  }
  return all_right;
}

bool sm2_works(const Sm2Kernel& kernel) {
  const bool verifies = kernel.has_x(kTestSm2S, kTestSm2RPlusS, kPublic, kTestSm2NonceX) &&
                        !kernel.has_x(kTestSm2S, kTestSm2RPlusS, kPublic, kTestSm2NonceY);
  return sm2_multiplies(kernel) && sm2_batch_works(kernel) && verifies;
}

}  // namespace

KernelSet chosen_kernels() {
  const auto lanes = sm2_lanes_kernels();
  return {sm2_kernel(),
          sm3_kernel(),
          sm3_lanes(),
          sm4_kernel(),
          *ghash_kernels().front(),
          lanes.empty() ? nullptr : lanes.front()};
}

SelfTestReport test_kernels(const KernelSet& kernels) {
  SelfTestReport report{{{"SM3", kernels.sm3.name, sm3_works(kernels.sm3)},
                         {"SM4", kernels.sm4.name, sm4_works(kernels.sm4)},
                         {"GHASH", kernels.ghash.name, ghash_works(kernels.ghash)},
                         {"SM2", kernels.sm2.name, sm2_works(kernels.sm2)}}};
  if (kernels.sm3_lanes != nullptr) {
    report.findings.push_back({"SM3 in lanes", "avx2", sm3_lanes_work(kernels.sm3_lanes)});
  }
  if (kernels.sm2_lanes != nullptr) {
    report.findings.push_back({"SM2 in lanes", kernels.sm2_lanes->name, sm2_lanes_work(*kernels.sm2_lanes)});
  }
  return report;
}

}  // namespace hutong::crypto::internal
