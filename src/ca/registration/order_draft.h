#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "ca/registration/order.h"
#include "ca/registration/personal_seal.h"
#include "ca/signing/certificate_repository.h"
#include "crypto/public_key.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// How far an order goes when it is entered.
enum class Entry : std::uint8_t {
  kDraft,
  kSubmit,
  kAutomatic,  ///< approved at once: by a client whose own review is trusted (right order.automatic)
};

/// What somebody wants to order, as it was sent.
struct NewOrder {
  OrderKind kind = OrderKind::kApplication;
  std::optional<Applicant> applicant = std::nullopt;
  std::string template_id = {};
  std::optional<SubjectData> subject = std::nullopt;
  std::optional<std::uint32_t> days = std::nullopt;
  std::string key_algorithm = "SM2";
  std::int64_t key_bits = 256;
  Bytes request = {};
  /// CMP only: the key whose possession was checked already, by the message in `request`.
  std::optional<crypto::PublicKey> proven_key = std::nullopt;
  std::optional<x509::Serial> target = std::nullopt;
  std::optional<x509::CrlReason> reason = std::nullopt;
  Entry entry = Entry::kDraft;
  std::string note = {};
  std::string batch = {};
  std::string client = {};
  std::string idempotency_key = {};
};

/// The two certificates of a pair, whichever of them was named. kNotFound "certificate.unknown".
struct CertificatePair {
  CertificateRecord signing;
  std::optional<CertificateRecord> encryption;
};
Result<CertificatePair> find_pair(storage::Reader& reader, const x509::Serial& serial);

/// Checks what was sent and makes an order of it that can be stored; nothing is written. The reasons of
/// order_content.h, request_check.h, "issuing.key" (the template certifies no such proven key),
/// ca/signing/subject_data.h, and: kMalformed "order.field" (something that this kind of order needs is
/// missing, or does not belong to it); kPolicy "order.number_mismatch" (subject and applicant have different
/// numbers), "issuing.days"; kConflict "order.key_repeated" (a certificate or another order has this key),
/// "certificate.state", "certificate.revoked", "certificate.expired"; kNotFound "template.not_taken_over",
/// "certificate.unknown".
Result<Order> draft_order(storage::Reader& reader, const PersonalSeal& seal, const NewOrder& wish, Time now);
/// Puts a request into an order, with fresh serial numbers for the certificates.
Status put_request(storage::Reader& reader, Order& order, const Bytes& request);

}  // namespace hutong::ca::registration
