#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace hutong::ca::registration {

/// The secret on the print sheet (密码信封), with which a subscriber without a certificate picks up the first
/// one: 24 characters of Crockford base32 in groups of six, 120 random bits.
std::string fresh_pick_up_secret();
/// What is kept of it: SM3 over its characters, without hyphens and blanks, in upper case.
Bytes pick_up_hash(std::string_view secret);
/// In constant time; false for an order without a secret.
bool is_pick_up_secret(std::string_view secret, ByteView hash);

}  // namespace hutong::ca::registration
