#pragma once

#include "crypto/sm2.h"

namespace hutong::crypto {

/// The same SM2 ciphertext in another layout: for devices and messages that want their own. Decrypts nothing
/// and does not check that C1 is on the curve. kMalformed "sm2.ciphertext".
Result<Bytes> sm2_change_layout(ByteView ciphertext, Sm2CipherLayout from, Sm2CipherLayout to);

}  // namespace hutong::crypto
