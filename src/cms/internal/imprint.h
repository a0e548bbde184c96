#pragma once

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "cms/tst_info.h"

namespace hutong::cms::internal {

/// MessageImprint of requests and stamps; the digest must have the length of its algorithm.
Result<MessageImprint> read_imprint(asn1::Reader& reader);
void write_imprint(asn1::Writer& out, const MessageImprint& imprint);

}  // namespace hutong::cms::internal
