#pragma once

#include <optional>
#include <span>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/stream.h"
#include "base/time.h"
#include "cms/message.h"
#include "crypto/signature.h"
#include "x509/certificate.h"

/// Writers of signed messages: strict DER, algorithms and identifiers of GM/T 0010 (GB/T 35275). Errors are
/// those of signers, sources and sinks, and: kPolicy "cms.signer_key" (the key is not the certificate's),
/// kPolicy "cms.not_rewindable", kUnavailable "cms.source_changed".
namespace hutong::cms {

enum class Attributes : std::uint8_t {
  kNone,      ///< the signature covers the content directly
  kStandard,  ///< contentType, messageDigest, signingTime when given, and what the signer adds
};

/// Somebody who signs. Signer and certificate must outlive the call.
struct MessageSigner {
  const crypto::Signer& key;
  const x509::Certificate& certificate;
  std::vector<Bytes> signed_attributes = {};    ///< further ones, each an Attribute in DER (attributes.h)
  std::vector<Bytes> unsigned_attributes = {};  ///< each an Attribute in DER
};

enum class SignerCertificates : std::uint8_t { kIncluded, kLeftOut };

struct SignOptions {
  MessageForm form = MessageForm::kGm;
  Attributes attributes = Attributes::kStandard;  ///< RFC 5652 5.3: needed when the content is not data
  std::optional<Time> signing_time;
  std::optional<asn1::Oid> content_type;  ///< data of the form when not given
  SignerCertificates signer_certificates = SignerCertificates::kIncluded;
  std::vector<Bytes> certificates;  ///< further ones in DER, the signers' issuers for instance
  std::vector<Bytes> crls;          ///< in DER
  /// A content source that cannot rewind is kept in memory up to this size; larger ones are refused.
  std::size_t most_kept = std::size_t{8} << 20;
};

/// The content inside the message. It is read twice, once to hash and once to write: DER wants all lengths in
/// front, and the length of a signature is known only when it is made. Memory does not grow with the content.
/// What was written before an error must be thrown away.
Status sign_attached(ByteSource& content, std::span<const MessageSigner> signers, const SignOptions& options,
                     ByteSink& out);
Result<Bytes> sign_attached(ByteView content, std::span<const MessageSigner> signers,
                            const SignOptions& options = {});

/// The content stays outside. It is read once.
Result<Bytes> sign_detached(ByteSource& content, std::span<const MessageSigner> signers,
                            const SignOptions& options = {});
Result<Bytes> sign_detached(ByteView content, std::span<const MessageSigner> signers,
                            const SignOptions& options = {});

/// A bundle of certificates and CRLs without signers (p7b).
Bytes bundle(const std::vector<Bytes>& certificates, const std::vector<Bytes>& crls = {},
             MessageForm form = MessageForm::kRfc);

/// Puts a time-stamp token on a signer of a message: the unsigned attribute signatureTimeStampToken
/// (RFC 3161 appendix A). `signer` counts as read_signed_data does. Detached or attached, in memory.
Result<Bytes> add_signature_timestamp(ByteView message, std::size_t signer, ByteView token);

}  // namespace hutong::cms
