#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/random.h"

namespace hutong::crypto {

/// One person's part of a secret. The number is public, the value is not.
struct SecretShare {
  std::uint8_t number = 0;  ///< from 1
  SecretBytes value{0};     ///< as long as the secret
};

/// Shamir's scheme, octet by octet over GF(2^8) with the polynomial of AES: any `threshold` of the shares
/// give the secret back, fewer say nothing about it. Takes the same time for every secret of a size. kPolicy
/// "secret_sharing.parameters" unless 2 <= threshold <= shares <= 255 and the secret is not empty.
Result<std::vector<SecretShare>> split_secret(ByteView secret, unsigned threshold, unsigned shares,
                                              RandomSource& random = system_random());

/// Puts the secret together from shares, all that are given. Too few or wrong ones give other octets, not an
/// error: the caller checks what comes out. kMalformed "secret_sharing.shares" when a number is 0 or comes
/// twice, or sizes differ, or there are none.
Result<SecretBytes> combine_shares(std::span<const SecretShare> shares);

}  // namespace hutong::crypto
