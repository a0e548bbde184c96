#pragma once

#include "ca/registration/registration_system.h"
#include "net/router.h"
#include "operators/guard.h"

namespace hutong::ca::registration {

/// /api/v1/templates, /api/v1/template-synchronisations (GM/T 0037 8.6.1.5, 8.6.2.9). Both must outlive the
/// router.
void add_template_routes(net::Router& router, const RegistrationSystem& system,
                         const operators::Guard& guard);

}  // namespace hutong::ca::registration
