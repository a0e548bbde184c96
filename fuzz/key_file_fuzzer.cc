// Whatever is read as a private key can be written and is read as the same key; every refusal is one of those
// that key_file.h names. The rounds are bounded, so that no input is slow.

#include <algorithm>

#include "crypto/key_file.h"
#include "fuzz/property.h"

namespace hutong::fuzz {
namespace {

constexpr crypto::KeyFileLimits kLimits{.most_rounds = 16};

bool same_key(const crypto::Sm2PrivateKey& a, const Result<crypto::Sm2PrivateKey>& b) {
  return b && equal(a.expose().expose(), b->expose().expose()) && a.public_key() == b->public_key();
}

void check(ByteView file, std::optional<std::string_view> password) {
  const auto key = crypto::read_private_key(file, password, kLimits);
  if (!key) {
    constexpr std::string_view kReasons[] = {"key_file.format", "key_file.unsupported", "key_file.password",
                                             "key_file.mismatch", "pbkdf2.rounds"};
    const bool named = std::ranges::find(kReasons, key.error().reason) != std::end(kReasons);
    require(named || key.error().code == Errc::kLimit, "a refusal has a reason of key_file.h");
    return;
  }
  const SecretBytes pkcs8 = crypto::write_pkcs8(*key);
  require(same_key(*key, crypto::read_private_key(pkcs8.expose())), "a key survives PKCS#8");
  const SecretBytes sec1 = crypto::write_sec1(*key);
  require(same_key(*key, crypto::read_private_key(sec1.expose())), "a key survives SEC 1");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hutong::ByteView file(data, size);
  hutong::fuzz::check(file, std::nullopt);
  hutong::fuzz::check(file, "12345678");
  return 0;
}
