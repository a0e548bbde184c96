#pragma once

#include <array>
#include <cstddef>

namespace hutong::crypto::internal {

/// The S-box of SM4 (GB/T 32907 6.2) as a circuit: no table, hence no index that depends on a secret. Bit i
/// of many octets stands in plane i, and every step is a Boolean operation on whole planes.
///
/// S(x) = A * inverse(A * x + C) + C over GF(2^8) modulo x^8+x^7+x^6+x^5+x^4+x^2+1, with A the circulant
/// matrix whose first row is D3 and C = D3. The inverse is computed in GF(2^4)[y] modulo y^2+y+9, where
/// GF(2^4) is modulo w^4+w+1; the change of basis is merged with A on both sides.
template <typename Plane>
using Planes = std::array<Plane, 8>;
template <typename Plane>
using HalfPlanes = std::array<Plane, 4>;

template <typename Plane>
inline HalfPlanes<Plane> gf16_multiply(const HalfPlanes<Plane>& a, const HalfPlanes<Plane>& b) {
  const Plane w4 = (a[1] & b[3]) ^ (a[2] & b[2]) ^ (a[3] & b[1]);
  const Plane w5 = (a[2] & b[3]) ^ (a[3] & b[2]);
  const Plane w6 = a[3] & b[3];
  return {(a[0] & b[0]) ^ w4, (a[0] & b[1]) ^ (a[1] & b[0]) ^ w4 ^ w5,
          (a[0] & b[2]) ^ (a[1] & b[1]) ^ (a[2] & b[0]) ^ w5 ^ w6,
          (a[0] & b[3]) ^ (a[1] & b[2]) ^ (a[2] & b[1]) ^ (a[3] & b[0]) ^ w6};
}

/// 1/a as the algebraic normal form of its four bits; 0 for 0.
template <typename Plane>
inline HalfPlanes<Plane> gf16_invert(const HalfPlanes<Plane>& a) {
  const Plane a01 = a[0] & a[1];
  const Plane a02 = a[0] & a[2];
  const Plane a03 = a[0] & a[3];
  const Plane a12 = a[1] & a[2];
  const Plane a13 = a[1] & a[3];
  const Plane a23 = a[2] & a[3];
  const Plane a123 = a12 & a[3];
  const Plane sum = a[1] ^ a[2] ^ a[3];
  return {a[0] ^ sum ^ a02 ^ a12 ^ (a01 & a[2]) ^ a123, a[3] ^ a01 ^ a02 ^ a12 ^ a13 ^ (a01 & a[3]),
          a[2] ^ a[3] ^ a01 ^ a02 ^ a03 ^ (a02 & a[3]), sum ^ a03 ^ a13 ^ a23 ^ a123};
}

/// 9 * high^2 + low^2: the linear part of the norm of high * y + low.
template <typename Plane>
inline HalfPlanes<Plane> gf16_norm_squares(const HalfPlanes<Plane>& high, const HalfPlanes<Plane>& low) {
  return {high[0] ^ low[0] ^ low[2], high[1] ^ high[3] ^ low[2], high[3] ^ low[1] ^ low[3],
          high[0] ^ high[2] ^ low[3]};
}

template <typename Plane>
inline HalfPlanes<Plane> gf16_add(const HalfPlanes<Plane>& a, const HalfPlanes<Plane>& b) {
  return {a[0] ^ b[0], a[1] ^ b[1], a[2] ^ b[2], a[3] ^ b[3]};
}

/// A * x + C, in the basis of GF(2^4)[y]: planes 0 to 3 are the coefficient of 1, 4 to 7 that of y.
template <typename Plane>
inline Planes<Plane> sm4_sbox_enter(const Planes<Plane>& x) {
  const Plane a0 = x[3] ^ x[5];
  const Plane a1 = x[0] ^ x[2];
  const Plane a2 = a0 ^ a1;
  const Plane a3 = x[1] ^ x[4];
  const Plane a4 = x[6] ^ x[7];
  const Plane a5 = a2 ^ a3;
  const Plane a6 = x[6] ^ a1;
  return {x[5] ^ x[1] ^ a4, ~a2, ~(x[1] ^ a0), x[4] ^ x[5], a3 ^ a6, x[2] ^ a4, a5, ~(x[6] ^ a5)};
}

/// A * x + C, from that basis back.
template <typename Plane>
inline Planes<Plane> sm4_sbox_leave(const Planes<Plane>& x) {
  const Plane b0 = x[0] ^ x[6];
  const Plane b2 = x[3] ^ x[2] ^ x[5];
  const Plane b3 = x[4] ^ b0;
  const Plane b4 = x[7] ^ b0;
  const Plane b5 = x[1] ^ x[4];
  return {~(x[1] ^ b2 ^ b4), ~b4, x[6] ^ b5, b3, ~(x[2] ^ x[6]), x[2], ~(b2 ^ b3), ~(x[3] ^ x[0] ^ b5)};
}

template <typename Plane>
inline Planes<Plane> sm4_sbox(const Planes<Plane>& x) {
  const Planes<Plane> y = sm4_sbox_enter(x);
  const HalfPlanes<Plane> low = {y[0], y[1], y[2], y[3]};
  const HalfPlanes<Plane> high = {y[4], y[5], y[6], y[7]};
  const HalfPlanes<Plane> norm = gf16_add(gf16_norm_squares(high, low), gf16_multiply(high, low));
  const HalfPlanes<Plane> norm_inverse = gf16_invert(norm);
  const HalfPlanes<Plane> inverse_high = gf16_multiply(high, norm_inverse);
  const HalfPlanes<Plane> inverse_low = gf16_multiply(gf16_add(high, low), norm_inverse);
  return sm4_sbox_leave<Plane>({inverse_low[0], inverse_low[1], inverse_low[2], inverse_low[3],
                                inverse_high[0], inverse_high[1], inverse_high[2], inverse_high[3]});
}

}  // namespace hutong::crypto::internal
