#include <functional>

#include "crypto/internal/sm2_octets.h"
#include "tests/tools/sm2_suite.h"

namespace hutong::suite {
namespace {

using crypto::Sm2PrivateKey;
using crypto::Sm2Scalar;
using crypto::Sm2Signature;
using crypto::internal::Scalar;

constexpr std::string_view kMessage = "message digest";

Json case_fields(ByteView message, ByteView signature, std::string_view id = crypto::kSm2DefaultId) {
  return {{"id", to_hex(as_bytes(id))}, {"msg", to_hex(message)}, {"sig", to_hex(signature)}};
}

void begin_group(Suite& suite, const Sm2PrivateKey& key) {
  suite.begin_group({{"type", "Sm2Verify"},
                     {"publicKey",
                      {{"type", "EcPublicKey"},
                       {"curve", "sm2p256v1"},
                       {"keySize", 256},
                       {"uncompressed", to_hex(key.public_key().octets())}}},
                     {"sha", "SM3"}});
}

/// Cases about one good signature (r, s) of one message.
class Mutations {
 public:
  explicit Mutations(Suite& suite)
      : suite_(suite), key_(private_key(octets(kStandardKey))), signature_(sign()) {
    begin_group(suite_, key_);
  }
  void add_all() {
    const Bytes good = signature_.to_der();
    suite_.add("valid signature of GB/T 32918.5 A.2", "Valid", true, case_fields(as_bytes(kMessage), good));
    add_ranges();
    add_relatives();
    add_integer_encodings();
    add_wrong_tags();
    add_lengths(good);
    add_structures(good);
    add_bit_flips(good);
    add_messages(good);
    add_wrong_formulas();
  }

 private:
  Sm2Signature sign() const {
    OneNonce nonce(scalar(octets("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21")));
    return key_.sign(as_bytes(kMessage), crypto::kSm2DefaultId, nonce);
  }
  void refuse(std::string_view comment, std::string_view flag, ByteView signature) {
    suite_.add(comment, flag, false, case_fields(as_bytes(kMessage), signature));
  }
  Bytes r() const { return integer(signature_.r); }
  Bytes s() const { return integer(signature_.s); }

  void add_ranges() {
    const Bytes n = octets(kOrder);
    const std::vector<std::pair<std::string, Bytes>> edges = {{"0", {0}},
                                                              {"1", {1}},
                                                              {"n-1", to_bytes(order_minus(1))},
                                                              {"n", n},
                                                              {"n+1", sum_of(n, small(1))},
                                                              {"p", octets(kPrime)},
                                                              {"2^256-1", Bytes(32, 0xFF)},
                                                              {"2^256", join({Bytes{1}, Bytes(32)})}};
    for (const auto& [r_name, r_value] : edges) {
      for (const auto& [s_name, s_value] : edges) {
        refuse("r = " + r_name + ", s = " + s_name, "Range", sequence({integer(r_value), integer(s_value)}));
      }
      refuse("good r, s = " + r_name, "Range", sequence({r(), integer(r_value)}));
      refuse("r = " + r_name + ", good s", "Range", sequence({integer(r_value), s()}));
    }
  }

