#pragma once

#include <cstdint>
#include <string_view>

#include "net/json.h"

namespace hutong::net {

enum class LogLevel : std::uint8_t { kInfo, kWarning, kError };

/// One line of JSON on standard error: time, level, event ("http.request"), then the fields. From any thread.
/// Programs log; formats and verification never do. Never hand in a secret, a body or a person's name.
void log(LogLevel level, std::string_view event, const Json& fields = Json::object());

}  // namespace hutong::net
