#pragma once

#include "ca/registration/application_handlers.h"
#include "ca/registration/registration_system.h"
#include "net/router.h"
#include "operators/guard.h"

namespace hutong::ca::registration {

/// Everything of docs/api/ca.yaml. System and guard must outlive the router.
void add_registration_routes(net::Router& router, const RegistrationSystem& system,
                             const operators::Guard& guard, const PublicLimits& limits = {});

}  // namespace hutong::ca::registration
