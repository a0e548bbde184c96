// A public key that is read, written in standard form, is read as the same key; a signature of zeros is never
// right for it.

#include "crypto/signature.h"
#include "fuzz/property.h"

namespace hutong::fuzz {
namespace {

crypto::SignatureAlgorithm algorithm_for(crypto::KeyType type) {
  switch (type) {
    case crypto::KeyType::kSm2:
      return crypto::kSm2WithSm3;
    case crypto::KeyType::kRsa:
      return {crypto::SignatureScheme::kRsaPkcs1, crypto::DigestAlgorithm::kSha256};
    case crypto::KeyType::kEc:
      return {crypto::SignatureScheme::kEcdsa, crypto::DigestAlgorithm::kSha256};
  }
  return {};
}

void check(const crypto::PublicKey& key) {
  const Bytes written = key.to_spki();
  const auto again = crypto::PublicKey::from_spki(written);
  require(again && *again == key && again->to_spki() == written, "a key survives writing");
  require(again->form() == crypto::SpkiForm::kStandard, "what we write has the standard form");
  require(again->name() == key.name() && again->bits() == key.bits(), "a written key keeps its kind");
  require((key.sm2() != nullptr) == (key.type() == crypto::KeyType::kSm2), "only SM2 keys are SM2 keys");
  const Bytes zeros(key.bits() / 8);
  require(!crypto::verify_signature(key, algorithm_for(key.type()), as_bytes("message"), zeros),
          "zeros are no signature");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const auto key = crypto::PublicKey::from_spki(ByteView(data, size));
  if (key) {
    fuzz::check(*key);
  } else {
    const std::string_view reason = key.error().reason;
    fuzz::require(reason == "key.spki" || reason == "key.unsupported" || reason == "key.weak" ||
                      reason == "key.too_large",
                  "a refusal has a reason of public_key.h");
  }
  return 0;
}