  void add_relatives() {
    const Bytes n = octets(kOrder);
    const Sm2Scalar minus_r = (Scalar{} - Scalar::reduce(signature_.r)).octets();
    const Sm2Scalar minus_s = (Scalar{} - Scalar::reduce(signature_.s)).octets();
    refuse("s + n", "Range", sequence({r(), integer(sum_of(signature_.s, n))}));
    refuse("r + n", "Range", sequence({integer(sum_of(signature_.r, n)), s()}));
    refuse("s + 2^256", "Range", sequence({r(), integer(join({Bytes{1}, signature_.s}))}));
    refuse("r + 2^256", "Range", sequence({integer(join({Bytes{1}, signature_.r})), s()}));
    refuse("n - s in place of s", "Relative", sequence({r(), integer(minus_s)}));
    refuse("n - r in place of r", "Relative", sequence({integer(minus_r), s()}));
    refuse("n - r and n - s", "Relative", sequence({integer(minus_r), integer(minus_s)}));
    refuse("r and s swapped", "Relative", sequence({s(), r()}));
    refuse("r in both places", "Relative", sequence({r(), r()}));
    refuse("s in both places", "Relative", sequence({s(), s()}));
    refuse("r + s = n with the good r", "ZeroSum", sequence({r(), integer(minus_r)}));
    refuse("r + s = n with the good s", "ZeroSum", sequence({integer(minus_s), s()}));
    refuse("r + s = n with r = 1", "ZeroSum", sequence({integer(small(1)), integer(order_minus(1))}));
    const Bytes padded_r = join({Bytes{0}, signature_.r});
    const Bytes padded_s = join({Bytes{0}, signature_.s});
    refuse("-r in place of r", "Negative", sequence({der(0x02, negated(padded_r)), s()}));
    refuse("-s in place of s", "Negative", sequence({r(), der(0x02, negated(padded_s))}));
    refuse("r - n in place of r", "Negative", sequence({der(0x02, negated(to_bytes(minus_r))), s()}));
    refuse("s = -1", "Negative", sequence({r(), der(0x02, Bytes{0xFF})}));
    refuse("r = -1", "Negative", sequence({der(0x02, Bytes{0xFF}), s()}));
  }

  void add_integer_encodings() {
    refuse("r without its sign octet", "Negative", sequence({der(0x02, signature_.r), s()}));
    refuse("s without its sign octet", "Negative", sequence({r(), der(0x02, signature_.s)}));
    refuse("both without sign octets", "Negative",
           sequence({der(0x02, signature_.r), der(0x02, signature_.s)}));
    for (const std::size_t zeros : {2U, 3U, 32U}) {
      const std::string name = "padded with " + std::to_string(zeros) + " zero octets";
      refuse("r " + name, "Padded", sequence({der(0x02, join({Bytes(zeros), signature_.r})), s()}));
      refuse("s " + name, "Padded", sequence({r(), der(0x02, join({Bytes(zeros), signature_.s}))}));
    }
    refuse("r with a trailing zero octet", "Padded",
           sequence({der(0x02, join({Bytes{0}, signature_.r, Bytes{0}})), s()}));
    refuse("r without content", "EmptyInteger", sequence({Bytes{0x02, 0x00}, s()}));
    refuse("s without content", "EmptyInteger", sequence({r(), Bytes{0x02, 0x00}}));
  }

  void add_wrong_tags() {
    const Bytes r_content = integer_content(signature_.r);
    const Bytes s_content = integer_content(signature_.s);
    const std::vector<std::pair<std::string, std::uint8_t>> tags = {
        {"BOOLEAN", 0x01}, {"BIT STRING", 0x03}, {"OCTET STRING", 0x04},
        {"NULL", 0x05},    {"ENUMERATED", 0x0A}, {"a constructed INTEGER", 0x22},
        {"[2]", 0x82},     {"SEQUENCE", 0x30}};
    for (const auto& [name, tag] : tags) {
      refuse("r is " + name, "WrongTag", sequence({der(tag, r_content), s()}));
      refuse("s is " + name, "WrongTag", sequence({r(), der(tag, s_content)}));
    }
    for (const auto& [name, tag] :
         std::vector<std::pair<std::string, std::uint8_t>>{{"a SET", 0x31},
                                                           {"a primitive SEQUENCE", 0x10},
                                                           {"[0]", 0xA0},
                                                           {"an OCTET STRING", 0x04},
                                                           {"a BIT STRING", 0x03}}) {
      refuse("the outer element is " + name, "WrongTag", der(tag, join({r(), s()})));
    }
    Bytes high_tag = {0x3F, 0x10, 0x46};
    append(high_tag, join({r(), s()}));
    refuse("the tag SEQUENCE in two octets", "WrongTag", high_tag);
  }

