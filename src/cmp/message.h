#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cmp/body.h"
#include "x509/certificate.h"

/// PKIMessage (RFC 4210 5.1, RFC 9480). Reading is strict DER within budgets and judges no protection; see
/// protection.h.
namespace hutong::cmp {

inline constexpr std::size_t kMostMessageOctets = 512 * 1024;
inline constexpr std::size_t kMostRequests = 16;           ///< parts of one body, texts
inline constexpr std::size_t kMostCertificates = 64;       ///< extraCerts, caPubs
inline constexpr std::size_t kMostTypedValues = 64;        ///< generalInfo, genm, controls
inline constexpr std::size_t kMostIdentifierOctets = 128;  ///< transactionID, nonces, key identifiers
inline constexpr std::uint64_t kVersion2 = 2;              ///< cmp2000
inline constexpr std::uint64_t kVersion3 = 3;              ///< cmp2021

/// PKIHeader. Empty octets: the field is absent.
struct Header {
  std::uint64_t version = kVersion2;
  Party sender;
  Party recipient;
  std::optional<Time> message_time;
  Bytes protection_algorithm;  ///< DER
  Bytes sender_key_id;
  Bytes recipient_key_id;
  Bytes transaction_id;
  Bytes sender_nonce;
  Bytes recipient_nonce;
  std::vector<std::string> free_text;
  std::vector<TypedValue> general_info;

  const TypedValue* find(const asn1::Oid& type) const;
};

/// A message as it came. `protected_part` is what the protection covers (ProtectedPart), over the octets that
/// were received.
struct ReceivedMessage {
  Header header;
  Body body;
  std::optional<Bytes> protection;  ///< octets of the BIT STRING
  std::vector<x509::CertificateDer> extra_certificates;
  Bytes protected_part;
};

/// kLimit "cmp.too_large", "cmp.too_many"; kMalformed "cmp.structure", "cmp.text" (no UTF-8), and the errors
/// of asn1, names and extensions; kPolicy "cmp.version" (neither 2 nor 3), "cmp.body" (an alternative that we
/// do not speak: popdecc, krr, ccr, nested, announcements …), "cmp.template" (unique identifiers),
/// "cmp.encrypted_certificate".
Result<ReceivedMessage> read_message(ByteView der);
/// The header alone, whatever follows: so that an answer to a broken message can name its transaction.
Result<Header> read_header(ByteView der);

/// A message to be sent.
struct Message {
  Header header;
  Body body;
  std::vector<x509::CertificateDer> extra_certificates;
};
/// DER without protection.
Bytes write_unprotected(const Message& message);

/// DER of ProtectedPart, and of a message around it.
Bytes write_protected_part(const Header& header, const Body& body);
Bytes write_with_protection(const Message& message, ByteView protection);

}  // namespace hutong::cmp
