#pragma once

#include <string>
#include <string_view>

#include "x509/certificate.h"
#include "x509/identity.h"

namespace hutong::recognition {

/// Stars in the middle: "11010519491231002X" becomes "110*************2X"; short values keep less.
std::string mask(std::string_view number);
/// Every resident identity number (GB 11643, with a right check digit) inside a text is masked.
std::string mask_resident_numbers(std::string_view text);
/// The same, and mobile numbers of the mainland (eleven digits from 13 to 19, standing alone).
std::string mask_personal_numbers(std::string_view text);
/// Tells who a natural person is, so it is shown masked.
bool is_personal(x509::IdentityKind kind);
/// The certificate says by a number who a natural person is: in an identity extension or in its subject. Such
/// octets are not kept (design decision 11).
bool is_personal(const x509::Certificate& certificate);
/// A text of this certificate (its subject, an attribute) without the numbers that tell who the person is.
std::string mask_personal_numbers(const x509::Certificate& certificate, std::string_view text);

}  // namespace hutong::recognition
