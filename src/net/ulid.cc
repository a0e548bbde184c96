#include "net/ulid.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace hutong::net {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kTimeCharacters = 10;
constexpr std::size_t kRandomCharacters = 16;

}  // namespace

std::string make_ulid(std::chrono::system_clock::time_point now, crypto::RandomSource& random) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  auto milliseconds = static_cast<std::uint64_t>(since) & 0xFFFF'FFFF'FFFF;
  std::string ulid(kTimeCharacters + kRandomCharacters, '0');
  for (std::size_t i = kTimeCharacters; i-- > 0; milliseconds >>= 5) {
    ulid[i] = kAlphabet[milliseconds & 31];
  }
  std::array<std::uint8_t, kRandomCharacters> octets{};
  random.fill(octets);
  for (std::size_t i = 0; i < kRandomCharacters; ++i) {
    ulid[kTimeCharacters + i] = kAlphabet[octets[i] & 31U];
  }
  return ulid;
}

bool is_ulid(std::string_view text) {
  return text.size() == kTimeCharacters + kRandomCharacters && text.front() <= '7' &&
         std::ranges::all_of(text, [](char c) { return kAlphabet.find(c) != std::string_view::npos; });
}

}  // namespace hutong::net
