#pragma once

#include <string_view>
#include <utility>

#include "base/result.h"
#include "ca/registration/order.h"
#include "ca/registration/order_handlers.h"
#include "ca/vendor/vendor_parts.h"
#include "net/http.h"
#include "operators/authorized.h"

namespace hutong::ca::vendor {

/// The platform that asks. What the guard says; kUnauthorized "vendor.machines_only" for an operator.
Result<operators::Authorized> platform_of(const VendorParts& parts, const net::Request& request,
                                          std::string_view right);

/// The order that the path names. kNotFound "order.unknown", also for another client's.
Result<registration::Order> own_order(const VendorParts& parts, const net::Request& request,
                                      const operators::Authorized& by);

/// Lets `body(by)` answer for a platform that has the right, and records what was refused.
template <typename Body>
Result<net::Response> act(const VendorParts& parts, std::string_view right, const net::Request& request,
                          std::string_view action, Body&& body) {
  HUTONG_TRY(const auto by, platform_of(parts, request, right));
  Result<net::Response> answer = body(by);
  if (!answer) {
    const auto id = request.parameters.find("id");
    registration::record_refusal(
        parts.system.database(), registration::doer_of(by), action, action.substr(0, action.find('.')),
        id == request.parameters.end() ? std::string_view() : std::string_view(id->second), answer.error(),
        parts.system.clock().now());
  }
  return answer;
}

}  // namespace hutong::ca::vendor
