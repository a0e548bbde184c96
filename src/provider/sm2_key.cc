#include "provider/sm2_key.h"

#include <algorithm>
#include <array>

#include "provider/names.h"
#include "provider/params.h"

namespace hutong::provider {
namespace {

using crypto::Sm2PrivateKey;
using crypto::Sm2PublicKey;
using crypto::Sm2Scalar;

constexpr std::size_t kPointSize = 65;

Error malformed(std::string_view reason, std::string detail) {
  return {Errc::kMalformed, reason, std::move(detail)};
}

/// Both coordinates as numbers, for whoever sends the point compressed.
Result<Sm2PublicKey> from_coordinates(const OSSL_PARAM* params) {
  const OSSL_PARAM* const x = find(params, OSSL_PKEY_PARAM_EC_PUB_X);
  const OSSL_PARAM* const y = find(params, OSSL_PKEY_PARAM_EC_PUB_Y);
  std::array<std::uint8_t, kPointSize> octets{0x04};
  const std::span coordinates = std::span(octets).subspan(1);
  if (x == nullptr || y == nullptr || !read_number(*x, coordinates.first(32)) ||
      !read_number(*y, coordinates.subspan(32))) {
    return malformed("sm2.public_key", "the point is neither 65 octets nor two coordinates");
  }
  return Sm2PublicKey::from_octets(octets);
}

Result<std::optional<Sm2PublicKey>> read_public(const OSSL_PARAM* params) {
  const OSSL_PARAM* const point = find(params, OSSL_PKEY_PARAM_PUB_KEY);
  if (point == nullptr) {
    return std::optional<Sm2PublicKey>{};
  }
  const auto octets = read_octets(*point);
  if (octets && octets->size() == kPointSize) {
    HUTONG_TRY(Sm2PublicKey key, Sm2PublicKey::from_octets(*octets));
    return std::optional(key);
  }
  HUTONG_TRY(Sm2PublicKey key, from_coordinates(params));
  return std::optional(key);
}

Result<std::optional<Sm2PrivateKey>> read_private(const OSSL_PARAM* params) {
  const OSSL_PARAM* const number = find(params, OSSL_PKEY_PARAM_PRIV_KEY);
  if (number == nullptr) {
    return std::optional<Sm2PrivateKey>{};
  }
  Sm2Scalar d{};
  const ScopedWipe wipe_d(d);
  if (!read_number(*number, d)) {
    return malformed("sm2.private_key", "the private key is no number of 32 octets");
  }
  HUTONG_TRY(Sm2PrivateKey key, Sm2PrivateKey::from_octets(d));
  return std::optional(std::move(key));
}

}  // namespace

Result<std::shared_ptr<const Sm2KeyMaterial>> read_key(const OSSL_PARAM* params, WithPrivate with_private) {
  const OSSL_PARAM* const group = find(params, OSSL_PKEY_PARAM_GROUP_NAME);
  HUTONG_CHECK(check_group_name(group == nullptr ? std::nullopt : read_text(*group)));
  HUTONG_TRY(const std::optional<Sm2PublicKey> public_key, read_public(params));
  std::optional<Sm2PrivateKey> private_key;
  if (with_private == WithPrivate::kYes) {
    HUTONG_TRY(private_key, read_private(params));
  }
  if (private_key && public_key && private_key->public_key() != *public_key) {
    return malformed("sm2.mismatch", "the private key does not belong to the public key");
  }
  if (private_key) {
    return std::make_shared<const Sm2KeyMaterial>(std::move(*private_key));
  }
  if (public_key) {
    return std::make_shared<const Sm2KeyMaterial>(*public_key);
  }
  return std::shared_ptr<const Sm2KeyMaterial>();
}

}  // namespace hutong::provider
