#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
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
/// What another program said, so that it can be kept and shown: control characters become spaces, the end is
/// cut off after `most` characters, what is no UTF-8 becomes empty.
std::string foreign_text(std::string_view said, std::size_t most);
inline constexpr std::size_t kMostReason = 1'000;
/// The member "reason", such a text of at most kMostReason characters.
Result<std::string> read_reason(const net::JsonBody& body);

/// kUnauthorized "region.foreign": who asks is bound to a region, and this is not within it (or in none).
Status check_region(const operators::Authorized& by, std::string_view region);
/// The same for what concerns the whole region.
Status check_whole_region(const operators::Authorized& by);
/// The region that bounds what they see; empty: none.
std::string_view region_of(const operators::Authorized& by);

/// What the second person says to a proposal.
enum class Decision : std::uint8_t { kRelease, kReject };
struct ProposalDecision {
  std::string proposal;  ///< its id
  Decision decision = Decision::kReject;
  std::string reason;
};
/// The path's id and the members "decision" ("release" or "reject") and "reason".
Result<ProposalDecision> read_proposal_decision(const net::Request& request);

/// What proposals of all kinds tell about themselves: reason, who proposed and who decided.
template <typename Proposal>
net::Json proposal_json(const Proposal& proposal) {
  net::Json json = {{"id", proposal.id},
                    {"reason", proposal.reason},
                    {"state", to_string(proposal.state)},
                    {"proposed_by", proposal.proposed_by},
                    {"proposed_at", to_rfc3339(proposal.proposed_at)}};
  if (proposal.decided_at) {
    json["decided_by"] = proposal.decided_by;
    json["decided_at"] = to_rfc3339(*proposal.decided_at);
    json["decision_reason"] = proposal.decision_reason;
  }
  return json;
}

/// A page of a list: "items", and "next" unless it is the last one.
template <typename Items, typename ToJson>
net::Response page_response(const Items& items, const std::string& next, ToJson to_json) {
  net::Json json = {{"items", net::Json::array()}};
  for (const auto& item : items) {
    json["items"].push_back(to_json(item));
  }
  if (!next.empty()) {
    json["next"] = next;
  }
  return net::json_response(json);
}

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
