#pragma once

#include "ca/registration/registration_system.h"
#include "net/router.h"
#include "operators/guard.h"

namespace hutong::ca::registration {

/// GET /api/v1/certificates and /api/v1/certificates/{serial}: the operators' search. Both must outlive the
/// router.
void add_certificate_routes(net::Router& router, const RegistrationSystem& system,
                            const operators::Guard& guard);

}  // namespace hutong::ca::registration
