#pragma once

#include <span>

#include "cms/internal/content_hasher.h"
#include "cms/sign.h"

namespace hutong::cms::internal {

/// Checks that each key is its certificate's and asks the hasher for the digests that the signers need.
Status prepare_signers(std::span<const MessageSigner> signers, const SignOptions& options,
                       ContentHasher& hasher);

/// digestAlgorithms, a SET.
Bytes write_digest_algorithms(std::span<const MessageSigner> signers);
/// certificates, crls and signerInfos behind the content. The hasher is finished.
Result<Bytes> write_signed_tail(std::span<const MessageSigner> signers, const SignOptions& options,
                                const ContentHasher& hasher);
/// The version of SignedData: 1, and 3 when the content is not plain data (RFC 5652 5.1; time-stamp tokens).
unsigned signed_data_version(const SignOptions& options);
asn1::Oid content_type_of(const SignOptions& options);
/// SEQUENCE { issuer, serialNumber }.
Bytes write_issuer_and_serial(const x509::Certificate& certificate);
asn1::Oid oid_of(MessageType type, MessageForm form);

}  // namespace hutong::cms::internal
