#pragma once

#include <chrono>
#include <cstddef>

#include "ca/registration/registration_system.h"
#include "net/router.h"

namespace hutong::ca::registration {

/// What strangers may do.
struct PublicLimits {
  std::size_t applications = 20;  ///< from one address within the window
  std::size_t looks = 300;        ///< at orders, also with a wrong secret
  std::chrono::seconds window{600};
};

/// /api/v1/applications, /api/v1/order-templates: a subscriber applies online, without an operator. The
/// system must outlive the router.
void add_application_routes(net::Router& router, const RegistrationSystem& system,
                            const PublicLimits& limits = {});

}  // namespace hutong::ca::registration
