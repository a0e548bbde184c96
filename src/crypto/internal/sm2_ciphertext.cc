#include "crypto/internal/sm2_ciphertext.h"

#include <algorithm>

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "crypto/internal/sm2_octets.h"

namespace hutong::crypto::internal {
namespace {

constexpr std::uint8_t kUncompressed = 0x04;
constexpr std::size_t kCoordinatesSize = 64;

Error malformed(std::string detail) { return {Errc::kMalformed, "sm2.ciphertext", std::move(detail)}; }

bool has_prefix(Sm2CipherLayout layout) {
  return layout == Sm2CipherLayout::kC1C3C2 || layout == Sm2CipherLayout::kC1C2C3;
}
bool hash_comes_last(Sm2CipherLayout layout) {
  return layout == Sm2CipherLayout::kC1C2C3 || layout == Sm2CipherLayout::kC1C2C3NoPrefix;
}

/// An INTEGER coordinate, whose leading zeros are not written (GM/T 0009 7.2).
Result<Sm2ScalarOctets> coordinate(ByteView magnitude) {
  Sm2ScalarOctets out{};
  if (magnitude.size() > out.size()) {
    return malformed("a coordinate is longer than 32 octets");
  }
  std::ranges::copy(magnitude, out.end() - static_cast<std::ptrdiff_t>(magnitude.size()));
  return out;
}

Result<Sm2Ciphertext> read_asn1(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader fields, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const ByteView x, fields.read_unsigned());
  HUTONG_TRY(const ByteView y, fields.read_unsigned());
  HUTONG_TRY(const ByteView c3, fields.read_octet_string());
  HUTONG_TRY(const ByteView c2, fields.read_octet_string());
  HUTONG_CHECK(fields.finish());
  Sm2Ciphertext ciphertext;
  HUTONG_TRY(ciphertext.c1.x, coordinate(x));
  HUTONG_TRY(ciphertext.c1.y, coordinate(y));
  if (c3.size() != ciphertext.c3.size() || c2.empty()) {
    return malformed("the hash is not 32 octets long, or there is no text");
  }
  std::ranges::copy(c3, ciphertext.c3.begin());
  ciphertext.c2 = to_bytes(c2);
  return ciphertext;
}

Result<Sm2Ciphertext> read_raw(ByteView octets, Sm2CipherLayout layout) {
  if (has_prefix(layout)) {
    if (octets.empty() || octets[0] != kUncompressed) {
      return malformed("the ciphertext does not begin with 04");
    }
    octets = octets.subspan(1);
  }
  if (octets.size() <= kCoordinatesSize + kSm3DigestSize) {
    return malformed("the ciphertext is too short");
  }
  const ByteView rest = octets.subspan(kCoordinatesSize);
  const std::size_t text_size = rest.size() - kSm3DigestSize;
  const bool hash_last = hash_comes_last(layout);
  Sm2Ciphertext ciphertext;
  ciphertext.c1 = coordinates_from(octets);
  ciphertext.c2 = to_bytes(hash_last ? rest.first(text_size) : rest.last(text_size));
  std::ranges::copy(hash_last ? rest.last(kSm3DigestSize) : rest.first(kSm3DigestSize),
                    ciphertext.c3.begin());
  return ciphertext;
}

}  // namespace

Bytes write_ciphertext(const Sm2Ciphertext& ciphertext, Sm2CipherLayout layout) {
  if (layout == Sm2CipherLayout::kAsn1) {
    asn1::Writer out;
    out.sequence([&ciphertext](asn1::Writer& body) {
      body.unsigned_integer(ciphertext.c1.x);
      body.unsigned_integer(ciphertext.c1.y);
      body.octet_string(ciphertext.c3);
      body.octet_string(ciphertext.c2);
    });
    return std::move(out).take();
  }
  Bytes out;
  if (has_prefix(layout)) {
    out.push_back(kUncompressed);
  }
  append(out, ciphertext.c1.x);
  append(out, ciphertext.c1.y);
  const bool hash_last = hash_comes_last(layout);
  append(out, hash_last ? ByteView(ciphertext.c2) : ByteView(ciphertext.c3));
  append(out, hash_last ? ByteView(ciphertext.c3) : ByteView(ciphertext.c2));
  return out;
}

Result<Sm2Ciphertext> read_ciphertext(ByteView octets, Sm2CipherLayout layout) {
  if (layout != Sm2CipherLayout::kAsn1) {
    return read_raw(octets, layout);
  }
  auto ciphertext = read_asn1(octets);
  if (!ciphertext) {
    return malformed(std::move(ciphertext).error().detail);
  }
  return ciphertext;
}

}  // namespace hutong::crypto::internal
