#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "cmp/message.h"
#include "cmp/password_mac.h"
#include "crypto/random.h"
#include "crypto/signature.h"
#include "x509/certificate.h"

/// Protecting messages and checking their protection (RFC 4210 5.1.3): by a shared secret or by a signature.
namespace hutong::cmp {

enum class ProtectionKind : std::uint8_t { kNone, kPasswordMac, kSignature };
/// How a message is protected, by its header. kMalformed "cmp.structure" when only one of algorithm and
/// protection is there. What is no PasswordBasedMac counts as a signature; the check knows the algorithms.
Result<ProtectionKind> protection_kind(const ReceivedMessage& message);

/// Protects the messages of one side. Implementations are usable from any thread as far as their signer is.
class Protector {
 public:
  virtual ~Protector() = default;
  /// DER of the message with the protection's fields of the header filled in. Errors of the signer.
  Result<Bytes> protect(Message message) const;

 private:
  virtual Status prepare(Message& message) const = 0;
  virtual Result<Bytes> protection_of(const Header& header, ByteView protected_part) const = 0;
};

/// By a shared secret; `reference` becomes senderKID. Each message has its own salt.
class PasswordProtector final : public Protector {
 public:
  PasswordProtector(SecretBytes secret, Bytes reference,
                    PasswordMacParameters parameters = PasswordMacParameters::fresh(),
                    crypto::RandomSource& random = crypto::system_random());

 private:
  Status prepare(Message& message) const override;
  Result<Bytes> protection_of(const Header& header, ByteView protected_part) const override;

  SecretBytes secret_;
  Bytes reference_;
  PasswordMacParameters parameters_;
  crypto::RandomSource* random_;
};

/// By a signature. The sender becomes the certificate's subject, senderKID its key identifier, and the
/// certificate leads extraCerts, followed by `chain` (RFC 9483 3.3). The signer outlives the protector.
class SignatureProtector final : public Protector {
 public:
  SignatureProtector(const crypto::Signer& signer, x509::Certificate certificate,
                     std::vector<x509::CertificateDer> chain = {});

 private:
  Status prepare(Message& message) const override;
  Result<Bytes> protection_of(const Header& header, ByteView protected_part) const override;

  const crypto::Signer* signer_;
  x509::Certificate certificate_;
  std::vector<x509::CertificateDer> chain_;
};

/// kCryptoFail "cmp.integrity" when the MAC is another, kUnauthorized "cmp.protection_kind" when there is
/// none; the errors of PasswordMacParameters::from_der. Compares in constant time.
Status check_password_mac(const ReceivedMessage& message, ByteView secret);
/// The message is signed with this certificate's key and sent in its name. kCryptoFail "cmp.integrity";
/// kUnauthorized "cmp.protection_kind", "cmp.signer" (sender or senderKID name somebody else, or the key is
/// not for signatures); kPolicy "cmp.algorithm" (SHA-1) or what SignatureAlgorithm says. Whether the
/// certificate is to be trusted is the caller's question.
Status check_signature(const ReceivedMessage& message, const x509::Certificate& signer);
/// The certificate among extraCerts that the header names as the signer's. kUnauthorized "cmp.signer" when
/// there is none.
Result<x509::Certificate> signer_certificate(const ReceivedMessage& message);

/// What one side demands of the other's messages.
class ProtectionCheck {
 public:
  virtual ~ProtectionCheck() = default;
  virtual Status check(const ReceivedMessage& message) const = 0;
};

class PasswordCheck final : public ProtectionCheck {
 public:
  explicit PasswordCheck(SecretBytes secret) : secret_(std::move(secret)) {}
  Status check(const ReceivedMessage& message) const override;

 private:
  SecretBytes secret_;
};

/// Signed by one of these certificates, which are known beforehand. kUnauthorized "cmp.signer" for another.
class KnownSignerCheck final : public ProtectionCheck {
 public:
  explicit KnownSignerCheck(std::vector<x509::Certificate> known) : known_(std::move(known)) {}
  Status check(const ReceivedMessage& message) const override;

 private:
  std::vector<x509::Certificate> known_;
};

}  // namespace hutong::cmp
