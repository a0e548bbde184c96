#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "token/driver/functions.h"

namespace hutong::token {

/// What a driver returned, as an Error. The detail always names the function, the code in hexadecimal and
/// its name. Reasons: "token.pin_incorrect", "token.pin_locked", "token.pin_invalid", "token.pin_length",
/// "token.not_logged_in", "token.already_logged_in", "token.pin_not_initialized" (kUnauthorized or kPolicy);
/// "token.removed"; "token.not_found" (application, container, file, certificate, key), "token.exists",
/// "token.no_room"; "token.not_supported"; "token.input" (the data or parameters do not please the token);
/// "token.not_authenticated", "token.device_key_locked" (device key); "token.handle"; "token.timeout";
/// "token.cryptography"; "token.failed" for all others.
Error error_from(std::uint32_t code, Function function);
/// The SKF code in an error's detail; 0 when it is none of error_from.
std::uint32_t skf_code_of(const Error& error);

}  // namespace hutong::token
