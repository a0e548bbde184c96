#include "crypto/internal/sm2_kdf.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/internal/wipe_object.h"
#include "crypto/sm2.h"

namespace hutong::crypto {
namespace {

using internal::Scalar;
using internal::Sm2Coordinates;

Sm2Coordinates coordinates(const Sm2PublicKey& key) {
  return internal::coordinates_from(ByteView(key.octets()).subspan(1));
}

/// 2^127 + (x mod 2^127) (GB/T 32918.3 6.1 A4, w = 127).
Sm2Scalar shortened(const Sm2PublicKey& ephemeral) {
  Sm2Scalar out{};
  const ByteView x = ByteView(ephemeral.octets()).subspan(1, 32);
  std::ranges::copy(x.last(16), out.begin() + 16);
  out[16] |= 0x80;
  return out;
}

/// t = d + xbar * r of the own side.
Sm2Scalar own_factor(const Sm2KeyExchange& exchange) {
  Sm2Scalar d = internal::scalar_octets(exchange.own.expose().expose());
  const internal::WipeAtExit wipe_d(d);
  Sm2Scalar r = internal::scalar_octets(exchange.own_ephemeral.expose().expose());
  const internal::WipeAtExit wipe_r(r);
  Scalar t =
      Scalar::reduce(d) + Scalar::reduce(shortened(exchange.own_ephemeral.public_key())) * Scalar::reduce(r);
  const internal::WipeAtExit wipe_t(t);
  return t.octets();
}

/// V = t * (P + xbar * R); false at infinity, of the inner point as well.
bool shared_point(const Sm2KeyExchange& exchange, Sm2Coordinates& out) {
  const internal::Sm2Kernel& kernel = internal::sm2_kernel();
  Sm2Coordinates peer;
  if (!kernel.multiply_add_public(shortened(exchange.peer_ephemeral), coordinates(exchange.peer_ephemeral),
                                  coordinates(exchange.peer), peer)) {
    return false;
  }
  Sm2Scalar t = own_factor(exchange);
  const internal::WipeAtExit wipe_t(t);
  return kernel.multiply(t, peer, out);
}

/// What both sides hash, ordered by role, whoever computes it.
struct Transcript {
  Sm3Digest z_initiator;
  Sm3Digest z_responder;
  const Sm2PublicKey& r_initiator;
  const Sm2PublicKey& r_responder;
};

Transcript transcript_of(const Sm2KeyExchange& exchange) {
  const Sm3Digest own_z = exchange.own.public_key().z(as_bytes(exchange.own_id));
  const Sm3Digest peer_z = exchange.peer.z(as_bytes(exchange.peer_id));
  const Sm2PublicKey& own_r = exchange.own_ephemeral.public_key();
  if (exchange.role == Sm2KeyExchange::Role::kInitiator) {
    return {own_z, peer_z, own_r, exchange.peer_ephemeral};
  }
  return {peer_z, own_z, exchange.peer_ephemeral, own_r};
}

/// SM3(xV || Z_A || Z_B || R_A || R_B), the inner hash of both confirmations.
Sm3Digest inner_hash(const Sm2Coordinates& v, const Transcript& transcript) {
  Sm3 hash;
  hash.update(v.x);
  hash.update(transcript.z_initiator);
  hash.update(transcript.z_responder);
  hash.update(ByteView(transcript.r_initiator.octets()).subspan(1));
  hash.update(ByteView(transcript.r_responder.octets()).subspan(1));
  return hash.finish();
}

Sm3Digest confirmation(std::uint8_t prefix, const Sm2Coordinates& v, const Sm3Digest& inner) {
  Sm3 hash;
  hash.update({&prefix, 1});
  hash.update(v.y);
  hash.update(inner);
  return hash.finish();
}

SecretBytes derive(const Sm2Coordinates& v, const Transcript& transcript, std::size_t size) {
  Sm3 hash;
  hash.update(v.x);
  hash.update(v.y);
  hash.update(transcript.z_initiator);
  hash.update(transcript.z_responder);
  SecretBytes key(size);
  internal::derive_key(hash, key.writable());
  return key;
}

}  // namespace

Result<Sm2SharedKey> sm2_exchange(const Sm2KeyExchange& exchange, std::size_t key_size) {
  constexpr std::uint8_t kFromResponder = 0x02;
  constexpr std::uint8_t kFromInitiator = 0x03;
  Sm2Coordinates v;
  const internal::WipeAtExit wipe_v(v);
  if (!shared_point(exchange, v)) {
    return Error{Errc::kCryptoFail, "sm2.key_exchange", "the shared point is infinity"};
  }
  const Transcript transcript = transcript_of(exchange);
  const Sm3Digest inner = inner_hash(v, transcript);
  return Sm2SharedKey{derive(v, transcript, key_size), confirmation(kFromResponder, v, inner),
                      confirmation(kFromInitiator, v, inner)};
}

}  // namespace hutong::crypto
