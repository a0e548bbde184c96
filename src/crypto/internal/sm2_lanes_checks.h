// Tests of one arithmetic of the lanes against the portable field. Included, after `Lanes`, its limits,
// HUTONG_SM2_LANES_TARGET (the attribute of functions that use its instructions) and HUTONG_SM2_LANES_FIXTURE
// (a fixture that skips where they are missing), into the unnamed namespace of one source file per
// arithmetic.

constexpr std::size_t kLanes = Lanes::kLanes;
constexpr std::size_t kLimbs = Lanes::kLimbs;
using Numbers = std::array<Limbs, kLanes>;
using LaneLimbs = std::array<std::array<std::int64_t, kLanes>, kLimbs>;  ///< an element, limb by limb
static_assert(sizeof(LaneLimbs) == sizeof(Lanes::Element));

HUTONG_SM2_LANES_TARGET Lanes::Element element(const LaneLimbs& limbs) {
  Lanes::Element out;
  std::memcpy(&out, limbs.data(), sizeof(out));
  return out;
}
LaneLimbs limbs_of(const Lanes::Element& element) {
  LaneLimbs out;
  std::memcpy(out.data(), &element, sizeof(out));
  return out;
}
HUTONG_SM2_LANES_TARGET LaneLimbs load(const Numbers& numbers) {
  const std::uint64_t* rows[kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    rows[lane] = numbers[lane].data();
  }
  Lanes::Element out;
  Lanes::load(out, rows);
  return limbs_of(out);
}

FieldElement small(std::uint64_t word) { return to_field({word, 0, 0, 0}); }
/// The number in one lane, modulo p.
FieldElement value(const LaneLimbs& limbs, std::size_t lane) {
  const FieldElement radix = small(std::uint64_t{1} << Lanes::kBits);
  FieldElement sum{};
  for (std::size_t i = kLimbs; i-- > 0;) {
    const std::int64_t limb = limbs[i][lane];
    const FieldElement digit = small(static_cast<std::uint64_t>(limb < 0 ? -limb : limb));
    sum = limb < 0 ? sum * radix - digit : sum * radix + digit;
  }
  return sum;
}
FieldElement montgomery_factor() {
  FieldElement out = FieldElement::one();
  for (int i = 0; i < 256 + Lanes::kShift; ++i) {
    out = twice(out);
  }
  return out;
}

struct Operands {
  LaneLimbs a;
  LaneLimbs b;
  LaneLimbs c;
  LaneLimbs d;
};
struct Results {
  LaneLimbs multiply, multiply_minus, multiply_minus_twice, multiply_difference;
  LaneLimbs square, square_minus_twice, square_minus, three_squares_plus;
};

HUTONG_SM2_LANES_TARGET Results compute(const Operands& operands) {
  const Lanes::Element a = element(operands.a);
  const Lanes::Element b = element(operands.b);
  const Lanes::Element c = element(operands.c);
  const Lanes::Element d = element(operands.d);
  Lanes::Element out;
  Results results;
  Lanes::multiply(out, a, b);
  results.multiply = limbs_of(out);
  Lanes::multiply_minus(out, a, b, c);
  results.multiply_minus = limbs_of(out);
  Lanes::multiply_minus_twice(out, a, b, c);
  results.multiply_minus_twice = limbs_of(out);
  Lanes::multiply_difference(out, a, b, c, d);
  results.multiply_difference = limbs_of(out);
  Lanes::square(out, a);
  results.square = limbs_of(out);
  Lanes::square_minus_twice(out, a, c);
  results.square_minus_twice = limbs_of(out);
  Lanes::square_minus(out, a, c, d);
  results.square_minus = limbs_of(out);
  Lanes::three_squares_plus(out, a, c);
  results.three_squares_plus = limbs_of(out);
  return results;
}