  void add_lengths(const Bytes& good) {
    const ByteView body = ByteView(good).subspan(2);
    const auto size = static_cast<std::uint8_t>(body.size());
    const auto outer = [&](Bytes header) { return join({Bytes{0x30}, header, body}); };
    refuse("length of the SEQUENCE in two octets", "OverlongLength", outer({0x81, size}));
    refuse("length of the SEQUENCE in three octets", "OverlongLength", outer({0x82, 0, size}));
    refuse("length of the SEQUENCE in five octets", "OverlongLength", outer({0x84, 0, 0, 0, size}));
    refuse("length of the SEQUENCE in nine octets", "OverlongLength",
           outer({0x88, 0, 0, 0, 0, 0, 0, 0, size}));
    refuse("length of the SEQUENCE plus 2^32", "OverlongLength", outer({0x85, 1, 0, 0, 0, size}));
    refuse("length octets FF", "OverlongLength", outer({0xFF}));
    refuse("length of 2^32 - 1", "WrongLength", outer({0x84, 0xFF, 0xFF, 0xFF, 0xFF}));
    refuse("length of 2^31 - 1", "WrongLength", outer({0x84, 0x7F, 0xFF, 0xFF, 0xFF}));
    refuse("length of the SEQUENCE one more", "WrongLength", outer({static_cast<std::uint8_t>(size + 1)}));
    refuse("length of the SEQUENCE one less", "WrongLength", outer({static_cast<std::uint8_t>(size - 1)}));
    refuse("length of the SEQUENCE 0", "WrongLength", outer({0}));
    refuse("indefinite length", "IndefiniteLength", join({outer({0x80}), Bytes{0, 0}}));
    refuse("indefinite length without end", "IndefiniteLength", outer({0x80}));
    const Bytes r_content = integer_content(signature_.r);
    const auto r_size = static_cast<std::uint8_t>(r_content.size());
    const auto long_r = [&](Bytes header) { return sequence({join({Bytes{0x02}, header, r_content}), s()}); };
    refuse("length of r in two octets", "OverlongLength", long_r({0x81, r_size}));
    refuse("length of r in three octets", "OverlongLength", long_r({0x82, 0, r_size}));
    refuse("length of r one more", "WrongLength", long_r({static_cast<std::uint8_t>(r_size + 1)}));
    refuse("length of r one less", "WrongLength", long_r({static_cast<std::uint8_t>(r_size - 1)}));
    refuse("length of r is indefinite", "IndefiniteLength", long_r({0x80}));
    const Bytes s_content = integer_content(signature_.s);
    const auto s_size = static_cast<std::uint8_t>(s_content.size());
    const auto long_s = [&](Bytes header) { return sequence({r(), join({Bytes{0x02}, header, s_content})}); };
    refuse("length of s in two octets", "OverlongLength", long_s({0x81, s_size}));
    refuse("length of s one more", "WrongLength", long_s({static_cast<std::uint8_t>(s_size + 1)}));
    refuse("length of s one less", "WrongLength", long_s({static_cast<std::uint8_t>(s_size - 1)}));
    for (const std::size_t kept : {0U, 1U, 2U, 3U, 35U, 36U, 37U, 38U, 71U}) {
      refuse("only the first " + std::to_string(kept) + " octets", "Truncated", ByteView(good).first(kept));
    }
  }

