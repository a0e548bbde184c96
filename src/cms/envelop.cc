#include "asn1/writer.h"
#include "cms/enveloped_data.h"
#include "cms/internal/envelope_writer.h"
#include "cms/internal/replay_source.h"
#include "cms/internal/signer_writer.h"

namespace hutong::cms {

using asn1::Tag;

Status envelop(ByteSource& content, std::span<const x509::Certificate> recipients,
               const EnvelopeOptions& options, ByteSink& out) {
  HUTONG_TRY(const internal::SealedKey sealed, internal::SealedKey::create(recipients, options));
  internal::ReplaySource source(content, options.most_kept);
  HUTONG_TRY(const std::uint64_t size, internal::size_of(source));
  asn1::Writer head;
  head.small(options.form == MessageForm::kGm ? 1 : 0);
  head.raw(sealed.recipient_infos());
  asn1::Writer type;
  type.oid(internal::oid_of(MessageType::kEnvelopedData, options.form));
  internal::DerFrame frame = sealed.content_frame(size, options.form);
  frame.wrap(Tag::kSequence, head.view());
  frame.wrap(asn1::context_constructed(0));
  frame.wrap(Tag::kSequence, type.view());
  HUTONG_CHECK(out.write(frame.head()));
  HUTONG_CHECK(sealed.encrypt(source, size, out));
  return out.write(frame.tail());
}

Result<Bytes> envelop(ByteView content, std::span<const x509::Certificate> recipients,
                      const EnvelopeOptions& options) {
  MemorySource source(content);
  MemorySink sink(SIZE_MAX);
  HUTONG_CHECK(envelop(source, recipients, options, sink));
  return std::move(sink).take();
}

}  // namespace hutong::cms
