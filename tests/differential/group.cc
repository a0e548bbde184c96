#include <array>
#include <vector>

#include "base/encoding.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_lanes.h"
#include "crypto/sm2.h"
#include "crypto/sm2_nonce_pool.h"
#include "tests/differential/checks.h"
#include "tests/support/openssl_curve.h"
#include "tests/support/openssl_peer.h"

namespace hutong::test {
namespace {

using crypto::internal::Scalar;
using crypto::internal::Sm2Coordinates;
using crypto::internal::Sm2Kernel;
using crypto::internal::Sm2ScalarOctets;

constexpr Sm2ScalarOctets kZero{};
Sm2ScalarOctets one() { return crypto::internal::kScalarOne.octets(); }

bool same(bool finite, const Sm2Coordinates& out, const std::optional<Sm2Coordinates>& wanted) {
  return finite == wanted.has_value() && (!finite || (out.x == wanted->x && out.y == wanted->y));
}

/// Two scalars, a point, and what OpenSSL makes of them.
struct Case {
  Sm2ScalarOctets s, t;
  Sm2Coordinates generator, point;
  std::optional<Sm2Coordinates> s_base, t_point, sum, t_point_and_base;
};

Case draw(Inputs& inputs) {
  static peer::Curve curve;
  static const Sm2Coordinates generator = [] {
    Sm2Coordinates point;
    crypto::internal::kSm2Portable.multiply_base(one(), point);
    return point;
  }();
  Case c{inputs.scalar().octets(), inputs.scalar().octets(), generator, generator, {}, {}, {}, {}};
  if (inputs.random().below(4) != 0) {
    const auto other = curve.combine(kZero, inputs.scalar().octets(), generator);
    c.point = other.value_or(generator);
  }
  c.s_base = curve.combine(c.s, kZero, c.point);
  c.t_point = curve.combine(kZero, c.t, c.point);
  c.sum = curve.combine(c.s, c.t, c.point);
  c.t_point_and_base = curve.combine(one(), c.t, c.point);
  return c;
}

std::string check(const Sm2Kernel& kernel, const Case& c) {
  Sm2Coordinates out;
  Sm2Coordinates base_out;
  if (!same(kernel.multiply_base(c.s, out), out, c.s_base)) {
    return "k*G";
  }
  if (!same(kernel.multiply(c.t, c.point, out), out, c.t_point)) {
    return "k*P";
  }
  if (!same(kernel.multiply_add_public(c.t, c.point, c.generator, out), out, c.t_point_and_base)) {
    return "k*P + Q";
  }
  if (c.s != kZero) {
    kernel.multiply_both(c.s, c.point, base_out, out);
    Sm2Coordinates alone;
    kernel.multiply(c.s, c.point, alone);
    if (!same(true, base_out, c.s_base) || out.x != alone.x || out.y != alone.y) {
      return "k*G and k*P";
    }
    Sm2ScalarOctets x;
    kernel.multiply_base_x({&c.s, 1}, {&x, 1});
    if (x != c.s_base->x) {
      return "x of k*G";
    }
  }
  const Scalar x = c.sum ? Scalar::reduce(c.sum->x) : Scalar{};
  if (kernel.has_x(c.s, c.t, c.point, x.octets()) != c.sum.has_value() ||
      kernel.has_x(c.s, c.t, c.point, (x + crypto::internal::kScalarOne).octets())) {
    return "x of s*G + t*P";
  }
  const auto prepared = kernel.prepare(c.point);
  if (prepared->has_x(c.s, c.t, x.octets()) != c.sum.has_value() ||
      prepared->has_x(c.s, c.t, (x + crypto::internal::kScalarOne).octets())) {
    return "x of s*G + t*P with P prepared";
  }
  return {};
}

std::string group(Inputs& inputs) {
  const Case c = draw(inputs);
  for (const Sm2Kernel* kernel : crypto::internal::sm2_kernels()) {
    if (const std::string wrong = check(*kernel, c); !wrong.empty()) {
      return std::string(kernel->name) + ": " + wrong + ", s " + to_hex(c.s) + ", t " + to_hex(c.t) + ", P " +
             to_hex(c.point.x);
    }
  }
  return {};
}

/// s and t that a signature may have, so neither is zero.
crypto::internal::Sm2LaneInput lane_input(const Case& c) {
  const Scalar x = c.sum ? Scalar::reduce(c.sum->x) : Scalar{};
  return {{c.s, c.t, x.octets()}, c.point};
}

/// As many inputs as there are lanes; in every second lane the x is one too large.
std::string lanes_differ(const crypto::internal::Sm2LanesKernel& kernel, Inputs& inputs) {
  using crypto::internal::Sm2LaneVerdict;
  std::vector<crypto::internal::Sm2LaneInput> claims;
  std::vector<bool> wanted;
  while (claims.size() < kernel.lanes) {
    const Case c = draw(inputs);
    if (c.s == kZero || c.t == kZero) {
      continue;
    }
    claims.push_back(lane_input(c));
    const bool is_changed = claims.size() % 2 == 0;
    if (is_changed) {
      auto& x = claims.back().claim.x;
      x = (Scalar::reduce(x) + crypto::internal::kScalarOne).octets();
    }
    wanted.push_back(c.sum.has_value() && !is_changed);
  }
  std::vector<Sm2LaneVerdict> verdicts(kernel.lanes);
  kernel.has_x(claims.data(), verdicts.data());
  for (std::size_t i = 0; i < kernel.lanes; ++i) {
    const bool is_right = verdicts[i] == Sm2LaneVerdict::kRight;
    if (verdicts[i] != Sm2LaneVerdict::kUndecided && is_right != wanted[i]) {
      return std::string(kernel.name) + ": lane " + std::to_string(i) + ", s " + to_hex(claims[i].claim.s) +
             ", t " + to_hex(claims[i].claim.t) + ", P " + to_hex(claims[i].key.x);
    }
  }
  return {};
}

std::string lanes(Inputs& inputs) {
  for (const auto* kernel : crypto::internal::sm2_lanes_kernels()) {
    if (std::string wrong = lanes_differ(*kernel, inputs); !wrong.empty()) {
      return wrong;
    }
  }
  return {};
}

std::string signature(Inputs& inputs) {
  const Scalar d = inputs.scalar();
  auto made = crypto::Sm2PrivateKey::from_octets(d.octets());
  if (!made) {  // 0 and n - 1
    return (d.is_zero() | (d + crypto::internal::kScalarOne).is_zero()) != 0 ? "" : "a key is refused";
  }
  const crypto::Sm2PrivateKey& key = made.value();
  const auto other = peer::Sm2Key::from_private(key.expose().expose(), key.public_key().octets());
  const Bytes message = inputs.random().bytes(inputs.random().below(100));
  static crypto::Sm2NoncePool pool;
  const Bytes ours = key.sign(message, crypto::kSm2DefaultId, pool).to_der();
  const auto theirs = crypto::Sm2Signature::from_der(other.sign(message, crypto::kSm2DefaultId));
  if (!other.verify(message, ours, crypto::kSm2DefaultId)) {
    return "OpenSSL refuses a signature by " + to_hex(d.octets());
  }
  if (!theirs || !key.public_key().verify(message, theirs.value())) {
    return "a signature of OpenSSL's is refused, key " + to_hex(d.octets());
  }
  return {};
}

}  // namespace

std::span<const Check> group_checks() {
  static constexpr std::array kChecks = {Check{"points", 14, group}, Check{"lanes", 2, lanes},
                                         Check{"signatures", 4, signature}};
  return kChecks;
}

}  // namespace hutong::test
