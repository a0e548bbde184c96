// Points of sm2p256v1 in the lanes of vector registers and verification with them. Included, after `Lanes`
// (an arithmetic such as LanesAvx2) and HUTONG_SM2_LANES_TARGET (the attribute of functions that use its
// instructions), into the unnamed namespace of one source file per arithmetic.
//
// No lane branches: all add in every window, for no digit is zero. The formulas are incomplete: where an
// addition meets equal or opposite points, h = 0 and Z becomes 0, and it stays 0 in whatever follows. So Z of
// the result tells, for each lane, whether all additions were good.

using Element = Lanes::Element;

struct LanesAffine {
  Element x;
  Element y;
};
/// Jacobian coordinates on y^2 = x^3 + a*x + b, with t = a * Z^4: a is a lane's own.
struct LanesModified {
  Element x;
  Element y;
  Element z;
  Element t;
};
/// As ExtendedPoint.
struct LanesExtended {
  Element x;
  Element y;
  Element zz;
  Element zzz;
};

constexpr std::size_t kKeyBits = 5;
constexpr std::size_t kKeyPoints = std::size_t{1} << (kKeyBits - 1);
using KeyDigits = LaneDigits<kKeyBits, Lanes::kLanes>;
using BaseDigits = LaneDigits<kSm2LanesBaseBits, Lanes::kLanes>;

/// Four multiplications and four squarings. Without kKeepT, which saves one, t is left wrong.
template <bool kKeepT>
HUTONG_SM2_LANES_TARGET inline void twice(LanesModified& p) {
  Element m;
  Element yy;
  Element s;
  Element u;
  Lanes::square(yy, p.y);
  Lanes::three_squares_plus(m, p.x, p.t);
  Lanes::twice(yy, yy);
  Lanes::twice(p.x, p.x);
  Lanes::multiply(s, p.x, yy);  // 4 * X * Y^2
  Lanes::square(u, yy);         // 4 * Y^4
  Lanes::twice(p.y, p.y);
  Lanes::multiply(p.z, p.y, p.z);
  Lanes::square_minus_twice(p.x, m, s);
  Lanes::subtract(s, s, p.x);
  Lanes::multiply_minus_twice(p.y, m, s, u);
  if constexpr (kKeepT) {
    Lanes::twice(u, u);
    Lanes::twice(p.t, p.t);
    Lanes::multiply(p.t, u, p.t);
  }
}

/// p + q, t left wrong; eight multiplications and three squarings.
HUTONG_SM2_LANES_TARGET inline void add(LanesModified& p, const LanesAffine& q) {
  Element zz;
  Element zzz;
  Element h;
  Element r;
  Lanes::square(zz, p.z);
  Lanes::multiply(zzz, zz, p.z);
  Lanes::multiply_minus(h, q.x, zz, p.x);
  Lanes::multiply_minus(r, q.y, zzz, p.y);
  Lanes::multiply(p.z, p.z, h);
  Element& hh = zz;
  Element& hhh = zzz;
  Lanes::square(hh, h);
  Lanes::multiply(hhh, hh, h);
  Lanes::multiply(h, p.x, hh);
  Lanes::square_minus(p.x, r, hhh, h);
  Lanes::subtract(h, h, p.x);
  Lanes::multiply_difference(p.y, r, h, p.y, hhh);
}
/// p + q; eight multiplications and two squarings.
HUTONG_SM2_LANES_TARGET inline void add(LanesExtended& p, const LanesAffine& q) {
  Element h;
  Element r;
  Element hh;
  Element hhh;
  Lanes::multiply_minus(h, q.x, p.zz, p.x);
  Lanes::multiply_minus(r, q.y, p.zzz, p.y);
  Lanes::square(hh, h);
  Lanes::multiply(hhh, hh, h);
  Lanes::multiply(h, p.x, hh);
  Lanes::multiply(p.zz, p.zz, hh);
  Lanes::multiply(p.zzz, p.zzz, hhh);
  Lanes::square_minus(p.x, r, hhh, h);
  Lanes::subtract(h, h, p.x);
  Lanes::multiply_difference(p.y, r, h, p.y, hhh);
}

