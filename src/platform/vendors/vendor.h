#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "crypto/sm3.h"
#include "net/json.h"

/// Vendors of certificates (CA 厂商) and how they get into the region (公开征集). All numbers are stored:
/// append only.
namespace hutong::platform {

enum class VendorState : std::int64_t {
  kApplied = 1,
  kDocumentsChecked = 2,
  kJointTestPassed = 3,
  kAccredited = 4,
  kSuspended = 5,
  kWithdrawn = 6,
};
std::string_view to_string(VendorState state);  ///< "applied", "documents_checked" …
std::optional<VendorState> vendor_state_from(std::string_view text);

/// How many persons a step takes. What gives trust, or ends it for good, takes two; to suspend takes one,
/// because it is urgent and two are needed to lift it.
enum class Persons : std::uint8_t { kOne, kTwo };
/// Nothing when there is no such step.
std::optional<Persons> persons_for(VendorState from, VendorState to);

enum class DocumentKind : std::int64_t {
  kLicence = 1,
  kJointTestReport = 2,
  kPeerAttestation = 3,  ///< the peer platform says that it is connected there already
  kOther = 4,
};
std::string_view to_string(DocumentKind kind);  ///< "licence", "joint_test_report" …
std::optional<DocumentKind> document_kind_from(std::string_view text);

enum class ConnectorKind : std::int64_t { kRest = 1, kCmp = 2 };
std::string_view to_string(ConnectorKind kind);  ///< "rest", "cmp"
std::optional<ConnectorKind> connector_kind_from(std::string_view text);

/// What an operator enters about a vendor.
struct VendorContent {
  std::string name_zh;
  std::string name_en;
  std::string uscc;          ///< GB 32100
  bool first_batch = false;  ///< of the first solicitation: must be connected to the peer platform already
  ConnectorKind connector_kind = ConnectorKind::kRest;
  std::string connector_address;
  net::Json profile;  ///< contacts, licences, commitments, fees, drivers, counters, services; see
                      ///< vendor_content.h
};

struct Vendor {
  std::string id;  ///< ULID
  VendorContent content;
  VendorState state = VendorState::kApplied;
  Time created_at{};
  Time changed_at{};
  std::int64_t version = 1;
  bool waiting = false;  ///< a step or a change waits for its second person; as read, never written
};

/// What must have been uploaded before a vendor gets into this state.
std::optional<DocumentKind> needed_document(const Vendor& vendor, VendorState to);
/// kConflict "vendor.not_accredited" unless the vendor is accredited or suspended: then two persons have
/// released the address of its connector.
Status check_released(const Vendor& vendor);

struct VendorDocument {
  std::string id;  ///< ULID
  std::string vendor;
  DocumentKind kind = DocumentKind::kOther;
  std::string file_name;
  crypto::Sm3Digest sm3{};
  std::int64_t size = 0;
  std::string added_by;  ///< an operator's id
  Time added_at{};
};

/// What came of asking a vendor, at the address of its connector, who it is. Kept, never changed.
struct ConnectorCheck {
  std::string id;  ///< ULID
  std::string vendor;
  ConnectorKind kind = ConnectorKind::kRest;
  std::string address;   ///< as they were then
  std::string asked_by;  ///< an operator's id
  Time asked_at{};
  std::int64_t milliseconds = 0;  ///< until the answer, or until it was given up
  std::string answered_by;        ///< how the vendor calls itself, or who signed the answer
  std::string problem;            ///< "connector.away" …; empty: it answered as it should
  std::string detail;             ///< of the problem, for people
};

enum class StepState : std::int64_t { kOpen = 1, kReleased = 2, kRejected = 3 };
std::string_view to_string(StepState state);  ///< "open", "released", "rejected"

/// A vendor's way from one state to the next, or a change of what is known about an accredited one: taken, or
/// proposed and waiting for the second person.
struct VendorStep {
  std::string id;  ///< ULID
  std::string vendor;
  VendorState from = VendorState::kApplied;
  VendorState to = VendorState::kApplied;
  std::string reason;
  std::optional<VendorContent> content = std::nullopt;  ///< of a change; then `from` and `to` are the same
  std::int64_t vendor_version = 0;                      ///< what was proposed is what may be released
  StepState state = StepState::kOpen;
  std::string proposed_by;  ///< an operator's id
  Time proposed_at{};
  std::string decided_by = {};  ///< empty while open; the proposer where one person is enough
  std::optional<Time> decided_at = std::nullopt;
  std::string decision_reason = {};
};

}  // namespace hutong::platform
