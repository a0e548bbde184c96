#pragma once

#include <optional>
#include <span>
#include <vector>

#include "audit/record.h"
#include "cms/key_service.h"
#include "kmc/recovery/recovery_case.h"
#include "kmc/service/authority_repository.h"
#include "kmc/service/key_service.h"
#include "kmc/stores/key_maker.h"
#include "storage/transaction.h"

namespace hutong::kmc {

/// What becomes of one request of a message.
struct AnsweredRequest {
  cms::KeyResponse response;
  audit::Event event;
  Service service = Service::kError;
};

/// Answers the requests of one message inside one transaction, in their order. Belongs to one call.
class RequestDesk {
 public:
  RequestDesk(storage::Transaction& transaction, const KeyMaker& maker, const RecoveryDesk& recovery,
              const Authority& authority, Time now)
      : transaction_(&transaction), maker_(&maker), recovery_(&recovery), authority_(&authority), now_(now) {}

  /// One answer for each request. kConflict "kmc.certificate_has_key" when another message got there in the
  /// meantime: run the transaction again.
  Result<std::vector<AnsweredRequest>> answer(std::span<const cms::KeyRequest> requests);
  /// That keys were made on the spot, because the spare store had too few.
  const std::optional<audit::Event>& made_on_demand() const { return made_on_demand_; }

 private:
  Result<AnsweredRequest> answer(const cms::ApplyKeyRequest& request);
  Result<AnsweredRequest> answer(const cms::RestoreKeyRequest& request);
  Result<AnsweredRequest> answer(const cms::RevokeKeyRequest& request);

  Status take_keys(std::span<const cms::KeyRequest> requests);
  Result<HeldKey> deliver(const cms::ApplyKeyRequest& request, const crypto::Sm2PublicKey& holder);
  Result<RecoveryCase> case_for(const HeldKey& key, const crypto::Sm2PublicKey& target);
  audit::Event event(std::string_view action, const x509::Serial& certificate, std::string_view key_id,
                     audit::Outcome outcome) const;
  AnsweredRequest refusal(std::string_view action, const x509::Serial& certificate,
                          KeyServiceErrorNumber number, std::string description) const;
  AnsweredRequest returned(std::string_view action, Service service, const HeldKey& key,
                           Bytes envelope) const;

  storage::Transaction* transaction_;
  const KeyMaker* maker_;
  const RecoveryDesk* recovery_;
  const Authority* authority_;
  Time now_;
  std::optional<audit::Event> made_on_demand_;
  std::vector<SpareKey> taken_;  ///< exactly as many as will be delivered
};

}  // namespace hutong::kmc
