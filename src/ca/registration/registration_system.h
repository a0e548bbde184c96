#pragma once

#include "ca/registration/key_centre.h"
#include "ca/registration/order_desk.h"
#include "ca/registration/order_maker.h"
#include "ca/registration/personal_seal.h"
#include "ca/signing/signing_system.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// The registration system of one CA put together. Thread-safe; everything given must outlive it.
class RegistrationSystem {
 public:
  struct Parts {
    storage::Database& database;
    const PersonalSeal& seal;
    const SigningSystem& signing;
    const KeyCentre& key_centre;
    const Clock& clock;
    StatusListener listener = {};
    StepObserver observer = {};  ///< of every step, inside of its transaction
  };
  explicit RegistrationSystem(const Parts& parts)
      : database_(&parts.database),
        seal_(&parts.seal),
        signing_(&parts.signing),
        clock_(&parts.clock),
        desk_(parts.database, parts.seal, parts.clock, parts.observer),
        maker_(parts.database, parts.seal, parts.signing, parts.key_centre, parts.clock, parts.listener,
               parts.observer) {}

  storage::Database& database() const { return *database_; }
  const PersonalSeal& seal() const { return *seal_; }
  const SigningSystem& signing() const { return *signing_; }
  const Clock& clock() const { return *clock_; }
  const OrderDesk& desk() const { return desk_; }
  const OrderMaker& maker() const { return maker_; }

 private:
  storage::Database* database_;
  const PersonalSeal* seal_;
  const SigningSystem* signing_;
  const Clock* clock_;
  OrderDesk desk_;
  OrderMaker maker_;
};

}  // namespace hutong::ca::registration
