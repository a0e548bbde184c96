#include "token/driver/protocol.h"

#include <string>

#include "base/secret.h"

namespace hutong::token {
namespace {

constexpr std::array<std::uint8_t, 2> kMagic{'H', 'D'};
constexpr std::size_t kFirstCapacity = 1024;  // what carries a PIN never grows

std::uint32_t number_at(ByteView octets, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = value << 8 | octets[at + i];
  }
  return value;
}

void put_at(Bytes& out, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    out[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
}

Error broken(std::string detail) { return {Errc::kMalformed, "token.frame", std::move(detail)}; }

/// Takes a body apart from the front.
class BodyReader {
 public:
  explicit BodyReader(ByteView body) : rest_(body) {}
  bool at_end() const { return rest_.empty(); }
  Result<std::uint32_t> number() {
    HUTONG_TRY(const ByteView four, take(4));
    return number_at(four, 0);
  }
  Result<Value> value() {
    HUTONG_TRY(const ByteView kind, take(1));
    Value value{.kind = static_cast<ValueKind>(kind[0]), .number = 0, .octets = {}};
    switch (value.kind) {
      case ValueKind::kNumber:
      case ValueKind::kHandle:
      case ValueKind::kRoom: {
        HUTONG_TRY(value.number, number());
        return value;
      }
      case ValueKind::kOctets: {
        HUTONG_TRY(const std::uint32_t size, number());
        HUTONG_TRY(value.octets, take(size));
        return value;
      }
      case ValueKind::kAbsent:
        return value;
    }
    return broken("a value of an unknown kind");
  }

 private:
  Result<ByteView> take(std::size_t size) {
    if (size > rest_.size()) {
      return broken("the body ends too early");
    }
    const ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  ByteView rest_;
};

}  // namespace

std::string_view to_string(CallFault fault) {
  constexpr std::array<std::string_view, 7> kFaultNames{
      "none", "unknown_function", "not_exported", "arguments", "handle", "overrun", "length"};
  const auto index = static_cast<std::size_t>(fault);
  return index < kFaultNames.size() ? kFaultNames[index] : "unknown";
}

Result<FrameHeader> read_header(ByteView octets) {
  if (octets.size() != kFrameHeaderSize || !equal(octets.first(kMagic.size()), kMagic)) {
    return broken("not a frame");
  }
  if (octets[2] != kProtocolVersion) {
    return Error{Errc::kPolicy, "token.frame_version", "version " + std::to_string(octets[2])};
  }
  const auto kind = static_cast<FrameKind>(octets[3]);
  if (kind < FrameKind::kLoad || kind > FrameKind::kResult) {
    return broken("a frame of an unknown kind");
  }
  const FrameHeader header{.kind = kind, .number = number_at(octets, 4), .length = number_at(octets, 8)};
  if (header.length > kMostFrameBody) {
    return Error{Errc::kLimit, "token.frame_length", std::to_string(header.length) + " octets"};
  }
  return header;
}

Result<Message> read_message(ByteView body) {
  BodyReader reader(body);
  Message message;
  HUTONG_TRY(message.code, reader.number());
  while (!reader.at_end()) {
    if (message.values.size() >= kMostValues) {
      return Error{Errc::kLimit, "token.frame_values", "too many values"};
    }
    HUTONG_TRY(const Value value, reader.value());
    message.values.push_back(value);
  }
  return message;
}

FrameWriter::FrameWriter(FrameKind kind, std::uint32_t code) : kind_(kind) {
  frame_.reserve(kFirstCapacity);
  frame_.resize(kFrameHeaderSize);
  put(code);
}

FrameWriter::~FrameWriter() { wipe(frame_); }

/// Growing leaves nothing behind.
void FrameWriter::grow(std::size_t more) {
  if (frame_.size() + more <= frame_.capacity()) {
    return;
  }
  Bytes larger;
  larger.reserve(std::max(2 * frame_.capacity(), frame_.size() + more));
  larger.assign(frame_.begin(), frame_.end());
  wipe(frame_);
  frame_ = std::move(larger);
}

void FrameWriter::put(std::uint32_t value) {
  frame_.resize(frame_.size() + 4);
  put_at(frame_, frame_.size() - 4, value);
}

FrameWriter& FrameWriter::scalar(ValueKind kind, std::uint32_t value) {
  grow(5);
  frame_.push_back(static_cast<std::uint8_t>(kind));
  put(value);
  ++values_;
  return *this;
}

FrameWriter& FrameWriter::octets(ByteView value) {
  grow(5 + value.size());
  frame_.push_back(static_cast<std::uint8_t>(ValueKind::kOctets));
  put(static_cast<std::uint32_t>(value.size()));
  append(frame_, value);
  ++values_;
  return *this;
}

FrameWriter& FrameWriter::absent() {
  grow(1);
  frame_.push_back(static_cast<std::uint8_t>(ValueKind::kAbsent));
  ++values_;
  return *this;
}

Result<ByteView> FrameWriter::finish(std::uint32_t frame_number) & {
  const std::size_t body = frame_.size() - kFrameHeaderSize;
  if (body > kMostFrameBody) {
    return Error{Errc::kLimit, "token.frame_length", std::to_string(body) + " octets"};
  }
  if (values_ > kMostValues) {
    return Error{Errc::kLimit, "token.frame_values", std::to_string(values_) + " values"};
  }
  std::ranges::copy(kMagic, frame_.begin());
  frame_[2] = kProtocolVersion;
  frame_[3] = static_cast<std::uint8_t>(kind_);
  put_at(frame_, 4, frame_number);
  put_at(frame_, 8, static_cast<std::uint32_t>(body));
  return ByteView(frame_);
}

}  // namespace hutong::token
