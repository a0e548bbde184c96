#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "x509/certificate.h"

namespace hutong::platform::svs {

/// An item of a certificate by its number (GB/T 33560-2017 table 8, the numbers of SOF_GetCertInfo), as text
/// in UTF-8; the public key and the extensions (0x11, 0x12, 0x14 … 0x1B) are octets in DER. Empty when the
/// certificate does not have it; nothing when there is no such number.
std::optional<Bytes> certificate_item(const x509::Certificate& certificate, std::uint64_t number);

}  // namespace hutong::platform::svs
