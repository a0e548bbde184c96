#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/encoding.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/sm2.h"

namespace hutong::suite {

using Json = nlohmann::ordered_json;

/// The suite while it is made: groups of cases, numbered through.
class Suite {
 public:
  /// Starts a group; its fields (type, keys ...) come first, "tests" is added by add().
  void begin_group(Json fields) {
    groups_.push_back(std::move(fields));
    groups_.back()["tests"] = Json::array();
  }
  /// One case; `fields` holds what its kind of group needs (sig, msg, id, publicKey, ct ...).
  void add(std::string_view comment, std::string_view flag, bool valid, const Json& fields) {
    Json test = {{"tcId", ++count_}, {"comment", comment}, {"flags", Json::array({flag})}};
    test.update(fields);
    test["result"] = valid ? "valid" : "invalid";
    groups_.back()["tests"].push_back(std::move(test));
  }
  const Json& groups() const { return groups_; }
  int count() const { return count_; }

 private:
  Json groups_ = Json::array();
  int count_ = 0;
};

/// A reproducible stream of nonces: SM3(label || counter).
class SeededRandom final : public crypto::RandomSource {
 public:
  explicit SeededRandom(std::string label) : label_(std::move(label)) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) {
      if (at_ == block_.size()) {
        block_ = crypto::sm3(as_bytes(label_ + std::to_string(counter_++)));
        at_ = 0;
      }
      octet = block_[at_++];
    }
  }

 private:
  std::string label_;
  crypto::Sm3Digest block_{};
  std::size_t at_ = block_.size();
  std::uint64_t counter_ = 0;
};

/// One ready nonce.
class OneNonce final : public crypto::RandomSource {
 public:
  explicit OneNonce(const crypto::Sm2Scalar& k) : k_(k) {}
  void fill(std::span<std::uint8_t> out) override { std::copy_n(k_.begin(), out.size(), out.begin()); }

 private:
  crypto::Sm2Scalar k_;
};

inline Bytes octets(std::string_view hex) { return from_hex(hex).value(); }
inline crypto::Sm2Scalar scalar(ByteView octets) {
  crypto::Sm2Scalar out{};
  std::copy(octets.begin(), octets.end(), out.end() - static_cast<std::ptrdiff_t>(octets.size()));
  return out;
}
inline crypto::Sm2PrivateKey private_key(ByteView d) {
  return std::move(crypto::Sm2PrivateKey::from_octets(d)).value();
}
inline Bytes der(std::uint8_t tag, ByteView content) {
  Bytes out = {tag};
  if (content.size() >= 0x100) {
    append(out, Bytes{0x82, static_cast<std::uint8_t>(content.size() >> 8)});
  } else if (content.size() >= 0x80) {
    out.push_back(0x81);
  }
  out.push_back(static_cast<std::uint8_t>(content.size()));
  append(out, content);
  return out;
}
inline Bytes join(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const ByteView part : parts) {
    append(out, part);
  }
  return out;
}
/// The content of a non-negative INTEGER in its shortest form.
inline Bytes integer_content(ByteView magnitude) {
  while (magnitude.size() > 1 && magnitude[0] == 0) {
    magnitude = magnitude.subspan(1);
  }
  return magnitude[0] >= 0x80 ? join({Bytes{0}, magnitude}) : to_bytes(magnitude);
}
inline Bytes integer(ByteView magnitude) { return der(0x02, integer_content(magnitude)); }
inline Bytes sequence(std::initializer_list<ByteView> parts) { return der(0x30, join(parts)); }
inline Bytes with_flipped_bit(Bytes octets, std::size_t bit) {
  octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] ^ 0x80U >> bit % 8);
  return octets;
}
/// a + b as big-endian integers, one octet longer when it carries.
inline Bytes sum_of(ByteView a, ByteView b) {
  Bytes out(a.begin(), a.end());
  unsigned carry = 0;
  for (std::size_t i = out.size(); i-- > 0;) {
    carry += out[i] + static_cast<unsigned>(b[i]);
    out[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  return carry == 0 ? out : join({Bytes{1}, out});
}
/// 2^(8 * size) - a: the content of the INTEGER -a, when a has its highest bit clear or one octet is put
/// before.
inline Bytes negated(Bytes a) {
  unsigned carry = 1;
  for (std::size_t i = a.size(); i-- > 0;) {
    carry += static_cast<std::uint8_t>(~a[i]);
    a[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  return a;
}

inline constexpr std::string_view kOrder = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123";
inline constexpr std::string_view kPrime = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF";
/// The key of GB/T 32918.5 A.2.
inline constexpr std::string_view kStandardKey =
    "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8";
inline crypto::Sm2Scalar order_minus(std::uint64_t i) {
  return (crypto::internal::Scalar{} - crypto::internal::Scalar{{i, 0, 0, 0}}).octets();
}
inline crypto::Sm2Scalar small(std::uint8_t i) { return scalar(Bytes{i}); }

void add_signature_cases(Suite& suite);
void add_key_cases(Suite& suite);
void add_decryption_cases(Suite& suite);

}  // namespace hutong::suite
