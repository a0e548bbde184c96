// What a page may send: requests, frames of streams, and the origin in its header. What is accepted is within
// the limits that the agent promises, and is written again as it was.

#include "agent/frame.h"
#include "agent/origins.h"
#include "agent/request.h"
#include "base/encoding.h"
#include "fuzz/property.h"

namespace {

using namespace hutong;

void request(ByteView input) {
  const auto text = as_text(input);
  const auto read = agent::read_request(text);
  if (!read) {
    fuzz::require(read.error().reason == "agent.request" || read.error().reason == "agent.purpose",
                  "errors are those of requests");
    return;
  }
  fuzz::require(read->id != 0 && agent::id_of(text) == read->id, "a request has its id");
  fuzz::require(!read->method.empty() && read->params.is_object(), "and a method with params");
  fuzz::require(read->purpose.find('\n') == std::string::npos && is_utf8(read->purpose),
                "a purpose is one line of text");
}

Bytes written(const agent::StreamFrame& frame) {
  switch (frame.kind) {
    case agent::StreamKind::kData:
      return agent::data_frame(frame.id, frame.rest);
    case agent::StreamKind::kCredit:
      return agent::credit_frame(frame.id, frame.credit);
    default:
      return agent::bare_frame(frame.id, frame.kind);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  request(input);
  if (const auto frame = agent::read_frame(input)) {
    fuzz::require(equal(written(*frame), input), "a frame is written as it was");
  }
  if (agent::is_secure_origin(as_text(input))) {
    fuzz::require(as_text(input).find_first_of("\r\n /@\\", 8) == std::string_view::npos,
                  "an origin is host and port");
  }
  return 0;
}
