#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "demonstration/authority.h"

namespace hutong::demonstration {

/// A correctly signed certificate with three deviations that real CAs show: NULL parameters in the signature
/// algorithm, a written-out critical FALSE, and unused bits of keyUsage that DER does not want.
Result<Bytes> make_odd_certificate(const Authority& ca, const Authority::Wanted& wanted);

}  // namespace hutong::demonstration
