#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

/// Binary frames (docs/agent-protocol.md, Streams): id (4 octets, big-endian), kind (1 octet), the rest.
namespace hutong::agent {

enum class StreamKind : std::uint8_t { kData = 0, kEnd = 1, kCredit = 2, kRewind = 3, kCancel = 4 };

inline constexpr std::size_t kMostFrameData = 262'144;

struct StreamFrame {
  std::uint32_t id;
  StreamKind kind;
  ByteView rest;             ///< of kData, a view into what was read
  std::uint32_t credit = 0;  ///< of kCredit
};
/// Nothing when it is no frame: too short, an unknown kind, data of no or too many octets, a rest where none
/// belongs.
std::optional<StreamFrame> read_frame(ByteView octets);

Bytes data_frame(std::uint32_t id, ByteView data);
Bytes credit_frame(std::uint32_t id, std::uint32_t octets);
/// kEnd, kRewind or kCancel.
Bytes bare_frame(std::uint32_t id, StreamKind kind);

}  // namespace hutong::agent
