#pragma once

#include "kmc/api/guarded_routes.h"
#include "kmc/centre.h"

namespace hutong::kmc {

/// Recovery cases and the custodians' part in them: /api/v1/recoveries and /api/v1/custody of
/// docs/api/kmc.yaml. Any thread.
class RecoveryRoutes {
 public:
  explicit RecoveryRoutes(Centre& centre) : centre_(&centre) {}
  void add_to(const GuardedRoutes& routes) const;

 private:
  Result<net::Response> list(const net::Request& request) const;
  Result<net::Response> show(const net::Request& request) const;
  Result<net::Response> show_document(const net::Request& request) const;
  Result<net::Response> open(const net::Request& request, const operators::Authorized& by) const;
  Result<net::Response> approve(const net::Request& request, const operators::Authorized& by) const;
  Result<net::Response> refuse(const net::Request& request, const operators::Authorized& by) const;
  Result<net::Response> fetch_envelope(const net::Request& request, const operators::Authorized& by) const;
  Result<net::Response> show_custody(const operators::Authorized& by) const;
  /// The case with who approved it.
  Result<net::Response> answer(std::string_view id, int status) const;
  Centre* centre_;
};

}  // namespace hutong::kmc
