#include <optional>

#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_point.h"
#include "tests/tools/sm2_suite.h"

namespace hutong::suite {
namespace {

using crypto::Sm2CipherLayout;
using crypto::Sm2PrivateKey;
using crypto::Sm2Scalar;
using crypto::internal::FieldElement;

constexpr std::string_view kText = "encryption standard";

struct Layout {
  std::string_view name;
  Sm2CipherLayout layout;
};
constexpr std::array<Layout, 5> kLayouts = {{{"asn1", Sm2CipherLayout::kAsn1},
                                             {"c1c3c2", Sm2CipherLayout::kC1C3C2},
                                             {"c1c2c3", Sm2CipherLayout::kC1C2C3},
                                             {"c1c3c2-without-04", Sm2CipherLayout::kC1C3C2NoPrefix},
                                             {"c1c2c3-without-04", Sm2CipherLayout::kC1C2C3NoPrefix}}};

FieldElement field(const Sm2Scalar& value) {
  return crypto::internal::to_field(crypto::internal::limbs_from(value));
}
Sm2Scalar octets_of(const FieldElement& value) {
  return crypto::internal::octets_from(crypto::internal::from_field(value));
}
/// The y of the opposite point.
Bytes opposite(ByteView y) { return to_bytes(octets_of(negate(field(scalar(y))))); }

/// The parts of one ciphertext, to be put together wrongly.
struct Parts {
  Bytes x, y, c2, c3;
  Bytes put_together(Sm2CipherLayout layout) const {
    switch (layout) {
      case Sm2CipherLayout::kAsn1:
        return sequence({integer(x), integer(y), der(0x04, c3), der(0x04, c2)});
      case Sm2CipherLayout::kC1C3C2:
        return join({Bytes{4}, x, y, c3, c2});
      case Sm2CipherLayout::kC1C2C3:
        return join({Bytes{4}, x, y, c2, c3});
      case Sm2CipherLayout::kC1C3C2NoPrefix:
        return join({x, y, c3, c2});
      case Sm2CipherLayout::kC1C2C3NoPrefix:
        return join({x, y, c2, c3});
    }
    return {};
  }
};

Parts parts_of(ByteView c1c3c2) {
  return {to_bytes(c1c3c2.subspan(1, 32)), to_bytes(c1c3c2.subspan(33, 32)), to_bytes(c1c3c2.subspan(97)),
          to_bytes(c1c3c2.subspan(65, 32))};
}
Parts encrypt(const Sm2PrivateKey& key, ByteView text, crypto::RandomSource& random) {
  return parts_of(sm2_encrypt(key.public_key(), text, Sm2CipherLayout::kC1C3C2, random).value());
}

void begin_group(Suite& suite, const Sm2PrivateKey& key, std::string_view layout) {
  suite.begin_group({{"type", "Sm2Decrypt"},
                     {"curve", "sm2p256v1"},
                     {"privateKey", to_hex(key.expose().expose())},
                     {"layout", layout}});
}
Json case_fields(ByteView ciphertext, ByteView text = as_bytes(kText)) {
  return {{"ct", to_hex(ciphertext)}, {"msg", to_hex(text)}};
}

void add_changed_parts(Suite& suite, const Parts& good, Sm2CipherLayout layout) {
  const auto refuse = [&](std::string_view comment, std::string_view flag, const Parts& parts) {
    suite.add(comment, flag, false, case_fields(parts.put_together(layout)));
  };
  for (const std::size_t bit : {0U, 100U, 255U}) {
    const std::string name = "bit " + std::to_string(bit) + " of ";
    refuse(name + "x1 flipped", "OffCurve", {with_flipped_bit(good.x, bit), good.y, good.c2, good.c3});
    refuse(name + "y1 flipped", "OffCurve", {good.x, with_flipped_bit(good.y, bit), good.c2, good.c3});
    refuse(name + "C3 flipped", "ModifiedC3", {good.x, good.y, good.c2, with_flipped_bit(good.c3, bit)});
  }
  for (const std::size_t bit : {std::size_t{0}, std::size_t{70}, good.c2.size() * 8 - 1}) {
    refuse("bit " + std::to_string(bit) + " of C2 flipped", "ModifiedC2",
           {good.x, good.y, with_flipped_bit(good.c2, bit), good.c3});
  }
  refuse("C1 = (0, 0)", "OffCurve", {Bytes(32), Bytes(32), good.c2, good.c3});
  refuse("x1 = p", "OffCurve", {octets(kPrime), good.y, good.c2, good.c3});
  refuse("x1 and y1 swapped", "OffCurve", {good.y, good.x, good.c2, good.c3});
  refuse("the opposite of C1", "ModifiedC1", {good.x, opposite(good.y), good.c2, good.c3});
  refuse("C3 of zeros", "ModifiedC3", {good.x, good.y, good.c2, Bytes(32)});
  refuse("C2 without its last octet", "ModifiedC2",
         {good.x, good.y, to_bytes(ByteView(good.c2).first(good.c2.size() - 1)), good.c3});
  refuse("C2 with an octet more", "ModifiedC2", {good.x, good.y, join({good.c2, Bytes{0}}), good.c3});
  refuse("C2 empty", "Structure", {good.x, good.y, {}, good.c3});
  suite.add("nothing", "Structure", false, case_fields({}));
}

void add_der_forms(Suite& suite, const Parts& good) {
  const Bytes x = integer(good.x);
  const Bytes y = integer(good.y);
  const Bytes hash = der(0x04, good.c3);
  const Bytes text = der(0x04, good.c2);
  const Bytes whole = sequence({x, y, hash, text});
  const auto refuse = [&](std::string_view comment, ByteView ciphertext) {
    suite.add(comment, "Structure", false, case_fields(ciphertext));
  };
  refuse("a zero octet follows", join({whole, Bytes{0}}));
  refuse("NULL inside at the end", sequence({x, y, hash, text, Bytes{5, 0}}));
  refuse("x1 of 33 octets", sequence({integer(join({Bytes{1}, good.x})), y, hash, text}));
  refuse("x1 of 34 octets", sequence({integer(join({Bytes{1, 0}, good.x})), y, hash, text}));
  refuse("x1 padded", sequence({der(0x02, join({Bytes{0, 0}, good.x})), y, hash, text}));
  refuse("y1 negative", sequence({x, der(0x02, join({Bytes{0xFF}, good.y})), hash, text}));
  refuse("x1 empty", sequence({Bytes{2, 0}, y, hash, text}));
  refuse("x1 as an OCTET STRING", sequence({der(0x04, good.x), y, hash, text}));
  refuse("C3 as a BIT STRING", sequence({x, y, der(0x03, join({Bytes{0}, good.c3})), text}));
  refuse("C3 of 31 octets", sequence({x, y, der(0x04, ByteView(good.c3).first(31)), text}));
  refuse("C3 of 33 octets", sequence({x, y, der(0x04, join({good.c3, Bytes{0}})), text}));
  refuse("C3 and C2 swapped", sequence({x, y, text, hash}));
  refuse("C2 is missing", sequence({x, y, hash}));
  refuse("C3 is missing", sequence({x, y, text}));
  refuse("y1 is missing", sequence({x, hash, text}));
  refuse("a SET", der(0x31, join({x, y, hash, text})));
  refuse("indefinite length", join({Bytes{0x30, 0x80}, x, y, hash, text, Bytes{0, 0}}));
  refuse(
      "length of C2 in two octets",
      sequence({x, y, hash, join({Bytes{0x04, 0x81, static_cast<std::uint8_t>(good.c2.size())}, good.c2})}));
  refuse("truncated", ByteView(whole).first(whole.size() - 1));
  refuse("raw C1 || C3 || C2", good.put_together(Sm2CipherLayout::kC1C3C2));
}

void add_raw_forms(Suite& suite, const Parts& good, Sm2CipherLayout layout) {
  const Bytes whole = good.put_together(layout);
  for (const std::size_t kept : {std::size_t{1}, std::size_t{64}, std::size_t{65}, std::size_t{96}}) {
    suite.add("only the first " + std::to_string(kept) + " octets", "Structure", false,
              case_fields(ByteView(whole).first(kept)));
  }
  if (layout == Sm2CipherLayout::kC1C3C2 || layout == Sm2CipherLayout::kC1C2C3) {
    for (const std::uint8_t prefix : Bytes{0x00, 0x02, 0x03, 0x05, 0x06, 0x07}) {
      Bytes changed = whole;
      changed[0] = prefix;
      suite.add("prefix " + to_hex(Bytes{prefix}), "Structure", false, case_fields(changed));
    }
  }
}

/// Coordinates and key streams that need many tries to meet.
void add_rare_ciphertexts(Suite& suite, const Sm2PrivateKey& key, Sm2CipherLayout layout) {
  SeededRandom random("rare ciphertexts");
  Parts short_x;
  do {
    short_x = encrypt(key, as_bytes(kText), random);
  } while (short_x.x[0] != 0);
  suite.add("x1 with a leading zero octet", "EdgeCaseCiphertext", true,
            case_fields(short_x.put_together(layout)));
  Parts short_y;
  do {
    short_y = encrypt(key, as_bytes(kText), random);
  } while (short_y.y[0] != 0);
  suite.add("y1 with a leading zero octet", "EdgeCaseCiphertext", true,
            case_fields(short_y.put_together(layout)));
  const Parts one = encrypt(key, Bytes{0xA5}, random);
  suite.add("one octet", "EdgeCaseCiphertext", true, case_fields(one.put_together(layout), Bytes{0xA5}));
  const Bytes long_text(1000, 0x33);
  suite.add("1000 octets", "EdgeCaseCiphertext", true,
            case_fields(encrypt(key, long_text, random).put_together(layout), long_text));
}

/// KDF(x2 || y2) is one octet 00: the standard refuses it although C3 is right.
void add_zero_key_stream(Suite& suite, const Sm2PrivateKey& key, Sm2CipherLayout layout) {
  SeededRandom random("zero key stream");
  const auto d = scalar(key.expose().expose());
  for (;;) {
    const Sm2PrivateKey nonce = Sm2PrivateKey::generate(random);
    const auto c1 = crypto::internal::coordinates_from(ByteView(nonce.public_key().octets()).subspan(1));
    crypto::internal::Sm2Coordinates shared;
    crypto::internal::sm2_kernel().multiply(d, c1, shared);
    if (crypto::sm3(join({shared.x, shared.y, Bytes{0, 0, 0, 1}}))[0] != 0) {
      continue;
    }
    const Bytes text = {0x4D};
    const Parts parts = {to_bytes(c1.x), to_bytes(c1.y), text,
                         to_bytes(crypto::sm3(join({shared.x, text, shared.y})))};
    suite.add("a key stream of zeros", "ZeroKeyStream", false, case_fields(parts.put_together(layout), text));
    return;
  }
}

void add_public_key(Suite& suite, std::string_view comment, std::string_view flag, bool valid, ByteView key) {
  suite.add(comment, flag, valid, {{"publicKey", to_hex(key)}});
}

void add_public_keys(Suite& suite) {
  suite.begin_group({{"type", "Sm2PublicKey"}, {"curve", "sm2p256v1"}});
  const Sm2PrivateKey pair = private_key(octets(kStandardKey));
  const Bytes good = to_bytes(pair.public_key().octets());
  const ByteView x = ByteView(good).subspan(1, 32);
  const ByteView y = ByteView(good).subspan(33);
  const Bytes prime = octets(kPrime);
  const auto refuse = [&](std::string_view comment, std::string_view flag, ByteView key) {
    add_public_key(suite, comment, flag, false, key);
  };
  add_public_key(suite, "a good point", "Valid", true, good);
  add_public_key(suite, "the generator", "Valid", true, private_key(small(1)).public_key().octets());
  add_public_key(suite, "minus twice the generator", "Valid", true,
                 private_key(order_minus(2)).public_key().octets());
  add_public_key(suite, "the opposite point", "Valid", true, join({Bytes{4}, x, opposite(y)}));
  const auto sign = static_cast<std::uint8_t>(y.back() & 1);
  refuse("compressed", "Compressed", join({Bytes{static_cast<std::uint8_t>(2 + sign)}, x}));
  refuse("compressed, the other sign", "Compressed", join({Bytes{static_cast<std::uint8_t>(3 - sign)}, x}));
  refuse("hybrid", "Hybrid", join({Bytes{static_cast<std::uint8_t>(6 + sign)}, x, y}));
  refuse("hybrid, the other sign", "Hybrid", join({Bytes{static_cast<std::uint8_t>(7 - sign)}, x, y}));
  refuse("infinity in one octet", "Infinity", Bytes{0});
  refuse("infinity in 65 octets", "Infinity", Bytes(65));
  refuse("(0, 0)", "OffCurve", join({Bytes{4}, Bytes(64)}));
  for (const std::size_t bit : {8U, 135U, 263U, 264U, 400U, 519U}) {
    refuse("bit " + std::to_string(bit) + " flipped", "OffCurve", with_flipped_bit(good, bit));
  }
  refuse("x and y swapped", "OffCurve", join({Bytes{4}, y, x}));
  refuse("y = 0", "OffCurve", join({Bytes{4}, x, Bytes(32)}));
  refuse("x = p", "NotReduced", join({Bytes{4}, prime, y}));
  refuse("y = p", "NotReduced", join({Bytes{4}, x, prime}));
  refuse("x = 2^256-1", "NotReduced", join({Bytes{4}, Bytes(32, 0xFF), y}));
  refuse("y = 2^256-1", "NotReduced", join({Bytes{4}, x, Bytes(32, 0xFF)}));
  refuse("without 04", "Structure", join({x, y}));
  refuse("prefix 05", "Structure", join({Bytes{5}, x, y}));
  refuse("an octet more", "Structure", join({good, Bytes{0}}));
  refuse("an octet less", "Structure", ByteView(good).first(64));
  refuse("nothing", "Structure", {});
  refuse("in an OCTET STRING", "Structure", der(0x04, good));
  refuse("the generator of P-256", "WrongCurve",
         octets("046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
                "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"));
  refuse("the generator of secp256k1", "WrongCurve",
         octets("0479BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798"
                "483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8"));
  refuse("the generator of the test curve of the draft", "WrongCurve",
         octets("04421DEBD61B62EAB6746434EBC3CC315E32220B3BADD50BDC4C4E6C147FEDD43D"
                "0680512BCBB42C07D47349D2153B70C4E5D7FDFCBFA36EA1A85841B9E46E09A2"));
}

/// y of the point with this x, if there is one: as p = 3 modulo 4, a root is a power with exponent (p + 1)
/// / 4.
std::optional<Sm2Scalar> solve_for_y(const Sm2Scalar& x_octets) {
  constexpr crypto::internal::Limbs kExponent = {0x4000000000000000, 0xFFFFFFFFC0000000, 0xFFFFFFFFFFFFFFFF,
                                                 0x3FFFFFFFBFFFFFFF};
  const FieldElement x = field(x_octets);
  const FieldElement b =
      field(scalar(octets("28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93")));
  const FieldElement y_squared = square(x) * x - (x + x + x) + b;
  FieldElement y = FieldElement::one();
  for (std::size_t bit = 256; bit-- > 0;) {
    y = square(y);
    if ((kExponent[bit / 64] >> bit % 64 & 1) != 0) {
      y = y * y_squared;
    }
  }
  if (square(y) != y_squared) {
    return std::nullopt;
  }
  return octets_of(y);
}

/// A point whose x is small can be written with x + p, which is still below 2^256.
void add_unreduced_point(Suite& suite) {
  for (std::uint8_t i = 0; i < 0xFF; ++i) {
    const Sm2Scalar x = small(i);
    if (const auto y = solve_for_y(x)) {
      add_public_key(suite, "a point with a small x", "Valid", true, join({Bytes{4}, x, *y}));
      add_public_key(suite, "the same with x + p", "NotReduced", false,
                     join({Bytes{4}, sum_of(octets(kPrime), x), *y}));
      return;
    }
  }
}

void add_private_keys(Suite& suite) {
  suite.begin_group({{"type", "Sm2PrivateKey"}, {"curve", "sm2p256v1"}});
  const auto add = [&suite](std::string_view comment, bool valid, ByteView d) {
    suite.add(comment, valid ? "Valid" : "Range", valid, {{"privateKey", to_hex(d)}});
  };
  const Bytes n = octets(kOrder);
  add("d = 1", true, small(1));
  add("d = n-2", true, order_minus(2));
  add("d = 0", false, Bytes(32));
  add("d = n-1, for which 1 + d has no inverse", false, order_minus(1));
  add("d = n", false, n);
  add("d = n+1", false, sum_of(n, small(1)));
  add("d = p", false, octets(kPrime));
  add("d = 2^256-1", false, Bytes(32, 0xFF));
  add("31 octets", false, Bytes(31, 1));
  add("33 octets", false, Bytes(33, 1));
  add("33 octets, the first one zero", false, join({Bytes{0}, octets(kStandardKey)}));
  add("nothing", false, {});
}

}  // namespace

void add_key_cases(Suite& suite) {
  add_public_keys(suite);
  add_unreduced_point(suite);
  add_private_keys(suite);
}

void add_decryption_cases(Suite& suite) {
  const Sm2PrivateKey key = private_key(octets(kStandardKey));
  SeededRandom random("ciphertext");
  const Parts good = encrypt(key, as_bytes(kText), random);
  for (const auto& [name, layout] : kLayouts) {
    begin_group(suite, key, name);
    suite.add("a good ciphertext", "Valid", true, case_fields(good.put_together(layout)));
    add_rare_ciphertexts(suite, key, layout);
    add_changed_parts(suite, good, layout);
    add_zero_key_stream(suite, key, layout);
    if (layout == Sm2CipherLayout::kAsn1) {
      add_der_forms(suite, good);
    } else {
      add_raw_forms(suite, good, layout);
    }
  }
}

}  // namespace hutong::suite
