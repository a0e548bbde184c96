#pragma once

#include <vector>

#include "ca/signing/signing_system.h"
#include "operators/certificate_policy.h"
#include "storage/database.h"

namespace hutong::ca {

/// Whose certificates the operators of this CA use: its own, of which the store of certificates knows the
/// state, and those of `others`, whose state is theirs to watch. Database and signing system must outlive it.
operators::CertificateAuthority operator_authority(storage::Database& database, const SigningSystem& signing,
                                                   std::vector<x509::Certificate> others);

}  // namespace hutong::ca
