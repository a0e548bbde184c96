#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

extern template class nlohmann::basic_json<nlohmann::ordered_map>;  // compiled once, in json.cc

namespace hutong::net {

/// Keeps the order in which members were written, so that answers read as documented.
using Json = nlohmann::ordered_json;

/// What a stranger's JSON may cost. `values` bounds memory: a value takes some 16 octets whatever it is.
struct JsonLimits {
  std::size_t depth = 32;
  std::size_t values = 100'000;
};

/// RFC 8259 text whose objects have no name twice (RFC 7493 2.3). kMalformed "json.syntax"; kLimit
/// "json.depth", "json.values". Never throws on bad input.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

/// Text for the wire; octets that are not UTF-8 become U+FFFD instead of an exception.
std::string to_text(const Json& json);

}  // namespace hutong::net
