#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "base/result.h"
#include "operators/certificate_policy.h"
#include "operators/rights.h"

namespace hutong::platform {

/// What operators of the platform may be allowed to do, besides the rights of operators/rights.h. The three
/// separate powers (三员分立): the system administrator is the super administrator of that module, the
/// security administrator its business administrator, the audit administrator the one of that name; region
/// operators are business operators.
inline constexpr std::string_view kReadVendors = "vendor.read";
inline constexpr std::string_view kManageVendors = "vendor.manage";
inline constexpr std::string_view kReleaseVendors = "vendor.release";
inline constexpr std::string_view kReadTrust = "trust.read";
inline constexpr std::string_view kManageTrust = "trust.manage";
inline constexpr std::string_view kReleaseTrust = "trust.release";
inline constexpr std::string_view kReadSubjects = "subject.read";
inline constexpr std::string_view kManageSubjects = "subject.manage";
inline constexpr std::string_view kReadSystems = "system.read";
inline constexpr std::string_view kManageSystems = "system.manage";
inline constexpr std::string_view kReleaseSystems = "system.release";

/// The rights of hutong-platform, with who may have them.
std::span<const operators::Right> rights();

/// Whose certificates operators may use: those issued by the certificates of this file (PEM or DER). Good
/// until their operator is retired. What read_file and x509::read_certificates say.
Result<operators::CertificateAuthority> operator_authority(const std::filesystem::path& authorities);

}  // namespace hutong::platform
