#include <algorithm>
#include <array>

#include "crypto/constant_time.h"
#include "crypto/internal/declassify.h"
#include "crypto/internal/sm2_ciphertext.h"
#include "crypto/internal/sm2_kdf.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_nonce.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_point.h"
#include "crypto/internal/wipe_object.h"
#include "crypto/sm2.h"
#include "crypto/sm2_prepared.h"

namespace hutong::crypto {
namespace {

using internal::Sm2Coordinates;

/// t = KDF(x2 || y2, size). The standard refuses one that is all zeros (6.1 A5, 7.1 B4); whether it is stays
/// as secret as the stream: of a short one it tells what the first octets are.
struct KeyStream {
  SecretBytes octets;
  std::uint8_t is_usable;  ///< 1, or 0 when all are zero
};

KeyStream key_stream(const Sm2Coordinates& shared, std::size_t size) {
  Sm3 hash;
  hash.update(shared.x);
  hash.update(shared.y);
  KeyStream stream{SecretBytes(size), 0};
  internal::derive_key(hash, stream.octets.writable());
  std::uint32_t any_bit = 0;
  for (const std::uint8_t octet : stream.octets.expose()) {
    any_bit |= octet;
  }
  stream.is_usable = static_cast<std::uint8_t>((any_bit + 0xff) >> 8);
  return stream;
}

void mask(ByteView text, ByteView stream, std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(text[i] ^ stream[i]);
  }
}

/// C3 = SM3(x2 || M || y2).
Sm3Digest check_hash(const Sm2Coordinates& shared, ByteView message) {
  Sm3 hash;
  hash.update(shared.x);
  hash.update(message);
  hash.update(shared.y);
  return hash.finish();
}

/// Whether the message has the hash and the stream is one that the standard allows: one answer, so that the
/// time does not tell which.
bool is_intact(const Sm2Coordinates& shared, const KeyStream& stream, ByteView message, const Sm3Digest& c3) {
  Sm3Digest hash = check_hash(shared, message);
  const internal::WipeAtExit wipe_hash(hash);
  std::array<std::uint8_t, kSm3DigestSize + 1> found{};
  const internal::WipeAtExit wipe_found(found);
  std::array<std::uint8_t, kSm3DigestSize + 1> wanted{};
  std::ranges::copy(hash, found.begin());
  std::ranges::copy(c3, wanted.begin());
  found.back() = stream.is_usable;
  wanted.back() = 1;
  return constant_time_equal(found, wanted);
}

/// One error, whatever was wrong: a difference would help to guess the key.
Error decryption_failed() { return {Errc::kCryptoFail, "sm2.decrypt", "the ciphertext does not decrypt"}; }

/// One attempt with the nonce k (GB/T 32918.4 6.1 A2 to A7), c1 = k*G, shared = k*P; nothing when the
/// standard asks for another one.
std::optional<internal::Sm2Ciphertext> seal(const Sm2Coordinates& c1, const Sm2Coordinates& shared,
                                            ByteView message) {
  const KeyStream stream = key_stream(shared, message.size());
  if (internal::declassify(stream.is_usable == 0)) {
    return std::nullopt;  // the nonce is thrown away
  }
  internal::Sm2Ciphertext ciphertext;
  ciphertext.c1 = c1;
  ciphertext.c2.resize(message.size());
  mask(message, stream.octets.expose(), ciphertext.c2);
  ciphertext.c3 = check_hash(shared, message);
  return ciphertext;
}

/// `multiply_both` gives k*G and k*P.
template <typename MultiplyBoth>
Result<Bytes> encrypt(ByteView message, Sm2CipherLayout layout, RandomSource& random,
                      MultiplyBoth multiply_both) {
  if (message.empty()) {
    return Error{Errc::kPolicy, "sm2.empty_message", "SM2 encrypts messages of one octet or more"};
  }
  std::optional<internal::Sm2Ciphertext> ciphertext;
  while (!ciphertext) {
    Sm2Scalar k;
    internal::make_nonce(random, k);
    const internal::WipeAtExit wipe_k(k);
    Sm2Coordinates c1;
    Sm2Coordinates shared;
    const internal::WipeAtExit wipe_shared(shared);
    multiply_both(k, c1, shared);
    ciphertext = seal(internal::declassify(c1), shared, message);  // c1 is sent
  }
  return internal::write_ciphertext(*ciphertext, layout);
}

}  // namespace

Result<Bytes> sm2_encrypt(const Sm2PublicKey& to, ByteView message, Sm2CipherLayout layout,
                          RandomSource& random) {
  const Sm2Coordinates point = internal::coordinates_from(ByteView(to.octets()).subspan(1));
  return encrypt(message, layout, random,
                 [&point](const Sm2Scalar& k, Sm2Coordinates& c1, Sm2Coordinates& shared) {
                   internal::sm2_kernel().multiply_both(k, point, c1, shared);
                 });
}

Result<Bytes> sm2_encrypt(const Sm2PreparedKey& to, ByteView message, Sm2CipherLayout layout,
                          RandomSource& random) {
  const internal::Sm2PreparedPoint& point = *to.point_;
  return encrypt(message, layout, random,
                 [&point](const Sm2Scalar& k, Sm2Coordinates& c1, Sm2Coordinates& shared) {
                   point.multiply_both(k, c1, shared);
                 });
}

Result<SecretBytes> sm2_decrypt(const Sm2PrivateKey& key, ByteView octets, Sm2CipherLayout layout) {
  HUTONG_TRY(const internal::Sm2Ciphertext ciphertext, internal::read_ciphertext(octets, layout));
  if (!internal::is_on_curve(ciphertext.c1)) {
    return decryption_failed();
  }
  Sm2Scalar d = internal::scalar_octets(key.expose().expose());
  const internal::WipeAtExit wipe_d(d);
  Sm2Coordinates shared;
  const internal::WipeAtExit wipe_shared(shared);
  internal::sm2_kernel().multiply(d, ciphertext.c1, shared);
  const KeyStream stream = key_stream(shared, ciphertext.c2.size());
  SecretBytes message(ciphertext.c2.size());
  mask(ciphertext.c2, stream.octets.expose(), message.writable());
  if (!is_intact(shared, stream, message.expose(), ciphertext.c3)) {
    return decryption_failed();
  }
  return message;
}

}  // namespace hutong::crypto
