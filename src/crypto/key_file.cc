#include "crypto/key_file.h"

#include <algorithm>
#include <array>

#include "crypto/internal/pbes2.h"
#include "crypto/internal/private_key_der.h"
#include "crypto/pem.h"

namespace hutong::crypto {
namespace {

/// Wipes what was decoded from a PEM file when the scope ends.
class WipedBlocks {
 public:
  explicit WipedBlocks(std::vector<PemBlock> blocks) : blocks_(std::move(blocks)) {}
  WipedBlocks(const WipedBlocks&) = delete;
  WipedBlocks& operator=(const WipedBlocks&) = delete;
  ~WipedBlocks() {
    for (PemBlock& block : blocks_) {
      wipe(block.der);
    }
  }

  /// The first private key; certificates and "EC PARAMETERS" around it are passed over.
  const PemBlock* private_key() const {
    constexpr std::array<std::string_view, 3> kLabels = {"PRIVATE KEY", "EC PRIVATE KEY",
                                                         "ENCRYPTED PRIVATE KEY"};
    const auto found = std::ranges::find_if(blocks_, [&](const PemBlock& block) {
      return std::ranges::find(kLabels, block.label) != kLabels.end();
    });
    return found == blocks_.end() ? nullptr : &*found;
  }

 private:
  std::vector<PemBlock> blocks_;
};

Result<Sm2PrivateKey> read_encrypted(ByteView der, std::optional<std::string_view> password,
                                     const KeyFileLimits& limits) {
  if (!password) {
    return Error{Errc::kUnauthorized, "key_file.password", "the key is encrypted and no password was given"};
  }
  HUTONG_TRY(const SecretBytes plain, pbes2::decrypt(der, as_bytes(*password), limits.most_rounds));
  auto key = key_der::read_pkcs8(plain.expose());
  // A wrong password leaves a valid padding once in 256 times, but no DER.
  if (!key && key.error().reason == "key_file.format") {
    return Error{Errc::kUnauthorized, "key_file.password", "the password is wrong or the file was altered"};
  }
  return key;
}

Result<Sm2PrivateKey> read_der(ByteView der, std::optional<std::string_view> password,
                               const KeyFileLimits& limits) {
  switch (key_der::guess_kind(der)) {
    case key_der::Kind::kPkcs8:
      return key_der::read_pkcs8(der);
    case key_der::Kind::kEncryptedPkcs8:
      return read_encrypted(der, password, limits);
    case key_der::Kind::kSec1:
      return key_der::read_sec1(der);
    case key_der::Kind::kBareInteger:
      return key_der::read_bare_integer(der);
    case key_der::Kind::kUnknown:
      break;
  }
  return key_der::broken("none of PKCS#8, encrypted PKCS#8, SEC 1 or an SM2PrivateKey");
}

Result<Sm2PrivateKey> read_pem_key(std::string_view text, std::optional<std::string_view> password,
                                   const KeyFileLimits& limits) {
  auto read = read_pem(text);
  if (!read) {
    return read.error().reason == "pem.headers"
               ? key_der::unsupported("a key with Proc-Type headers; convert it with `openssl pkcs8 -topk8`")
               : key_der::broken(std::string(read.error().reason) + ": " + read.error().detail);
  }
  const WipedBlocks blocks(std::move(read).value());
  const PemBlock* block = blocks.private_key();
  if (block == nullptr) {
    return key_der::broken("the PEM file holds no private key");
  }
  return read_der(block->der, password, limits);
}

/// Pieces of fixed DER around d (32 octets) and the public key (65), put together without a copy that grows.
SecretBytes assemble(ByteView before_d, ByteView before_public_key, const Sm2PrivateKey& key) {
  const ByteView pieces[] = {before_d, key.expose().expose(), before_public_key, key.public_key().octets()};
  std::size_t size = 0;
  for (const ByteView piece : pieces) {
    size += piece.size();
  }
  SecretBytes out(size);
  auto at = out.writable().begin();
  for (const ByteView piece : pieces) {
    at = std::ranges::copy(piece, at).out;
  }
  return out;
}

}  // namespace

Result<Sm2PrivateKey> read_private_key(ByteView file, std::optional<std::string_view> password,
                                       const KeyFileLimits& limits) {
  return looks_like_pem(file) ? read_pem_key(as_text(file), password, limits)
                              : read_der(file, password, limits);
}

SecretBytes write_pkcs8(const Sm2PrivateKey& key) {
  // SEQUENCE { 0, { id-ecPublicKey, sm2p256v1 }, OCTET STRING { SEQUENCE { 1, d, [1] public key } } }
  constexpr std::uint8_t kBeforeD[] = {0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06,
                                       0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
                                       0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D,
                                       0x04, 0x6D, 0x30, 0x6B, 0x02, 0x01, 0x01, 0x04, 0x20};
  constexpr std::uint8_t kBeforePublicKey[] = {0xA1, 0x44, 0x03, 0x42, 0x00};
  return assemble(kBeforeD, kBeforePublicKey, key);
}

SecretBytes write_sec1(const Sm2PrivateKey& key) {
  // SEQUENCE { 1, d, [0] sm2p256v1, [1] public key }
  constexpr std::uint8_t kBeforeD[] = {0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20};
  constexpr std::uint8_t kBeforePublicKey[] = {0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55,
                                               0x01, 0x82, 0x2D, 0xA1, 0x44, 0x03, 0x42, 0x00};
  return assemble(kBeforeD, kBeforePublicKey, key);
}

Result<Bytes> write_encrypted_pkcs8(const Sm2PrivateKey& key, std::string_view password,
                                    const Pkcs8Encryption& how, RandomSource& random) {
  const SecretBytes plain = write_pkcs8(key);
  return pbes2::encrypt(plain.expose(), as_bytes(password), how.rounds, random);
}

}  // namespace hutong::crypto
