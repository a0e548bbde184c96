#pragma once

#include "ca/registration/registration_system.h"
#include "net/router.h"
#include "operators/guard.h"

namespace hutong::ca::registration {

/// /api/v1/imports. Both must outlive the router.
void add_import_routes(net::Router& router, const RegistrationSystem& system, const operators::Guard& guard);

}  // namespace hutong::ca::registration
