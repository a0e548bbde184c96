#include "cms/internal/signer_writer.h"

#include <algorithm>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "cms/attributes.h"
#include "cms/internal/algorithms.h"

namespace hutong::cms::internal {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;

/// Without attributes an SM2 signature begins its hash with Z, the signer's own (GB/T 32918.2 5.5).
DigestNeed need_of(const MessageSigner& signer, Attributes attributes) {
  DigestNeed need{signer.key.algorithm().digest, {}};
  const crypto::Sm2PublicKey* sm2 = signer.key.public_key().sm2();
  if (attributes == Attributes::kNone && sm2 != nullptr) {
    const auto z = sm2->z(as_bytes(crypto::kSm2DefaultId));
    need.prefix.assign(z.begin(), z.end());
  }
  return need;
}

std::vector<Bytes> signed_attributes(const MessageSigner& signer, const SignOptions& options,
                                     ByteView digest) {
  std::vector<Bytes> attributes = signer.signed_attributes;
  attributes.push_back(content_type_attribute(content_type_of(options)));
  if (options.signing_time) {
    attributes.push_back(signing_time_attribute(*options.signing_time));
  }
  attributes.push_back(message_digest_attribute(digest));
  return attributes;
}

struct Signature {
  std::vector<Bytes> attributes;
  Bytes value;
};

Result<Signature> make_signature(const MessageSigner& signer, const SignOptions& options,
                                 const ContentHasher& hasher) {
  Signature signature;
  const Bytes& digest = *hasher.digest(need_of(signer, options.attributes));
  if (options.attributes == Attributes::kNone) {
    HUTONG_TRY(signature.value, signer.key.sign_digest(digest));
    return signature;
  }
  signature.attributes = signed_attributes(signer, options, digest);
  Writer set;
  set.set_of(signature.attributes);
  HUTONG_TRY(signature.value, signer.key.sign(set.view()));
  return signature;
}

Result<Bytes> write_signer_info(const MessageSigner& signer, const SignOptions& options,
                                const ContentHasher& hasher) {
  HUTONG_TRY(const Signature signature, make_signature(signer, options, hasher));
  const auto field = options.form == MessageForm::kGm ? SignatureField::kGm : SignatureField::kRfc;
  Writer out;
  out.sequence([&](Writer& body) {
    body.small(1);
    body.raw(write_issuer_and_serial(signer.certificate));
    body.raw(write_digest_algorithm(signer.key.algorithm().digest));
    if (!signature.attributes.empty()) {
      body.set_of(signature.attributes, asn1::context_constructed(0));
    }
    body.raw(write_signature_algorithm(signer.key.algorithm(), field));
    body.octet_string(signature.value);
    if (!signer.unsigned_attributes.empty()) {
      body.set_of(signer.unsigned_attributes, asn1::context_constructed(1));
    }
  });
  return std::move(out).take();
}

std::vector<Bytes> without_repeats(std::vector<Bytes> elements) {
  std::ranges::sort(elements);
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  return elements;
}

}  // namespace

asn1::Oid oid_of(MessageType type, MessageForm form) {
  const bool gm = form == MessageForm::kGm;
  switch (type) {
    case MessageType::kSignedData:
      return gm ? oids::kGmSignedData : oids::kSignedData;
    case MessageType::kEnvelopedData:
      return gm ? oids::kGmEnvelopedData : oids::kEnvelopedData;
    case MessageType::kSignedAndEnvelopedData:
      return gm ? oids::kGmSignedAndEnvelopedData : asn1::Oid("1.2.840.113549.1.7.4");
    default:
      return gm ? oids::kGmData : oids::kData;
  }
}

asn1::Oid content_type_of(const SignOptions& options) {
  return options.content_type ? *options.content_type : oid_of(MessageType::kData, options.form);
}

unsigned signed_data_version(const SignOptions& options) { return is_data(content_type_of(options)) ? 1 : 3; }

Bytes write_issuer_and_serial(const x509::Certificate& certificate) {
  Writer out;
  out.sequence([&](Writer& body) {
    const x509::Name& issuer = certificate.issuer();
    const x509::Serial& serial = certificate.serial();
    body.raw(issuer.der());
    body.element(Tag::kInteger, serial.content());
  });
  return std::move(out).take();
}

Status prepare_signers(std::span<const MessageSigner> signers, const SignOptions& options,
                       ContentHasher& hasher) {
  for (const MessageSigner& signer : signers) {
    const auto& key = signer.certificate.public_key();
    if (!key || !(*key == signer.key.public_key())) {
      return Error{Errc::kPolicy, "cms.signer_key", "the signing key does not belong to the certificate"};
    }
    hasher.add(need_of(signer, options.attributes));
  }
  return ok();
}

Bytes write_digest_algorithms(std::span<const MessageSigner> signers) {
  std::vector<Bytes> algorithms;
  for (const MessageSigner& signer : signers) {
    algorithms.push_back(write_digest_algorithm(signer.key.algorithm().digest));
  }
  Writer out;
  out.set_of(without_repeats(std::move(algorithms)));
  return std::move(out).take();
}

Result<Bytes> write_signed_tail(std::span<const MessageSigner> signers, const SignOptions& options,
                                const ContentHasher& hasher) {
  std::vector<Bytes> certificates = options.certificates;
  std::vector<Bytes> infos;
  for (const MessageSigner& signer : signers) {
    if (options.signer_certificates == SignerCertificates::kIncluded) {
      certificates.push_back(to_bytes(signer.certificate.der()));
    }
    HUTONG_TRY(Bytes info, write_signer_info(signer, options, hasher));
    infos.push_back(std::move(info));
  }
  Writer out;
  if (!certificates.empty()) {
    out.set_of(without_repeats(std::move(certificates)), asn1::context_constructed(0));
  }
  if (!options.crls.empty()) {
    out.set_of(without_repeats(options.crls), asn1::context_constructed(1));
  }
  out.set_of(std::move(infos));
  return std::move(out).take();
}

}  // namespace hutong::cms::internal
