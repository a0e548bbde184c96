#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "ca/registration/order_events.h"
#include "ca/registration/registration_system.h"
#include "net/http.h"
#include "net/json.h"
#include "net/router.h"
#include "operators/guard.h"

namespace hutong::ca::registration {

/// The doer of a step, from whom the guard let in.
Doer doer_of(const operators::Authorized& by);

/// Lets `body(doer)` answer for somebody who has the right, and records what was refused: bad input of a
/// known operator leaves an audit record, too.
template <typename Body>
Result<net::Response> act(const RegistrationSystem& system, const operators::Guard& guard,
                          std::string_view right, const net::Request& request, std::string_view action,
                          Body&& body) {
  HUTONG_TRY(const auto by, guard.authorize(request, right));
  const Doer doer = doer_of(by);
  Result<net::Response> answer = body(doer);
  if (!answer) {
    const auto id = request.parameters.find("id");
    record_refusal(system.database(), doer, action, action.substr(0, action.find('.')),
                   id == request.parameters.end() ? std::string_view() : std::string_view(id->second),
                   answer.error(), system.clock().now());
  }
  return answer;
}

/// /api/v1/orders, /api/v1/issuances, /api/v1/statistics. Both must outlive the router.
void add_order_routes(net::Router& router, const RegistrationSystem& system, const operators::Guard& guard);

/// An order with its history and whatever belongs to it.
Result<net::Json> whole_order(storage::Reader& reader, const Order& order);

}  // namespace hutong::ca::registration
