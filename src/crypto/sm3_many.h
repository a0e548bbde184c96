#pragma once

#include <span>
#include <vector>

#include "crypto/sm3.h"

namespace hutong::crypto {

/// The digests of independent messages of any lengths, in their order: the leaves of a Merkle tree, the pages
/// of a document, the tbsCertificates of a batch. Where the processor has AVX2 eight messages run at once,
/// several times faster than one after the other. Unlike Sm3 it is not for keys: no state is wiped.
std::vector<Sm3Digest> sm3_many(std::span<const ByteView> messages);

}  // namespace hutong::crypto
