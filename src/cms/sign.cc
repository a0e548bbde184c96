#include "cms/sign.h"

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "cms/attributes.h"
#include "cms/internal/content_hasher.h"
#include "cms/internal/der_frame.h"
#include "cms/internal/replay_source.h"
#include "cms/internal/signer_writer.h"

namespace hutong::cms {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;
using internal::ContentHasher;

Bytes write_oid(const asn1::Oid& oid) {
  Writer out;
  out.oid(oid);
  return std::move(out).take();
}

/// version and digestAlgorithms.
Bytes write_signed_head(std::span<const MessageSigner> signers, const SignOptions& options) {
  Writer out;
  out.small(internal::signed_data_version(options));
  out.raw(internal::write_digest_algorithms(signers));
  return std::move(out).take();
}

/// Everything around a content of known size, or the whole message when there is no content.
internal::DerFrame frame_around(std::optional<std::uint64_t> content_size, const asn1::Oid& content_type,
                                ByteView head, ByteView tail, MessageForm form) {
  internal::DerFrame frame(content_size.value_or(0));
  if (content_size) {
    frame.wrap(Tag::kOctetString);
    frame.wrap(asn1::context_constructed(0));
  }
  frame.wrap(Tag::kSequence, write_oid(content_type));
  frame.wrap(Tag::kSequence, head, tail);
  frame.wrap(asn1::context_constructed(0));
  frame.wrap(Tag::kSequence, write_oid(internal::oid_of(MessageType::kSignedData, form)));
  return frame;
}

/// The second reading: the content goes out, and must be what was signed.
Status copy_unchanged(ByteSource& content, const ContentHasher& signed_content, ByteSink& out) {
  HUTONG_CHECK(content.rewind());
  ContentHasher hasher(&out);
  HUTONG_TRY(const std::uint64_t size, copy_all(content, hasher));
  hasher.finish();
  if (size != signed_content.size() || hasher.sm3() != signed_content.sm3()) {
    return Error{Errc::kUnavailable, "cms.source_changed", "the content changed while it was signed"};
  }
  return ok();
}

/// The SignerInfo with one unsigned attribute more.
Result<Bytes> with_attribute(ByteView signer_info, const Bytes& added) {
  asn1::Reader outer(signer_info);
  HUTONG_TRY(asn1::Reader reader, outer.enter_sequence());
  Writer body;
  std::vector<Bytes> attributes{added};
  while (!reader.at_end()) {
    if (!reader.next_is(asn1::context_constructed(1))) {
      HUTONG_TRY(const asn1::Element element, reader.read_any());
      body.raw(element.encoded);
      continue;
    }
    HUTONG_TRY(asn1::Reader present, reader.enter(asn1::context_constructed(1)));
    while (!present.at_end()) {
      HUTONG_TRY(const asn1::Element element, present.read_any());
      attributes.push_back(to_bytes(element.encoded));
    }
  }
  body.set_of(std::move(attributes), asn1::context_constructed(1));
  Writer out;
  out.element(Tag::kSequence, body.view());
  return std::move(out).take();
}

/// The SignerInfos with number `wanted` replaced, in DER order again.
Result<Bytes> replace_signer(asn1::Reader signers, std::size_t wanted, const Bytes& added) {
  std::vector<Bytes> infos;
  while (!signers.at_end()) {
    HUTONG_TRY(const asn1::Element element, signers.read_element(Tag::kSequence));
    infos.push_back(to_bytes(element.encoded));
  }
  if (wanted >= infos.size()) {
    return Error{Errc::kNotFound, "cms.no_signer", "the message has no signer of this number"};
  }
  HUTONG_TRY(infos[wanted], with_attribute(infos[wanted], added));
  Writer set;
  set.set_of(std::move(infos));
  return std::move(set).take();
}

}  // namespace

Status sign_attached(ByteSource& content, std::span<const MessageSigner> signers, const SignOptions& options,
                     ByteSink& out) {
  internal::ReplaySource source(content, options.most_kept);
  ContentHasher hasher;
  HUTONG_CHECK(internal::prepare_signers(signers, options, hasher));
  HUTONG_CHECK(copy_all(source, hasher));
  hasher.finish();
  HUTONG_TRY(const Bytes tail, internal::write_signed_tail(signers, options, hasher));
  const auto frame = frame_around(hasher.size(), internal::content_type_of(options),
                                  write_signed_head(signers, options), tail, options.form);
  HUTONG_CHECK(out.write(frame.head()));
  HUTONG_CHECK(copy_unchanged(source, hasher, out));
  return out.write(frame.tail());
}

Result<Bytes> sign_attached(ByteView content, std::span<const MessageSigner> signers,
                            const SignOptions& options) {
  MemorySource source(content);
  MemorySink sink(SIZE_MAX);
  HUTONG_CHECK(sign_attached(source, signers, options, sink));
  return std::move(sink).take();
}

Result<Bytes> sign_detached(ByteSource& content, std::span<const MessageSigner> signers,
                            const SignOptions& options) {
  ContentHasher hasher;
  HUTONG_CHECK(internal::prepare_signers(signers, options, hasher));
  HUTONG_CHECK(copy_all(content, hasher));
  hasher.finish();
  HUTONG_TRY(const Bytes tail, internal::write_signed_tail(signers, options, hasher));
  const auto frame = frame_around(std::nullopt, internal::content_type_of(options),
                                  write_signed_head(signers, options), tail, options.form);
  Bytes message = to_bytes(frame.head());
  append(message, frame.tail());
  return message;
}

Result<Bytes> sign_detached(ByteView content, std::span<const MessageSigner> signers,
                            const SignOptions& options) {
  MemorySource source(content);
  return sign_detached(source, signers, options);
}

Bytes bundle(const std::vector<Bytes>& certificates, const std::vector<Bytes>& crls, MessageForm form) {
  SignOptions options;
  options.form = form;
  options.certificates = certificates;
  options.crls = crls;
  const auto message = sign_detached(ByteView(), {}, options);
  return message.value();  // nobody signs, so nothing can fail
}

Result<Bytes> add_signature_timestamp(ByteView message, std::size_t signer, ByteView token) {
  asn1::Reader outer(message);
  HUTONG_TRY(asn1::Reader content_info, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const asn1::Oid type, content_info.read_oid());
  const auto kind = message_kind_of(type);
  if (!kind || kind->type != MessageType::kSignedData) {
    return Error{Errc::kMalformed, "cms.not_signed_data", "the message is of type " + type.to_string()};
  }
  HUTONG_TRY(asn1::Reader wrapped, content_info.enter(asn1::context_constructed(0)));
  HUTONG_TRY(asn1::Reader fields, wrapped.enter_sequence());
  Writer body;
  while (!fields.at_end()) {
    HUTONG_TRY(const asn1::Element element, fields.read_any());
    if (!fields.at_end()) {
      body.raw(element.encoded);
      continue;
    }
    if (element.tag != Tag::kSet) {
      return Error{Errc::kMalformed, "cms.structure", "signerInfos is missing"};
    }
    HUTONG_TRY(const asn1::Reader signers, fields.nested(element.content));
    HUTONG_TRY(const Bytes changed,
               replace_signer(signers, signer, attribute(oids::kSignatureTimeStampToken, token)));
    body.raw(changed);
  }
  Writer out;
  out.sequence([&](Writer& info) {
    info.oid(type);
    info.constructed(asn1::context_constructed(0),
                     [&](Writer& explicit_tag) { explicit_tag.element(Tag::kSequence, body.view()); });
  });
  return std::move(out).take();
}

}  // namespace hutong::cms