/// The odd multiples P, 3P, 5P ... of each lane's point, over one denominator `z`: taken for affine points
/// they are on the curve with a = -3 * z^4.
class KeyMultiples {
 public:
  HUTONG_SM2_LANES_TARGET explicit KeyMultiples(const LanesAffine& point) {
    Element ratios[kKeyPoints];  // of the denominator of a multiple to that of the one before
    LanesAffine step;
    double_first(point, step, ratios[0]);
    for (std::size_t i = 1; i < kKeyPoints; ++i) {
      add_step(multiples_[i - 1], step, multiples_[i], ratios[i]);
    }
    Lanes::copy(z_, ratios[kKeyPoints - 1]);
    for (std::size_t i = kKeyPoints - 1; i-- > 0;) {
      rescale(multiples_[i], z_);
      Lanes::multiply(z_, z_, ratios[i]);
    }
  }
  const Element& z() const { return z_; }

  /// Half the digit, rounded down, tells the multiple.
  HUTONG_SM2_LANES_TARGET void read(LanesAffine& out, const KeyDigits& digits, std::size_t window) const {
    const Element* x[Lanes::kLanes];
    const Element* y[Lanes::kLanes];
    for (std::size_t lane = 0; lane < Lanes::kLanes; ++lane) {
      const LanesAffine& point = multiples_[digits.index[window][lane]];
      x[lane] = &point.x;
      y[lane] = &point.y;
    }
    Lanes::gather(out.x, x);
    Lanes::gather(out.y, y);
    Lanes::negate_where(digits.negative[window], out.y);
  }

 private:
  /// P and 2P over the denominator 2 * y.
  HUTONG_SM2_LANES_TARGET void double_first(const LanesAffine& point, LanesAffine& twofold, Element& z) {
    LanesAffine& first = multiples_[0];
    Element zz;
    Lanes::twice(z, point.y);
    Lanes::square(zz, z);
    Lanes::multiply(first.x, point.x, zz);
    Lanes::multiply(zz, zz, z);
    Lanes::multiply(first.y, point.y, zz);
    Element a;
    Element m;
    Lanes::set(a, Lanes::kMinusThree);
    Lanes::three_squares_plus(m, point.x, a);
    Lanes::square_minus_twice(twofold.x, m, first.x);
    Lanes::subtract(a, first.x, twofold.x);
    Lanes::multiply_minus(twofold.y, m, a, first.y);
  }
  /// sum = p + step, and step over the denominator of the sum (Meloni 2007); five multiplications, two
  /// squarings.
  HUTONG_SM2_LANES_TARGET static void add_step(const LanesAffine& p, LanesAffine& step, LanesAffine& sum,
                                               Element& ratio) {
    Element square;
    Element w;
    Element y;
    Lanes::subtract(ratio, step.x, p.x);
    Lanes::square(square, ratio);
    Lanes::multiply(step.x, step.x, square);
    Lanes::multiply(w, p.x, square);
    Lanes::subtract(y, step.y, p.y);
    Lanes::subtract(square, step.x, w);
    Lanes::multiply(step.y, step.y, square);
    Lanes::subtract(w, w, step.x);
    Lanes::square_minus(sum.x, y, w, step.x);
    Lanes::subtract(square, step.x, sum.x);
    Lanes::multiply_minus(sum.y, y, square, step.y);
  }
  HUTONG_SM2_LANES_TARGET static void rescale(LanesAffine& p, const Element& ratio) {
    Element power;
    Lanes::square(power, ratio);
    Lanes::multiply(p.x, p.x, power);
    Lanes::multiply(power, power, ratio);
    Lanes::multiply(p.y, p.y, power);
  }

  LanesAffine multiples_[kKeyPoints];
  Element z_;
};

/// t*P on the curve of the multiples.
HUTONG_SM2_LANES_TARGET inline void multiply_key(LanesModified& sum, const KeyMultiples& multiples,
                                                 const KeyDigits& digits) {
  Element a;
  Element power;
  LanesAffine addend;
  Lanes::square(power, multiples.z());
  Lanes::square(power, power);
  Lanes::set(a, Lanes::kMinusThree);
  Lanes::multiply(a, a, power);
  std::size_t window = KeyDigits::kCount - 1;
  multiples.read(addend, digits, window);
  Lanes::copy(sum.x, addend.x);
  Lanes::copy(sum.y, addend.y);
  Lanes::set(sum.z, Lanes::kOne);
  Lanes::copy(sum.t, a);
  while (window-- > 0) {
    for (std::size_t i = 1; i < kKeyBits; ++i) {
      twice<true>(sum);
    }
    twice<false>(sum);
    multiples.read(addend, digits, window);
    add(sum, addend);
    Lanes::square(power, sum.z);
    Lanes::square(power, power);
    Lanes::multiply(sum.t, a, power);
  }
}

