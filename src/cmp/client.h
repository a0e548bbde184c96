#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cmp/message.h"
#include "cmp/protection.h"
#include "crypto/random.h"
#include "x509/certificate.h"

/// The asking side of CMP: makes requests, judges answers. Carrying the octets is somebody else's.
namespace hutong::cmp {

struct ClientOptions {
  x509::Name sender;                     ///< with a signature the certificate's subject takes its place
  x509::Name recipient;                  ///< the CA
  std::vector<TypedValue> general_info;  ///< implicit_confirm(), certificate_profile()
};

/// One transaction: its identifier, the nonces back and forth, the protection of both directions. Belongs to
/// one thread; protector and check outlive it.
class ClientTransaction {
 public:
  ClientTransaction(ClientOptions options, const Protector& protector, const ProtectionCheck& check,
                    crypto::RandomSource& random = crypto::system_random());

  /// The next message: request, certConf or pollReq. Errors of the protector.
  Result<Bytes> write(const Body& body, Time now);
  /// What the other side answers to the last message. kConflict "cmp.transaction" (another transaction),
  /// "cmp.recipient_nonce" (an answer to something else), kPolicy "cmp.refused" (an error message; the detail
  /// tells its status), the errors of reading and of the check.
  Result<ReceivedMessage> read(ByteView answer);

 private:
  ClientOptions options_;
  const Protector* protector_;
  const ProtectionCheck* check_;
  crypto::RandomSource* random_;
  Bytes transaction_id_;
  Bytes own_nonce_;
  Bytes their_nonce_;
};

/// A certificate that came, and the GM/T 0009 enveloped key of its pair when the CA made that.
struct EnrolledCertificate {
  std::int64_t id = 0;
  x509::Certificate certificate;
  Bytes enveloped_key;
};
/// All certificates of an answer (ip, cp, kup), in its order. kUnavailable "cmp.waiting" when one is still
/// being decided upon, kPolicy "cmp.refused", kMalformed "cmp.structure" (another body, or nothing in it).
Result<std::vector<EnrolledCertificate>> enrolled_certificates(const ReceivedMessage& answer);
/// When to ask again, of a pollRep.
Result<std::chrono::seconds> poll_delay(const ReceivedMessage& answer);
/// Accepts the certificates (certConf).
CertificateConfirm confirm(const std::vector<EnrolledCertificate>& certificates);
/// The hash by which a certificate is confirmed: that of its signature algorithm (RFC 4210 5.3.18).
Bytes confirmation_hash(const x509::Certificate& certificate);
/// The first rejection of a revocation answer: kPolicy "cmp.refused".
Status check_revoked(const ReceivedMessage& answer);

}  // namespace hutong::cmp
