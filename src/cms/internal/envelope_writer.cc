#include "cms/internal/envelope_writer.h"

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "cms/internal/replay_source.h"
#include "cms/internal/signer_writer.h"

namespace hutong::cms::internal {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;

Status check_recipient(const x509::Certificate& certificate) {
  const auto& key = certificate.public_key();
  if (!key || key->sm2() == nullptr) {
    return Error{Errc::kPolicy, "cms.recipient_key", "a recipient's key is not SM2"};
  }
  const auto& usage = certificate.extensions().key_usage;
  if (usage && !usage->can_encrypt()) {
    return Error{Errc::kPolicy, "cms.recipient_usage",
                 "a recipient's certificate is not for encryption: " + certificate.subject().to_string()};
  }
  return ok();
}

Result<Bytes> write_recipient(const x509::Certificate& certificate, ByteView key,
                              const EnvelopeOptions& options, crypto::RandomSource& random) {
  HUTONG_CHECK(check_recipient(certificate));
  HUTONG_TRY(const Bytes encrypted_key, crypto::sm2_encrypt(*certificate.public_key()->sm2(), key,
                                                            crypto::Sm2CipherLayout::kAsn1, random));
  Writer out;
  out.sequence([&](Writer& body) {
    body.small(options.form == MessageForm::kGm ? 1 : 0);
    body.raw(write_issuer_and_serial(certificate));
    body.sequence([](Writer& algorithm) {
      algorithm.oid(oids::kSm2Encrypt);
      algorithm.null();
    });
    body.octet_string(encrypted_key);
  });
  return std::move(out).take();
}

}  // namespace

Result<SealedKey> SealedKey::create(std::span<const x509::Certificate> recipients,
                                    const EnvelopeOptions& options) {
  if (recipients.empty()) {
    return Error{Errc::kPolicy, "cms.no_recipient", "an envelope needs a recipient"};
  }
  crypto::RandomSource& random = options.random != nullptr ? *options.random : crypto::system_random();
  SecretBytes key(crypto::kSm4KeySize);
  random.fill(key.writable());
  crypto::Sm4Block iv{};
  random.fill(iv);
  std::vector<Bytes> infos;
  for (const x509::Certificate& certificate : recipients) {
    HUTONG_TRY(Bytes info, write_recipient(certificate, key.expose(), options, random));
    infos.push_back(std::move(info));
  }
  SealedKey sealed(std::move(key), iv);
  Writer out;
  out.set_of(std::move(infos));
  sealed.recipient_infos_ = std::move(out).take();
  return sealed;
}

DerFrame SealedKey::content_frame(std::uint64_t content_size, MessageForm form) const {
  const std::uint64_t padded = (content_size / crypto::kSm4BlockSize + 1) * crypto::kSm4BlockSize;
  Writer head;
  head.oid(oid_of(MessageType::kData, form));
  head.sequence([&](Writer& algorithm) {
    algorithm.oid(oids::kSm4Cbc);
    algorithm.octet_string(iv_);
  });
  DerFrame frame(padded);
  frame.wrap(asn1::context(0));
  frame.wrap(Tag::kSequence, head.view());
  return frame;
}

Status SealedKey::encrypt(ByteSource& content, std::uint64_t content_size, ByteSink& out) const {
  HUTONG_TRY(crypto::Sm4Key key, crypto::Sm4Key::from_octets(key_.expose()));
  crypto::Sm4Cbc cbc(std::move(key), iv_, crypto::Direction::kEncrypt, crypto::Padding::kPkcs7);
  Bytes chunk(std::size_t{1} << 16);
  const ScopedWipe wipe_chunk(chunk);
  std::uint64_t total = 0;
  for (;;) {
    HUTONG_TRY(const std::size_t count, content.read(chunk));
    if (count == 0) {
      break;
    }
    total += count;
    HUTONG_CHECK(out.write(cbc.update(ByteView(chunk).first(count))));
  }
  if (total != content_size) {
    return Error{Errc::kUnavailable, "cms.source_changed", "the content changed its size while it was read"};
  }
  HUTONG_TRY(const Bytes last, cbc.finish());
  return out.write(last);
}

Result<std::uint64_t> size_of(ByteSource& source) {
  if (const auto size = source.size()) {
    return *size;
  }
  NullSink nowhere;
  HUTONG_TRY(const std::uint64_t size, copy_all(source, nowhere));
  HUTONG_CHECK(source.rewind());
  return size;
}

}  // namespace hutong::cms::internal
