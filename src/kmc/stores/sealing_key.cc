#include "kmc/stores/sealing_key.h"

#include <array>

namespace hutong::kmc {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

Error cannot_open() {
  return {Errc::kCryptoFail, "kmc.sealed", "a stored key does not open: another sealing key, or altered"};
}

}  // namespace

Result<SealingKey> SealingKey::from_octets(ByteView octets) {
  HUTONG_TRY(auto key, crypto::Sm4Key::from_octets(octets));
  return SealingKey(std::move(key));
}

Result<SealingKey> SealingKey::generate(SecretBytes& octets, crypto::RandomSource& random) {
  octets = SecretBytes(crypto::kSm4KeySize);
  random.fill(octets.writable());
  return from_octets(octets.expose());
}

Result<Bytes> SealingKey::seal(ByteView context, ByteView secret, crypto::RandomSource& random) const {
  Bytes sealed(kNonceSize + secret.size() + kTagSize);
  const std::span<std::uint8_t> nonce = std::span(sealed).first(kNonceSize);
  random.fill(nonce);
  HUTONG_TRY(auto gcm, crypto::Sm4Gcm::create(key_.clone(), nonce, crypto::Direction::kEncrypt));
  HUTONG_CHECK(gcm.add_data(context));
  HUTONG_CHECK(gcm.update(secret, std::span(sealed).subspan(kNonceSize, secret.size())));
  HUTONG_TRY(const auto tag, gcm.finish_encrypt());
  std::ranges::copy(tag, sealed.end() - static_cast<std::ptrdiff_t>(kTagSize));
  return sealed;
}

Result<SecretBytes> SealingKey::open(ByteView context, ByteView sealed) const {
  if (sealed.size() < kNonceSize + kTagSize) {
    return cannot_open();
  }
  SecretBytes secret(sealed.size() - kNonceSize - kTagSize);
  HUTONG_TRY(auto gcm,
             crypto::Sm4Gcm::create(key_.clone(), sealed.first(kNonceSize), crypto::Direction::kDecrypt));
  HUTONG_CHECK(gcm.add_data(context));
  HUTONG_CHECK(gcm.update(sealed.subspan(kNonceSize, secret.size()), secret.writable()));
  if (!gcm.finish_decrypt(sealed.last(kTagSize))) {
    return cannot_open();
  }
  return secret;
}

Bytes sealing_context(std::string_view purpose, std::string_view id, ByteView public_key) {
  Bytes context;
  for (const ByteView part : {as_bytes("hutong-kmc-1"), as_bytes(purpose), as_bytes(id), public_key}) {
    append(context, part);
    context.push_back('\n');
  }
  return context;
}

}  // namespace hutong::kmc
