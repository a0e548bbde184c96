#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/json.h"
#include "net/json_body.h"
#include "net/router.h"
#include "operators/guard.h"

/// What the requests to all desks of the platform have in common.
namespace hutong::platform {

/// The Error of a member that is missing, unknown or not as documented: kMalformed "desk.member".
Error wrong_member(std::string_view member);

/// 1 to `most` characters of UTF-8 without control characters.
bool is_desk_text(std::string_view text, std::size_t most);
/// Such a text as a member: kMalformed "desk.member".
Result<std::string> read_desk_text(const net::Json& object, const char* member, std::size_t most);
inline constexpr std::size_t kMostReason = 1'000;
/// The member "reason", such a text of at most kMostReason characters.
Result<std::string> read_reason(const net::JsonBody& body);

/// What the second person says to a proposal.
enum class Decision : std::uint8_t { kRelease, kReject };
/// The member "decision": "release" or "reject".
Result<Decision> read_decision(const net::JsonBody& body);

/// Adds a handler behind the guard. The guard must outlive the router.
template <typename HandlerClass>
void add_guarded(net::Router& router, net::Method method, std::string pattern, std::size_t body_limit,
                 HandlerClass handler, const operators::Guard& guard, std::string_view right) {
  router.add({.method = method,
              .pattern = std::move(pattern),
              .weight = net::Weight::kHeavy,
              .body_limit = body_limit,
              .handler = [handler, &guard, right](const net::Request& request) {
                return operators::serve(handler, guard, right, request);
              }});
}

}  // namespace hutong::platform