/// Plain limbs, and the number that was expected times the Montgomery factor.
void expect_plain(const char* operation, const LaneLimbs& limbs, std::size_t lane,
                  const FieldElement& expected) {
  EXPECT_EQ(value(limbs, lane) * montgomery_factor(), expected) << operation << " in lane " << lane;
  for (std::size_t i = 0; i + 1 < kLimbs; ++i) {
    EXPECT_GE(limbs[i][lane], 0) << operation;
    EXPECT_LT(limbs[i][lane], std::int64_t{1} << Lanes::kBits) << operation;
  }
  EXPECT_GE(limbs[kLimbs - 1][lane], kResultTopLeast) << operation;
  EXPECT_LT(limbs[kLimbs - 1][lane], kResultTopMost) << operation;
}
void check(const Operands& operands) {
  const Results r = compute(operands);
  const FieldElement factor = montgomery_factor();
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const FieldElement a = value(operands.a, lane);
    const FieldElement b = value(operands.b, lane);
    const FieldElement c = value(operands.c, lane);
    const FieldElement d = value(operands.d, lane);
    expect_plain("a*b", r.multiply, lane, a * b);
    expect_plain("a*b - c", r.multiply_minus, lane, a * b - c * factor);
    expect_plain("a*b - 2c", r.multiply_minus_twice, lane, a * b - twice(c) * factor);
    expect_plain("a*b - c*d", r.multiply_difference, lane, a * b - c * d);
    expect_plain("a^2", r.square, lane, square(a));
    expect_plain("a^2 - 2c", r.square_minus_twice, lane, square(a) - twice(c) * factor);
    expect_plain("a^2 - c - 2d", r.square_minus, lane, square(a) - (c + twice(d)) * factor);
    expect_plain("3a^2 + c", r.three_squares_plus, lane, twice(square(a)) + square(a) + c * factor);
  }
}

TEST_F(HUTONG_SM2_LANES_FIXTURE, LoadsWordsAsTheyAre) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 100; ++round) {
    Numbers numbers;
    for (Limbs& number : numbers) {
      number = {random(), random(), random(), random()};
    }
    numbers[0] = {~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}};
    const LaneLimbs limbs = load(numbers);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      EXPECT_EQ(value(limbs, lane), to_field(reduce_once(numbers[lane], 0, kFieldPrime)));
    }
  }
}

TEST_F(HUTONG_SM2_LANES_FIXTURE, MultipliesTheEdgeVectors) {
  test::for_each_edge_vector("multiply", "p", [](const test::Json& vector) {
    const Limbs a = test::limbs_in(vector.at("a"));
    const Limbs b = test::limbs_in(vector.at("b"));
    Numbers left{};
    Numbers right{};
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      left[lane] = lane % 2 == 0 ? a : b;
      right[lane] = lane % 2 == 0 ? b : a;
    }
    check({load(left), load(right), load(right), load(left)});
  });
}

/// Limbs at their limits: every one of them the greatest that is allowed, or zero, as a coin decides.
TEST_F(HUTONG_SM2_LANES_FIXTURE, BearsLimbsAtTheirLimits) {
  std::mt19937_64 random(2);
  constexpr std::int64_t kMost = (std::int64_t{1} << Lanes::kBits) - 1;
  const auto extreme = [&random](int round, std::int64_t scale, bool of_both_signs) {
    LaneLimbs limbs;
    for (std::size_t i = 0; i < kLimbs; ++i) {
      for (std::int64_t& limb : limbs[i]) {
        limb = round == 0 || random() % 4 != 0 ? scale * (i + 1 < kLimbs ? kMost : kTopMost) : 0;
        limb = of_both_signs && kSignedFactors && (round == 1 || (round > 1 && random() % 2 == 0)) ? -limb
                                                                                                   : limb;
      }
    }
    return limbs;
  };
  for (int round = 0; round < 300; ++round) {
    check({extreme(round, 1, false), extreme(round, 1, true), extreme(round, 1, false),
           extreme(round, 1, false)});
  }
}

TEST_F(HUTONG_SM2_LANES_FIXTURE, MultipliesSums) {
  std::mt19937_64 random(3);
  constexpr std::int64_t kFactor = kSignedFactors ? 2 : 1;  // those of the other kind are carried
  constexpr std::int64_t kMost = kFactor * ((std::int64_t{1} << Lanes::kBits) - 1);
  for (int round = 0; round < 300; ++round) {
    Operands operands{};
    for (std::size_t i = 0; i < kLimbs; ++i) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const auto any = [&] {
          const std::int64_t most = i + 1 < kLimbs ? kMost : kSumTopMost;
          return round == 0 ? most
                            : static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most + 1));
        };
        operands.a[i][lane] = any();
        operands.b[i][lane] = any();
      }
    }
    const Results r = compute(operands);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const FieldElement a = value(operands.a, lane);
      expect_plain("a*b", r.multiply, lane, a * value(operands.b, lane));
      expect_plain("a^2", r.square, lane, square(a));
    }
  }
}
