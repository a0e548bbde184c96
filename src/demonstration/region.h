#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "demonstration/authority.h"
#include "recognition/trust_list.h"
#include "x509/crl.h"

namespace hutong::demonstration {

inline constexpr std::chrono::hours kDay{24};

/// The demonstration region's cast: two vendors with a root and a sub-CA each, a CA that nobody accredited, a
/// list signer, and participants. Everything is made fresh; times are relative to `now`.
struct Region {
  Time now{};
  Authority root_a;
  Authority ca_a;
  Authority root_b;
  Authority ca_b;
  Authority outsider;
  Identity list_signer;
  Identity report_signer;              ///< the platform's own, of vendor B
  Identity supplier;                   ///< of vendor A, signs
  Identity supplier_encryption;        ///< the other half of the pair
  Identity purchaser;                  ///< of vendor B, signs
  Identity agency_revoked;             ///< of vendor A, on its list
  Identity stamp_authority;            ///< of vendor B
  std::map<std::string, Bytes> lists;  ///< CRLs by file name
};
Result<Region> make_region(Time now);

/// Trust list no. 1 of the region, with more services appended.
Result<Bytes> make_trust_list(const Region& region, std::vector<recognition::Service> more);

/// Key usages of the two halves of a dual pair (双证书).
std::vector<x509::ExtensionValue> signing_extensions(std::string_view credit_code);
std::vector<x509::ExtensionValue> encryption_extensions(std::string_view credit_code);
/// A unified social credit code with its check character; `body` has 17 characters.
std::string credit_code(std::string_view body);
Validity years(Time now, int from, int until);

}  // namespace hutong::demonstration