  void add_structures(const Bytes& good) {
    refuse("a zero octet follows", "TrailingData", join({good, Bytes{0}}));
    refuse("NULL follows", "TrailingData", join({good, Bytes{5, 0}}));
    refuse("end-of-contents octets follow", "TrailingData", join({good, Bytes{0, 0}}));
    refuse("the signature twice", "TrailingData", join({good, good}));
    refuse("NULL inside, after s", "TrailingData", sequence({r(), s(), Bytes{5, 0}}));
    refuse("a third INTEGER", "TrailingData", sequence({r(), s(), integer(small(1))}));
    refuse("NULL before r", "Structure", sequence({Bytes{5, 0}, r(), s()}));
    refuse("an octet before the SEQUENCE", "Structure", join({Bytes{0}, good}));
    refuse("s is missing", "Missing", sequence({r()}));
    refuse("r is missing", "Missing", sequence({s()}));
    refuse("an empty SEQUENCE", "Missing", Bytes{0x30, 0});
    refuse("r is NULL", "Missing", sequence({Bytes{5, 0}, s()}));
    refuse("s is NULL", "Missing", sequence({r(), Bytes{5, 0}}));
    refuse("a SEQUENCE in a SEQUENCE", "Structure", sequence({good}));
    refuse("in an OCTET STRING", "Structure", der(0x04, good));
    refuse("in a BIT STRING", "Structure", der(0x03, join({Bytes{0}, good})));
    refuse("each INTEGER in a SEQUENCE", "Structure", sequence({sequence({r()}), sequence({s()})}));
    refuse("r || s without DER", "RawForm", signature_.to_raw());
    refuse("ECCSIGNATUREBLOB of GM/T 0016", "RawForm",
           join({Bytes(32), signature_.r, Bytes(32), signature_.s}));
    refuse("in hexadecimal", "Structure", as_bytes(to_hex(good)));
    refuse("in base64", "Structure", as_bytes(to_base64(good)));
  }

  void add_bit_flips(const Bytes& good) {
    for (std::size_t bit = 0; bit < good.size() * 8; bit += 23) {
      refuse("bit " + std::to_string(bit) + " of the signature flipped", "BitFlip",
             with_flipped_bit(good, bit));
    }
  }

  void add_messages(const Bytes& good) {
    const Bytes message = to_bytes(as_bytes(kMessage));
    const auto refuse_message = [&](std::string_view comment, ByteView changed) {
      suite_.add(comment, "WrongMessage", false, case_fields(changed, good));
    };
    refuse_message("first bit of the message flipped", with_flipped_bit(message, 0));
    refuse_message("last bit of the message flipped", with_flipped_bit(message, message.size() * 8 - 1));
    refuse_message("the message without its last octet", ByteView(message).first(message.size() - 1));
    refuse_message("the message with an octet more", join({message, Bytes{0}}));
    refuse_message("an empty message", {});
    for (const std::string_view id :
         {std::string_view(), std::string_view("123456781234567"), std::string_view("12345678123456781"),
          std::string_view("1234567812345679"), std::string_view("\0", 1),
          std::string_view("TLSv1.3+GM+Cipher+Suite"), std::string_view("1234567812345678\0", 17)}) {
      suite_.add("another identifier: " + (id.empty() ? "none" : to_hex(as_bytes(id))), "WrongId", false,
                 case_fields(as_bytes(kMessage), good, id));
    }
    suite_.add("an identifier that is too long to be counted", "LongId", false,
               case_fields(as_bytes(kMessage), good, std::string(8192, 'A')));
  }

  /// Signatures over the wrong e, or made by formulas of other schemes.
  void add_wrong_formulas() {
    SeededRandom random("wrong formulas");
    const auto signed_e = [&](const crypto::Sm3Digest& e) { return key_.sign_digest(e, random).to_der(); };
    const auto z = key_.public_key().z(as_bytes(crypto::kSm2DefaultId));
    const ByteView message = as_bytes(kMessage);
    refuse("e = SM3(M), without Z", "WithoutZ", signed_e(crypto::sm3(message)));
    refuse("e = SM3(M || Z)", "WithoutZ", signed_e(crypto::sm3(join({message, z}))));
    refuse("e = Z", "WithoutZ", signed_e(z));
    refuse("e = SM3(Z || SM3(M))", "WithoutZ", signed_e(crypto::sm3(join({z, crypto::sm3(message)}))));
    refuse("e = SM3(SM3(Z || M))", "WithoutZ", signed_e(crypto::sm3(crypto::sm3(join({z, message})))));
    refuse("e = SM3(Z || M) with the octets reversed", "WithoutZ", [&] {
      auto e = crypto::sm3(join({z, message}));
      std::ranges::reverse(e);
      return signed_e(e);
    }());
    const Sm2PrivateKey other = Sm2PrivateKey::generate(random);
    refuse("signed with another key", "WrongKey",
           other.sign(message, crypto::kSm2DefaultId, random).to_der());
    refuse("another key, but Z of this one", "WrongKey",
           other.sign_digest(crypto::sm3(join({z, message})), random).to_der());
    add_other_schemes(Scalar::reduce(crypto::sm3(join({z, message}))), random);
  }

