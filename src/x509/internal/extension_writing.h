#pragma once

#include <vector>

#include "asn1/writer.h"
#include "x509/extension_builder.h"

namespace hutong::x509::internal {

/// Extensions: a SEQUENCE of them in their order.
void write_extensions(asn1::Writer& out, const std::vector<ExtensionValue>& extensions);

}  // namespace hutong::x509::internal
