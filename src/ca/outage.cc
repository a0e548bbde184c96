#include "ca/outage.h"

#include <utility>

#include "audit/audit_log.h"
#include "net/json.h"

namespace hutong::ca {

void Outage::note(const net::RequestRecord& request, Time now) {
  constexpr int kUnavailable = 503;
  if (request.status != kUnavailable || !request.problem_code.starts_with("storage.")) {
    return;
  }
  const std::scoped_lock lock(mutex_);
  if (!counted_) {
    counted_ = Counted{.since = now, .until = now, .requests = {}};
  }
  counted_->until = now;
  ++counted_->requests[{request.problem_code, std::string(net::to_string(request.method)), request.route}];
}

Status Outage::settle(storage::Database& database, Time now) {
  std::optional<Counted> taken;
  {
    const std::scoped_lock lock(mutex_);
    taken = std::exchange(counted_, std::nullopt);
  }
  if (!taken) {
    return ok();
  }
  const Status recorded = record(database, *taken, now);
  if (!recorded) {
    put_back(std::move(*taken));
  }
  return recorded;
}

Status Outage::record(storage::Database& database, const Counted& counted, Time now) {
  net::Json requests = net::Json::array();
  for (const auto& [refused, count] : counted.requests) {
    const auto& [code, method, route] = refused;
    requests.push_back({{"code", code}, {"method", method}, {"route", route}, {"count", count}});
  }
  const audit::Event event{.time = now,
                           .action = "database.outage",
                           .object_kind = "database",
                           .outcome = audit::Outcome::kFailed,
                           .detail = net::to_text({{"since", to_rfc3339(counted.since)},
                                                   {"until", to_rfc3339(counted.until)},
                                                   {"refused", std::move(requests)}})};
  return storage::in_transaction(
      database, [&](storage::Transaction& transaction) { return audit::append(transaction, event); });
}

/// Before what was counted in the meantime.
void Outage::put_back(Counted counted) {
  const std::scoped_lock lock(mutex_);
  if (counted_) {
    counted.until = counted_->until;
    for (const auto& [refused, count] : counted_->requests) {
      counted.requests[refused] += count;
    }
  }
  counted_ = std::move(counted);
}

}  // namespace hutong::ca
