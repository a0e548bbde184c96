// Every entry of a list that is read is found by its serial and issuer; the list is read again as the same.

#include "fuzz/property.h"
#include "x509/crl.h"

namespace hutong::fuzz {
namespace {

void check(const x509::Crl& crl, ByteView input) {
  require(equal(crl.der(), input), "the whole input is the list");
  std::size_t count = 0;
  crl.for_each([&](const x509::CrlEntry& entry, const x509::Name& issuer) {
    ++count;
    const auto serial = x509::Serial::from_content(entry.serial);
    require(serial.has_value(), "a serial that was read is a serial");
    const auto found = crl.find(*serial, issuer);
    require(found && equal(found->serial, entry.serial), "every entry is found");
    return count < 1'000;
  });
  require(count == crl.entry_count() || count == 1'000, "no entry is lost");
  const auto again = x509::Crl::parse(crl.der());
  require(again && again->entry_count() == crl.entry_count() && again->quirks() == crl.quirks(),
          "it is read again the same");
  const bool strict = x509::Crl::parse(input, x509::QuirkPolicy::strict()).has_value();
  require(strict == crl.quirks().empty(), "strict reading refuses exactly the quirks");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  if (const auto crl = x509::Crl::parse(input); crl) {
    fuzz::check(*crl, input);
  } else {
    fuzz::require(!crl.error().reason.empty(), "a refusal has a reason");
  }
  return 0;
}
