#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/record.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "ca/signing/subject_data.h"
#include "x509/extensions.h"
#include "x509/serial.h"

/// The registration system (注册系统; GM/T 0037 8.6.1): orders from entry to delivery.
namespace hutong::ca::registration {

/// Stable numbers: they are stored. Append only; the same holds for the other enums here.
enum class OrderKind : std::uint8_t {
  kApplication = 0,
  kRenewal = 1,     ///< with a request: for a new key; without: for the same key
  kChange = 2,      ///< other subject data, for the same or a new key
  kSuspension = 3,  ///< 冻结
  kRelease = 4,     ///< 解冻
  kRevocation = 5,
  kRecovery = 6,  ///< the encryption key once more; with a request: into a new token
};
std::string_view to_string(OrderKind kind);
std::optional<OrderKind> order_kind_from(std::string_view text);
/// Suspension, release, revocation: nothing is delivered at the end.
bool changes_status_only(OrderKind kind);

enum class OrderState : std::uint8_t {
  kEntered = 0,
  kSubmitted = 1,  ///< waits for review
  kApproved = 2,   ///< waits for its certificates to be made
  kIssued = 3,     ///< waits for delivery
  kDelivered = 4,
  kDone = 5,     ///< a change of status was carried out
  kRefused = 6,  ///< by review: back at entry (GM/T 0037 8.6.1.2)
  kCancelled = 7,
};
inline constexpr std::size_t kOrderStates = 8;
std::string_view to_string(OrderState state);
std::optional<OrderState> order_state_from(std::string_view text);

enum class StepKind : std::uint8_t {
  kEnter = 0,
  kChange = 1,
  kSubmit = 2,
  kApprove = 3,
  kRefuse = 4,
  kCancel = 5,
  kAttachRequest = 6,
  kMake = 7,
  kMakeFailed = 8,
  kDeliver = 9,
  kNewSecret = 10,
  kMaterial = 11,
  kFee = 12,
};
inline constexpr std::size_t kStepKinds = 13;
std::string_view to_string(StepKind step);

enum class ApplicantRole : std::uint8_t {
  kOther = 0,
  kPurchaser = 1,  ///< 采购人
  kAgency = 2,     ///< 代理机构
  kSupplier = 3,   ///< 供应商
  kExpert = 4,     ///< 评审专家
};
std::string_view to_string(ApplicantRole role);
std::optional<ApplicantRole> applicant_role_from(std::string_view text);

/// Who applies.
struct Applicant {
  std::string name;
  std::string number;  ///< credit code (GB 32100) or citizen number (GB 11643)
  ApplicantRole role = ApplicantRole::kOther;
  std::string region = {};  ///< 盟市, 15xxxx of GB/T 2260
  std::string contact = {};
  std::string phone = {};
  std::string email = {};
  bool is_person() const;  ///< its number is a citizen number
};

/// What is sealed at rest: everything about the applicant and what the certificates will say.
struct OrderContent {
  Applicant applicant;
  SubjectData subject;
};

/// Why the last attempt to make an order failed.
struct OrderProblem {
  std::string code;
  std::string detail;
  Time at{};
};

/// One order (业务单) as the store keeps it. `version` grows with every step and is what compare-and-set
/// looks at: of two operators who read the same version, one wins.
struct Order {
  std::string id;  ///< ULID
  OrderKind kind = OrderKind::kApplication;
  OrderState state = OrderState::kEntered;
  std::int64_t version = 1;
  std::string template_id = {};
  OrderContent content = {};
  std::string holder = {};  ///< of the certificates: the credit code; of a person a keyed hash of the number
  std::optional<std::uint32_t> days = std::nullopt;
  Bytes request = {};     ///< PKCS#10 (CMP: the message that proves possession), empty when there is none yet
  Bytes proven_key = {};  ///< CMP: SubjectPublicKeyInfo of the key that `request` proves
  std::optional<Bytes> key_sm3 = {};        ///< of the key in the request: no two orders have the same
  std::optional<x509::Serial> target = {};  ///< the certificate concerned
  std::optional<x509::CrlReason> reason = std::nullopt;
  /// Drawn at entry, and anew with another request: whoever makes the order again uses them again, so that
  /// the key centre gives the same key.
  x509::Serial signing_serial = {};
  x509::Serial encryption_serial = {};
  Bytes enveloped_key = {};  ///< GM/T 0009, from the key centre
  std::optional<x509::Serial> issued_signing = {};
  std::optional<x509::Serial> issued_encryption = {};
  Bytes secret_sm3 = {};  ///< of the pick-up secret
  std::optional<OrderProblem> problem = {};
  std::string batch = {};
  std::string client = {};           ///< the API client that ordered; empty otherwise
  std::string idempotency_key = {};  ///< of that client (or of the public)
  audit::Actor entered_by = {};
  Time entered_at{};
  Time changed_at{};
};

/// Who takes a step, and what the key of this operator signed for it (C47); a machine or the public signs
/// nothing.
struct Doer {
  audit::Actor actor = {};
  std::optional<audit::OperatorSignature> signature = std::nullopt;
};

/// One line of an order's history. Its number is the order's version afterwards.
struct Step {
  std::int64_t number = 0;
  StepKind kind = StepKind::kEnter;
  OrderState state = OrderState::kEntered;  ///< afterwards
  Time at{};
  audit::Actor actor = {};
  bool is_signed = false;
  std::string note = {};
};

}  // namespace hutong::ca::registration
