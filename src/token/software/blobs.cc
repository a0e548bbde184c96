#include "token/software/blobs.h"

#include <algorithm>
#include <cstring>

#include "token/software/refusal.h"

namespace hutong::token::software {
namespace {

constexpr std::size_t kFieldSize = 64;
constexpr std::size_t kNumberSize = 32;
constexpr std::size_t kCheckSize = 32;
constexpr ULONG kSm2Bits = 256;
using Field = std::span<const std::uint8_t, kFieldSize>;

bool is_zero(ByteView octets) {
  return std::ranges::all_of(octets, [](std::uint8_t octet) { return octet == 0; });
}

/// The 32 octets of a number in its field.
Result<ByteView> number_in(Field field) {
  if (is_zero(field.first<kNumberSize>())) {
    return ByteView(field.last<kNumberSize>());
  }
  if (is_zero(field.last<kNumberSize>())) {
    return ByteView(field.first<kNumberSize>());
  }
  return refusal(SAR_INDATAERR);
}

void place_number(ByteView number, BYTE (&field)[kFieldSize]) {
  std::memset(field, 0, kNumberSize);
  std::memcpy(field + kNumberSize, number.data(), kNumberSize);
}

}  // namespace

Result<crypto::Sm2PublicKey> public_key_from(const ECCPUBLICKEYBLOB& blob) {
  if (blob.BitLen != kSm2Bits) {
    return refusal(SAR_INDATAERR);
  }
  HUTONG_TRY(const ByteView x, number_in(blob.XCoordinate));
  HUTONG_TRY(const ByteView y, number_in(blob.YCoordinate));
  Bytes octets = {0x04};
  append(octets, x);
  append(octets, y);
  return crypto::Sm2PublicKey::from_octets(octets);
}

Result<crypto::Sm2PrivateKey> private_key_from(const ECCPRIVATEKEYBLOB& blob) {
  if (blob.BitLen != kSm2Bits) {
    return refusal(SAR_INDATAERR);
  }
  HUTONG_TRY(const ByteView d, number_in(blob.PrivateKey));
  return crypto::Sm2PrivateKey::from_octets(d);
}

Result<crypto::Sm2Signature> signature_from(const ECCSIGNATUREBLOB& blob) {
  HUTONG_TRY(const ByteView r, number_in(blob.r));
  HUTONG_TRY(const ByteView s, number_in(blob.s));
  Bytes raw = to_bytes(r);
  append(raw, s);
  return crypto::Sm2Signature::from_raw(raw);
}

Result<Bytes> ciphertext_from(const ECCCIPHERBLOB& blob, std::size_t most) {
  const ULONG size = blob.CipherLen;
  if (size == 0 || size > most) {
    return refusal(SAR_INDATALENERR);
  }
  HUTONG_TRY(const ByteView x, number_in(blob.XCoordinate));
  HUTONG_TRY(const ByteView y, number_in(blob.YCoordinate));
  Bytes ciphertext = to_bytes(x);
  append(ciphertext, y);
  append(ciphertext, blob.HASH);
  const auto* whole = reinterpret_cast<const std::uint8_t*>(&blob);
  append(ciphertext, {whole + offsetof(ECCCIPHERBLOB, Cipher), size});
  return ciphertext;
}

ECCPUBLICKEYBLOB blob_of(const crypto::Sm2PublicKey& key) {
  ECCPUBLICKEYBLOB blob{};
  const ByteView octets = key.octets();
  blob.BitLen = kSm2Bits;
  place_number(octets.subspan(1, kNumberSize), blob.XCoordinate);
  place_number(octets.subspan(1 + kNumberSize, kNumberSize), blob.YCoordinate);
  return blob;
}

ECCSIGNATUREBLOB blob_of(const crypto::Sm2Signature& signature) {
  ECCSIGNATUREBLOB blob{};
  place_number(signature.r, blob.r);
  place_number(signature.s, blob.s);
  return blob;
}

void write_blob(ByteView c1c3c2_without_prefix, ECCCIPHERBLOB* blob) {
  const ByteView c1 = c1c3c2_without_prefix.first(2 * kNumberSize);
  const ByteView c3 = c1c3c2_without_prefix.subspan(c1.size(), kCheckSize);
  const ByteView c2 = c1c3c2_without_prefix.subspan(c1.size() + c3.size());
  place_number(c1.first(kNumberSize), blob->XCoordinate);
  place_number(c1.last(kNumberSize), blob->YCoordinate);
  std::memcpy(blob->HASH, c3.data(), c3.size());
  blob->CipherLen = static_cast<ULONG>(c2.size());
  std::memcpy(reinterpret_cast<std::uint8_t*>(blob) + offsetof(ECCCIPHERBLOB, Cipher), c2.data(), c2.size());
}

}  // namespace hutong::token::software
