#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "base/result.h"
#include "base/time.h"
#include "net/server.h"
#include "storage/database.h"

namespace hutong::ca {

/// What was refused because the database did not serve, away or full: nobody can be recorded then, so it is
/// counted, and one audit record tells of it when the database serves again. What a program counted that ends
/// before is in its log alone. Any thread.
class Outage {
 public:
  /// Counts an answer whose code is one of the storage's; others are let pass.
  void note(const net::RequestRecord& request, Time now);
  /// The record "database.outage" when something was counted since the last one; the errors of the storage as
  /// long as it does not serve.
  Status settle(storage::Database& database, Time now);

 private:
  using Refused = std::tuple<std::string, std::string, std::string>;  ///< code, method, route
  struct Counted {
    Time since;
    Time until;
    std::map<Refused, std::int64_t> requests;
  };
  static Status record(storage::Database& database, const Counted& counted, Time now);
  void put_back(Counted counted);

  std::mutex mutex_;
  std::optional<Counted> counted_;
};

}  // namespace hutong::ca
