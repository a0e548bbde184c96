#pragma once

#include "asn1/reader.h"
#include "cms/signed_data.h"

namespace hutong::cms::internal {

/// issuerAndSerialNumber, or [0] subjectKeyIdentifier (IMPLICIT OCTET STRING; a constructed [0] around an
/// OCTET STRING is read as well).
Result<PartyIdentifier> read_party(asn1::Reader& reader);

/// SignerInfo from its SEQUENCE.
Result<SignerInfo> read_signer_info(ByteView der);

/// SET OF SignerInfo and the two implicit sets in front of it, as they end SignedData and
/// SignedAndEnvelopedData.
class BerStream;
Status read_signed_tail(BerStream& stream, SignedData& out);
/// digestAlgorithms.
Status read_digest_algorithms(BerStream& stream, SignedData& out);

}  // namespace hutong::cms::internal
