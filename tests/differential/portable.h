#pragma once

#include "base/bytes.h"
#include "crypto/internal/sm3_kernel.h"
#include "crypto/sm3.h"

namespace hutong::test {

// What is built on the kernels once more, block after block as the standards put it, over the portable
// kernels alone.

/// The message as SM3 pads it (GB/T 32905 5.2).
Bytes sm3_padded(ByteView message);
/// The digest of a padded message.
crypto::Sm3Digest digest_by(const crypto::internal::Sm3Kernel& kernel, ByteView padded);
crypto::Sm3Digest portable_sm3(ByteView message);
/// RFC 2104.
crypto::Sm3Digest portable_hmac_sm3(ByteView key, ByteView message);

/// Whole blocks.
Bytes portable_ecb(ByteView key, ByteView text);
Bytes portable_ecb_decrypt(ByteView key, ByteView text);
Bytes portable_cbc(ByteView key, ByteView iv, ByteView text);
Bytes portable_cbc_decrypt(ByteView key, ByteView iv, ByteView text);
/// The last `counting` octets of the counter count.
Bytes portable_ctr(ByteView key, ByteView counter, std::size_t counting, ByteView text);
/// NIST SP 800-38D 7.1 and SP 800-38C 6.1: ciphertext || tag.
Bytes portable_gcm(ByteView key, ByteView nonce, ByteView data, ByteView text, std::size_t tag_size);
Bytes portable_ccm(ByteView key, ByteView nonce, ByteView data, ByteView text, std::size_t tag_size);

}  // namespace hutong::test
