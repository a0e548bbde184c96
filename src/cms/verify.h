#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "base/stream.h"
#include "base/time.h"
#include "cms/report.h"
#include "cms/signed_data.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"
#include "x509/trust_source.h"

namespace hutong::cms {

/// How the certificates of signers and time-stamping authorities are judged: the parts of x509::VerifyRequest
/// that do not depend on the one certificate. What is referred to must live during the call.
struct TrustContext {
  std::span<const x509::TrustAnchor> anchors = {};
  std::span<const x509::Certificate> intermediates = {};
  std::span<const x509::Crl> crls = {};
  std::span<const x509::OcspResponse> ocsp_responses = {};
  x509::RevocationMode revocation = x509::RevocationMode::kPrefer;
  x509::Profile profile = x509::Profile::kTolerant;
  x509::AlgorithmPolicy algorithms = {};
  x509::Budget budget = {};
  x509::SignatureCache* cache = nullptr;
  /// Asked about each signer besides what stands above; may be null.
  const x509::TrustSource* source = nullptr;
};

struct VerifyOptions {
  Time at{};  ///< signers' certificates are judged at this time, unless a valid time stamp says another
  /// Null: only the cryptography is checked, and the verdict is at best indeterminate
  /// ("cms.path_not_checked").
  const TrustContext* trust = nullptr;
  /// Where signers' certificates may be found besides the message itself.
  std::span<const x509::Certificate> certificates = {};
  /// Receives the content while it is read; not to be believed before the report says so. May be null.
  ByteSink* content = nullptr;
  /// A source that cannot rewind is kept in memory up to this size, see verify_message.
  std::size_t most_kept = std::size_t{8} << 20;
};

/// Judges SignedData of GM/T 0010, PKCS#7 and RFC 5652 in DER or BER (docs: messages of SM2, RSA and ECDSA
/// signers). A rejected message is an answer, not an Error; errors are those of the source and the sink.
///
/// Content passes by in pieces and is hashed with the digests that the message announces; memory does not
/// grow with it. One thing cannot be done in one pass: an SM2 signature without attributes over content
/// inside the message hashes Z first, which depends on the signer's key, and the certificates stand behind
/// the content. Then (and for a digest that was not announced) the source is rewound and read a second time.
/// A source that cannot rewind is kept in memory up to `most_kept`; a larger one is answered with
/// "cms.too_large" on that signer. A source whose content differs between the passes is kUnavailable
/// "cms.source_changed".
///
/// At most 64 signers are judged; more are "cms.too_large". Of the certificates that fit a signer's
/// identifier the one that verifies is taken.
Result<SignedMessageReport> verify_message(ByteSource& message, const VerifyOptions& options);
Result<SignedMessageReport> verify_message(ByteView message, const VerifyOptions& options);

/// A signature whose content stands elsewhere, read once. When the message has content of its own as well,
/// both must be the same ("cms.content_differs").
Result<SignedMessageReport> verify_detached(ByteSource& message, ByteSource& content,
                                            const VerifyOptions& options);
Result<SignedMessageReport> verify_detached(ByteView message, ByteView content, const VerifyOptions& options);
/// The same with a message that was read already (signed_data.h) and has no content of its own: kPolicy
/// "cms.has_content" otherwise.
Result<SignedMessageReport> verify_detached(SignedData message, ByteView content,
                                            const VerifyOptions& options);

}  // namespace hutong::cms
