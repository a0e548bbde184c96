#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "net/json.h"

namespace hutong::net {

enum class LogLevel : std::uint8_t { kInfo, kWarning, kError };
/// "info", "warning", "error"; kMalformed "log.level".
Result<LogLevel> log_level_from(std::string_view name);

/// What is less than this is not written; kInfo until somebody says otherwise. From any thread.
void set_log_level(LogLevel least);
/// Spares the work for a line that nobody will see.
bool is_logged(LogLevel level);

/// One line of JSON on standard error: time, level, event ("http.request"), then the fields. From any thread.
/// Programs log; formats and verification never do. Never hand in a secret, a body or a person's name.
void log(LogLevel level, std::string_view event, const Json& fields = Json::object());

}  // namespace hutong::net
