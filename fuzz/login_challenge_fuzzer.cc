// A challenge that can be read is written as the same octets, and no challenge can be taken for signed
// attributes.

#include "fuzz/property.h"
#include "login_challenge/challenge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  const auto challenge = login_challenge::read_challenge(input);
  if (!challenge) {
    const std::string_view reason = challenge.error().reason;
    fuzz::require(reason.starts_with("challenge.") || reason.starts_with("asn1."),
                  "errors are those of challenges");
    return 0;
  }
  fuzz::require(!login_challenge::is_reserved(input), "a challenge is no set of attributes");
  const auto again = login_challenge::to_der(*challenge);
  fuzz::require(again && equal(*again, input), "what was read is written as it was");
  return 0;
}
