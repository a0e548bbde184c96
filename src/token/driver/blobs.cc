#include "token/driver/blobs.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "cms/enveloped_key.h"
#include "crypto/sm2_layout.h"
#include "token/skf.h"

namespace hutong::token {
namespace {

constexpr std::size_t kNumberSize = 32;
constexpr std::size_t kFieldSize = 64;
constexpr std::size_t kHashSize = 32;
constexpr std::uint8_t kUncompressed = 0x04;
constexpr std::uint8_t kSequence = 0x30;

template <typename Structure>
Bytes octets_of(const Structure& structure) {
  return to_bytes({reinterpret_cast<const std::uint8_t*>(&structure), sizeof(structure)});
}

bool all_zero(ByteView octets) {
  return std::ranges::all_of(octets, [](std::uint8_t octet) { return octet == 0; });
}

/// The number in a field of 64 octets: right-aligned, or left-aligned where that is allowed.
Result<ByteView> number_in(ByteView field, const Quirks& quirks) {
  const ByteView left = field.first(kNumberSize);
  const ByteView right = field.last(kNumberSize);
  if (all_zero(left)) {
    return right;
  }
  if (all_zero(right) && quirks.meets(Quirk::kLeftAlignedNumbers)) {
    return left;
  }
  return Error{Errc::kMalformed, "token.structure", "a number is not right-aligned in its field"};
}

void put_number(BYTE* field, ByteView number) {
  std::ranges::copy(number, field + kFieldSize - number.size());
}

/// A DER signature at the start of a blob, and nothing but zeros behind it.
std::optional<crypto::Sm2Signature> der_signature(ByteView blob) {
  if (blob.size() < 2 || blob[0] != kSequence || blob.size() < std::size_t{2} + blob[1]) {
    return std::nullopt;
  }
  const std::size_t size = std::size_t{2} + blob[1];
  auto signature = crypto::Sm2Signature::from_der(blob.first(size));
  return signature && all_zero(blob.subspan(size)) ? std::optional(std::move(signature).value())
                                                   : std::nullopt;
}

}  // namespace

Result<crypto::Sm2PublicKey> read_public_key(ByteView blob, const Quirks& quirks) {
  if (blob.size() == sizeof(RSAPUBLICKEYBLOB)) {
    return Error{Errc::kPolicy, "token.not_sm2", "the container holds an RSA key"};
  }
  if (blob.size() != sizeof(ECCPUBLICKEYBLOB)) {
    return Error{Errc::kMalformed, "token.structure",
                 "a public key of " + std::to_string(blob.size()) + " octets"};
  }
  HUTONG_TRY(const ByteView x,
             number_in(blob.subspan(offsetof(ECCPUBLICKEYBLOB, XCoordinate), kFieldSize), quirks));
  HUTONG_TRY(const ByteView y,
             number_in(blob.subspan(offsetof(ECCPUBLICKEYBLOB, YCoordinate), kFieldSize), quirks));
  Bytes point{kUncompressed};
  append(point, x);
  append(point, y);
  return crypto::Sm2PublicKey::from_octets(point);
}

Bytes write_public_key(const crypto::Sm2PublicKey& key) {
  ECCPUBLICKEYBLOB blob{};
  blob.BitLen = 8 * kNumberSize;
  const ByteView point = ByteView(key.octets()).subspan(1);
  put_number(blob.XCoordinate, point.first(kNumberSize));
  put_number(blob.YCoordinate, point.last(kNumberSize));
  return octets_of(blob);
}

Result<crypto::Sm2Signature> read_signature(ByteView blob, const Quirks& quirks) {
  if (blob.size() != sizeof(ECCSIGNATUREBLOB)) {
    return Error{Errc::kMalformed, "token.structure",
                 "a signature of " + std::to_string(blob.size()) + " octets"};
  }
  if (auto signature = der_signature(blob); signature && quirks.meets(Quirk::kDerSignatures)) {
    return *signature;
  }
  HUTONG_TRY(const ByteView r, number_in(blob.first(kFieldSize), quirks));
  HUTONG_TRY(const ByteView s, number_in(blob.last(kFieldSize), quirks));
  Bytes raw = to_bytes(r);
  append(raw, s);
  return crypto::Sm2Signature::from_raw(raw);
}

Result<Bytes> write_cipher(ByteView sm2_cipher) {
  HUTONG_TRY(const Bytes raw, crypto::sm2_change_layout(sm2_cipher, crypto::Sm2CipherLayout::kAsn1,
                                                        crypto::Sm2CipherLayout::kC1C3C2NoPrefix));
  const ByteView octets(raw);
  const ByteView text = octets.subspan(2 * kNumberSize + kHashSize);
  ECCCIPHERBLOB head{};
  put_number(head.XCoordinate, octets.first(kNumberSize));
  put_number(head.YCoordinate, octets.subspan(kNumberSize, kNumberSize));
  std::ranges::copy(octets.subspan(2 * kNumberSize, kHashSize), head.HASH);
  head.CipherLen = static_cast<ULONG>(text.size());
  Bytes blob = octets_of(head);
  blob.resize(offsetof(ECCCIPHERBLOB, Cipher));
  append(blob, text);
  return blob;
}

Result<Bytes> write_enveloped_key(ByteView enveloped_key) {
  HUTONG_TRY(const cms::EnvelopedKeyParts parts, cms::read_enveloped_key(enveloped_key));
  HUTONG_TRY(const Bytes cipher, write_cipher(parts.cipher));
  const ByteView encrypted(parts.encrypted_private_key);
  if (encrypted.size() < kNumberSize) {
    return Error{Errc::kMalformed, "enveloped_key.structure", "the encrypted private key is too short"};
  }
  ENVELOPEDKEYBLOB head{};
  head.Version = 1;
  head.ulSymmAlgID = SGD_SM4_ECB;
  head.ulBits = 8 * kNumberSize;
  put_number(head.cbEncryptedPriKey,
             encrypted.size() == kFieldSize ? encrypted : encrypted.first(kNumberSize));
  const Bytes public_key = write_public_key(parts.public_key);
  std::memcpy(&head.PubKey, public_key.data(), sizeof(head.PubKey));
  Bytes blob = octets_of(head);
  blob.resize(offsetof(ENVELOPEDKEYBLOB, ECCCipherBlob));
  append(blob, cipher);
  return blob;
}

}  // namespace hutong::token
