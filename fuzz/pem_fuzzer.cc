// Whatever is read from a PEM file, written again, is read as the same; and a file that can be read looks
// like PEM.

#include "crypto/pem.h"
#include "fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  const auto blocks = crypto::read_pem(as_text(input));
  const bool looks_like = crypto::looks_like_pem(input);
  if (!blocks) {
    fuzz::require(blocks.error().reason.starts_with("pem."), "errors are those of PEM");
    fuzz::require(looks_like || blocks.error().reason == "pem.no_block" || size > 65'536,
                  "a file with a BEGIN line looks like PEM");
    return 0;
  }
  fuzz::require(looks_like || size > 65'536, "what can be read looks like PEM");
  fuzz::require(!blocks->empty(), "a file that was read has blocks");
  std::string again;
  for (const crypto::PemBlock& block : *blocks) {
    fuzz::require(!block.label.empty() && !block.der.empty(), "no block is empty");
    again += crypto::write_pem(block.label, block.der);
  }
  const auto copies = crypto::read_pem(again);
  fuzz::require(copies && copies->size() == blocks->size(), "what was written is read");
  for (std::size_t i = 0; i < blocks->size(); ++i) {
    fuzz::require((*copies)[i].label == (*blocks)[i].label && (*copies)[i].der == (*blocks)[i].der,
                  "a block survives writing");
  }
  return 0;
}
