// A PKCS#12 file is read or refused for a reason that key_file.h names; a key that comes out can be written.

#include <algorithm>

#include "crypto/key_file.h"
#include "fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const auto content = crypto::read_pkcs12(ByteView(data, size), "12345678", {.most_rounds = 16});
  if (!content) {
    const std::string_view reason = content.error().reason;
    fuzz::require(reason.starts_with("pkcs12.") || reason == "key_file.mismatch" ||
                      content.error().code == Errc::kLimit,
                  "a refusal has a reason of key_file.h");
    return 0;
  }
  if (content->key) {
    const SecretBytes pkcs8 = crypto::write_pkcs8(*content->key);
    const auto again = crypto::read_private_key(pkcs8.expose());
    fuzz::require(again && again->public_key() == content->key->public_key(), "the key survives PKCS#8");
  }
  fuzz::require(std::ranges::none_of(content->certificates, [](const Bytes& der) { return der.empty(); }),
                "no certificate is empty");
  return 0;
}
