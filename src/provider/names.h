#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace hutong::provider {

/// The names and identifiers of GM/T 0006, as OpenSSL writes them: first the name, then aliases.
inline constexpr const char* kSm2Names = "SM2:1.2.156.10197.1.301";
inline constexpr const char* kSm3Names = "SM3:1.2.156.10197.1.401";
inline constexpr const char* kHmacSm3Names = "HMAC-SM3:1.2.156.10197.1.401.2";
inline constexpr const char* kSm4EcbNames = "SM4-ECB:1.2.156.10197.1.104.1";
inline constexpr const char* kSm4CbcNames = "SM4-CBC:SM4:1.2.156.10197.1.104.2";
inline constexpr const char* kSm4CtrNames = "SM4-CTR:1.2.156.10197.1.104.7";
inline constexpr const char* kSm4GcmNames = "SM4-GCM:1.2.156.10197.1.104.8";
inline constexpr const char* kSm4CcmNames = "SM4-CCM:1.2.156.10197.1.104.9";

/// SM2 and its MACs go with SM3 only: kPolicy "digest.unsupported" for any other name; no name means SM3.
Status check_digest_name(std::optional<std::string_view> name);
/// The curve by one of its names: kPolicy "sm2.group".
Status check_group_name(std::optional<std::string_view> name);

}  // namespace hutong::provider
