#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "operators/authorized.h"
#include "platform/trust/list_draft.h"
#include "platform/trust/list_repository.h"
#include "platform/trust/list_signer.h"
#include "platform/vendors/vendor_desk.h"
#include "recognition/trust_list.h"
#include "storage/database.h"

namespace hutong::platform {

struct WantedRelease {
  std::string draft_sm3;  ///< of the draft that the asker saw
  std::int64_t valid_days = 0;
  std::string reason;
};

/// Where trust lists are made: the draft follows from the list before and from the desk of vendors, one
/// person proposes it, another releases it, and then it is signed, numbered and kept for ever. Every change
/// is one transaction with its audit record. Any thread.
class TrustDesk {
 public:
  struct Parts {
    storage::Database& database;
    const ListSigner* signer;  ///< null: drafts only, nothing can be released
    /// The list in force at this node, or null: the first list made here follows on it.
    std::function<std::shared_ptr<const recognition::TrustList>()> in_force;
    const Clock& clock;
    std::function<void()> on_release = {};
    std::string operator_zh = {};  ///< who runs the region; empty: as the list before says
    std::string operator_en = {};
    crypto::RandomSource& random = crypto::system_random();
  };
  explicit TrustDesk(Parts parts) : parts_(std::move(parts)) {}

  struct Draft {
    std::int64_t base_number = 0;
    recognition::TrustListContent content;  ///< what would be signed now
    std::vector<DraftChange> changes;
    std::string sm3;  ///< what a proposal names
    std::optional<TrustRelease> open = std::nullopt;
  };
  /// kPolicy "trust_list.service_twice".
  Result<Draft> draft() const;

  /// kConflict "trust_list.changed" (the draft is another one by now), "trust_list.release_open"; kPolicy
  /// "trust_list.valid_days" (1 to 400).
  Result<TrustRelease> propose(const operators::Authorized& by, const WantedRelease& wanted) const;
  /// The second person. kUnauthorized "trust_list.four_eyes"; kNotFound "trust_list.release_unknown";
  /// kConflict "trust_list.release_decided", "trust_list.changed"; kPolicy "trust_list.no_key" (this platform
  /// has no key to sign with), "trust_list.unusable" (what was signed could not be loaded again).
  Result<TrustRelease> decide(const operators::Authorized& by, const ProposalDecision& decision) const;

  Result<std::vector<TrustRelease>> releases(std::string_view before, std::size_t limit) const;
  /// The newest first; `before` 0: from the newest on.
  Result<std::vector<PublishedList>> lists(std::int64_t before, std::size_t limit) const;
  /// Nothing: the newest. kNotFound "trust_list.unknown".
  Result<Bytes> file(std::optional<std::int64_t> number, ListForm form) const;

 private:
  Result<Draft> draft(storage::Reader& reader, Time now) const;
  Status publish(storage::Transaction& transaction, const TrustRelease& release, Time now) const;
  Result<ListFiles> sign(const recognition::TrustListContent& content, Time now) const;

  Parts parts_;
};

}  // namespace hutong::platform
