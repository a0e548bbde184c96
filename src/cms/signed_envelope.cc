#include "cms/signed_envelope.h"

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "cms/internal/content_hasher.h"
#include "cms/internal/envelope_reader.h"
#include "cms/internal/envelope_writer.h"
#include "cms/internal/message_check.h"
#include "cms/internal/party.h"
#include "cms/internal/replay_source.h"
#include "cms/internal/signer_writer.h"

namespace hutong::cms {
namespace {

using asn1::Tag;
using internal::BerStream;
using internal::ContentHasher;

/// Hashes what is read from it.
class HashedSource final : public ByteSource {
 public:
  explicit HashedSource(ByteSource& source) : source_(&source) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    HUTONG_TRY(const std::size_t count, source_->read(out));
    HUTONG_CHECK(hasher_.write(out.first(count)));
    return count;
  }
  ContentHasher& hasher() { return hasher_; }

 private:
  ByteSource* source_;
  ContentHasher hasher_;
};

Status encrypt_unchanged(ByteSource& content, const ContentHasher& signed_content,
                         const internal::SealedKey& sealed, ByteSink& out) {
  HUTONG_CHECK(content.rewind());
  HashedSource source(content);
  HUTONG_CHECK(sealed.encrypt(source, signed_content.size(), out));
  source.hasher().finish();
  if (source.hasher().sm3() != signed_content.sm3()) {
    return Error{Errc::kUnavailable, "cms.source_changed", "the content changed while it was signed"};
  }
  return ok();
}

Result<SignedData> read_signed_envelope(ByteSource& message, const EnvelopeKey& key, OpenedEnvelope& envelope,
                                        ContentObserver& content) {
  BerStream stream(message, kMostStructure);
  HUTONG_CHECK(stream.enter(Tag::kSequence));
  HUTONG_TRY(const Bytes type_der, stream.capture(Tag::kOid));
  HUTONG_TRY(const asn1::Oid type, asn1::Reader(type_der).read_oid());
  const auto kind = message_kind_of(type);
  if (!kind || kind->type != MessageType::kSignedAndEnvelopedData) {
    return Error{Errc::kMalformed, "cms.not_signed_data", "the message is of type " + type.to_string()};
  }
  SignedData signed_data;
  signed_data.form = kind->form;
  signed_data.content = ContentPresence::kOctets;
  envelope = OpenedEnvelope();
  envelope.form = kind->form;
  HUTONG_CHECK(stream.enter(asn1::context_constructed(0)));
  HUTONG_CHECK(stream.enter(Tag::kSequence));
  HUTONG_CHECK(stream.capture(Tag::kInteger));
  HUTONG_TRY(envelope.recipients, internal::read_recipients(stream));
  HUTONG_CHECK(internal::read_digest_algorithms(stream, signed_data));
  HUTONG_TRY(const internal::OpenedKey opened, internal::open_content_key(key, envelope));
  envelope.recipient = opened.recipient;
  HUTONG_CHECK(content.begin(signed_data));
  HUTONG_CHECK(internal::read_encrypted_content(stream, opened, envelope, content));
  signed_data.content_type = envelope.content_type;
  signed_data.content_size = envelope.content_size;
  HUTONG_CHECK(internal::read_signed_tail(stream, signed_data));
  HUTONG_CHECK(stream.leave());
  HUTONG_CHECK(stream.leave());
  HUTONG_CHECK(stream.leave());
  HUTONG_CHECK(stream.finish());
  signed_data.ber = stream.saw_ber();
  return signed_data;
}

}  // namespace

Status sign_and_envelop(ByteSource& content, std::span<const MessageSigner> signers,
                        std::span<const x509::Certificate> recipients, const SignOptions& sign_options,
                        const EnvelopeOptions& envelope_options, ByteSink& out) {
  SignOptions options = sign_options;
  options.attributes = Attributes::kNone;
  EnvelopeOptions sealing = envelope_options;
  sealing.form = options.form;
  HUTONG_TRY(const internal::SealedKey sealed, internal::SealedKey::create(recipients, sealing));
  internal::ReplaySource source(content, options.most_kept);
  ContentHasher hasher;
  HUTONG_CHECK(internal::prepare_signers(signers, options, hasher));
  HUTONG_CHECK(copy_all(source, hasher));
  hasher.finish();
  HUTONG_TRY(const Bytes tail, internal::write_signed_tail(signers, options, hasher));
  asn1::Writer head;
  head.small(1);
  head.raw(sealed.recipient_infos());
  head.raw(internal::write_digest_algorithms(signers));
  asn1::Writer type;
  type.oid(internal::oid_of(MessageType::kSignedAndEnvelopedData, options.form));
  internal::DerFrame frame = sealed.content_frame(hasher.size(), options.form);
  frame.wrap(Tag::kSequence, head.view(), tail);
  frame.wrap(asn1::context_constructed(0));
  frame.wrap(Tag::kSequence, type.view());
  HUTONG_CHECK(out.write(frame.head()));
  HUTONG_CHECK(encrypt_unchanged(source, hasher, sealed, out));
  return out.write(frame.tail());
}

Result<Bytes> sign_and_envelop(ByteView content, std::span<const MessageSigner> signers,
                               std::span<const x509::Certificate> recipients, const SignOptions& sign_options,
                               const EnvelopeOptions& envelope_options) {
  MemorySource source(content);
  MemorySink sink(SIZE_MAX);
  HUTONG_CHECK(sign_and_envelop(source, signers, recipients, sign_options, envelope_options, sink));
  return std::move(sink).take();
}

Result<OpenedSignedEnvelope> open_and_verify(ByteSource& message, const EnvelopeKey& key,
                                             const VerifyOptions& options) {
  OpenedSignedEnvelope out;
  const auto read = [&key, &out](ByteSource& source, ContentObserver& content) {
    return read_signed_envelope(source, key, out.envelope, content);
  };
  HUTONG_TRY(out.report, internal::check_message({.message = message, .read = read}, options));
  return out;
}

Result<OpenedSignedEnvelope> open_and_verify(ByteView message, const EnvelopeKey& key,
                                             const VerifyOptions& options) {
  MemorySource source(message);
  return open_and_verify(source, key, options);
}

}  // namespace hutong::cms
