// The files of the software token. What is read is written as it stood, so nothing in a file goes unread.

#include "fuzz/property.h"
#include "token/software/records.h"

namespace hutong::fuzz {
namespace {

template <typename Record>
void check(const Result<Record>& read, ByteView input) {
  if (read) {
    require(equal(token::software::encode(*read), input), "what is read is written as it stood");
  } else {
    require(read.error().reason == "token.record", "a refusal has the reason of its header");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  fuzz::check(token::software::decode_device(input), input);
  fuzz::check(token::software::decode_application(input), input);
  fuzz::check(token::software::decode_tries(input), input);
  fuzz::check(token::software::decode_container(input), input);
  fuzz::check(token::software::decode_file(input), input);
  return 0;
}
