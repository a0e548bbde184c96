#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::net {

struct Part {
  std::string name;
  std::string file_name;     ///< last path component only; empty when none was given
  std::string content_type;  ///< as sent; empty when none was given
  ByteView content;          ///< into the body, which must outlive the part
};

struct MultipartLimits {
  std::size_t parts = 1000;
  std::size_t header_octets = 8'192;  ///< of one part
};

/// Takes a multipart/form-data body apart (RFC 7578, RFC 2046 5.1). Strict: CRLF line ends, a closing
/// delimiter, a Content-Disposition with a name on every part, no transfer encoding; a preamble and an
/// epilogue are refused unless empty. kMalformed "multipart.boundary", "multipart.delimiter",
/// "multipart.header", "multipart.disposition"; kLimit "multipart.parts", "multipart.header_limit".
Result<std::vector<Part>> parse_multipart(ByteView body, std::string_view boundary,
                                          const MultipartLimits& limits = {});

}  // namespace hutong::net
