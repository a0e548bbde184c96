// The input is what a card answers, piece by piece: the first octet of each is its length. Whatever it says,
// the talk comes to an end, and what is shown of it is text.

#include <algorithm>

#include "base/encoding.h"
#include "fuzz/property.h"
#include "token/pcsc/card_identity.h"

namespace hutong::fuzz {
namespace {

constexpr int kMostCommands = 12;
constexpr std::size_t kMostShown = 256;

bool is_shown_text(const std::string& text) { return is_utf8(text) && text.size() <= kMostShown; }

void identify(ByteView rest) {
  int commands = 0;
  const auto transmit = [&](ByteView /*command*/) -> Result<Bytes> {
    ++commands;
    if (rest.empty()) {
      return Error{Errc::kUnavailable, "pcsc.card", {}};
    }
    const std::size_t length = std::min<std::size_t>(rest.front(), rest.size() - 1);
    Bytes answer = to_bytes(rest.subspan(1, length));
    rest = rest.subspan(1 + length);
    return answer;
  };
  const auto read = token::identify_card(transmit, {.answers_to_reset = {},
                                                    .application = Bytes(7, 1),
                                                    .label_object = 0x0050,
                                                    .serial_number_object = 0x5f20});
  require(commands <= kMostCommands, "few commands");
  if (read) {
    require(is_shown_text(read->label) && is_shown_text(read->serial_number), "text is shown");
  } else {
    require(!read.error().reason.empty(), "an error has a reason");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hutong::fuzz::identify({data, size});
  return 0;
}
