#include "ca/registration/registration_routes.h"

#include "ca/registration/certificate_handlers.h"
#include "ca/registration/import_handlers.h"
#include "ca/registration/material_handlers.h"
#include "ca/registration/order_handlers.h"
#include "ca/registration/template_handlers.h"

namespace hutong::ca::registration {

void add_registration_routes(net::Router& router, const RegistrationSystem& system,
                             const operators::Guard& guard) {
  add_order_routes(router, system, guard);
  add_material_routes(router, system, guard);
  add_import_routes(router, system, guard);
  add_template_routes(router, system, guard);
  add_certificate_routes(router, system, guard);
}

}  // namespace hutong::ca::registration
