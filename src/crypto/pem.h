#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::crypto {

/// One block of a PEM file (RFC 7468), read tolerantly: CRLF, blanks around lines, text before and between
/// blocks, a last line without newline.
struct PemBlock {
  std::string label;  ///< "CERTIFICATE", "PRIVATE KEY" ...
  Bytes der;
};

/// True when a "-----BEGIN " line is in the first 64 KiB.
bool looks_like_pem(ByteView file);
/// All blocks, in order. A byte order mark before the first line is skipped. kMalformed "pem.no_block",
/// "pem.no_end", "pem.label" (END does not match BEGIN), "pem.base64"; kLimit "pem.too_many" above 20,000
/// blocks. Encrypted traditional headers ("Proc-Type:") are kPolicy "pem.headers".
Result<std::vector<PemBlock>> read_pem(std::string_view text);
/// 64 columns, newline at the end.
std::string write_pem(std::string_view label, ByteView der);

}  // namespace hutong::crypto
