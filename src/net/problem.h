#pragma once

#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace hutong::net {

/// The one place that knows which Error is which HTTP status. The body is a problem of RFC 9457: type, title,
/// status, detail, code (the Error's reason, stable) and instance (the request id, the number to quote to the
/// help desk). The detail of kInternal stays in the log. 401 and 429 say with a header field what to do next.
Response to_problem(const Error& error, std::string_view request_id);

}  // namespace hutong::net
