#pragma once

#include "crypto/sm2.h"
#include "token/software/device.h"

/// The two key pairs of a container, sealed under the application's master key.
namespace hutong::token::software {

enum class KeyUse { kSignature, kEncryption };
inline KeyUse use_from(BOOL sign_flag) {
  return sign_flag != FALSE ? KeyUse::kSignature : KeyUse::kEncryption;
}

/// SAR_KEYNOTFOUNTERR.
Result<const KeyPairRecord*> pair_of(const ContainerRecord& record, KeyUse use);
/// SAR_USER_NOT_LOGGED_IN, SAR_KEYNOTFOUNTERR, SAR_FILEERR when the file was tampered with.
Result<crypto::Sm2PrivateKey> private_key_of(const ContainerWork& work, KeyUse use);
/// Takes the place of the pair that was there, whose certificate goes with it. SAR_USER_NOT_LOGGED_IN.
Status store_pair(ContainerWork& work, KeyUse use, const crypto::Sm2PrivateKey& key);

}  // namespace hutong::token::software
