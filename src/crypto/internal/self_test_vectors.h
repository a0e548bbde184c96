#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace hutong::crypto::internal {

/// Octets written in hexadecimal, at compile time; upper case only, anything else does not compile.
template <std::size_t kSize>
consteval std::array<std::uint8_t, kSize / 2> octets(const char (&hex)[kSize]) {
  const auto digit = [](char c) -> unsigned {
    if (c >= '0' && c <= '9') {
      return static_cast<unsigned>(c - '0');
    }
    return c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A') + 10 : throw "no hexadecimal digit";
  };
  std::array<std::uint8_t, kSize / 2> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  }
  return out;
}

/// GB/T 32907 A.1, the key of RFC 8998 and of the draft on SM4 as well.
inline constexpr auto kTestSm4Key = octets("0123456789ABCDEFFEDCBA9876543210");
inline constexpr auto kTestSm4Ciphertext = octets("681EDF34D206965E86B3E94F536E4246");
/// draft-ribose-cfrg-sm4 A.2.
inline constexpr auto kTestSm4Iv = octets("000102030405060708090A0B0C0D0E0F");
inline constexpr auto kTestCbcPlaintext =
    octets("AAAAAAAABBBBBBBBCCCCCCCCDDDDDDDDEEEEEEEEFFFFFFFFAAAAAAAABBBBBBBB");
inline constexpr auto kTestCbcCiphertext =
    octets("78EBB11CC40B0A48312AAEB2040244CB4CB7016951909226979B0D15DC6A8F6D");

/// GB/T 32905 A.2: the digest of "abcd" sixteen times.
inline constexpr auto kTestSm3Digest =
    octets("DEBE9FF92275B8A138604889C18E5A4D6FDB70E5387E5765293DCBA39C0C5732");

/// GB/T 32918.5 A.2 and A.3: one key, one nonce, whose multiple of G is the first part of the ciphertext.
inline constexpr auto kTestSm2Private =
    octets("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
inline constexpr auto kTestSm2PublicX =
    octets("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020");
inline constexpr auto kTestSm2PublicY =
    octets("CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13");
inline constexpr auto kTestSm2Nonce =
    octets("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21");
inline constexpr auto kTestSm2NonceX =
    octets("04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73");
inline constexpr auto kTestSm2NonceY =
    octets("E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0");
inline constexpr auto kTestSm2R = octets("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3");
inline constexpr auto kTestSm2S = octets("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");

}  // namespace hutong::crypto::internal
