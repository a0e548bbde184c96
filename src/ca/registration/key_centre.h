#pragma once

#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cms/key_service.h"
#include "crypto/public_key.h"

namespace hutong::ca::registration {

/// An encryption key pair that the key management centre holds: its public key, and the pair itself for the
/// subscriber, under the subscriber's signature key (GM/T 0009 7.4).
struct EscrowedKey {
  crypto::PublicKey key;
  Bytes protected_key;
};

/// The key management centre (密钥管理中心) as the CA sees it. A key is known by the serial number of the
/// certificate that it was made for; asking again for the same number gives the same key. One answer for
/// each request, in their order; an Error for all of them when the centre cannot be reached or believed.
/// Thread-safe. kUnavailable "key_centre.away"; kPolicy "key_centre.refused" with the centre's own words;
/// kMalformed "key_centre.answer".
class KeyCentre {
 public:
  virtual ~KeyCentre() = default;
  using Keys = std::vector<Result<EscrowedKey>>;
  virtual Result<Keys> apply(std::span<const cms::ApplyKeyRequest> requests, Time now) const = 0;
  virtual Result<Keys> restore(std::span<const cms::RestoreKeyRequest> requests, Time now) const = 0;
  virtual Result<std::vector<Status>> revoke(std::span<const cms::RevokeKeyRequest> requests,
                                             Time now) const = 0;
};

}  // namespace hutong::ca::registration
