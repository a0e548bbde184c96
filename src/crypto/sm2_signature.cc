#include <algorithm>

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "crypto/internal/declassify.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_nonce.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/internal/sm2_verification.h"
#include "crypto/internal/wipe_object.h"
#include "crypto/sm2.h"

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

/// One attempt with the nonce k (GB/T 32918.2 6.1 A4 to A6); false when the standard asks for another one.
bool sign_with_nonce(const Sm3Digest& e, const Sm2Scalar& k, ByteView inverse, Sm2Signature& out) {
  internal::Sm2Coordinates point;
  const internal::WipeAtExit wipe_point(point);
  internal::sm2_kernel().multiply_base(k, point);
  const Scalar r = Scalar::reduce(e) + Scalar::reduce(point.x);
  Scalar sum = Scalar::reduce(k) + r;
  const internal::WipeAtExit wipe_sum(sum);
  Sm2Scalar inverse_octets = internal::scalar_octets(inverse);
  const internal::WipeAtExit wipe_inverse(inverse_octets);
  const Scalar s = Scalar::reduce(inverse_octets) * sum - r;
  if (internal::declassify(r.is_zero() | sum.is_zero() | s.is_zero()) != 0) {
    return false;
  }
  out = {r.octets(), s.octets()};
  return true;
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
  Sm2Signature signature;
  bool done = false;
  while (!done) {
    Sm2Scalar k = internal::make_nonce(random);
    const internal::WipeAtExit wipe_k(k);
    done = sign_with_nonce(e, k, inverse_.expose(), signature);
  }
  return signature;
}

Sm2Signature Sm2PrivateKey::sign(ByteView message, std::string_view id, RandomSource& random) const {
  return sign_digest(internal::message_digest(public_key_.z(as_bytes(id)), message), random);
}

}  // namespace hutong::crypto
