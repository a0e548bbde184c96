#include "ca/registration/pick_up.h"

#include <array>

#include "crypto/constant_time.h"
#include "crypto/random.h"
#include "crypto/sm3.h"

namespace hutong::ca::registration {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCharacters = 24;
constexpr std::size_t kGroup = 6;

}  // namespace

std::string fresh_pick_up_secret() {
  std::array<std::uint8_t, kCharacters> octets{};
  crypto::system_random().fill(octets);
  std::string secret;
  for (std::size_t i = 0; i < kCharacters; ++i) {
    if (i > 0 && i % kGroup == 0) {
      secret += '-';
    }
    secret += kAlphabet[octets[i] & 31U];
  }
  return secret;
}

Bytes pick_up_hash(std::string_view secret) {
  std::string plain;
  for (const char c : secret) {
    if (c != '-' && c != ' ') {
      plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  const auto digest = crypto::sm3(as_bytes(plain));
  return {digest.begin(), digest.end()};
}

bool is_pick_up_secret(std::string_view secret, ByteView hash) {
  return crypto::constant_time_equal(pick_up_hash(secret), hash);
}

}  // namespace hutong::ca::registration
