#pragma once

#include "ca/registration/material.h"
#include "ca/registration/registration_system.h"
#include "net/json.h"
#include "net/router.h"
#include "operators/guard.h"

namespace hutong::ca::registration {

net::Json to_json(const Material& material);
net::Json to_json(const Fee& fee);

/// /api/v1/orders/{id}/materials and …/fees. Both must outlive the router.
void add_material_routes(net::Router& router, const RegistrationSystem& system,
                         const operators::Guard& guard);

}  // namespace hutong::ca::registration
