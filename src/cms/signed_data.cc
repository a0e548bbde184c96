#include "cms/signed_data.h"

#include <algorithm>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "cms/internal/ber_stream.h"
#include "cms/internal/party.h"

namespace hutong::cms {
namespace {

using asn1::Tag;
using internal::BerStream;

Error broken_message(std::string detail) { return {Errc::kMalformed, "cms.structure", std::move(detail)}; }

Error too_many() {
  return {Errc::kLimit, "cms.too_many_parties",
          "more than " + std::to_string(kMostParties) + " signers, recipients or algorithms"};
}

Result<asn1::Oid> read_oid(BerStream& stream) {
  HUTONG_TRY(const Bytes der, stream.capture(Tag::kOid));
  return asn1::Reader(der).read_oid();
}

Result<std::uint64_t> read_small(BerStream& stream) {
  HUTONG_TRY(const Bytes der, stream.capture(Tag::kInteger));
  return asn1::Reader(der).read_small();
}

/// [0] EXPLICIT content OPTIONAL of the inner ContentInfo.
Status read_content(BerStream& stream, SignedData& message, ContentObserver& observer) {
  HUTONG_TRY(const bool present, stream.next_is(asn1::context_constructed(0)));
  if (!present) {
    return observer.begin(message);
  }
  HUTONG_CHECK(stream.enter(asn1::context_constructed(0)));
  HUTONG_TRY(const bool primitive, stream.next_is(Tag::kOctetString));
  HUTONG_TRY(const bool in_pieces, stream.next_is(static_cast<Tag>(0x24)));
  message.content = primitive || in_pieces ? ContentPresence::kOctets : ContentPresence::kAny;
  HUTONG_CHECK(observer.begin(message));
  HUTONG_TRY(message.content_size, message.content == ContentPresence::kOctets
                                       ? stream.stream_string(Tag::kOctetString, observer)
                                       : stream.stream_content(observer));
  return stream.leave();
}

Status read_encapsulated(BerStream& stream, SignedData& message, ContentObserver& observer) {
  HUTONG_CHECK(stream.enter(Tag::kSequence));
  HUTONG_TRY(message.content_type, read_oid(stream));
  HUTONG_CHECK(read_content(stream, message, observer));
  return stream.leave();
}

Status read_body(BerStream& stream, SignedData& message, ContentObserver& observer) {
  HUTONG_CHECK(stream.enter(Tag::kSequence));
  HUTONG_TRY(message.version, read_small(stream));
  HUTONG_CHECK(internal::read_digest_algorithms(stream, message));
  HUTONG_CHECK(read_encapsulated(stream, message, observer));
  HUTONG_CHECK(internal::read_signed_tail(stream, message));
  return stream.leave();
}

/// A set of captured elements behind an implicit tag; elements of other types go elsewhere.
template <typename Keep>
Status read_implicit_set(BerStream& stream, Tag tag, Keep keep) {
  HUTONG_TRY(const bool present, stream.next_is(tag));
  if (!present) {
    return ok();
  }
  HUTONG_CHECK(stream.enter(tag));
  for (;;) {
    HUTONG_TRY(const bool end, stream.at_end());
    if (end) {
      return stream.leave();
    }
    HUTONG_TRY(Bytes element, stream.capture());
    keep(std::move(element));
  }
}

bool is_sequence(const Bytes& element) { return element[0] == static_cast<std::uint8_t>(Tag::kSequence); }

/// Keeps the content in memory when it is wanted.
class Keeper final : public ContentObserver {
 public:
  explicit Keeper(Bytes* content) : content_(content) {}
  Status begin(const SignedData&) override { return ok(); }
  Status write(ByteView piece) override {
    if (content_ != nullptr) {
      append(*content_, piece);
    }
    return ok();
  }

