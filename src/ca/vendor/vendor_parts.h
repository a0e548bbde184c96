#pragma once

#include <cstdint>
#include <string>

#include "ca/registration/registration_system.h"
#include "ca/vendor/webhooks.h"
#include "operators/guard.h"
#include "x509/certificate.h"

namespace hutong::ca::vendor {

/// What a vendor promises, as data (service commitments): shown to platforms, measured by nobody here.
struct ServiceCommitments {
  std::int64_t order_hours = 24;             ///< from entry to issue
  std::int64_t revocation_minutes = 60;      ///< from the order to the lists
  std::int64_t availability_permille = 999;  ///< of lists and status
  std::string support_phone = {};
  std::string support_email = {};
};

/// Everything must outlive the router.
struct VendorParts {
  const registration::RegistrationSystem& system;
  const operators::Guard& guard;
  const Webhooks& webhooks;
  std::string vendor_name;
  x509::Certificate webhook_certificate;  ///< whose key signs webhooks
  ServiceCommitments commitments = {};
};

}  // namespace hutong::ca::vendor
