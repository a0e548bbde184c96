#include "crypto/sm2_prepared.h"

#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_verification.h"

namespace hutong::crypto {

Sm2PreparedKey::Sm2PreparedKey(const Sm2PublicKey& key)
    : key_(key),
      default_z_(key.z(as_bytes(kSm2DefaultId))),
      point_(internal::sm2_kernel().prepare(internal::coordinates_from(ByteView(key.octets()).subspan(1)))) {}
Sm2PreparedKey::Sm2PreparedKey(Sm2PreparedKey&&) noexcept = default;
Sm2PreparedKey& Sm2PreparedKey::operator=(Sm2PreparedKey&&) noexcept = default;
Sm2PreparedKey::~Sm2PreparedKey() = default;

bool Sm2PreparedKey::verify_digest(const Sm3Digest& e, const Sm2Signature& signature) const {
  const auto claim = internal::claim_of(e, signature);
  return claim && point_->has_x(claim->s, claim->t, claim->x);
}

bool Sm2PreparedKey::verify(ByteView message, const Sm2Signature& signature, std::string_view id) const {
  if (id.size() > kSm2MostIdSize) {
    return false;
  }
  const Sm3Digest z = id == kSm2DefaultId ? default_z_ : key_.z(as_bytes(id));
  return verify_digest(internal::message_digest(z, message), signature);
}

}  // namespace hutong::crypto
