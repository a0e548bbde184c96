#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/json.h"
#include "platform/svs/svs_packet.h"

/// The two HTTP forms of GB/T 38629 Annex A. Integers are decimal text, BOOLEAN is TRUE or FALSE, octets and
/// certificates are Base64. Names of members may differ in case; a member that the packet does not have, one
/// that came twice and one that is missing are kMalformed "svs.member".
namespace hutong::platform::svs {

/// A.3: name=value pairs. Blanks inside Base64 count as '+': old programs do not escape it.
Result<Packet> read_form_packet(Type type, Direction direction, std::string_view body);
std::string write_form_packet(Type type, Direction direction, const Packet& packet);

/// A.5: the object of the inner members. Numbers may be numbers or texts, BOOLEAN a boolean or a text.
Result<Packet> read_json_packet(Type type, Direction direction, const net::Json& members);
net::Json write_json_packet(Type type, Direction direction, const Packet& packet);

}  // namespace hutong::platform::svs
