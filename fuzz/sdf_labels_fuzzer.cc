// The input is the file that says which index of a cryptographic device has which label. What is read is
// written and read again as the same.

#include "fuzz/property.h"
#include "sdf/key_labels.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const auto keys = sdf::parse_labels(as_text({data, size}));
  if (!keys) {
    fuzz::require(keys.error().reason == "sdf.labels", "a refusal has its reason");
    return 0;
  }
  const std::string written = sdf::write_labels(*keys);
  const auto again = sdf::parse_labels(written);
  fuzz::require(again.has_value(), "what was read is written so that it is read");
  fuzz::require(sdf::write_labels(*again) == written, "it is written in one way");
  return 0;
}