 private:
  Bytes* content_;
};

}  // namespace

namespace internal {

Result<PartyIdentifier> read_party(asn1::Reader& reader) {
  PartyIdentifier party;
  if (reader.next_is(Tag::kSequence)) {
    HUTONG_TRY(asn1::Reader names, reader.enter_sequence());
    HUTONG_TRY(const asn1::Element issuer, names.read_element(Tag::kSequence));
    HUTONG_TRY(party.issuer, x509::Name::parse(issuer.encoded));
    HUTONG_TRY(const ByteView serial, names.read_integer());
    HUTONG_TRY(party.serial, x509::Serial::from_content(serial));
    HUTONG_CHECK(names.finish());
    return party;
  }
  if (reader.next_is(asn1::context_constructed(0))) {
    HUTONG_TRY(asn1::Reader wrapped, reader.enter(asn1::context_constructed(0)));
    HUTONG_TRY(const ByteView octets, wrapped.read_octet_string());
    HUTONG_CHECK(wrapped.finish());
    party.subject_key_identifier = to_bytes(octets);
  } else {
    HUTONG_TRY(const ByteView octets, reader.read(asn1::context(0)));
    party.subject_key_identifier = to_bytes(octets);
  }
  if (party.subject_key_identifier.empty()) {
    return broken_message("an empty subject key identifier");
  }
  return party;
}

Result<SignerInfo> read_signer_info(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader reader, outer.enter_sequence());
  SignerInfo signer;
  HUTONG_TRY(signer.version, reader.read_small());
  HUTONG_TRY(signer.identifier, read_party(reader));
  HUTONG_TRY(const asn1::Element digest, reader.read_element(Tag::kSequence));
  signer.digest_algorithm = to_bytes(digest.encoded);
  if (reader.next_is(asn1::context_constructed(0))) {
    HUTONG_TRY(const asn1::Element attributes, reader.read_any());
    HUTONG_TRY(signer.signed_attributes, read_attributes(attributes.encoded));
  }
  HUTONG_TRY(const asn1::Element algorithm, reader.read_element(Tag::kSequence));
  signer.signature_algorithm = to_bytes(algorithm.encoded);
  HUTONG_TRY(const ByteView signature, reader.read_octet_string());
  signer.signature = to_bytes(signature);
  if (reader.next_is(asn1::context_constructed(1))) {
    HUTONG_TRY(const asn1::Element attributes, reader.read_any());
    HUTONG_TRY(signer.unsigned_attributes, read_attributes(attributes.encoded));
  }
  HUTONG_CHECK(reader.finish());
  HUTONG_CHECK(outer.finish());
  return signer;
}

Status read_digest_algorithms(BerStream& stream, SignedData& out) {
  HUTONG_CHECK(stream.enter(Tag::kSet));
  for (;;) {
    HUTONG_TRY(const bool end, stream.at_end());
    if (end) {
      return stream.leave();
    }
    if (out.digest_algorithms.size() >= kMostParties) {
      return too_many();
    }
    HUTONG_TRY(Bytes algorithm, stream.capture(Tag::kSequence));
    out.digest_algorithms.push_back(std::move(algorithm));
  }
}

Status read_signed_tail(BerStream& stream, SignedData& out) {
  HUTONG_CHECK(read_implicit_set(stream, asn1::context_constructed(0), [&out](Bytes element) {
    if (is_sequence(element)) {
      out.certificates.push_back(std::move(element));
    } else {
      ++out.other_certificates;
    }
  }));
  HUTONG_CHECK(read_implicit_set(stream, asn1::context_constructed(1), [&out](Bytes element) {
    (is_sequence(element) ? out.crls : out.other_revocation).push_back(std::move(element));
  }));
  HUTONG_CHECK(stream.enter(Tag::kSet));
  for (;;) {
    HUTONG_TRY(const bool end, stream.at_end());
    if (end) {
      return stream.leave();
    }
    if (out.signers.size() >= kMostParties) {
      return too_many();
    }
    HUTONG_TRY(const Bytes element, stream.capture(Tag::kSequence));
    HUTONG_TRY(SignerInfo signer, read_signer_info(element));
    out.signers.push_back(std::move(signer));
  }
}

}  // namespace internal

std::string PartyIdentifier::to_string() const {
  if (issuer) {
    return issuer->to_string() + ", " + serial.to_hex();
  }
  return to_hex(subject_key_identifier);
}

const Bytes* AttributeSet::single(const asn1::Oid& type) const {
  const auto found = std::ranges::find_if(
      attributes, [&type](const Attribute& attribute) { return attribute.type == type; });
  if (found == attributes.end() || found->values.size() != 1 || count(type) != 1) {
    return nullptr;
  }
  return &found->values.front();
}

std::size_t AttributeSet::count(const asn1::Oid& type) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      attributes, [&type](const Attribute& attribute) { return attribute.type == type; }));
}

Bytes AttributeSet::encoded_sorted() const {
  std::vector<Bytes> elements;
  asn1::Reader outer(encoded);
  auto inner = outer.enter(Tag::kSet);
  while (inner && !inner->at_end()) {
    const auto element = inner->read_any();
    if (!element) {
      return encoded;
    }
    elements.push_back(to_bytes(element->encoded));
  }
  asn1::Writer writer;
  writer.set_of(std::move(elements));
  return std::move(writer).take();
}

Result<AttributeSet> read_attributes(ByteView encoded) {
  AttributeSet set;
  asn1::Reader outer(encoded);
  HUTONG_TRY(const asn1::Element element, outer.read_any());
  HUTONG_CHECK(outer.finish());
  set.encoded = to_bytes(encoded);
  set.encoded[0] = static_cast<std::uint8_t>(Tag::kSet);
  HUTONG_TRY(asn1::Reader reader, outer.nested(element.content));
  for (ByteView previous; !reader.at_end();) {
    HUTONG_TRY(const asn1::Element whole, reader.read_element(Tag::kSequence));
    set.sorted = set.sorted && !less(whole.encoded, previous);
    previous = whole.encoded;
    HUTONG_TRY(asn1::Reader fields, reader.nested(whole.content));
    Attribute attribute;
    HUTONG_TRY(attribute.type, fields.read_oid());
    HUTONG_TRY(asn1::Reader values, fields.enter(Tag::kSet));
    HUTONG_CHECK(fields.finish());
    while (!values.at_end()) {
      HUTONG_TRY(const asn1::Element value, values.read_any());
      attribute.values.push_back(to_bytes(value.encoded));
    }
    set.attributes.push_back(std::move(attribute));
  }
  return set;
}

Result<SignedData> read_signed_data(ByteSource& message, ContentObserver& content) {
  BerStream stream(message, kMostStructure);
  HUTONG_CHECK(stream.enter(Tag::kSequence));
  HUTONG_TRY(const asn1::Oid type, read_oid(stream));
  const auto kind = message_kind_of(type);
  if (!kind || kind->type != MessageType::kSignedData) {
    return Error{Errc::kMalformed, "cms.not_signed_data", "the message is of type " + type.to_string()};
  }
  SignedData signed_data;
  signed_data.form = kind->form;
  HUTONG_CHECK(stream.enter(asn1::context_constructed(0)));
  HUTONG_CHECK(read_body(stream, signed_data, content));
  HUTONG_CHECK(stream.leave());
  HUTONG_CHECK(stream.leave());
  HUTONG_CHECK(stream.finish());
  signed_data.ber = stream.saw_ber();
  return signed_data;
}

Result<SignedData> read_signed_data(ByteView message, Bytes* content) {
  MemorySource source(message);
  Keeper keeper(content);
  return read_signed_data(source, keeper);
}

}  // namespace hutong::cms
