#pragma once

#include <filesystem>

#include "base/result.h"
#include "demonstration/region.h"

namespace hutong::demonstration {

/// Certificates for keys that lie in somebody's token, one for each way a login can go: NAME.csr in `folder`
/// gets NAME.cer beside it. The names are
///   supplier (of vendor A), purchaser (of vendor B)   good
///   revoked, on-hold, expired                         of vendor A, as the name says
///   unaccredited, unknown                             of a CA that nobody accredited, of nobody known
/// A request that is not there is passed over. Vendor A's revocation list in the region grows by what was
/// revoked. kPolicy "demonstration.request" (not signed by its own key), and what reading and issuing say.
Status write_subscribers(const std::filesystem::path& folder, Region& region);

}  // namespace hutong::demonstration
