#pragma once

#include "kmc/api/guarded_routes.h"
#include "kmc/centre.h"

namespace hutong::kmc {

/// Judicial officers: /api/v1/judicial-officers of docs/api/kmc.yaml. Any thread.
class OfficerRoutes {
 public:
  explicit OfficerRoutes(Centre& centre) : centre_(&centre) {}
  void add_to(const GuardedRoutes& routes) const;

 private:
  Result<net::Response> list() const;
  Result<net::Response> add(const net::Request& request, const operators::Authorized& by) const;
  Result<net::Response> retire(const net::Request& request, const operators::Authorized& by) const;
  Centre* centre_;
};

}  // namespace hutong::kmc