  void add_other_schemes(const Scalar& e, SeededRandom& random) {
    const Sm2PrivateKey nonce = Sm2PrivateKey::generate(random);
    const Scalar k = Scalar::reduce(scalar(nonce.expose().expose()));
    const Scalar d = Scalar::reduce(scalar(key_.expose().expose()));
    const Scalar x1 = Scalar::reduce(scalar(ByteView(nonce.public_key().octets()).subspan(1, 32)));
    const Scalar y1 = Scalar::reduce(scalar(ByteView(nonce.public_key().octets()).subspan(33, 32)));
    const auto refuse_pair = [&](std::string_view comment, const Scalar& r_value, const Scalar& s_value) {
      refuse(comment, "WrongFormula", sequence({integer(r_value.octets()), integer(s_value.octets())}));
    };
    const Scalar r_value = e + x1;
    const Scalar inverse = invert(d + crypto::internal::kScalarOne);
    refuse_pair("an ECDSA signature of e", x1, invert(k) * (e + x1 * d));
    refuse_pair("r = x1 without e", x1, inverse * (k - x1 * d));
    refuse_pair("r = e without x1", e, inverse * (k - e * d));
    refuse_pair("r = e + y1", e + y1, inverse * (k - (e + y1) * d));
    refuse_pair("s without the inverse of 1 + d", r_value, k - r_value * d);
    refuse_pair("s with the inverse of d", r_value, invert(d) * (k - r_value * d));
    refuse_pair("s = (1+d)^-1 * (k + r*d)", r_value, inverse * (k + r_value * d));
  }

