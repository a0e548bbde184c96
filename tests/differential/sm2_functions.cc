#include <array>
#include <vector>

#include "base/encoding.h"
#include "crypto/internal/endian.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/sm2.h"
#include "crypto/sm2_many.h"
#include "tests/differential/checks.h"
#include "tests/differential/portable.h"
#include "tests/support/openssl_peer.h"

namespace hutong::test {
namespace {

using crypto::internal::Sm2Coordinates;

/// A key and the same for OpenSSL; the few scalars that are no key are drawn again.
struct Keys {
  crypto::Sm2PrivateKey ours;
  peer::Sm2Key theirs;
};
Keys draw_keys(Inputs& inputs) {
  while (true) {
    auto made = crypto::Sm2PrivateKey::from_octets(inputs.scalar().octets());
    if (made) {
      peer::Sm2Key theirs =
          peer::Sm2Key::from_private(made.value().expose().expose(), made.value().public_key().octets());
      return {std::move(made).value(), std::move(theirs)};
    }
  }
}

/// GB/T 32918.4 7.1 over the portable kernels; the ciphertext is 04 || X || Y || C3 || C2.
Bytes portable_decrypt(const crypto::Sm2PrivateKey& key, ByteView ciphertext) {
  crypto::internal::Sm2ScalarOctets d{};
  std::ranges::copy(key.expose().expose(), d.begin());
  Sm2Coordinates c1;
  std::ranges::copy(ciphertext.subspan(1, 32), c1.x.begin());
  std::ranges::copy(ciphertext.subspan(33, 32), c1.y.begin());
  Sm2Coordinates shared;
  crypto::internal::kSm2Portable.multiply(d, c1, shared);
  Bytes message = to_bytes(ciphertext.subspan(97));
  for (std::uint32_t i = 0; i * 32 < message.size(); ++i) {
    Bytes z = to_bytes(shared.x);
    append(z, shared.y);
    z.resize(68);
    crypto::internal::store_be32(z.data() + 64, i + 1);
    const crypto::Sm3Digest stream = portable_sm3(z);
    for (std::size_t at = 32 * i; at < std::min<std::size_t>(message.size(), 32 * i + 32); ++at) {
      message[at] = static_cast<std::uint8_t>(message[at] ^ stream[at % 32]);
    }
  }
  Bytes hashed = to_bytes(shared.x);
  append(hashed, message);
  append(hashed, shared.y);
  return equal(portable_sm3(hashed), ciphertext.subspan(65, 32)) ? message : Bytes();
}

std::string encryption(Inputs& inputs) {
  using crypto::Sm2CipherLayout;
  const Keys keys = draw_keys(inputs);
  const Bytes message = inputs.octets(inputs.random().below(150) + 1);
  const auto& to = keys.ours.public_key();
  const Bytes raw = crypto::sm2_encrypt(to, message, Sm2CipherLayout::kC1C3C2, inputs.random()).value();
  const Bytes der = crypto::sm2_encrypt(to, message, Sm2CipherLayout::kAsn1, inputs.random()).value();
  const std::string key = " by " + to_hex(keys.ours.expose().expose());
  if (portable_decrypt(keys.ours, raw) != message) {
    return "the portable path does not decrypt" + key;
  }
  if (keys.theirs.decrypt(der) != message) {
    return "OpenSSL does not decrypt" + key;
  }
  const auto back = crypto::sm2_decrypt(keys.ours, raw, Sm2CipherLayout::kC1C3C2);
  const auto from_peer = crypto::sm2_decrypt(keys.ours, keys.theirs.encrypt(message));
  if (!back || !equal(back.value().expose(), message)) {
    return "own ciphertext does not decrypt" + key;
  }
  if (!from_peer || !equal(from_peer.value().expose(), message)) {
    return "a ciphertext of OpenSSL's does not decrypt" + key;
  }
  return {};
}

/// Batches that fill lanes and that do not; a third of the signatures altered.
std::string many(Inputs& inputs) {
  std::vector<crypto::Sm2VerificationJob> jobs;
  std::vector<bool> wanted;
  const std::size_t count = inputs.random().below(12) + 1;
  while (jobs.size() < count) {
    const Keys keys = draw_keys(inputs);
    const auto& key = keys.ours.public_key();
    const Bytes message = inputs.octets(inputs.random().below(100));
    Bytes signed_octets = to_bytes(key.z(as_bytes(crypto::kSm2DefaultId)));
    append(signed_octets, message);
    crypto::Sm2Signature signature = keys.ours.sign(message, crypto::kSm2DefaultId, inputs.random());
    if (inputs.random().below(3) == 0) {
      signature.s[inputs.random().below(32)] ^= 1;
    }
    wanted.push_back(keys.theirs.verify(message, signature.to_der(), crypto::kSm2DefaultId));
    jobs.push_back({key, portable_sm3(signed_octets), signature});
  }
  const std::vector<bool> found = crypto::sm2_verify_many(jobs);
  for (std::size_t i = 0; i < count; ++i) {
    if (found[i] != wanted[i] || jobs[i].key.verify_digest(jobs[i].e, jobs[i].signature) != wanted[i]) {
      return "signature " + std::to_string(i) + " of " + std::to_string(count) + ", key " +
             to_hex(jobs[i].key.octets());
    }
  }
  return {};
}

}  // namespace

std::span<const Check> sm2_function_checks() {
  static constexpr std::array kChecks = {Check{"sm2 encryption", 4, encryption}, Check{"sm2 many", 1, many}};
  return kChecks;
}

}  // namespace hutong::test
