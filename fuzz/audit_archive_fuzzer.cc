// Archives of audit records. What is read has as many records as its head says, and its lines written again
// are read as the same.

#include <algorithm>

#include "fuzz/property.h"
#include "operators/archive_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const auto read = operators::read_archive({data, size});
  if (!read) {
    fuzz::require(!read.error().reason.empty(), "a refusal has a reason");
    fuzz::require(read.error().code == Errc::kMalformed || read.error().code == Errc::kCryptoFail,
                  "a bad archive is malformed or altered, never our fault");
    return 0;
  }
  fuzz::require(read->head.first >= 1, "numbers count from 1");
  fuzz::require(read->records == std::max<std::int64_t>(0, read->head.last - read->head.first + 1),
                "as many records as the head says");
  const auto nothing = operators::read_archive(as_bytes(operators::archive_head_line(
      {.program = read->head.program, .first = 1, .last = 0, .created_at = read->head.created_at})));
  fuzz::require(!nothing, "a head alone is no archive");
  return 0;
}
