#include "sdf/blobs.h"

#include <algorithm>
#include <cstring>

#include "crypto/sm2_layout.h"

namespace hutong::sdf {
namespace {

constexpr std::size_t kNumberSize = 32;
constexpr std::size_t kFieldSize = 64;
constexpr std::size_t kCheckSize = 32;
constexpr std::size_t kRoomBehind = 256;
constexpr unsigned kSm2Bits = 256;
constexpr std::uint8_t kUncompressedPoint = 0x04;
using Field = unsigned char[kFieldSize];

Error malformed() { return {Errc::kMalformed, "sdf.structure", "a structure that the norm does not have"}; }

Status append_number(const Field& field, Bytes& out) {
  if (std::ranges::any_of(ByteView(field, kNumberSize), [](std::uint8_t octet) { return octet != 0; })) {
    return malformed();
  }
  append(out, ByteView(field + kNumberSize, kNumberSize));
  return ok();
}

void place_number(ByteView number, Field& field) { std::ranges::copy(number, field + kNumberSize); }

}  // namespace

Result<crypto::Sm2PublicKey> public_key_from(const ECCrefPublicKey& blob) {
  if (blob.bits != kSm2Bits) {
    return malformed();
  }
  Bytes point{kUncompressedPoint};
  HUTONG_CHECK(append_number(blob.x, point));
  HUTONG_CHECK(append_number(blob.y, point));
  return crypto::Sm2PublicKey::from_octets(point);
}

Result<crypto::Sm2Signature> signature_from(const ECCSignature& blob) {
  Bytes raw;
  HUTONG_CHECK(append_number(blob.r, raw));
  HUTONG_CHECK(append_number(blob.s, raw));
  return crypto::Sm2Signature::from_raw(raw);
}

Result<Bytes> ciphertext_from(const ECCCipher& blob, std::size_t most) {
  if (blob.L == 0 || blob.L > most) {
    return malformed();
  }
  Bytes raw;
  HUTONG_CHECK(append_number(blob.x, raw));
  HUTONG_CHECK(append_number(blob.y, raw));
  append(raw, blob.M);
  append(raw, ByteView(reinterpret_cast<const std::uint8_t*>(&blob) + offsetof(ECCCipher, C), blob.L));
  return crypto::sm2_change_layout(raw, crypto::Sm2CipherLayout::kC1C3C2NoPrefix,
                                   crypto::Sm2CipherLayout::kAsn1);
}

ECCrefPublicKey blob_of(const crypto::Sm2PublicKey& key) {
  ECCrefPublicKey blob{};
  const ByteView point = key.octets();
  blob.bits = kSm2Bits;
  place_number(point.subspan(1, kNumberSize), blob.x);
  place_number(point.last(kNumberSize), blob.y);
  return blob;
}

ECCSignature blob_of(const crypto::Sm2Signature& signature) {
  ECCSignature blob{};
  place_number(signature.r, blob.r);
  place_number(signature.s, blob.s);
  return blob;
}

Result<Bytes> cipher_blob(ByteView sm2_cipher) {
  HUTONG_TRY(const Bytes raw, crypto::sm2_change_layout(sm2_cipher, crypto::Sm2CipherLayout::kAsn1,
                                                        crypto::Sm2CipherLayout::kC1C3C2NoPrefix));
  const ByteView octets(raw);
  const ByteView text = octets.subspan(2 * kNumberSize + kCheckSize);
  ECCCipher head{};
  place_number(octets.first(kNumberSize), head.x);
  place_number(octets.subspan(kNumberSize, kNumberSize), head.y);
  std::ranges::copy(octets.subspan(2 * kNumberSize, kCheckSize), head.M);
  head.L = static_cast<unsigned>(text.size());
  Bytes blob(offsetof(ECCCipher, C) + text.size() + kRoomBehind);
  std::memcpy(blob.data(), &head, offsetof(ECCCipher, C));
  std::ranges::copy(text, blob.begin() + offsetof(ECCCipher, C));
  return blob;
}

}  // namespace hutong::sdf
