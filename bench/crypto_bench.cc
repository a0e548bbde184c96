#include <openssl/evp.h>

#include <functional>
#include <string>

#include "bench/ratio_reporter.h"
#include "crypto/sm2.h"
#include "crypto/sm2_many.h"
#include "crypto/sm2_nonce_pool.h"
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
};

/// With the digest given, as a signing server meets it.
void add_sm2_sign_digest(const Sm2Keys& keys) {
  static const crypto::Sm3Digest digest = crypto::sm3(kMessage);
  static crypto::Sm2NoncePool pool;
  const auto peer = [&keys] { benchmark::DoNotOptimize(keys.peer.sign_digest(digest)); };
  add_pair(
      "Sm2SignDigest", [&keys] { benchmark::DoNotOptimize(keys.ours.sign_digest(digest).to_der()); }, peer);
  add_pair(
      "Sm2SignDigestPool",
      [&keys] { benchmark::DoNotOptimize(keys.ours.sign_digest(digest, pool).to_der()); }, peer);
}

/// A message of 32 octets, such as a key.
void add_sm2_encryption(const Sm2Keys& keys) {
  static const Bytes message(32, 0x5A);
  static const Bytes ciphertext = crypto::sm2_encrypt(keys.ours.public_key(), message).value();
  const auto peer = [&keys] { benchmark::DoNotOptimize(keys.peer.encrypt(message)); };
  add_pair(
      "Sm2Encrypt",
      [&keys] { benchmark::DoNotOptimize(crypto::sm2_encrypt(keys.ours.public_key(), message)); }, peer);
  add_pair(
      "Sm2EncryptPrepared",
      [&keys] { benchmark::DoNotOptimize(crypto::sm2_encrypt(keys.prepared, message)); }, peer);
  add_pair(
      "Sm2Decrypt", [&keys] { benchmark::DoNotOptimize(crypto::sm2_decrypt(keys.ours, ciphertext)); },
      [&keys] { benchmark::DoNotOptimize(keys.peer.decrypt(ciphertext)); });
}

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
}

/// 64 signatures of 64 keys over digests given ready, which OpenSSL verifies one after the other (its time
/// includes SM3 over 100 octets and Z, a hundredth of the whole).
struct Sm2Batch {
  std::vector<crypto::Sm2VerificationJob> jobs;
  std::vector<test::peer::Sm2Key> peers;
  std::vector<Bytes> signatures;
  Sm2Batch() {
    for (int i = 0; i < 64; ++i) {
      const Sm2PrivateKey key = Sm2PrivateKey::generate();
      crypto::Sm3 digest;
      digest.update(key.public_key().z(as_bytes(crypto::kSm2DefaultId)));
      digest.update(kMessage);
      const crypto::Sm3Digest e = digest.finish();
      const crypto::Sm2Signature signature = key.sign_digest(e);
      jobs.push_back({key.public_key(), e, signature});
      peers.push_back(test::peer::Sm2Key::from_private(key.expose().expose(), key.public_key().octets()));
      signatures.push_back(signature.to_der());
    }
  }
};

void add_sm2_many() {
  static const Sm2Batch batch;
  add_pair(
      "Sm2VerifyMany64", [] { benchmark::DoNotOptimize(crypto::sm2_verify_many(batch.jobs)); },
      [] {
        for (std::size_t i = 0; i < batch.peers.size(); ++i) {
          benchmark::DoNotOptimize(
              batch.peers[i].verify(kMessage, batch.signatures[i], crypto::kSm2DefaultId));
        }
      });
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
  hutong::bench::add_sm2_sign_digest(keys);
  hutong::bench::add_sm2_encryption(keys);
  hutong::bench::add_sm2_many();
  return hutong::bench::run_with_ratios(argc, argv);
}
