#include "crypto/secret_sharing.h"

#include <algorithm>
#include <array>

namespace hutong::crypto {
namespace {

constexpr unsigned kMostShares = 255;

/// a * b modulo x^8 + x^4 + x^3 + x + 1, without a table and without a branch.
constexpr std::uint8_t multiply(std::uint8_t a, std::uint8_t b) {
  unsigned product = 0;
  unsigned power = a;
  for (unsigned bit = 0; bit < 8; ++bit) {
    product ^= power & (0U - ((unsigned{b} >> bit) & 1U));
    power = (power << 1) ^ (0x11BU & (0U - (power >> 7)));
  }
  return static_cast<std::uint8_t>(product);
}

/// a^254, which is 1/a.
constexpr std::uint8_t invert(std::uint8_t a) {
  std::uint8_t result = 1;
  std::uint8_t power = a;
  for (int bit = 1; bit < 8; ++bit) {
    power = multiply(power, power);
    result = multiply(result, power);
  }
  return result;
}
static_assert(multiply(0x57, 0x83) == 0xC1, "the example of FIPS 197, 4.2");
static_assert(multiply(invert(0x53), 0x53) == 1);

/// What the share with this number counts at 0: the product of x_j / (x_j - x_i) over the others.
std::uint8_t weight_of(std::span<const SecretShare> shares, std::size_t of) {
  std::uint8_t weight = 1;
  for (std::size_t other = 0; other < shares.size(); ++other) {
    if (other != of) {
      const auto difference = static_cast<std::uint8_t>(shares[other].number ^ shares[of].number);
      weight = multiply(weight, multiply(shares[other].number, invert(difference)));
    }
  }
  return weight;
}

bool fit_together(std::span<const SecretShare> shares) {
  std::array<bool, kMostShares + 1> seen{};
  return !shares.empty() && std::ranges::all_of(shares, [&](const SecretShare& share) {
    const bool fresh = share.number != 0 && !seen.at(share.number);
    seen.at(share.number) = true;
    return fresh && share.value.size() == shares.front().value.size();
  });
}

}  // namespace

Result<std::vector<SecretShare>> split_secret(ByteView secret, unsigned threshold, unsigned shares,
                                              RandomSource& random) {
  if (threshold < 2 || shares < threshold || shares > kMostShares || secret.empty()) {
    return Error{Errc::kPolicy, "secret_sharing.parameters",
                 "2 <= threshold <= shares <= 255, and a secret to split"};
  }
  std::vector<SecretBytes> coefficients;  // of x, x^2 …
  for (unsigned degree = 1; degree < threshold; ++degree) {
    coefficients.emplace_back(secret.size());
    random.fill(coefficients.back().writable());
  }
  std::vector<SecretShare> out;
  for (unsigned number = 1; number <= shares; ++number) {
    SecretShare share{.number = static_cast<std::uint8_t>(number), .value = SecretBytes(secret.size())};
    const auto value = share.value.writable();
    for (auto coefficient = coefficients.rbegin(); coefficient != coefficients.rend(); ++coefficient) {
      for (std::size_t at = 0; at < value.size(); ++at) {  // Horner, from the highest degree down
        value[at] = multiply(static_cast<std::uint8_t>(value[at] ^ coefficient->expose()[at]), share.number);
      }
    }
    std::ranges::transform(value, secret, value.begin(),
                           [](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a ^ b); });
    out.push_back(std::move(share));
  }
  return out;
}

Result<SecretBytes> combine_shares(std::span<const SecretShare> shares) {
  if (!fit_together(shares)) {
    return Error{Errc::kMalformed, "secret_sharing.shares", "these shares do not belong together"};
  }
  SecretBytes secret(shares.front().value.size());
  const auto out = secret.writable();
  for (std::size_t of = 0; of < shares.size(); ++of) {
    const std::uint8_t weight = weight_of(shares, of);
    const ByteView value = shares[of].value.expose();
    for (std::size_t at = 0; at < out.size(); ++at) {
      out[at] = static_cast<std::uint8_t>(out[at] ^ multiply(value[at], weight));
    }
  }
  return secret;
}

}  // namespace hutong::crypto
