#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/sm3.h"
#include "storage/value.h"

namespace hutong::audit {

/// Who did it. The fingerprint is the SM3 of the certificate in lower-case hexadecimal, empty for the program
/// itself (a job, a start) and for strangers.
struct Actor {
  std::string subject{};
  std::string fingerprint{};
};

/// Stable numbers: they are stored and hashed. Append only.
enum class Outcome : std::int64_t { kDone = 1, kRefused = 2, kFailed = 3 };

/// What the operator's key signed for this step, octet by octet, and the signature in DER.
struct OperatorSignature {
  Bytes content{};
  Bytes value{};
};

/// One thing that happened, as its doer reports it. `detail` is a JSON text that never holds a secret.
struct Event {
  storage::Moment time{};
  Actor actor{};
  std::string action{};       ///< stable code: "order.approved", "crl.published"
  std::string object_kind{};  ///< "order", "certificate", "operator" …
  std::string object_id{};
  Outcome outcome = Outcome::kDone;
  std::string detail = "{}";
  std::optional<OperatorSignature> signature{};
};

/// What happened to the record afterwards; outside the hash, because it changes.
struct Marks {
  std::optional<Time> audited_at{};
  std::string audited_by{};  ///< the auditor's subject
  std::optional<Time> archived_at{};
};

/// A link of the chain: its hash covers the former record's hash, its own number and the whole event.
struct Record {
  std::int64_t sequence = 0;  ///< from 1, without gaps
  Event event;
  crypto::Sm3Digest previous{};
  crypto::Sm3Digest hash{};
  Marks marks;
};

/// SM3 over "hutong-audit-1", the former hash, and number, time, outcome (64 bits each, most significant
/// octet first) and the texts and octet strings of the event in the order of the struct, each after its
/// length in 64 bits; an absent signature is the length 2^64-1.
crypto::Sm3Digest chain_hash(const crypto::Sm3Digest& previous, std::int64_t sequence, const Event& event);

}  // namespace hutong::audit
