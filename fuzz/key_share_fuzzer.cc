// The input is the DER inside a custodian's share file. What is read is written and read again as the same;
// nothing that a stranger made opens.

#include "crypto/pem.h"
#include "fuzz/cms_identities.h"
#include "fuzz/property.h"
#include "kmc/custody/key_share.h"

namespace hutong::fuzz {
namespace {

constexpr std::uint64_t kMostRounds = 100;  // more would only be slow

void check(const kmc::ShareFile& file) {
  const std::string written = kmc::write_share(file);
  const auto again = kmc::read_share(as_bytes(written));
  require(again.has_value(), "what was read is written so that it is read");
  require(kmc::write_share(*again) == written, "it is written in one way");
  const auto custodian = private_key(kSignerKey);
  const auto opened = kmc::open_share(file, cms::Sm2KeyOpener(custodian));
  require(opened ? opened->number == file.label.number : !opened.error().reason.empty(),
          "a share that opens is the one of its label");
  if (file.rounds <= kMostRounds) {
    const auto by_password = kmc::open_share(file, std::string_view("password"));
    require(by_password ? by_password->number == file.label.number : !by_password.error().reason.empty(),
            "a share that opens is the one of its label");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const auto read = kmc::read_share(as_bytes(crypto::write_pem("HUTONG KEY SHARE", {data, size})));
  if (read) {
    fuzz::check(*read);
  } else {
    fuzz::require(!read.error().reason.empty(), "a refusal has a reason");
  }
  return 0;
}
