// The input is what comes in over a driver process's socket: a header and a body. What is read is written
// again as the same octets.

#include "fuzz/property.h"
#include "token/driver/protocol.h"

namespace hutong::fuzz {
namespace {

void write_value(token::FrameWriter& out, const token::Value& value) {
  switch (value.kind) {
    case token::ValueKind::kNumber:
      out.number(value.number);
      break;
    case token::ValueKind::kHandle:
      out.handle(value.number);
      break;
    case token::ValueKind::kOctets:
      out.octets(value.octets);
      break;
    case token::ValueKind::kRoom:
      out.room(value.number);
      break;
    case token::ValueKind::kAbsent:
      out.absent();
      break;
  }
}

void check(const token::FrameHeader& header, ByteView frame) {
  const auto message = token::read_message(frame.subspan(token::kFrameHeaderSize, header.length));
  if (!message) {
    require(!message.error().reason.empty(), "a refusal has a reason");
    return;
  }
  require(message->values.size() <= token::kMostValues, "the number of values is bounded");
  token::FrameWriter out(header.kind, message->code);
  for (const token::Value& value : message->values) {
    write_value(out, value);
  }
  const auto again = out.finish(header.number);
  require(again && equal(*again, frame.first(token::kFrameHeaderSize + header.length)),
          "a frame has one form");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  const auto header = token::read_header(input.first(std::min(size, token::kFrameHeaderSize)));
  if (!header) {
    fuzz::require(!header.error().reason.empty(), "a refusal has a reason");
  } else if (size >= token::kFrameHeaderSize + header->length) {
    fuzz::check(*header, input);
  }
  return 0;
}
