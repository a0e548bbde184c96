#include <array>

#include "base/encoding.h"
#include "crypto/internal/cpu.h"
#include "crypto/internal/sm2_field.h"
#include "tests/differential/checks.h"
#include "tests/support/openssl_curve.h"

#if defined(__x86_64__)
#include "crypto/internal/sm2_field_adx.h"
#endif

namespace hutong::test {
namespace {

using crypto::internal::Limbs;
using crypto::internal::octets_from;
using crypto::internal::Scalar;

/// What OpenSSL says of a and b modulo one number.
class Modulus {
 public:
  explicit Modulus(const Limbs& modulus)
      : modulus_(peer::number_from(octets_from(modulus))), context_(BN_CTX_new()) {}

  template <typename Operation>
  Limbs apply(Operation operation, const Limbs& a, const Limbs& b) const {
    const peer::BigNumber result(BN_new());
    operation(result.get(), peer::number_from(octets_from(a)).get(), peer::number_from(octets_from(b)).get(),
              modulus_.get(), context_.get());
    return crypto::internal::limbs_from(peer::octets_of(result.get()));
  }

 private:
  peer::BigNumber modulus_;
  peer::BigNumberContext context_;
};

std::string report(std::string_view what, const Limbs& a, const Limbs& b) {
  return std::string(what) + " of " + to_hex(octets_from(a)) + " and " + to_hex(octets_from(b));
}

struct Expected {
  Limbs product, square, sum, difference;
};
Expected expected(const Modulus& modulus, const Limbs& a, const Limbs& b) {
  return {modulus.apply(BN_mod_mul, a, b), modulus.apply(BN_mod_mul, a, a), modulus.apply(BN_mod_add, a, b),
          modulus.apply(BN_mod_sub, a, b)};
}

/// a and b are taken for Montgomery forms, so that edges are edges inside.
template <typename Arithmetic>
std::string check_field(const Limbs& a, const Limbs& b, bool with_inverse) {
  using namespace crypto::internal;
  static const Modulus modulus(kFieldPrime);
  const Element<Arithmetic> x{a};
  const Element<Arithmetic> y{b};
  const Expected of_plain = expected(modulus, from_field(x), from_field(y));
  if (from_field(x * y) != of_plain.product) {
    return report("product", a, b);
  }
  if (from_field(square(x)) != of_plain.square) {
    return report("square", a, a);
  }
  if (from_field(x + y) != of_plain.sum) {
    return report("sum", a, b);
  }
  if (from_field(x - y) != of_plain.difference) {
    return report("difference", a, b);
  }
  if (with_inverse && mask_if_zero(a) == 0 && x * invert(x) != Element<Arithmetic>::one()) {
    return report("inverse", a, a);
  }
  return {};
}

std::string field(Inputs& inputs) {
  using namespace crypto::internal;
  const Limbs a = inputs.below(kFieldPrime);
  const Limbs b = inputs.below(kFieldPrime);
  const bool with_inverse = inputs.random().below(8) == 0;
  std::string difference = check_field<PortableArithmetic>(a, b, with_inverse);
#if defined(__x86_64__)
  if (difference.empty() && cpu_features().bmi2_adx && cpu_features().avx2) {
    difference = check_field<AdxArithmetic>(a, b, with_inverse);
  }
#endif
  return difference;
}

std::string scalar(Inputs& inputs) {
  static const Modulus modulus(crypto::internal::kGroupOrder);
  const Scalar a = inputs.scalar();
  const Scalar b = inputs.scalar();
  const Expected wanted = expected(modulus, a.limbs, b.limbs);
  if ((a * b).limbs != wanted.product || (a * a).limbs != wanted.square) {
    return report("product", a.limbs, b.limbs);
  }
  if ((a + b).limbs != wanted.sum || (a - b).limbs != wanted.difference) {
    return report("sum or difference", a.limbs, b.limbs);
  }
  const Limbs one = a.is_zero() != 0 ? Limbs{} : crypto::internal::kScalarOne.limbs;
  if ((a * invert(a)).limbs != one) {
    return report("inverse", a.limbs, a.limbs);
  }
  return {};
}

}  // namespace

std::span<const Check> arithmetic_checks() {
  static constexpr std::array kChecks = {Check{"field", 300, field}, Check{"scalars", 250, scalar}};
  return kChecks;
}

}  // namespace hutong::test
