#pragma once

#include "base/bytes.h"
#include "crypto/digest.h"

namespace hutong::crypto {

/// HMAC (RFC 2104) over any of our hash functions; with SM3 it is hmac_sm3() (sm3.h). Tags are compared with
/// constant_time_equal() only.
Bytes hmac(DigestAlgorithm algorithm, ByteView key, ByteView data);

}  // namespace hutong::crypto
