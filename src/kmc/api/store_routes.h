#pragma once

#include "kmc/api/guarded_routes.h"
#include "kmc/centre.h"
#include "kmc/jobs.h"

namespace hutong::kmc {

/// Policy, statistics, making of keys, search: the endpoints tagged "stores" of docs/api/kmc.yaml. Any
/// thread; what it is given must outlive it.
class StoreRoutes {
 public:
  StoreRoutes(Centre& centre, Jobs& jobs) : centre_(&centre), jobs_(&jobs) {}
  void add_to(const GuardedRoutes& routes) const;

 private:
  Result<net::Response> show_policy() const;
  Result<net::Response> set_policy(const net::Request& request, const operators::Authorized& by) const;
  Result<net::Response> statistics() const;
  Result<net::Response> list_makings() const;
  Result<net::Response> order_making(const net::Request& request, const operators::Authorized& by) const;
  Result<net::Response> list_keys(const net::Request& request) const;
  Result<net::Response> show_key(const net::Request& request) const;
  Centre* centre_;
  Jobs* jobs_;
};

}  // namespace hutong::kmc
