#pragma once

#include "ca/registration/registration_system.h"
#include "net/router.h"
#include "operators/guard.h"

namespace hutong::ca::registration {

/// What operators do, of docs/api/ca.yaml; applicants use add_application_routes(). System and guard must
/// outlive the router.
void add_registration_routes(net::Router& router, const RegistrationSystem& system,
                             const operators::Guard& guard);

}  // namespace hutong::ca::registration
