#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/record.h"
#include "base/result.h"
#include "base/time.h"
#include "ca/registration/key_centre.h"
#include "ca/registration/making_job.h"
#include "ca/registration/order.h"
#include "ca/registration/order_repository.h"
#include "ca/registration/personal_seal.h"
#include "ca/registration/step_observer.h"
#include "ca/registration/template_grants.h"
#include "ca/signing/signing_system.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// What became of an order that was to be made.
struct MadeOrder {
  std::string id;
  std::optional<Order> order = std::nullopt;    ///< as it is now, when it was made
  std::optional<Error> problem = std::nullopt;  ///< nothing: it was made
};

/// A certificate whose status changed: its lists and answers are out of date.
struct ChangedCertificate {
  std::string authority;
  x509::Serial serial;
  std::uint32_t partition = 0;
};
/// Called after the commit, once for each call of make(); publishes lists, refreshes OCSP. What fails there
/// is the listener's to log and repeat: the order is made.
using StatusListener = std::function<void(std::span<const ChangedCertificate> changed, Time now)>;

/// Makes certificates (制证) and carries out changes of status. For each order: the keys from the key centre,
/// the certificates signed outside of any transaction, then certificates, changes, the order's state, its
/// history and the audit record in one transaction. Whatever fails, nothing of the order is issued; it stays
/// approved, shows the problem and can be made again, with the same serial numbers. Many orders share one
/// message to the key centre and one transaction; one that fails does not hold up the others. Thread-safe.
/// Everything given must outlive it.
class OrderMaker {
 public:
  OrderMaker(storage::Database& database, const PersonalSeal& seal, const SigningSystem& signing,
             const KeyCentre& centre, const Clock& clock, StatusListener listener = {},
             StepObserver observer = {});

  /// The reasons of plan(), of the key centre, of SigningSystem and of CertificateRepository; kConflict
  /// "order.changed" (somebody else was faster); kMalformed "order.twice" (named twice in one call);
  /// kCryptoFail "key_centre.wrong_key" (the pair it sends is not the one it names, or not for this key).
  std::vector<MadeOrder> make(std::span<const std::string> ids, const Doer& doer) const;

 private:
  std::vector<MakingJob> load(std::span<const std::string> ids, Time now, std::vector<MadeOrder>& made) const;
  void ask_key_centre(std::span<MakingJob> jobs, Time now) const;
  void commit(std::span<MakingJob> jobs, const Doer& doer, Time now) const;
  Status commit_once(std::span<MakingJob*> jobs, const Doer& doer, Time now, MakingJob*& guilty) const;
  Status write(storage::Transaction& transaction, MakingJob& job, const Doer& doer) const;
  void settle_unknown(std::span<MakingJob*> jobs, const Error& error) const;
  Status record_problem(storage::Transaction& transaction, const MakingJob& job, const Doer& doer, Time now,
                        std::vector<audit::Event>& events) const;
  void record_problems(std::span<const MakingJob> jobs, const Doer& doer, Time now) const;
  void tell(std::span<const MakingJob> jobs, Time now) const;

  storage::Database* database_;
  const SigningSystem* signing_;
  const KeyCentre* centre_;
  const Clock* clock_;
  StatusListener listener_;
  StepObserver observer_;
  OrderRepository orders_;
  mutable TemplateCache templates_;
};

}  // namespace hutong::ca::registration
