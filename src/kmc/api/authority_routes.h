#pragma once

#include "kmc/api/guarded_routes.h"
#include "kmc/centre.h"

namespace hutong::kmc {

/// The CAs served: the endpoints tagged "authorities" of docs/api/kmc.yaml. Any thread.
class AuthorityRoutes {
 public:
  explicit AuthorityRoutes(Centre& centre) : centre_(&centre) {}
  void add_to(const GuardedRoutes& routes) const;

 private:
  Result<net::Response> list() const;
  Result<net::Response> show(const net::Request& request) const;
  Result<net::Response> add(const net::Request& request, const operators::Authorized& by) const;
  Result<net::Response> change(const net::Request& request, const operators::Authorized& by) const;
  Centre* centre_;
};

}  // namespace hutong::kmc
