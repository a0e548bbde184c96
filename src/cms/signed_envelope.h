#pragma once

#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "base/stream.h"
#include "cms/enveloped_data.h"
#include "cms/report.h"
#include "cms/sign.h"
#include "cms/verify.h"

/// SignedAndEnvelopedData of GM/T 0010 (GB/T 35275): signed content, encrypted for several recipients. RFC
/// 5652 has no such type; that of PKCS#7 encrypts the signature once more, which Chinese products do not do,
/// nor do we.
namespace hutong::cms {

/// Signs the plaintext without attributes (RFC 2315 11 has none here) and encrypts it. SignOptions gives
/// form, certificates and CRLs; EnvelopeOptions the random source. The content is read twice. Errors of
/// sign.h and enveloped_data.h.
Status sign_and_envelop(ByteSource& content, std::span<const MessageSigner> signers,
                        std::span<const x509::Certificate> recipients, const SignOptions& sign_options,
                        const EnvelopeOptions& envelope_options, ByteSink& out);
Result<Bytes> sign_and_envelop(ByteView content, std::span<const MessageSigner> signers,
                               std::span<const x509::Certificate> recipients,
                               const SignOptions& sign_options = {},
                               const EnvelopeOptions& envelope_options = {});

struct OpenedSignedEnvelope {
  OpenedEnvelope envelope;
  SignedMessageReport report;
};

/// Opens and judges. Plaintext goes to VerifyOptions::content, to be thrown away unless the report is what
/// the caller wants. The message is read twice for signatures without attributes, see verify_message. Errors
/// of open_envelope; broken signatures are in the report.
Result<OpenedSignedEnvelope> open_and_verify(ByteSource& message, const EnvelopeKey& key,
                                             const VerifyOptions& options);
Result<OpenedSignedEnvelope> open_and_verify(ByteView message, const EnvelopeKey& key,
                                             const VerifyOptions& options);

}  // namespace hutong::cms
