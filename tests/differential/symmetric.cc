#include <array>
#include <vector>

#include "base/encoding.h"
#include "crypto/internal/ghash.h"
#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/sm3_many.h"
#include "tests/differential/checks.h"
#include "tests/differential/portable.h"
#include "tests/support/openssl_peer.h"

namespace hutong::test {
namespace {

using namespace crypto::internal;

std::string sm4(Inputs& inputs) {
  const Bytes key = inputs.octets(16);
  const Bytes iv = inputs.octets(16);
  const std::size_t blocks = inputs.random().below(40) + 1;
  const Bytes in = inputs.octets(16 * blocks);
  const Bytes wanted = peer::sm4_encrypt(peer::Sm4Mode::kEcb, peer::Sm4Padding::kNone, key, {}, in);
  const Bytes wanted_chain = peer::sm4_encrypt(peer::Sm4Mode::kCbc, peer::Sm4Padding::kNone, key, iv, in);
  for (const Sm4Kernel* kernel : sm4_kernels()) {
    std::array<std::uint8_t, kSm4RoundKeysSize> round_keys;
    kernel->expand_key(key.data(), round_keys.data());
    Bytes out(in.size());
    kernel->encrypt(round_keys.data(), in.data(), out.data(), blocks);
    if (out != wanted) {
      return std::string(kernel->name) + ": key " + to_hex(key) + ", " + std::to_string(blocks) + " blocks";
    }
    Bytes chain = iv;
    kernel->encrypt_chain(round_keys.data(), chain.data(), in.data(), out.data(), blocks);
    if (out != wanted_chain || !equal(chain, ByteView(out).last(16))) {
      return std::string(kernel->name) + ": chain, key " + to_hex(key);
    }
  }
  return {};
}

std::string ghash(Inputs& inputs) {
  crypto::Sm4Block h;
  std::ranges::copy(inputs.octets(h.size()), h.begin());
  const Bytes start = inputs.octets(16);
  const std::size_t blocks = inputs.random().below(60);
  const Bytes data = inputs.octets(16 * blocks);
  crypto::Sm4Block wanted;
  std::ranges::copy(start, wanted.begin());
  kGhashPortable.absorb(h, wanted, data.data(), blocks);
  for (const GhashKernel* kernel : ghash_kernels()) {
    crypto::Sm4Block y;
    std::ranges::copy(start, y.begin());
    kernel->absorb(h, y, data.data(), blocks);
    if (y != wanted) {
      return std::string(kernel->name) + ": h " + to_hex(h) + ", " + std::to_string(blocks) + " blocks";
    }
  }
  return {};
}

std::string sm3(Inputs& inputs) {
  const Bytes message = inputs.octets(inputs.random().below(300));
  const Bytes wanted = peer::sm3(message);
  const Bytes blocks = sm3_padded(message);
  for (const Sm3Kernel* kernel : sm3_kernels()) {
    if (!equal(digest_by(*kernel, blocks), wanted)) {
      return std::string(kernel->name) + ": " + to_hex(message);
    }
  }
  return {};
}

std::string sm3_many(Inputs& inputs) {
  std::vector<Bytes> messages(inputs.random().below(20) + 1);
  for (Bytes& message : messages) {
    message = inputs.octets(inputs.random().below(300));
  }
  const auto digests = crypto::sm3_many(std::vector<ByteView>(messages.begin(), messages.end()));
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!equal(digests[i], peer::sm3(messages[i])) || !equal(digests[i], portable_sm3(messages[i]))) {
      return "message " + std::to_string(i) + ": " + to_hex(messages[i]);
    }
  }
  return {};
}

}  // namespace

std::span<const Check> symmetric_checks() {
  static constexpr std::array kChecks = {Check{"sm4", 145, sm4}, Check{"ghash", 70, ghash},
                                         Check{"sm3", 100, sm3}, Check{"sm3_many", 10, sm3_many}};
  return kChecks;
}

}  // namespace hutong::test
