#include "ca/vendor/caller.h"

namespace hutong::ca::vendor {

Result<operators::Authorized> platform_of(const VendorParts& parts, const net::Request& request,
                                          std::string_view right) {
  HUTONG_TRY(auto by, parts.guard.authorize(request, right));
  if (!by.client) {
    return Error{Errc::kUnauthorized, "vendor.machines_only", "this interface is for platforms"};
  }
  return by;
}

Result<registration::Order> own_order(const VendorParts& parts, const net::Request& request,
                                      const operators::Authorized& by) {
  const std::string& id = request.parameters.at("id");
  HUTONG_TRY(auto order, parts.system.desk().find(id));
  if (order.client != by.id()) {
    return Error{Errc::kNotFound, "order.unknown", "no order " + id};
  }
  return order;
}

}  // namespace hutong::ca::vendor
