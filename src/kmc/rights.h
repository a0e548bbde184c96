#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "kmc/config.h"
#include "operators/certificate_policy.h"
#include "operators/rights.h"
#include "x509/certificate.h"

namespace hutong::kmc {

/// What operators of the centre may be allowed to do, besides the rights of operators/rights.h.
inline constexpr std::string_view kReadPolicy = "policy.read";
inline constexpr std::string_view kSetPolicy = "policy.set";
inline constexpr std::string_view kReadAuthorities = "authority.read";
inline constexpr std::string_view kManageAuthorities = "authority.manage";
inline constexpr std::string_view kReadKeys = "key.read";
inline constexpr std::string_view kMakeKeys = "key.make";
inline constexpr std::string_view kReadRecoveries = "recovery.read";
inline constexpr std::string_view kRecoverKeys = "key.recover";
inline constexpr std::string_view kCustody = "key.custody";
inline constexpr std::string_view kManageOfficers = "judicial.manage";

/// The rights of hutong-kmc, with who may have them.
std::span<const operators::Right> rights();

/// Whose certificates operators may use: those issued by the centre itself, when its certificate is a CA's,
/// and by the authorities of the configuration. A certificate is good until its operator is retired.
Result<operators::CertificateAuthority> operator_authority(const Config& config,
                                                           const x509::Certificate& centre);

}  // namespace hutong::kmc
