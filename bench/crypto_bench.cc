#include <openssl/evp.h>

#include <functional>
#include <string>

#include "bench/ratio_reporter.h"
#include "crypto/sm2.h"
#include "crypto/sm2_prepared.h"
#include "crypto/sm3.h"
#include "crypto/sm3_many.h"
#include "crypto/sm4.h"
#include "tests/support/openssl_peer.h"

namespace hutong::bench {
namespace {

using crypto::Direction;
using crypto::Padding;
using crypto::Sm2PrivateKey;
using crypto::Sm4Key;
using test::peer::Sm4Mode;
using test::peer::Sm4Padding;

const Bytes kKey(16, 0x3C);
const Bytes kIv(16, 0x71);
const Bytes kMessage(100, 0x5A);

Sm4Key sm4_key() { return std::move(Sm4Key::from_octets(kKey)).value(); }

/// Registers "name/ours/size" and "name/openssl/size"; each function takes the input.
using OverInput = std::function<Bytes(ByteView)>;
void add_pair(const std::string& name, std::size_t size, const OverInput& ours, const OverInput& peer) {
  const auto add = [&](const std::string& side, const OverInput& function) {
    benchmark::RegisterBenchmark(
        (name + "/" + side + "/" + std::to_string(size)).c_str(), [function, size](benchmark::State& state) {
          const Bytes input(size, 0x5A);
          for (auto _ : state) {
            benchmark::DoNotOptimize(function(input));
          }
          state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
        });
  };
  add("ours", ours);
  add("openssl", peer);
}

/// Registers "name/ours" and "name/openssl".
using Action = std::function<void()>;
void add_pair(const std::string& name, const Action& ours, const Action& peer) {
  const auto add = [&](const std::string& side, const Action& action) {
    benchmark::RegisterBenchmark((name + "/" + side).c_str(), [action](benchmark::State& state) {
      for (auto _ : state) {
        action();
      }
    });
  };
  add("ours", ours);
  add("openssl", peer);
}

Bytes digest_bytes(const crypto::Sm3Digest& digest) { return {digest.begin(), digest.end()}; }

void add_sm3() {
  for (const std::size_t size : {std::size_t{64}, std::size_t{1024}, std::size_t{16384}}) {
    add_pair(
        "Sm3", size, [](ByteView in) { return digest_bytes(crypto::sm3(in)); }, test::peer::sm3);
  }
  add_pair(
      "HmacSm3", 16384, [](ByteView in) { return digest_bytes(crypto::hmac_sm3(kKey, in)); },
      [](ByteView in) { return test::peer::hmac_sm3(kKey, in); });
}

void add_sm4() {
  constexpr std::size_t kSize = 16384;
  const auto iv = [] {
    crypto::Sm4Block block{};
    std::copy(kIv.begin(), kIv.end(), block.begin());
    return block;
  }();
  add_pair(
      "Sm4EcbEncrypt", kSize,
      [](ByteView in) { return crypto::Sm4Ecb(sm4_key(), Direction::kEncrypt, Padding::kNone).update(in); },
      [](ByteView in) { return sm4_encrypt(Sm4Mode::kEcb, Sm4Padding::kNone, kKey, {}, in); });
  add_pair(
      "Sm4CbcEncrypt", kSize,
      [iv](ByteView in) {
        return crypto::Sm4Cbc(sm4_key(), iv, Direction::kEncrypt, Padding::kNone).update(in);
      },
      [](ByteView in) { return sm4_encrypt(Sm4Mode::kCbc, Sm4Padding::kNone, kKey, kIv, in); });
  add_pair(
      "Sm4CbcDecrypt", kSize,
      [iv](ByteView in) {
        return crypto::Sm4Cbc(sm4_key(), iv, Direction::kDecrypt, Padding::kNone).update(in);
      },
      [](ByteView in) { return sm4_decrypt(Sm4Mode::kCbc, Sm4Padding::kNone, kKey, kIv, in); });
  add_pair(
      "Sm4Ctr", kSize, [iv](ByteView in) { return crypto::Sm4Ctr(sm4_key(), iv).update(in); },
      [](ByteView in) { return sm4_encrypt(Sm4Mode::kCtr, Sm4Padding::kNone, kKey, kIv, in); });
}

/// 64 messages of a KiB, which OpenSSL digests one after the other.
void add_sm3_many() {
  static const std::vector<Bytes> messages(64, Bytes(1024, 0x5A));
  static const std::vector<ByteView> views(messages.begin(), messages.end());
  add_pair(
      "Sm3Many64x1024", [] { benchmark::DoNotOptimize(crypto::sm3_many(views)); },
      [] {
        for (const ByteView view : views) {
          benchmark::DoNotOptimize(test::peer::sm3(view));
        }
      });
}

/// OpenSSL 3.0 has no SM4-GCM and SM4-CCM; these stand alone.
void add_sm4_aead() {
  const auto add = [](const std::string& name, auto seal) {
    benchmark::RegisterBenchmark((name + "/ours/16384").c_str(), [seal](benchmark::State& state) {
      const Bytes input(16384, 0x5A);
      for (auto _ : state) {
        benchmark::DoNotOptimize(seal(kKey, ByteView(kIv).first(12), kMessage, input, 16));
      }
      state.SetBytesProcessed(state.iterations() * 16384);
    });
  };
  add("Sm4GcmEncrypt", crypto::sm4_gcm_encrypt);
  add("Sm4CcmEncrypt", crypto::sm4_ccm_encrypt);
}

struct Sm2Keys {
  Sm2PrivateKey ours = Sm2PrivateKey::generate();
  test::peer::Sm2Key peer =
      test::peer::Sm2Key::from_private(ours.expose().expose(), ours.public_key().octets());
  crypto::Sm2PreparedKey prepared{ours.public_key()};
  Bytes signature = ours.sign(kMessage).to_der();
  Bytes ciphertext = crypto::sm2_encrypt(ours.public_key(), kMessage).value();
};

/// `keys` outlives the run.
void add_sm2(const Sm2Keys& keys) {
  add_pair(
      "Sm2KeyGenerate", [] { benchmark::DoNotOptimize(Sm2PrivateKey::generate()); },
      [] { benchmark::DoNotOptimize(test::peer::Sm2Key::generate()); });
  add_pair(
      "Sm2Sign", [&keys] { benchmark::DoNotOptimize(keys.ours.sign(kMessage).to_der()); },
      [&keys] { benchmark::DoNotOptimize(keys.peer.sign(kMessage, crypto::kSm2DefaultId)); });
  add_pair(
      "Sm2Verify",
      [&keys] {
        const auto signature = crypto::Sm2Signature::from_der(keys.signature);
        benchmark::DoNotOptimize(keys.ours.public_key().verify(kMessage, signature.value()));
      },
      [&keys] {
        benchmark::DoNotOptimize(keys.peer.verify(kMessage, keys.signature, crypto::kSm2DefaultId));
      });
  add_pair(
      "Sm2VerifyPrepared",
      [&keys] {
        const auto signature = crypto::Sm2Signature::from_der(keys.signature);
        benchmark::DoNotOptimize(keys.prepared.verify(kMessage, signature.value()));
      },
      [&keys] {
        benchmark::DoNotOptimize(keys.peer.verify(kMessage, keys.signature, crypto::kSm2DefaultId));
      });
  benchmark::RegisterBenchmark("Sm2PrepareKey/ours", [&keys](benchmark::State& state) {
    for (auto _ : state) {
      benchmark::DoNotOptimize(crypto::Sm2PreparedKey(keys.ours.public_key()));
    }
  });
  add_pair(
      "Sm2Encrypt",
      [&keys] { benchmark::DoNotOptimize(crypto::sm2_encrypt(keys.ours.public_key(), kMessage)); },
      [&keys] { benchmark::DoNotOptimize(keys.peer.encrypt(kMessage)); });
  add_pair(
      "Sm2Decrypt", [&keys] { benchmark::DoNotOptimize(crypto::sm2_decrypt(keys.ours, keys.ciphertext)); },
      [&keys] { benchmark::DoNotOptimize(keys.peer.decrypt(keys.ciphertext)); });
}

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) {
  const hutong::bench::Sm2Keys keys;
  hutong::bench::add_sm3();
  hutong::bench::add_sm3_many();
  hutong::bench::add_sm4();
  hutong::bench::add_sm4_aead();
  hutong::bench::add_sm2(keys);
  return hutong::bench::run_with_ratios(argc, argv);
}
