#include <algorithm>

#include "crypto/internal/self_test_kernels.h"
#include "crypto/internal/self_test_vectors.h"
#include "crypto/sm2.h"
#include "crypto/sm2_prepared.h"

namespace hutong::crypto::internal {
namespace {

/// Hands out the nonce of the standard; zeros, which no function accepts, would follow it.
class NonceOfTheStandard final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    std::ranges::fill(out, std::uint8_t{0x11});
    if (!used_ && out.size() == kTestSm2Nonce.size()) {
      std::ranges::copy(kTestSm2Nonce, out.begin());
    }
    used_ = true;
  }

 private:
  bool used_ = false;
};

Sm2PrivateKey key_from(ByteView d) { return std::move(Sm2PrivateKey::from_octets(d)).value(); }

/// GB/T 32918.5 A.2.
bool signature_works(const Sm2PrivateKey& key) {
  constexpr std::string_view kMessage = "message digest";
  const Sm2Signature expected = {kTestSm2R, kTestSm2S};
  NonceOfTheStandard random;
  return key.sign(as_bytes(kMessage), kSm2DefaultId, random) == expected &&
         key.public_key().verify(as_bytes(kMessage), expected) &&
         !key.public_key().verify(as_bytes("message digesT"), expected);
}

bool prepared_key_works(const Sm2PublicKey& key) {
  const Sm2PreparedKey prepared(key);
  const Sm2Signature expected = {kTestSm2R, kTestSm2S};
  return prepared.verify(as_bytes("message digest"), expected) &&
         !prepared.verify(as_bytes("message digesT"), expected);
}

/// GB/T 32918.5 A.3.
bool encryption_works(const Sm2PrivateKey& key) {
  constexpr std::string_view kMessage = "encryption standard";
  constexpr auto kExpected = octets(
      "0404EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73E858F9D81E5430A57B36DAAB8F950A3C"
      "64E6EE6A63094D99283AFF767E124DF059983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"
      "21886CA989CA9C7D58087307CA93092D651EFA");
  NonceOfTheStandard random;
  const auto ciphertext = sm2_encrypt(key.public_key(), as_bytes(kMessage), Sm2CipherLayout::kC1C3C2, random);
  const auto decrypted = sm2_decrypt(key, kExpected, Sm2CipherLayout::kC1C3C2);
  auto changed = kExpected;
  changed.back() ^= 1;
  return ciphertext && equal(*ciphertext, kExpected) && decrypted &&
         equal(decrypted->expose(), as_bytes(kMessage)) &&
         !sm2_decrypt(key, changed, Sm2CipherLayout::kC1C3C2);
}

/// GB/T 32918.5 A.4, both sides.
bool exchange_works() {
  const auto a = key_from(octets("81EB26E941BB5AF16DF116495F90695272AE2CD63D6C4AE1678418BE48230029"));
  const auto b = key_from(octets("785129917D45A9EA5437A59356B82338EAADDA6CEB199088F14AE10DEFA229B5"));
  const auto ra = key_from(octets("D4DE15474DB74D06491C440D305E012400990F3E390C7E87153C12DB2EA60BB3"));
  const auto rb = key_from(octets("7E07124814B309489125EAED101113164EBF0F3458C5BD88335C1F9D596243D6"));
  constexpr auto kExpected = octets("6C89347354DE2484C60B4AB1FDE4C6E5");
  using Role = Sm2KeyExchange::Role;
  const auto one = sm2_exchange({Role::kInitiator, a, ra, b.public_key(), rb.public_key()}, kExpected.size());
  const auto other =
      sm2_exchange({Role::kResponder, b, rb, a.public_key(), ra.public_key()}, kExpected.size());
  return one && other && equal(one->key.expose(), kExpected) && equal(other->key.expose(), kExpected) &&
         one->responder_confirmation == other->responder_confirmation;
}

/// A key of this moment signs and encrypts for itself.
bool new_key_works(RandomSource& random) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate(random);
  const ByteView message = as_bytes("pairwise");
  const auto ciphertext = sm2_encrypt(key.public_key(), message, Sm2CipherLayout::kAsn1, random);
  if (!key.public_key().verify(message, key.sign(message, kSm2DefaultId, random)) || !ciphertext) {
    return false;
  }
  const auto decrypted = sm2_decrypt(key, *ciphertext);
  return decrypted && equal(decrypted->expose(), message);
}

}  // namespace

SelfTestReport test_sm2_functions(RandomSource& random) {
  const std::string_view name = sm2_kernel().name;
  const Sm2PrivateKey key = key_from(kTestSm2Private);
  return {{{"SM2 signature", name, signature_works(key)},
           {"SM2 prepared key", name, prepared_key_works(key.public_key())},
           {"SM2 encryption", name, encryption_works(key)},
           {"SM2 key exchange", name, exchange_works()},
           {"SM2 new key", name, new_key_works(random)}}};
}

}  // namespace hutong::crypto::internal
