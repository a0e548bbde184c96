#pragma once

#include <string>

#include "base/result.h"
#include "cli/context.h"
#include "cli/password.h"
#include "crypto/sm2.h"

namespace hutong::cli {

/// A private key from any file that crypto reads (PKCS#8, encrypted PKCS#8, SEC 1, GM/T 0009, PKCS#12). When
/// it is encrypted and no password was given, the terminal asks for it.
Result<crypto::Sm2PrivateKey> load_key(const Context& context, const std::string& path,
                                       const PasswordOptions& password);

}  // namespace hutong::cli
