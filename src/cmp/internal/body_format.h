#pragma once

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/result.h"
#include "cmp/body.h"

namespace hutong::cmp::internal {

/// One alternative of PKIBody with its tag.
Result<Body> read_body(asn1::Reader& reader);
void write_body(asn1::Writer& out, const Body& body);

}  // namespace hutong::cmp::internal
