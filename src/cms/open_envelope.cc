#include "asn1/reader.h"
#include "cms/enveloped_data.h"
#include "cms/internal/envelope_reader.h"

namespace hutong::cms {
namespace {

using asn1::Tag;
using internal::BerStream;

/// Everything up to the recipients.
Result<OpenedEnvelope> read_head(BerStream& stream) {
  HUTONG_CHECK(stream.enter(Tag::kSequence));
  HUTONG_TRY(const Bytes type_der, stream.capture(Tag::kOid));
  HUTONG_TRY(const asn1::Oid type, asn1::Reader(type_der).read_oid());
  const auto kind = message_kind_of(type);
  if (!kind || kind->type != MessageType::kEnvelopedData) {
    return Error{Errc::kMalformed, "cms.not_enveloped_data", "the message is of type " + type.to_string()};
  }
  OpenedEnvelope envelope;
  envelope.form = kind->form;
  HUTONG_CHECK(stream.enter(asn1::context_constructed(0)));
  HUTONG_CHECK(stream.enter(Tag::kSequence));
  HUTONG_CHECK(stream.capture(Tag::kInteger));
  HUTONG_TRY(const bool originator, stream.next_is(asn1::context_constructed(0)));
  if (originator) {  // RFC 5652 6.1: certificates of the sender, not needed
    HUTONG_CHECK(stream.capture());
  }
  HUTONG_TRY(envelope.recipients, internal::read_recipients(stream));
  return envelope;
}

/// unprotectedAttrs of RFC 5652, and the ends of everything.
Status read_tail(BerStream& stream) {
  HUTONG_TRY(const bool attributes, stream.next_is(asn1::context_constructed(1)));
  if (attributes) {
    HUTONG_CHECK(stream.capture());
  }
  HUTONG_CHECK(stream.leave());
  HUTONG_CHECK(stream.leave());
  HUTONG_CHECK(stream.leave());
  return stream.finish();
}

}  // namespace

Result<OpenedEnvelope> open_envelope(ByteSource& message, const EnvelopeKey& key, ByteSink& content) {
  BerStream stream(message, kMostStructure);
  HUTONG_TRY(OpenedEnvelope envelope, read_head(stream));
  HUTONG_TRY(const internal::OpenedKey opened, internal::open_content_key(key, envelope));
  envelope.recipient = opened.recipient;
  HUTONG_CHECK(internal::read_encrypted_content(stream, opened, envelope, content));
  HUTONG_CHECK(read_tail(stream));
  return envelope;
}

Result<Bytes> open_envelope(ByteView message, const EnvelopeKey& key) {
  MemorySource source(message);
  MemorySink sink(SIZE_MAX);
  HUTONG_CHECK(open_envelope(source, key, sink));
  return std::move(sink).take();
}

Result<std::vector<RecipientInfo>> recipients_of(ByteSource& message) {
  BerStream stream(message, kMostStructure);
  HUTONG_TRY(OpenedEnvelope envelope, read_head(stream));
  return std::move(envelope.recipients);
}

}  // namespace hutong::cms
