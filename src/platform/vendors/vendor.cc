#include "platform/vendors/vendor.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hutong::platform {
namespace {

template <typename Enum>
using Word = std::pair<Enum, std::string_view>;

constexpr std::array kVendorStates{Word<VendorState>{VendorState::kApplied, "applied"},
                                   Word<VendorState>{VendorState::kDocumentsChecked, "documents_checked"},
                                   Word<VendorState>{VendorState::kJointTestPassed, "joint_test_passed"},
                                   Word<VendorState>{VendorState::kAccredited, "accredited"},
                                   Word<VendorState>{VendorState::kSuspended, "suspended"},
                                   Word<VendorState>{VendorState::kWithdrawn, "withdrawn"}};
constexpr std::array kDocumentKinds{Word<DocumentKind>{DocumentKind::kLicence, "licence"},
                                    Word<DocumentKind>{DocumentKind::kJointTestReport, "joint_test_report"},
                                    Word<DocumentKind>{DocumentKind::kPeerAttestation, "peer_attestation"},
                                    Word<DocumentKind>{DocumentKind::kOther, "other"}};
constexpr std::array kConnectorKinds{Word<ConnectorKind>{ConnectorKind::kRest, "rest"},
                                     Word<ConnectorKind>{ConnectorKind::kCmp, "cmp"}};
constexpr std::array kStepStates{Word<StepState>{StepState::kOpen, "open"},
                                 Word<StepState>{StepState::kReleased, "released"},
                                 Word<StepState>{StepState::kRejected, "rejected"}};

template <typename Words, typename Enum>
std::string_view word_of(const Words& words, Enum value) {
  const auto found = std::ranges::find(words, value, &Word<Enum>::first);
  return found == words.end() ? std::string_view() : found->second;
}
template <typename Enum, typename Words>
std::optional<Enum> value_of(const Words& words, std::string_view text) {
  const auto found = std::ranges::find(words, text, &Word<Enum>::second);
  return found == words.end() ? std::nullopt : std::optional(found->first);
}

struct PossibleStep {
  VendorState from;
  VendorState to;
  Persons persons;
};
constexpr std::array kSteps{
    PossibleStep{VendorState::kApplied, VendorState::kDocumentsChecked, Persons::kOne},
    PossibleStep{VendorState::kDocumentsChecked, VendorState::kJointTestPassed, Persons::kOne},
    PossibleStep{VendorState::kDocumentsChecked, VendorState::kApplied, Persons::kOne},
    PossibleStep{VendorState::kJointTestPassed, VendorState::kApplied, Persons::kOne},
    PossibleStep{VendorState::kJointTestPassed, VendorState::kAccredited, Persons::kTwo},
    PossibleStep{VendorState::kAccredited, VendorState::kSuspended, Persons::kOne},
    PossibleStep{VendorState::kSuspended, VendorState::kAccredited, Persons::kTwo}};

}  // namespace

std::string_view to_string(VendorState state) { return word_of(kVendorStates, state); }
std::optional<VendorState> vendor_state_from(std::string_view text) {
  return value_of<VendorState>(kVendorStates, text);
}
std::string_view to_string(DocumentKind kind) { return word_of(kDocumentKinds, kind); }
std::optional<DocumentKind> document_kind_from(std::string_view text) {
  return value_of<DocumentKind>(kDocumentKinds, text);
}
std::string_view to_string(ConnectorKind kind) { return word_of(kConnectorKinds, kind); }
std::optional<ConnectorKind> connector_kind_from(std::string_view text) {
  return value_of<ConnectorKind>(kConnectorKinds, text);
}
std::string_view to_string(StepState state) { return word_of(kStepStates, state); }

std::optional<Persons> persons_for(VendorState from, VendorState to) {
  if (to == VendorState::kWithdrawn) {
    return from == VendorState::kWithdrawn ? std::nullopt : std::optional(Persons::kTwo);
  }
  const auto found = std::ranges::find_if(
      kSteps, [from, to](const PossibleStep& step) { return step.from == from && step.to == to; });
  return found == kSteps.end() ? std::nullopt : std::optional(found->persons);
}

std::optional<DocumentKind> needed_document(const Vendor& vendor, VendorState to) {
  switch (to) {
    case VendorState::kDocumentsChecked:
      return DocumentKind::kLicence;
    case VendorState::kJointTestPassed:
      return DocumentKind::kJointTestReport;
    case VendorState::kAccredited:
      return vendor.content.first_batch ? std::optional(DocumentKind::kPeerAttestation) : std::nullopt;
    default:
      return std::nullopt;
  }
}

Status check_released(const Vendor& vendor) {
  if (vendor.state != VendorState::kAccredited && vendor.state != VendorState::kSuspended) {
    return Error{Errc::kConflict, "vendor.not_accredited", "the vendor is neither accredited nor suspended"};
  }
  return ok();
}

}  // namespace hutong::platform
