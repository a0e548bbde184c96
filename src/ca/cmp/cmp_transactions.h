#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cmp/body.h"
#include "storage/database.h"

namespace hutong::ca {

/// An enrolment between its first message and its confirmation; any node can go on with it.
struct CmpTransaction {
  enum class State : std::uint8_t { kBegun = 0, kOrdered = 1, kClosed = 2 };
  Bytes id;
  std::string sender;  ///< CmpSender::identity(): nobody else goes on with it
  Bytes request_sm3;   ///< of the protected part of its first message
  cmp::BodyType answer_kind = cmp::BodyType::kInitialResponse;
  std::vector<std::int64_t> request_ids;  ///< certReqId of each certificate in the answer
  std::string order;
  State state = State::kBegun;
};

/// The table of them. Thread-safe.
class CmpTransactions {
 public:
  /// Transactions older than this are forgotten.
  static constexpr std::chrono::hours kKept{24 * 30};

  explicit CmpTransactions(storage::Database& database) : database_(&database) {}

  /// Notes a new one. The same message once more, as after a lost answer, gives what is known of it;
  /// kConflict "cmp.transaction" when another message or sender used the identifier.
  Result<CmpTransaction> begin(const CmpTransaction& wanted, Time now) const;
  Status ordered(const Bytes& id, const std::string& order) const;
  Status close(const Bytes& id) const;
  /// kConflict "cmp.no_transaction" when there is none of this sender.
  Result<CmpTransaction> find(const Bytes& id, const std::string& sender) const;

 private:
  storage::Database* database_;
};

}  // namespace hutong::ca
