#pragma once

#include <functional>

#include "ca/publishing/list_publisher.h"
#include "ca/publishing/ocsp_responder.h"
#include "ca/registration/order_maker.h"

namespace hutong::ca::registration {

/// After a change of status: publishes the list of each partition concerned once and lets the status service
/// forget what it said. What fails goes to the log; the job that publishes what is due repeats it. Both must
/// outlive the listener; `responder` may be null.
StatusListener announce_by(const ListPublisher& publisher, OcspResponder* responder);

}  // namespace hutong::ca::registration
