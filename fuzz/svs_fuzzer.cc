// The first octet says the form: DER of a request or of an answer, a form body, JSON; for the latter two the
// second says of which service. What is read is written in one way and read again as the same.

#include "fuzz/property.h"
#include "platform/svs/svs_message.h"
#include "platform/svs/svs_text.h"

namespace hutong::fuzz {
namespace {

using namespace platform::svs;

void check_der(ByteView message, Direction direction) {
  const auto envelope = read_envelope(message);
  if (!envelope) {
    require(!envelope.error().reason.empty(), "a refusal has a reason");
    return;
  }
  const auto packet = read_packet(envelope->type, direction, envelope->packet);
  if (!packet) {
    require(!packet.error().reason.empty(), "a refusal has a reason");
    return;
  }
  const Bytes written = write_message(*envelope, *packet, direction);
  const auto again = read_envelope(written);
  require(again && again->type == envelope->type && again->choice == envelope->choice &&
              again->time == envelope->time,
          "an envelope is read as it was written");
  const auto same = read_packet(again->type, direction, again->packet);
  require(same && write_message(*again, *same, direction) == written, "a packet is written in one way");
}

void check_form(Type type, std::string_view body) {
  const auto packet = read_form_packet(type, Direction::kRequest, body);
  if (packet) {
    const auto again =
        read_form_packet(type, Direction::kRequest, write_form_packet(type, Direction::kRequest, *packet));
    require(again && *again == *packet, "a form is read as it was written");
  }
}

void check_json(Type type, std::string_view text) {
  const auto json = net::parse_json(text, {.depth = 3, .values = 100});
  const auto packet =
      json ? read_json_packet(type, Direction::kRequest, *json) : Result<Packet>(json.error());
  if (packet) {
    const auto again =
        read_json_packet(type, Direction::kRequest, write_json_packet(type, Direction::kRequest, *packet));
    require(again && *again == *packet, "JSON is read as it was written");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  if (size < 2) {
    return 0;
  }
  const ByteView rest{data + 2, size - 2};
  const auto type = static_cast<platform::svs::Type>(data[1] % platform::svs::kTypes);
  switch (data[0] % 4) {
    case 0:
      fuzz::check_der(rest, platform::svs::Direction::kRequest);
      break;
    case 1:
      fuzz::check_der(rest, platform::svs::Direction::kResponse);
      break;
    case 2:
      fuzz::check_form(type, as_text(rest));
      break;
    default:
      fuzz::check_json(type, as_text(rest));
      break;
  }
  return 0;
}
