#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "platform/svs/svs_codes.h"
#include "platform/svs/svs_packet.h"

/// What the members of several requests mean.
namespace hutong::platform::svs {

/// signMethod (GB/T 33560 6.2.4): SGD_SM3_SM2, SGD_SM3_RSA, SGD_SHA256_RSA; nothing for any other.
std::optional<crypto::SignatureAlgorithm> sign_method(const Packet& request);
/// signerID, or the usual one when it is absent; nothing when it is empty, too long or not signerIDLen long.
std::optional<std::string> signer_id(const Packet& request);
/// inDataLen is the length of inData (both may be absent).
bool has_right_length(const Packet& request);
/// signerPublicKey, whose layout the norm leaves open: 04 || X || Y, X || Y, the ECCrefPublicKey of GM/T
/// 0018, or a SubjectPublicKeyInfo.
std::optional<crypto::PublicKey> signer_public_key(ByteView octets);

/// An answer that says no more than this.
Packet respond(Code code);

}  // namespace hutong::platform::svs
