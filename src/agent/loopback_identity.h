#pragma once

#include <chrono>
#include <filesystem>

#include "base/result.h"
#include "base/time.h"
#include "net/tls.h"

namespace hutong::agent {

/// What this machine's agent shows to its own browsers.
struct LoopbackIdentity {
  net::TlsIdentity tls;
  std::filesystem::path authority;  ///< PEM; what browsers are told to believe, good for this machine only
  Time expires{};
};

inline constexpr std::chrono::days kLoopbackLifetime{730};
inline constexpr std::chrono::days kLoopbackRenewal{30};  ///< made anew when less is left

/// Reads loopback.crt, loopback.key and loopback-authority.crt of the folder, or makes them. The authority is
/// confined to 127.0.0.1 and localhost, signs this one certificate, and its key is thrown away. The errors of
/// read_file, write_file and net::make_confined.
Result<LoopbackIdentity> keep_loopback_identity(const std::filesystem::path& folder, Time now);

}  // namespace hutong::agent
