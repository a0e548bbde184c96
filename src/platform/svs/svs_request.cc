#include "platform/svs/svs_request.h"

#include <algorithm>
#include <array>

namespace hutong::platform::svs {
namespace {

using crypto::DigestAlgorithm;
using crypto::SignatureAlgorithm;
using crypto::SignatureScheme;

constexpr std::uint64_t kSm3WithRsa = 0x00010001;
constexpr std::uint64_t kSha256WithRsa = 0x00010004;
constexpr std::uint64_t kSm3WithSm2 = 0x00020201;

constexpr std::size_t kCoordinate = 32;
constexpr std::size_t kReferenceSize = 4 + 64 + 64;  ///< ECCrefPublicKey: bits, x, y, each right-aligned

std::optional<crypto::PublicKey> from_coordinates(ByteView x, ByteView y) {
  Bytes octets{0x04};
  append(octets, x);
  append(octets, y);
  const auto key = crypto::Sm2PublicKey::from_octets(octets);
  return key ? std::optional(crypto::PublicKey(*key)) : std::nullopt;
}

}  // namespace

std::optional<SignatureAlgorithm> sign_method(const Packet& request) {
  switch (request.number(Member::kSignMethod).value_or(0)) {
    case kSm3WithSm2:
      return crypto::kSm2WithSm3;
    case kSm3WithRsa:
      return SignatureAlgorithm{.scheme = SignatureScheme::kRsaPkcs1, .digest = DigestAlgorithm::kSm3};
    case kSha256WithRsa:
      return SignatureAlgorithm{.scheme = SignatureScheme::kRsaPkcs1, .digest = DigestAlgorithm::kSha256};
    default:
      return std::nullopt;
  }
}

std::optional<std::string> signer_id(const Packet& request) {
  const auto length = request.number(Member::kSignerIdLen);
  if (!request.has(Member::kSignerId)) {
    return length.value_or(0) == 0 ? std::optional(std::string(crypto::kSm2DefaultId)) : std::nullopt;
  }
  const ByteView id = request.octets(Member::kSignerId);
  if (id.empty() || id.size() > crypto::kSm2MostIdSize || length.value_or(id.size()) != id.size()) {
    return std::nullopt;
  }
  return std::string(as_text(id));
}

bool has_right_length(const Packet& request) {
  const std::uint64_t size = request.octets(Member::kInData).size();
  return request.number(Member::kInDataLen).value_or(size) == size;
}

std::optional<crypto::PublicKey> signer_public_key(ByteView octets) {
  if (octets.size() == 2 * kCoordinate + 1 && octets[0] == 0x04) {
    return from_coordinates(octets.subspan(1, kCoordinate), octets.last(kCoordinate));
  }
  if (octets.size() == 2 * kCoordinate) {
    return from_coordinates(octets.first(kCoordinate), octets.last(kCoordinate));
  }
  if (octets.size() == kReferenceSize) {
    return from_coordinates(octets.subspan(4 + kCoordinate, kCoordinate), octets.last(kCoordinate));
  }
  const auto key = crypto::PublicKey::from_spki(octets);
  return key ? std::optional(*key) : std::nullopt;
}

Packet respond(Code code) {
  Packet packet;
  packet.set(Member::kRespValue, static_cast<std::uint64_t>(code));
  return packet;
}

}  // namespace hutong::platform::svs
