#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "operators/authorized.h"
#include "platform/desk_input.h"
#include "platform/vendors/vendor.h"
#include "platform/vendors/vendor_repository.h"
#include "storage/database.h"

namespace hutong::platform {

struct NewDocument {
  std::string vendor;
  DocumentKind kind = DocumentKind::kOther;
  std::string file_name;
  Bytes content;
};
struct WantedStep {
  std::string vendor;
  std::int64_t version = 0;  ///< of the vendor as the asker saw it
  VendorState to = VendorState::kApplied;
  std::string reason;
};
/// Other content for an accredited or suspended vendor.
struct WantedChange {
  std::string vendor;
  std::int64_t version = 0;
  std::string reason = {};
  VendorContent content = {};
};

/// What operators do with vendors. Every change is one transaction with its audit record. Any thread.
///
/// Errors of all: kUnauthorized "region.foreign" (who is bound to a region changes a vendor's counters there
/// and nothing else); kNotFound "vendor.unknown"; kConflict "storage.conflict" (somebody else was faster),
/// "vendor.withdrawn" (it stays as it is).
class VendorDesk {
 public:
  VendorDesk(storage::Database& database, const Clock& clock,
             crypto::RandomSource& random = crypto::system_random())
      : database_(&database), clock_(&clock), random_(&random) {}

  /// Everything known about one vendor.
  struct Dossier {
    Vendor vendor;
    std::vector<VendorDocument> documents;
    std::vector<VendorStep> steps;       ///< its history, the oldest first
    std::vector<ConnectorCheck> checks;  ///< the newest first, 20 at most
  };
  Result<Dossier> dossier(std::string_view id) const;
  Result<std::vector<Vendor>> search(const VendorFilter& filter) const;
  /// kNotFound "vendor.document_unknown".
  Result<VendorRepository::StoredDocument> document(std::string_view vendor, std::string_view id) const;

  /// kConflict "vendor.uscc_taken".
  Result<Vendor> enter(const operators::Authorized& by, const VendorContent& content) const;
  /// Of an application only: what was checked stays as it is. kConflict "vendor.checked",
  /// "vendor.uscc_taken".
  Result<Vendor> change(const operators::Authorized& by, std::string_view id, std::int64_t version,
                        const VendorContent& content) const;
  /// Waits for the second person. kConflict "vendor.change" (the vendor is neither accredited nor suspended),
  /// "vendor.step_open".
  Result<VendorStep> propose_change(const operators::Authorized& by, const WantedChange& wanted) const;
  /// What came of a check; the id is given here.
  Result<ConnectorCheck> add_check(const operators::Authorized& by, ConnectorCheck check) const;
  Result<VendorDocument> add_document(const operators::Authorized& by, const NewDocument& wanted) const;

  /// Takes the step, or proposes it where it takes two persons. kConflict "vendor.step" (none from this state
  /// to that), "vendor.step_open"; kPolicy "vendor.document_missing".
  Result<VendorStep> step(const operators::Authorized& by, const WantedStep& wanted) const;
  /// The second person. kUnauthorized "vendor.four_eyes": whoever proposed it does not decide; kNotFound
  /// "vendor.step_unknown"; kConflict "vendor.step_decided", "vendor.changed" (released is only what was
  /// proposed), and on release those of step() and propose_change().
  Result<VendorStep> decide(const operators::Authorized& by, const ProposalDecision& decision) const;

 private:
  std::string new_id() const;

  storage::Database* database_;
  const Clock* clock_;
  crypto::RandomSource* random_;
};

}  // namespace hutong::platform
