#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "crypto/sm3.h"
#include "x509/certificate.h"
#include "x509/name.h"
#include "x509/serial.h"

/// The messages between a certification authority and the key management centre (GM/T 0014-2012, 5.2 and 6):
/// the CA asks for encryption key pairs, for their recovery and revocation; the centre answers. The text of
/// the norm was not at hand: the structures are those on which independent implementations agree (IMPLICIT
/// tags for the alternatives). Every mapping of them is in this header and its .cc file; docs/key-service.md
/// says what is uncertain.
namespace hutong::cms {

/// EntName: a party by the fields of its certificate; the hash is SM3 over the octets of its key.
struct KeyServiceParty {
  x509::Name name;
  crypto::Sm3Digest key_sm3{};
  x509::Serial serial;
  static KeyServiceParty of(const x509::Certificate& certificate);
  friend bool operator==(const KeyServiceParty&, const KeyServiceParty&) = default;
};

/// ApplyKeyReq: a new SM2 encryption key pair for the certificate that will have this serial number.
struct ApplyKeyRequest {
  x509::Serial certificate;
  Bytes user_spki;  ///< the subscriber's signature key, which protects the answer
  Time not_before{};
  Time not_after{};
};
/// RestoreKeyReq: the key pair of that certificate once more, protected by another key maybe.
struct RestoreKeyRequest {
  x509::Serial certificate;
  Bytes user_spki;
};
/// RevokeKeyReq: it is used no more and moves to the history.
struct RevokeKeyRequest {
  x509::Serial certificate;
};
using KeyRequest = std::variant<ApplyKeyRequest, RestoreKeyRequest, RevokeKeyRequest>;

/// KSRequest, version 1.
struct KeyServiceRequest {
  KeyServiceParty ca;
  std::vector<KeyRequest> requests;
  Time at{};
  std::uint64_t task = 0;  ///< comes back in the answer
};

/// RetKeyRespond: `protected_key` is what the subscriber gets, an SM2EnvelopedKey or a SignedAndEnvelopedData
/// as DER, whatever the centre writes.
struct ReturnedKey {
  enum class For : std::uint8_t { kApplication, kRecovery };
  For reason = For::kApplication;
  x509::Serial certificate;
  Bytes spki;  ///< of the encryption key pair
  Bytes protected_key;
};
struct RevokedKey {
  x509::Serial certificate;
};
/// ErrorPkgRespond. The norm's numbers are unknown; ours are in docs/key-service.md.
struct KeyServiceError {
  std::uint64_t number = 0;
  std::string description;
};
using KeyResponse = std::variant<ReturnedKey, RevokedKey, KeyServiceError>;

/// KSRespond, version 1; one response for each request, in the same order.
struct KeyServiceResponse {
  KeyServiceParty centre;
  std::vector<KeyResponse> responses;
  Time at{};
  std::uint64_t task = 0;
};

/// Most requests in one message; kLimit "key_service.too_many".
inline constexpr std::size_t kMostKeyRequests = 1000;

/// CARequest and KMRespond: signed with SM2-with-SM3 over the DER inside. Errors are the signer's.
Result<Bytes> sign_key_service(const KeyServiceRequest& request, const crypto::Signer& signer);
Result<Bytes> sign_key_service(const KeyServiceResponse& response, const crypto::Signer& signer);

/// Reads the message and verifies it with the sender's certificate. kMalformed "key_service.structure" (or
/// the reasons of asn1::Reader), kPolicy "key_service.version", "key_service.algorithm" (another than SM2,
/// SM3, SM4), kUnauthorized "key_service.party" (it names another certificate), kCryptoFail
/// "key_service.signature".
Result<KeyServiceRequest> read_key_service_request(ByteView der, const x509::Certificate& sender);
Result<KeyServiceResponse> read_key_service_response(ByteView der, const x509::Certificate& sender);

/// Which certificate the sender of a request names, before anything is believed: to look its certificate up.
Result<KeyServiceParty> key_service_sender(ByteView der);

}  // namespace hutong::cms
