#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/svs/svs_packet.h"

namespace hutong::platform::svs {

/// `Request` and `Respond` are printed as OCTET STRING { name [n] IMPLICIT Type, … }, which is no legal
/// ASN.1. Both readings are met; we answer in the one that asked.
enum class Choice : std::uint8_t {
  kDirect,   ///< the packet as [n], in the sequence itself
  kWrapped,  ///< an OCTET STRING around it
};

/// SVSRequest or SVSRespond (GB/T 38629 7.3.1, 7.4.1) without the members of its packet. Views point into
/// what was read.
struct Envelope {
  Type type = Type::kExportCert;
  Choice choice = Choice::kDirect;
  ByteView packet = {};   ///< content octets of the packet's SEQUENCE
  ByteView request = {};  ///< what a time stamp is over: the whole request or respond
  std::optional<Time> time = std::nullopt;
  Bytes time_stamp_token = {};  ///< DER with the tag of a ContentInfo; empty when absent
};

/// Reads DER; the version may be written though it is the default. kMalformed "svs.message", "svs.version",
/// "svs.type" (none of the thirteen, or not that of the packet), "svs.time", and "asn1.…".
Result<Envelope> read_envelope(ByteView message);
/// Strict DER; of the envelope type, choice and time count.
Bytes write_message(const Envelope& envelope, const Packet& packet, Direction direction);

/// The members of a packet from its content octets. kMalformed "svs.member" and "asn1.…".
Result<Packet> read_packet(Type type, Direction direction, ByteView content);

/// YYYYMMDDhhmm[ss[.s…]] with Z, +hhmm or -hhmm; also "Z+0800", as the norm's example has it: then the offset
/// counts. kMalformed "svs.time".
Result<Time> read_svs_time(std::string_view text);
std::string write_svs_time(Time time);  ///< "20261129081500Z"

}  // namespace hutong::platform::svs
