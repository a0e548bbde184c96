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

/// t = KDF(x2 || y2, size), or nothing when it is all zeros, which the standard refuses (6.1 A5, 7.1 B4).
std::optional<SecretBytes> key_stream(const Sm2Coordinates& shared, std::size_t size) {
  Sm3 hash;
  hash.update(shared.x);
  hash.update(shared.y);
  SecretBytes stream(size);
  internal::derive_key(hash, stream.writable());
  std::uint8_t any_bit = 0;
  for (const std::uint8_t octet : stream.expose()) {
    any_bit = static_cast<std::uint8_t>(any_bit | octet);
  }
  if (internal::declassify(any_bit == 0)) {
    return std::nullopt;
  }
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

/// One error, whatever was wrong: a difference would help to guess the key.
Error decryption_failed() { return {Errc::kCryptoFail, "sm2.decrypt", "the ciphertext does not decrypt"}; }

/// One attempt with the nonce k (GB/T 32918.4 6.1 A2 to A7), c1 = k*G, shared = k*P; nothing when the
/// standard asks for another one.
std::optional<internal::Sm2Ciphertext> seal(const Sm2Coordinates& c1, const Sm2Coordinates& shared,
                                            ByteView message) {
  const auto stream = key_stream(shared, message.size());
  if (!stream) {
    return std::nullopt;
  }
  internal::Sm2Ciphertext ciphertext;
  ciphertext.c1 = c1;
  ciphertext.c2.resize(message.size());
  mask(message, stream->expose(), ciphertext.c2);
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
  const auto stream = key_stream(shared, ciphertext.c2.size());
  if (!stream) {
    return decryption_failed();
  }
  SecretBytes message(ciphertext.c2.size());
  mask(ciphertext.c2, stream->expose(), message.writable());
  if (!constant_time_equal(check_hash(shared, message.expose()), ciphertext.c3)) {
    return decryption_failed();
  }
  return message;
}

}  // namespace hutong::crypto
