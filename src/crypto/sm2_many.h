#pragma once

#include <span>
#include <vector>

#include "crypto/sm2.h"

namespace hutong::crypto {

/// A signature to be verified against e = SM3(Z || M), given ready.
struct Sm2VerificationJob {
  Sm2PublicKey key;
  Sm3Digest e;
  Sm2Signature signature;
};

/// What Sm2PublicKey::verify_digest says of each of many independent signatures, in their order: a block of
/// transactions, the files of a tender, the certificates of a trust list. With AVX2 or AVX-512 IFMA four or
/// eight signatures of any keys share the steps, which is faster than one after the other; a last group that
/// is not full takes as long as a full one, unless it is so small that single verification is faster. For
/// many signatures of one key Sm2PreparedKey is faster still. Variable time: all inputs are public.
std::vector<bool> sm2_verify_many(std::span<const Sm2VerificationJob> jobs);

}  // namespace hutong::crypto
