#pragma once

#include <string>
#include <string_view>

#include "x509/identity.h"

namespace hutong::recognition {

/// Stars in the middle: "11010519491231002X" becomes "110*************2X"; short values keep less.
std::string mask(std::string_view number);
/// Every resident identity number (GB 11643, with a right check digit) inside a text is masked.
std::string mask_resident_numbers(std::string_view text);
/// Tells who a natural person is, so it is shown masked.
bool is_personal(x509::IdentityKind kind);

}  // namespace hutong::recognition