/// The same point on the curve with a = -3; `z` is the denominator of the multiples.
HUTONG_SM2_LANES_TARGET inline void leave_curve_of_multiples(LanesExtended& out, const LanesModified& p,
                                                             const Element& z) {
  Element product;
  Lanes::copy(out.x, p.x);
  Lanes::copy(out.y, p.y);
  Lanes::multiply(product, p.z, z);
  Lanes::square(out.zz, product);
  Lanes::multiply(out.zzz, out.zz, product);
}

HUTONG_SM2_LANES_TARGET inline void add_base(LanesExtended& sum, const BaseDigits& digits) {
  static const std::vector<Sm2LanesBasePoint> table = make_sm2_lanes_base_table(Lanes::kShift);
  constexpr std::size_t kPoints = std::size_t{1} << (kSm2LanesBaseBits - 1);
  for (std::size_t window = 0; window < BaseDigits::kCount; ++window) {
    const std::uint64_t* x[Lanes::kLanes];
    const std::uint64_t* y[Lanes::kLanes];
    for (std::size_t lane = 0; lane < Lanes::kLanes; ++lane) {
      const Sm2LanesBasePoint& point = table[window * kPoints + digits.index[window][lane]];
      x[lane] = point.x.data();
      y[lane] = point.y.data();
    }
    LanesAffine addend;
    Lanes::load(addend.x, x);
    Lanes::load(addend.y, y);
    Lanes::negate_where(digits.negative[window], addend.y);
    add(sum, addend);
  }
}

/// One number of each lane, times the Montgomery factor.
HUTONG_SM2_LANES_TARGET inline void to_lanes(Element& out, const Limbs (&numbers)[Lanes::kLanes]) {
  const std::uint64_t* rows[Lanes::kLanes];
  for (std::size_t lane = 0; lane < Lanes::kLanes; ++lane) {
    rows[lane] = numbers[lane].data();
  }
  Element factor;
  Lanes::load(out, rows);
  Lanes::set(factor, Lanes::kToMontgomery);
  Lanes::multiply(out, out, factor);
}

/// The lanes, as bits, where a number is zero modulo p.
HUTONG_SM2_LANES_TARGET inline unsigned zero_lanes(const Element& number) {
  Element one;
  Element reduced;
  Lanes::set(one, {1, 0, 0, 0});
  Lanes::multiply(reduced, number, one);
  return Lanes::zero_lanes(reduced);
}

struct LanesNumbers {
  Limbs x[Lanes::kLanes];
  Limbs key_x[Lanes::kLanes];
  Limbs key_y[Lanes::kLanes];
  KeyDigits t;
  BaseDigits s;
};

HUTONG_SM2_LANES_TARGET inline void compute_sum(LanesExtended& sum, const LanesNumbers& numbers) {
  LanesAffine key;
  to_lanes(key.x, numbers.key_x);
  to_lanes(key.y, numbers.key_y);
  const KeyMultiples multiples(key);
  LanesModified product;
  multiply_key(product, multiples, numbers.t);
  leave_curve_of_multiples(sum, product, multiples.z());
  add_base(sum, numbers.s);
}

HUTONG_SM2_LANES_TARGET void has_x(const Sm2LaneInput* inputs, Sm2LaneVerdict* verdicts) {
  LanesNumbers numbers;
  for (std::size_t lane = 0; lane < Lanes::kLanes; ++lane) {
    const Sm2LaneInput& input = inputs[lane];
    numbers.x[lane] = limbs_from(input.claim.x);
    numbers.key_x[lane] = limbs_from(input.key.x);
    numbers.key_y[lane] = limbs_from(input.key.y);
    numbers.t.set(lane, limbs_from(input.claim.t));
    numbers.s.set(lane, limbs_from(input.claim.s));
  }
  LanesExtended sum;
  compute_sum(sum, numbers);
  Element difference;
  to_lanes(difference, numbers.x);
  Lanes::multiply_minus(difference, difference, sum.zz, sum.x);
  const unsigned right = zero_lanes(difference);
  const unsigned undecided = zero_lanes(sum.zz);
  for (std::size_t lane = 0; lane < Lanes::kLanes; ++lane) {
    verdicts[lane] = (undecided >> lane & 1) != 0 ? Sm2LaneVerdict::kUndecided
                     : (right >> lane & 1) != 0   ? Sm2LaneVerdict::kRight
                                                  : Sm2LaneVerdict::kWrong;
  }
}
