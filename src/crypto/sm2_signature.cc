#include <algorithm>

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "crypto/internal/declassify.h"
#include "crypto/internal/sm2_nonce.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/internal/sm2_signing_factor.h"
#include "crypto/internal/sm2_verification.h"
#include "crypto/internal/wipe_object.h"
#include "crypto/sm2.h"
#include "crypto/sm2_nonce_pool.h"

namespace hutong::crypto {
namespace {

using internal::Scalar;

Error malformed(std::string detail) { return {Errc::kMalformed, "sm2.signature", std::move(detail)}; }

/// An integer of a signature, right-aligned in 32 octets; out of [1, n-1] is refused (GB/T 32918.2 7.1 B1,
/// B2).
Result<Sm2Scalar> component(ByteView magnitude) {
  Sm2Scalar out{};
  if (magnitude.size() > out.size()) {
    return malformed("r or s is longer than 32 octets");
  }
  std::ranges::copy(magnitude, out.end() - static_cast<std::ptrdiff_t>(magnitude.size()));
  if (!internal::is_in_order_range(out)) {
    return malformed("r or s is not in [1, n-1]");
  }
  return out;
}

Result<Sm2Signature> read_signature(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader fields, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const ByteView r, fields.read_unsigned());
  HUTONG_TRY(const ByteView s, fields.read_unsigned());
  HUTONG_CHECK(fields.finish());
  Sm2Signature signature;
  HUTONG_TRY(signature.r, component(r));
  HUTONG_TRY(signature.s, component(s));
  return signature;
}

/// One attempt with a nonce (GB/T 32918.2 6.1 A5, A6), s = (1 + d)^-1 * (k - r*d) = (1 + d)^-1 * (k + r) - r;
/// false when the standard asks for another one.
bool sign_with_nonce(const Sm3Digest& e, const internal::Sm2Nonce& nonce, const Scalar& factor,
                     Sm2Signature& out) {
  const Scalar r = Scalar::reduce(e) + Scalar::reduce(nonce.x);
  Scalar k = Scalar::reduce(nonce.k);
  const internal::WipeAtExit wipe_k(k);
  Scalar sum = k + r;
  const internal::WipeAtExit wipe_sum(sum);
  const Scalar s = factor * sum - r;
  if (internal::declassify(r.is_zero() | sum.is_zero() | s.is_zero()) != 0) {
    return false;
  }
  out = {r.octets(), s.octets()};
  return true;
}

/// `draw` gives a new nonce each time.
template <typename Draw>
Sm2Signature sign_with(const Sm3Digest& e, internal::Sm2SigningFactor& signing_factor, ByteView d_octets,
                       Draw draw) {
  Sm2Scalar octets = internal::scalar_octets(d_octets);
  const internal::WipeAtExit wipe_octets(octets);
  Scalar d = Scalar::reduce(octets);
  const internal::WipeAtExit wipe_d(d);
  Scalar factor;
  const internal::WipeAtExit wipe_factor(factor);
  signing_factor.read(d, factor);
  Sm2Signature signature;
  bool done = false;
  while (!done) {
    internal::Sm2Nonce nonce;
    const internal::WipeAtExit wipe_nonce(nonce);
    draw(nonce);
    done = sign_with_nonce(e, nonce, factor, signature);
  }
  return signature;
}

}  // namespace

Result<Sm2Signature> Sm2Signature::from_der(ByteView der) {
  auto signature = read_signature(der);
  if (!signature) {
    return malformed(std::move(signature).error().detail);
  }
  return signature;
}

Result<Sm2Signature> Sm2Signature::from_raw(ByteView raw) {
  if (raw.size() != 64) {
    return malformed("a raw signature is 64 octets");
  }
  Sm2Signature signature;
  HUTONG_TRY(signature.r, component(raw.first(32)));
  HUTONG_TRY(signature.s, component(raw.subspan(32)));
  return signature;
}

Bytes Sm2Signature::to_der() const {
  asn1::Writer out;
  out.sequence([this](asn1::Writer& body) {
    body.unsigned_integer(r);
    body.unsigned_integer(s);
  });
  return std::move(out).take();
}

std::array<std::uint8_t, 64> Sm2Signature::to_raw() const {
  std::array<std::uint8_t, 64> raw;
  std::ranges::copy(r, raw.begin());
  std::ranges::copy(s, raw.begin() + 32);
  return raw;
}

bool Sm2PublicKey::verify_digest(const Sm3Digest& e, const Sm2Signature& signature) const {
  const auto claim = internal::claim_of(e, signature);
  return claim && internal::sm2_kernel().has_x(
                      claim->s, claim->t, internal::coordinates_from(ByteView(octets_).subspan(1)), claim->x);
}

bool Sm2PublicKey::verify(ByteView message, const Sm2Signature& signature, std::string_view id) const {
  return id.size() <= kSm2MostIdSize &&
         verify_digest(internal::message_digest(z(as_bytes(id)), message), signature);
}

Sm2Signature Sm2PrivateKey::sign_digest(const Sm3Digest& e, RandomSource& random) const {
  return sign_with(e, *signing_factor_, d_.expose(),
                   [&random](internal::Sm2Nonce& nonce) { internal::draw_nonce(random, nonce); });
}

Sm2Signature Sm2PrivateKey::sign_digest(const Sm3Digest& e, Sm2NoncePool& pool) const {
  return sign_with(e, *signing_factor_, d_.expose(),
                   [&pool](internal::Sm2Nonce& nonce) { pool.take(nonce); });
}

Sm2Signature Sm2PrivateKey::sign(ByteView message, std::string_view id, RandomSource& random) const {
  return sign_digest(internal::message_digest(public_key_.z(as_bytes(id)), message), random);
}

Sm2Signature Sm2PrivateKey::sign(ByteView message, std::string_view id, Sm2NoncePool& pool) const {
  return sign_digest(internal::message_digest(public_key_.z(as_bytes(id)), message), pool);
}

}  // namespace hutong::crypto