  Suite& suite_;
  Sm2PrivateKey key_;
  Sm2Signature signature_;
};

/// Signatures that are good and that a careless implementation refuses.
void add_valid_shapes(Suite& suite) {
  const Sm2PrivateKey key = private_key(octets(kStandardKey));
  begin_group(suite, key);
  const ByteView message = as_bytes(kMessage);
  const std::vector<std::pair<std::string, std::function<bool(const Sm2Signature&)>>> shapes = {
      {"r with its highest bit set", [](const auto& x) { return x.r[0] >= 0x80; }},
      {"r with its highest bit clear", [](const auto& x) { return x.r[0] < 0x80; }},
      {"s with its highest bit set", [](const auto& x) { return x.s[0] >= 0x80; }},
      {"s with its highest bit clear", [](const auto& x) { return x.s[0] < 0x80; }},
      {"r with one leading zero octet", [](const auto& x) { return x.r[0] == 0 && x.r[1] < 0x80; }},
      {"s with one leading zero octet", [](const auto& x) { return x.s[0] == 0 && x.s[1] < 0x80; }},
      {"r with a leading zero octet, then the high bit",
       [](const auto& x) { return x.r[0] == 0 && x.r[1] >= 0x80; }},
      {"s with a leading zero octet, then the high bit",
       [](const auto& x) { return x.s[0] == 0 && x.s[1] >= 0x80; }},
      {"r with two leading zero octets", [](const auto& x) { return x.r[0] == 0 && x.r[1] == 0; }},
      {"s with two leading zero octets", [](const auto& x) { return x.s[0] == 0 && x.s[1] == 0; }},
      {"r that begins with FF FF", [](const auto& x) { return x.r[0] == 0xFF && x.r[1] == 0xFF; }},
      {"both at most 31 octets", [](const auto& x) { return x.r[0] == 0 && x.s[0] == 0; }}};
  for (const auto& [name, fits] : shapes) {
    SeededRandom random(name);
    Sm2Signature signature;
    do {
      signature = key.sign(message, crypto::kSm2DefaultId, random);
    } while (!fits(signature));
    suite.add(name, "EdgeCaseSignature", true, case_fields(message, signature.to_der()));
  }
  for (const std::uint8_t i : Bytes{1, 2, 3}) {
    OneNonce low(small(i));
    suite.add("nonce k = " + std::to_string(i), "EdgeCaseNonce", true,
              case_fields(message, key.sign(message, crypto::kSm2DefaultId, low).to_der()));
    OneNonce high(order_minus(i));
    suite.add("nonce k = n-" + std::to_string(i), "EdgeCaseNonce", true,
              case_fields(message, key.sign(message, crypto::kSm2DefaultId, high).to_der()));
  }
}

void add_messages_and_ids(Suite& suite) {
  SeededRandom random("messages and identifiers");
  const Sm2PrivateKey key = Sm2PrivateKey::generate(random);
  begin_group(suite, key);
  for (const std::size_t size : {0U, 1U, 31U, 32U, 33U, 55U, 56U, 63U, 64U, 65U, 1000U}) {
    const Bytes message(size, 0x61);
    suite.add("message of " + std::to_string(size) + " octets", "MessageSize", true,
              case_fields(message, key.sign(message, crypto::kSm2DefaultId, random).to_der()));
  }
  const ByteView message = as_bytes(kMessage);
  for (const std::size_t size : {0U, 1U, 15U, 17U, 31U, 32U, 255U, 256U, 8190U, 8191U}) {
    const std::string id(size, 'i');
    suite.add("identifier of " + std::to_string(size) + " octets", size == 8191 ? "LongId" : "IdSize", true,
              case_fields(message, key.sign(message, id, random).to_der(), id));
  }
  for (const std::string_view id :
       {std::string_view("TLSv1.3+GM+Cipher+Suite"), std::string_view("ALICE123@YAHOO.COM"),
        std::string_view("\0", 1), std::string_view("\xE6\xB1\x9F\xE8\x8B\x8F")}) {
    suite.add("identifier " + to_hex(as_bytes(id)), "IdSize", true,
              case_fields(message, key.sign(message, id, random).to_der(), id));
  }
  suite.add("signed with an empty identifier, checked with the default one", "WrongId", false,
            case_fields(message, key.sign(message, "", random).to_der()));
  suite.add("signed with an identifier of 8191 octets, checked with none", "WrongId", false,
            case_fields(message, key.sign(message, std::string(8191, 'i'), random).to_der(), ""));
}

/// Public keys near the generator, where windows and tables of an implementation meet equal points.
void add_edge_keys(Suite& suite) {
  const std::vector<std::pair<std::string, Sm2Scalar>> keys = {
      {"1", small(1)},         {"2", small(2)},         {"3", small(3)},
      {"n-2", order_minus(2)}, {"n-3", order_minus(3)}, {"2^255", scalar(join({Bytes{0x80}, Bytes(31)}))}};
  for (const auto& [name, d] : keys) {
    const Sm2PrivateKey key = private_key(d);
    begin_group(suite, key);
    SeededRandom random("edge key " + name);
    const Bytes good = key.sign(as_bytes(kMessage), crypto::kSm2DefaultId, random).to_der();
    suite.add("private key " + name, "EdgeCaseKey", true, case_fields(as_bytes(kMessage), good));
    suite.add("private key " + name + ", changed message", "EdgeCaseKey", false,
              case_fields(as_bytes("message digesu"), good));
  }
}

}  // namespace

void add_signature_cases(Suite& suite) {
  Mutations(suite).add_all();
  add_valid_shapes(suite);
  add_messages_and_ids(suite);
  add_edge_keys(suite);
}

}  // namespace hutong::suite
