#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sm2.h"
#include "token/driver/driver.h"
#include "token/driver/session_key.h"

namespace hutong::token {

namespace internal {
class OpenHandle;
}

/// A container holds up to two key pairs and their certificates.
enum class KeyUse : std::uint8_t { kEncryption = 0, kSignature = 1 };

struct ContainerCertificates {
  std::optional<Bytes> signature;   ///< DER
  std::optional<Bytes> encryption;  ///< DER
};

/// A container of an application. Copies share one handle. Thread-safe. Private keys need the user's PIN:
/// "token.not_logged_in" without.
class Container {
 public:
  const std::string& name() const;

  /// kNotFound "token.not_found" when there is none.
  Result<Bytes> certificate(KeyUse use) const;
  Result<ContainerCertificates> certificates() const;
  Status import_certificate(KeyUse use, ByteView der) const;

  /// kNotFound "token.not_found"; kPolicy "token.not_sm2" for an RSA key.
  Result<crypto::Sm2PublicKey> public_key(KeyUse use) const;
  /// Makes the signature key pair in the token; it never leaves it.
  Result<crypto::Sm2PublicKey> generate_key_pair() const;

  /// The signature over e = SM3(Z || M), in DER; verified here before it is handed out: kCryptoFail
  /// "token.signature_wrong" when the token's answer does not verify under the container's public key.
  Result<Bytes> sign_digest(const crypto::Sm3Digest& e) const;
  /// Computes Z and e here: the token sees the digest only.
  Result<Bytes> sign(ByteView message, std::string_view id = crypto::kSm2DefaultId) const;

  /// Imports the encryption key pair that a key centre delivered for this container's signature key, as
  /// SM2EnvelopedKey of GM/T 0009. The private key goes into ENVELOPEDKEYBLOB right-aligned, encrypted
  /// itself; an envelope whose encrypted key has 64 octets (the whole field) is passed on as it is.
  /// kMalformed "enveloped_key.structure".
  Status import_key_pair(ByteView enveloped_key) const;

  /// Opens a session key that was encrypted for the encryption key (SM2Cipher of GM/T 0009) inside the token,
  /// for this cipher. kPolicy "token.not_supported" when the driver cannot.
  Result<SessionKey> open_session_key(ByteView sm2_cipher, SessionCipher cipher) const;

 private:
  friend class Application;
  struct Shared;
  explicit Container(std::shared_ptr<const Shared> shared) : shared_(std::move(shared)) {}
  static Container make(std::shared_ptr<const internal::OpenHandle> application, std::uint32_t handle,
                        std::string name);
  Result<crypto::Sm2PublicKey> signature_key() const;
  std::shared_ptr<const Shared> shared_;
};

}  // namespace hutong::token
