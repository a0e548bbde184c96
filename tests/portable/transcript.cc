#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "crypto/internal/cpu.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/self_test.h"
#include "crypto/sm2.h"
#include "crypto/sm2_prepared.h"
#include "crypto/sm3_many.h"
#include "crypto/sm4.h"
#include "tests/support/fixed_octets.h"

/// Everything the kernels compute for the same inputs on every machine, as one digest a line:
///
///     crypto_transcript portable|fastest
///
/// It needs neither OpenSSL nor GTest, so that it runs wherever the kernels do.
/// tests/data/crypto/transcript.txt holds the lines that a run on x86-64 printed whose paths OpenSSL had
/// confirmed (tests/differential).
namespace hutong::crypto {
namespace {

using internal::Scalar;
using internal::Sm2Coordinates;
using internal::Sm2ScalarOctets;
using test::FixedOctets;

/// One line: what `step` computes, many times over, digested.
void print(std::string_view name, int times, const std::function<void(FixedOctets&, int, Sm3&)>& step) {
  FixedOctets inputs(static_cast<std::uint64_t>(name.size()) * 1000 + static_cast<std::uint64_t>(times));
  Sm3 digest;
  for (int i = 0; i < times; ++i) {
    step(inputs, i, digest);
  }
  std::printf("%s %d %s\n", std::string(name).c_str(), times, to_hex(digest.finish()).c_str());
}

/// A scalar: random, or in every other one long runs of ones and zeros, where carries travel.
Scalar scalar(FixedOctets& inputs) {
  Sm2ScalarOctets octets = inputs.octets<32>();
  const std::uint64_t pattern = inputs.word();
  for (std::size_t i = 0; i < octets.size() && (pattern & 1) != 0; ++i) {
    const unsigned choice = static_cast<unsigned>(pattern >> (1 + i / 4 * 2)) & 3;
    octets[i] = choice == 0 ? 0x00 : choice == 1 ? 0xFF : octets[i];
  }
  return Scalar::reduce(octets);
}

void add(Sm3& digest, const Sm2Coordinates& point) {
  digest.update(point.x);
  digest.update(point.y);
}

Sm2PrivateKey key(FixedOctets& inputs) { return Sm2PrivateKey::generate(inputs); }

void print_hashes() {
  print("sm3", 300, [](FixedOctets& inputs, int i, Sm3& digest) {
    digest.update(sm3(inputs.bytes(static_cast<std::size_t>(i))));
  });
  print("hmac-sm3", 200, [](FixedOctets& inputs, int i, Sm3& digest) {
    const Bytes mac_key = inputs.bytes(inputs.below(100));
    digest.update(hmac_sm3(mac_key, inputs.bytes(static_cast<std::size_t>(i))));
  });
  print("sm3-many", 20, [](FixedOctets& inputs, int i, Sm3& digest) {
    std::vector<Bytes> messages;
    for (int j = 0; j <= i; ++j) {
      messages.push_back(inputs.bytes(inputs.below(300)));
    }
    for (const Sm3Digest& one : sm3_many(std::vector<ByteView>(messages.begin(), messages.end()))) {
      digest.update(one);
    }
  });
}

template <typename Make>
void print_stream(std::string_view name, Make make) {
  print(name, 120, [make](FixedOctets& inputs, int i, Sm3& digest) {
    const auto secret = inputs.octets<16>();
    auto stream = make(Sm4Key::from_octets(secret).value(), inputs.octets<16>());
    digest.update(stream.update(inputs.bytes(static_cast<std::size_t>(i) * 16)));
    digest.update(stream.update(inputs.bytes(160)));
  });
}

template <typename Seal, typename Open>
void print_aead(std::string_view name, std::size_t nonce_size, Seal seal, Open open) {
  print(name, 120, [=](FixedOctets& inputs, int i, Sm3& digest) {
    const Bytes secret = inputs.bytes(16);
    const Bytes nonce = inputs.bytes(nonce_size);
    const Bytes data = inputs.bytes(inputs.below(40));
    const Bytes sealed = seal(secret, nonce, data, inputs.bytes(static_cast<std::size_t>(i) * 5), 16).value();
    digest.update(sealed);
    digest.update(open(secret, nonce, data, sealed, 16).value());
  });
}

void print_ciphers() {
  constexpr auto kNo = Padding::kNone;
  print_stream("sm4-ecb-encrypt",
               [](Sm4Key k, const Sm4Block&) { return Sm4Ecb(std::move(k), Direction::kEncrypt, kNo); });
  print_stream("sm4-ecb-decrypt",
               [](Sm4Key k, const Sm4Block&) { return Sm4Ecb(std::move(k), Direction::kDecrypt, kNo); });
  print_stream("sm4-cbc-encrypt", [](Sm4Key k, const Sm4Block& iv) {
    return Sm4Cbc(std::move(k), iv, Direction::kEncrypt, kNo);
  });
  print_stream("sm4-cbc-decrypt", [](Sm4Key k, const Sm4Block& iv) {
    return Sm4Cbc(std::move(k), iv, Direction::kDecrypt, kNo);
  });
  print_stream("sm4-ctr", [](Sm4Key k, const Sm4Block& iv) { return Sm4Ctr(std::move(k), iv); });
  print_aead("sm4-gcm", 12, sm4_gcm_encrypt, sm4_gcm_decrypt);
  print_aead("sm4-gcm-long-nonce", 31, sm4_gcm_encrypt, sm4_gcm_decrypt);
  print_aead("sm4-ccm", 11, sm4_ccm_encrypt, sm4_ccm_decrypt);
}

void print_group() {
  print("sm2-scalars", 300, [](FixedOctets& inputs, int, Sm3& digest) {
    const Scalar a = scalar(inputs);
    const Scalar b = scalar(inputs);
    for (const Scalar& result : {a + b, a - b, a * b, invert(a)}) {
      digest.update(result.octets());
    }
  });
  print("sm2-points", 60, [](FixedOctets& inputs, int, Sm3& digest) {
    const internal::Sm2Kernel& kernel = internal::sm2_kernel();
    Sm2Coordinates point;
    Sm2Coordinates product;
    Sm2Coordinates sum;
    kernel.multiply_base(scalar(inputs).octets(), point);
    kernel.multiply(scalar(inputs).octets(), point, product);
    kernel.multiply_add_public(scalar(inputs).octets(), point, product, sum);
    add(digest, point);
    add(digest, product);
    add(digest, sum);
  });
}

void print_sm2() {
  print("sm2-signature", 40, [](FixedOctets& inputs, int, Sm3& digest) {
    const Sm2PrivateKey signer = key(inputs);
    const Bytes message = inputs.bytes(inputs.below(200));
    Sm2Signature signature = signer.sign(message, kSm2DefaultId, inputs);
    digest.update(signature.to_der());
    const Sm2PreparedKey prepared(signer.public_key());
    for (int i = 0; i < 2; ++i) {
      const std::uint8_t answers[] = {
          signer.public_key().verify(message, signature) ? std::uint8_t{1} : std::uint8_t{0},
          prepared.verify(message, signature) ? std::uint8_t{1} : std::uint8_t{0}};
      digest.update(answers);
      signature.s[31] ^= 1;
    }
  });
  print("sm2-encryption", 30, [](FixedOctets& inputs, int i, Sm3& digest) {
    const Sm2PrivateKey receiver = key(inputs);
    const Bytes message = inputs.bytes(static_cast<std::size_t>(i) + 1);
    const Bytes sealed = sm2_encrypt(receiver.public_key(), message, Sm2CipherLayout::kAsn1, inputs).value();
    digest.update(sealed);
    const SecretBytes opened = sm2_decrypt(receiver, sealed).value();
    digest.update(opened.expose());
  });
  print("sm2-exchange", 20, [](FixedOctets& inputs, int i, Sm3& digest) {
    const Sm2PrivateKey own = key(inputs);
    const Sm2PrivateKey own_ephemeral = key(inputs);
    const Sm2PrivateKey peer = key(inputs);
    const Sm2PrivateKey peer_ephemeral = key(inputs);
    const auto role = i % 2 == 0 ? Sm2KeyExchange::Role::kInitiator : Sm2KeyExchange::Role::kResponder;
    const auto shared =
        sm2_exchange({role, own, own_ephemeral, peer.public_key(), peer_ephemeral.public_key()}, 48).value();
    digest.update(shared.key.expose());
    digest.update(shared.initiator_confirmation);
  });
}

int run(std::string_view path) {
  if (path == "portable") {
    internal::pretend_cpu_features({});
  } else if (path != "fastest") {
    std::fputs("usage: crypto_transcript portable|fastest\n", stderr);
    return 2;
  }
  FixedOctets random(1);
  if (const SelfTestReport report = self_test(random); !report.passed()) {
    for (const SelfTestFinding& finding : report.findings) {
      std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(finding.algorithm.size()), finding.algorithm.data(),
                   finding.passed ? "passed" : "FAILED");
    }
    return 1;
  }
  print_hashes();
  print_ciphers();
  print_group();
  print_sm2();
  return 0;
}

}  // namespace
}  // namespace hutong::crypto

int main(int count, char** arguments) { return hutong::crypto::run(count > 1 ? arguments[1] : ""); }
