// The S-box out of AESENCLAST and shuffles as tables of sixteen, for sm4_groups.h. The including file has
// defined, within its unnamed namespace, HUTONG_SM4_TARGET, `Vector` and aes_last_round(Word, Word key).

HUTONG_SM4_TARGET inline Word look_up(const Pattern& table, Word index) {
  return Vector::shuffle(Vector::repeat_block(table.data()), index);
}

/// Reads the table where it lies, every time: registers are for the state.
HUTONG_SM4_TARGET inline Word look_up_fresh(const Pattern& table, Word index) {
  const std::uint8_t* from = table.data();
  asm volatile("" : "+r"(from));
  return Vector::shuffle(Vector::repeat_block(from), index);
}

HUTONG_SM4_TARGET inline Word apply(const AffineMap& map, Word x) {
  const Word four_bits = Vector::repeat_octet(0x0F);
  return look_up(map.lower, x & four_bits) ^ look_up(map.upper, Vector::shift_right<4>(x) & four_bits);
}

HUTONG_SM4_TARGET inline Word to_field(Word x) { return apply(kSm4ToField, x); }
HUTONG_SM4_TARGET inline Word from_field(Word x) { return apply(kSm4FromField, x); }

/// P and Q of sm4_field.h.
struct Images {
  Word p;
  Word q;
};

/// The last round of AES is SubBytes and ShiftRows, whose order the octets are left in.
HUTONG_SM4_TARGET inline Images substitute(Word x) {
  const Word y = aes_last_round(x, Vector::repeat_octet(static_cast<char>(kSm4LeaveZero)));
  const Word four_bits = Vector::repeat_octet(0x0F);
  const Word low = y & four_bits;
  const Word high = Vector::shift_right<4>(y) & four_bits;
  return {look_up_fresh(kSm4P.lower, low) ^ look_up_fresh(kSm4P.upper, high),
          look_up_fresh(kSm4Q.lower, low) ^ look_up_fresh(kSm4Q.upper, high)};
}

/// Where the octets of substitute() belong.
constexpr Pattern kStraight = {0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3};

/// The same for octets that stand alone in their words (sm4_chain.h): ShiftRows leaves the first octets of
/// the columns alone, the others come out as 0 so that four upper bits can be shifted down without a mask.
HUTONG_SM4_TARGET inline Images substitute_spread(Word x) {
  constexpr std::uint32_t kOfZero = 0x63;  // the S-box of AES
  const Word y =
      aes_last_round(x, Vector::repeat_word(kOfZero << 24 | kOfZero << 16 | kOfZero << 8 | kSm4LeaveZero));
  const Word low = y & Vector::repeat_octet(0x0F);
  const Word high = Vector::shift_right<4>(y);
  return {look_up(kSm4P.lower, low) ^ look_up(kSm4P.upper, high),
          look_up(kSm4Q.lower, low) ^ look_up(kSm4Q.upper, high)};
}
