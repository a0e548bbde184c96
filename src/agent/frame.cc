#include "agent/frame.h"

namespace hutong::agent {
namespace {

constexpr std::size_t kFrameHeader = 5;
constexpr std::size_t kNumberSize = 4;

std::uint32_t number_at(ByteView octets) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < kNumberSize; ++i) {
    value = (value << 8) | octets[i];
  }
  return value;
}

void put_number(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

Bytes header(std::uint32_t id, StreamKind kind, std::size_t room) {
  Bytes out;
  out.reserve(kFrameHeader + room);
  put_number(out, id);
  out.push_back(static_cast<std::uint8_t>(kind));
  return out;
}

}  // namespace

std::optional<StreamFrame> read_frame(ByteView octets) {
  if (octets.size() < kFrameHeader) {
    return std::nullopt;
  }
  StreamFrame frame{.id = number_at(octets),
                    .kind = static_cast<StreamKind>(octets[kNumberSize]),
                    .rest = octets.subspan(kFrameHeader)};
  switch (frame.kind) {
    case StreamKind::kData:
      return frame.rest.empty() || frame.rest.size() > kMostFrameData ? std::nullopt : std::optional(frame);
    case StreamKind::kCredit:
      if (frame.rest.size() != kNumberSize) {
        return std::nullopt;
      }
      frame.credit = number_at(frame.rest);
      return frame;
    case StreamKind::kEnd:
    case StreamKind::kRewind:
    case StreamKind::kCancel:
      return frame.rest.empty() ? std::optional(frame) : std::nullopt;
  }
  return std::nullopt;
}

Bytes data_frame(std::uint32_t id, ByteView data) {
  Bytes out = header(id, StreamKind::kData, data.size());
  append(out, data);
  return out;
}

Bytes credit_frame(std::uint32_t id, std::uint32_t octets) {
  Bytes out = header(id, StreamKind::kCredit, kNumberSize);
  put_number(out, octets);
  return out;
}

Bytes bare_frame(std::uint32_t id, StreamKind kind) { return header(id, kind, 0); }

}  // namespace hutong::agent
