#include "token/software/sealing.h"

#include "crypto/kernel_random.h"
#include "crypto/pbkdf2.h"
#include "crypto/sm4.h"

namespace hutong::token::software {
namespace {

constexpr std::size_t kMasterKeySize = 32;
constexpr std::size_t kGcmNonceSize = 12;
constexpr std::size_t kPinSaltSize = 16;
constexpr std::string_view kPrivateKeyPurpose = "hutong token private key";
constexpr std::string_view kContentPurpose = "hutong token file content";

Bytes random_octets(std::size_t size) {
  Bytes octets(size);
  crypto::kernel_random().fill(octets);
  return octets;
}

/// The SM4 key for one purpose: the front of HMAC-SM3(master key, purpose).
SecretBytes derived_key(ByteView master_key, std::string_view purpose) {
  crypto::Sm3Digest digest = crypto::hmac_sm3(master_key, as_bytes(purpose));
  const ScopedWipe wipe_digest(digest);
  return SecretBytes::copy_of(ByteView(digest).first(crypto::kSm4KeySize));
}

Result<SealedOctets> seal(ByteView key, ByteView plain, ByteView place) {
  SealedOctets sealed{random_octets(kGcmNonceSize), {}};
  HUTONG_TRY(sealed.octets, crypto::sm4_gcm_encrypt(key, sealed.nonce, place, plain));
  return sealed;
}

Result<SecretBytes> open(ByteView key, const SealedOctets& sealed, ByteView place) {
  auto plain = crypto::sm4_gcm_decrypt(key, sealed.nonce, place, sealed.octets);
  if (!plain) {
    return Error{Errc::kCryptoFail, "token.sealed", "sealed octets were altered or moved"};
  }
  const ScopedWipe wipe_plain(*plain);
  return SecretBytes::copy_of(*plain);
}

Result<SecretBytes> pin_key(std::string_view pin, ByteView salt, std::uint32_t rounds) {
  return crypto::pbkdf2_sm3(as_bytes(pin), salt, rounds, crypto::kSm4KeySize);
}

}  // namespace

SecretBytes make_master_key() {
  SecretBytes key(kMasterKeySize);
  crypto::kernel_random().fill(key.writable());
  return key;
}

Result<PinRecord> lock_with_pin(ByteView master_key, std::string_view pin, std::uint32_t most_tries,
                                ByteView place) {
  PinRecord record;
  record.most_tries = most_tries;
  record.rounds = kPinRounds;
  record.salt = random_octets(kPinSaltSize);
  HUTONG_TRY(const SecretBytes key, pin_key(pin, record.salt, record.rounds));
  HUTONG_TRY(record.master_key, seal(key.expose(), master_key, place));
  return record;
}

Result<SecretBytes> unlock_with_pin(const PinRecord& record, std::string_view pin, ByteView place) {
  HUTONG_TRY(const SecretBytes key, pin_key(pin, record.salt, record.rounds));
  auto master_key = open(key.expose(), record.master_key, place);
  if (!master_key) {
    return Error{Errc::kUnauthorized, "token.pin", "the PIN is wrong"};
  }
  return master_key;
}

Result<KeyPairRecord> seal_key_pair(ByteView master_key, const crypto::Sm2PrivateKey& key, ByteView place) {
  const SecretBytes sealing_key = derived_key(master_key, kPrivateKeyPurpose);
  HUTONG_TRY(SealedOctets sealed, seal(sealing_key.expose(), key.expose().expose(), place));
  return KeyPairRecord{key.public_key(), std::move(sealed)};
}

Result<crypto::Sm2PrivateKey> open_key_pair(ByteView master_key, const KeyPairRecord& record,
                                            ByteView place) {
  const SecretBytes sealing_key = derived_key(master_key, kPrivateKeyPurpose);
  HUTONG_TRY(const SecretBytes octets, open(sealing_key.expose(), record.private_key, place));
  HUTONG_TRY(auto key, crypto::Sm2PrivateKey::from_octets(octets.expose()));
  if (!(key.public_key() == record.public_key)) {
    return Error{Errc::kCryptoFail, "token.sealed", "the public key is not that of the private key"};
  }
  return key;
}

Result<SealedOctets> seal_content(ByteView master_key, ByteView content, ByteView place) {
  const SecretBytes key = derived_key(master_key, kContentPurpose);
  return seal(key.expose(), content, place);
}

Result<SecretBytes> open_content(ByteView master_key, const SealedOctets& sealed, ByteView place) {
  const SecretBytes key = derived_key(master_key, kContentPurpose);
  return open(key.expose(), sealed, place);
}

}  // namespace hutong::token::software
