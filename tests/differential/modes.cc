#include <array>

#include "base/encoding.h"
#include "crypto/sm3.h"
#include "crypto/sm4.h"
#include "tests/differential/checks.h"
#include "tests/differential/portable.h"
#include "tests/support/openssl_peer.h"

namespace hutong::test {
namespace {

using crypto::Direction;
using crypto::Padding;
using crypto::Sm4Block;

crypto::Sm4Key sm4_key(ByteView key) { return std::move(crypto::Sm4Key::from_octets(key)).value(); }

Sm4Block block_of(ByteView octets) {
  Sm4Block block{};
  std::ranges::copy(octets, block.begin());
  return block;
}

/// All of a stream, given in two pieces.
template <typename Stream>
Result<Bytes> in_two(Stream stream, ByteView text, std::size_t cut) {
  Bytes out = stream.update(text.first(cut));
  append(out, stream.update(text.subspan(cut)));
  HUTONG_TRY(const Bytes last, stream.finish());
  append(out, last);
  return out;
}

std::string report(std::string_view mode, ByteView key, std::size_t size) {
  return std::string(mode) + ": key " + to_hex(key) + ", " + std::to_string(size) + " octets";
}

bool is(const Result<Bytes>& found, const Bytes& wanted) { return found && found.value() == wanted; }

std::string ecb(Inputs& inputs) {
  const Bytes key = inputs.octets(16);
  const Bytes text = inputs.octets(16 * inputs.random().below(70));
  const std::size_t cut = inputs.random().below(text.size() + 1);
  const auto run = [&](Direction direction) {
    return in_two(crypto::Sm4Ecb(sm4_key(key), direction, Padding::kNone), text, cut);
  };
  const Bytes wanted = portable_ecb(key, text);
  const Bytes wanted_back = portable_ecb_decrypt(key, text);
  if (!is(run(Direction::kEncrypt), wanted) || !is(run(Direction::kDecrypt), wanted_back)) {
    return report("ECB, portable", key, text.size());
  }
  if (wanted != sm4_encrypt(peer::Sm4Mode::kEcb, peer::Sm4Padding::kNone, key, {}, text) ||
      wanted_back != sm4_decrypt(peer::Sm4Mode::kEcb, peer::Sm4Padding::kNone, key, {}, text)) {
    return report("ECB, OpenSSL", key, text.size());
  }
  return {};
}

std::string cbc(Inputs& inputs) {
  const Bytes key = inputs.octets(16);
  const Bytes iv = inputs.octets(16);
  const Bytes text = inputs.octets(16 * inputs.random().below(140));
  const std::size_t cut = inputs.random().below(text.size() + 1);
  const auto run = [&](Direction direction) {
    return in_two(crypto::Sm4Cbc(sm4_key(key), block_of(iv), direction, Padding::kNone), text, cut);
  };
  const Bytes wanted = portable_cbc(key, iv, text);
  const Bytes wanted_back = portable_cbc_decrypt(key, iv, text);
  if (!is(run(Direction::kEncrypt), wanted) || !is(run(Direction::kDecrypt), wanted_back)) {
    return report("CBC, portable", key, text.size());
  }
  if (wanted != sm4_encrypt(peer::Sm4Mode::kCbc, peer::Sm4Padding::kNone, key, iv, text) ||
      wanted_back != sm4_decrypt(peer::Sm4Mode::kCbc, peer::Sm4Padding::kNone, key, iv, text)) {
    return report("CBC, OpenSSL", key, text.size());
  }
  return {};
}

/// Texts of any size, padded.
std::string cbc_padded(Inputs& inputs) {
  const Bytes key = inputs.octets(16);
  const Bytes iv = inputs.octets(16);
  const Bytes text = inputs.octets(inputs.random().below(200));
  const Bytes wanted = sm4_encrypt(peer::Sm4Mode::kCbc, peer::Sm4Padding::kPkcs7, key, iv, text);
  const auto run = [&](Direction direction, const Bytes& in) {
    return in_two(crypto::Sm4Cbc(sm4_key(key), block_of(iv), direction, Padding::kPkcs7), in, in.size() / 2);
  };
  const bool is_same =
      is(run(Direction::kEncrypt, text), wanted) && is(run(Direction::kDecrypt, wanted), text);
  return is_same ? std::string() : report("CBC with padding", key, text.size());
}

std::string ctr(Inputs& inputs) {
  const Bytes key = inputs.octets(16);
  const Bytes counter = inputs.octets(16);
  const Bytes text = inputs.octets(inputs.random().below(2200));
  const std::size_t cut = inputs.random().below(text.size() + 1);
  crypto::Sm4Ctr stream(sm4_key(key), block_of(counter));
  Bytes found = stream.update(ByteView(text).first(cut));
  append(found, stream.update(ByteView(text).subspan(cut)));
  if (found != portable_ctr(key, counter, 16, text)) {
    return report("CTR, portable", key, text.size());
  }
  if (found != sm4_encrypt(peer::Sm4Mode::kCtr, peer::Sm4Padding::kNone, key, counter, text)) {
    return report("CTR, OpenSSL", key, text.size());
  }
  return {};
}

/// OpenSSL 3.0 has neither GCM nor CCM with SM4.
std::string gcm(Inputs& inputs) {
  const Bytes key = inputs.octets(16);
  const Bytes nonce = inputs.octets(inputs.random().below(3) == 0 ? inputs.random().below(40) + 1 : 12);
  const Bytes data = inputs.octets(inputs.random().below(100));
  const Bytes text = inputs.octets(inputs.random().below(1500));
  const std::size_t tag_size = inputs.random().below(5) + 12;
  const Bytes wanted = portable_gcm(key, nonce, data, text, tag_size);
  if (!is(crypto::sm4_gcm_encrypt(key, nonce, data, text, tag_size), wanted) ||
      !is(crypto::sm4_gcm_decrypt(key, nonce, data, wanted, tag_size), text)) {
    return report("GCM", key, text.size());
  }
  Bytes altered = wanted;
  altered[inputs.random().below(altered.size())] ^= 1;
  return crypto::sm4_gcm_decrypt(key, nonce, data, altered, tag_size)
             ? report("altered GCM", key, text.size())
             : std::string();
}

std::string ccm(Inputs& inputs) {
  const Bytes key = inputs.octets(16);
  const Bytes nonce = inputs.octets(inputs.random().below(7) + 7);
  const Bytes data = inputs.octets(inputs.random().below(100));
  const Bytes text = inputs.octets(inputs.random().below(1500));
  const std::size_t tag_size = 2 * inputs.random().below(7) + 4;
  const Bytes wanted = portable_ccm(key, nonce, data, text, tag_size);
  if (!is(crypto::sm4_ccm_encrypt(key, nonce, data, text, tag_size), wanted) ||
      !is(crypto::sm4_ccm_decrypt(key, nonce, data, wanted, tag_size), text)) {
    return report("CCM", key, text.size());
  }
  return {};
}

std::string hmac(Inputs& inputs) {
  const Bytes key = inputs.octets(inputs.random().below(150) + 1);
  const Bytes message = inputs.octets(inputs.random().below(300));
  const crypto::Sm3Digest found = crypto::hmac_sm3(key, message);
  const bool is_same = found == portable_hmac_sm3(key, message) && equal(found, peer::hmac_sm3(key, message));
  return is_same ? std::string() : report("HMAC-SM3", key, message.size());
}

}  // namespace

std::span<const Check> mode_checks() {
  static constexpr std::array kChecks = {
      Check{"sm4-ecb", 10, ecb},  Check{"sm4-cbc", 15, cbc}, Check{"sm4-cbc padded", 15, cbc_padded},
      Check{"sm4-ctr", 10, ctr},  Check{"sm4-gcm", 20, gcm}, Check{"sm4-ccm", 10, ccm},
      Check{"hmac-sm3", 20, hmac}};
  return kChecks;
}

}  // namespace hutong::test
