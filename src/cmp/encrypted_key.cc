#include "cmp/encrypted_key.h"

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "cmp/internal/fields.h"

namespace hutong::cmp {
namespace {

using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

constexpr Tag kIntendedAlgorithm = asn1::context_constructed(0);
constexpr Tag kKeyAlgorithm = asn1::context_constructed(3);

Error another_form() {
  return {Errc::kPolicy, "cmp.key_form", "the private key is not in an SM2EnvelopedKey"};
}

}  // namespace

Bytes write_enveloped_key(ByteView enveloped_key) {
  Writer out;
  out.sequence([enveloped_key](Writer& value) {
    value.constructed(kIntendedAlgorithm, [](Writer& algorithm) {
      algorithm.oid(asn1::oids::kEcPublicKey);
      algorithm.oid(asn1::oids::kSm2Curve);
    });
    value.constructed(kKeyAlgorithm, [](Writer& algorithm) { algorithm.oid(asn1::oids::kSm2Encrypt); });
    value.bit_string(enveloped_key);
  });
  return std::move(out).take();
}

Result<Bytes> read_enveloped_key(ByteView private_key) {
  Reader outer(private_key);
  if (!outer.next_is(Tag::kSequence)) {
    return another_form();
  }
  HUTONG_TRY(Reader value, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_CHECK(value.read_optional(kIntendedAlgorithm));
  HUTONG_TRY(auto algorithm, value.enter_optional(kKeyAlgorithm));
  if (!algorithm || !value.next_is(Tag::kBitString)) {
    return another_form();
  }
  HUTONG_TRY(const asn1::Oid oid, algorithm->read_oid());
  HUTONG_CHECK(algorithm->finish());
  if (oid != asn1::oids::kSm2Encrypt) {
    return another_form();
  }
  HUTONG_TRY(const ByteView octets, value.read_bit_string_octets());
  HUTONG_CHECK(value.finish());
  Reader inner(octets);
  HUTONG_TRY(Bytes enveloped, internal::read_sequence_der(inner));
  HUTONG_CHECK(inner.finish());
  return enveloped;
}

}  // namespace hutong::cmp
