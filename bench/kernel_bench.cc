#include <array>
#include <memory>
#include <string>

#include "bench/ratio_reporter.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_verification.h"
#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/sm2.h"
#include "tests/support/openssl_peer.h"

/// Every implementation of the kernels that this processor can run, also those that are not chosen here: what
/// another processor would get. The peer is OpenSSL, with the same work around its arithmetic.
namespace hutong::bench {
namespace {

using crypto::Sm2PrivateKey;

constexpr std::size_t kSize = 16384;

/// A key, a signature over a digest, and both of them for OpenSSL.
struct Sample {
  Sm2PrivateKey key = Sm2PrivateKey::generate();
  test::peer::Sm2Key peer =
      test::peer::Sm2Key::from_private(key.expose().expose(), key.public_key().octets());
  Bytes message = Bytes(100, 0x5A);
  Bytes signature = key.sign(message).to_der();
  crypto::internal::Sm2Coordinates point;
  crypto::internal::Sm2Claim claim;

  Sample() {
    const ByteView octets = ByteView(key.public_key().octets()).subspan(1);
    std::copy_n(octets.begin(), 32, point.x.begin());
    std::copy_n(octets.begin() + 32, 32, point.y.begin());
    const auto e =
        crypto::internal::message_digest(key.public_key().z(as_bytes(crypto::kSm2DefaultId)), message);
    claim = *crypto::internal::claim_of(e, crypto::Sm2Signature::from_der(signature).value());
  }
};

template <typename Action>
void add(const std::string& name, Action action, std::size_t octets = 0) {
  benchmark::RegisterBenchmark(name.c_str(), [action, octets](benchmark::State& state) {
    for (auto _ : state) {
      action();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(octets));
  });
}

void add_sm2(const Sample& sample) {
  for (const auto* kernel : crypto::internal::sm2_kernels()) {
    const std::string suffix = "/" + std::string(kernel->name);
    add("Sm2Verify/ours" + suffix, [kernel, &sample] {
      const auto& claim = sample.claim;
      benchmark::DoNotOptimize(kernel->has_x(claim.s, claim.t, sample.point, claim.x));
    });
    add("Sm2Verify/openssl" + suffix, [&sample] {
      benchmark::DoNotOptimize(sample.peer.verify(sample.message, sample.signature, crypto::kSm2DefaultId));
    });
    add("Sm2BasePoint/ours" + suffix, [kernel, &sample] {
      crypto::internal::Sm2Coordinates out;
      benchmark::DoNotOptimize(kernel->multiply_base(sample.claim.s, out));
      benchmark::DoNotOptimize(out);
    });
    add("Sm2BasePoint/openssl" + suffix,
        [&sample] { benchmark::DoNotOptimize(sample.peer.sign(sample.message, crypto::kSm2DefaultId)); });
  }
}

void add_sm3() {
  static const Bytes input(kSize, 0x5A);
  for (const auto* kernel : crypto::internal::sm3_kernels()) {
    const std::string suffix = "/" + std::string(kernel->name);
    add(
        "Sm3/ours" + suffix,
        [kernel] {
          crypto::internal::Sm3State state = crypto::internal::kSm3InitialState;
          kernel->compress(state, input.data(), kSize / 64);
          benchmark::DoNotOptimize(state);
        },
        kSize);
    add(
        "Sm3/openssl" + suffix, [] { benchmark::DoNotOptimize(test::peer::sm3(input)); }, kSize);
  }
}

void add_sm4() {
  using test::peer::Sm4Mode;
  using test::peer::Sm4Padding;
  static const Bytes key(16, 0x3C);
  static const Bytes input(kSize, 0x5A);
  for (const auto* kernel : crypto::internal::sm4_kernels()) {
    const std::string suffix = "/" + std::string(kernel->name);
    const auto keys = std::make_shared<std::array<std::uint8_t, crypto::internal::kSm4RoundKeysSize>>();
    kernel->expand_key(key.data(), keys->data());
    const auto out = std::make_shared<Bytes>(kSize);
    add(
        "Sm4Ecb/ours" + suffix,
        [kernel, keys, out] {
          kernel->encrypt(keys->data(), input.data(), out->data(), kSize / 16);
          benchmark::ClobberMemory();
        },
        kSize);
    add(
        "Sm4Ecb/openssl" + suffix,
        [] { benchmark::DoNotOptimize(sm4_encrypt(Sm4Mode::kEcb, Sm4Padding::kNone, key, {}, input)); },
        kSize);
    add(
        "Sm4CbcEncrypt/ours" + suffix,
        [kernel, keys, out] {
          std::array<std::uint8_t, 16> chain{};
          kernel->encrypt_chain(keys->data(), chain.data(), input.data(), out->data(), kSize / 16);
          benchmark::ClobberMemory();
        },
        kSize);
    add(
        "Sm4CbcEncrypt/openssl" + suffix,
        [] { benchmark::DoNotOptimize(sm4_encrypt(Sm4Mode::kCbc, Sm4Padding::kNone, key, key, input)); },
        kSize);
  }
}

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) {
  const hutong::bench::Sample sample;
  hutong::bench::add_sm2(sample);
  hutong::bench::add_sm3();
  hutong::bench::add_sm4();
  return hutong::bench::run_with_ratios(argc, argv);
}
