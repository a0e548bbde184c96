#include "platform/vendors/commitment_report.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace hutong::platform {
namespace {

using ca_connector::OrderTimes;
using ca_connector::Outcome;

constexpr std::size_t kMostBroken = 50;
/// Orders that end in a certificate.
constexpr std::array<std::string_view, 4> kMakingKinds{"application", "renewal", "change", "recovery"};

bool counts(const OrderTimes& order) {
  return order.outcome != Outcome::kEnded &&
         std::ranges::find(kMakingKinds, order.kind) != kMakingKinds.end();
}

std::int64_t seconds_of(const CommitmentReport::Broken& order, Time now) {
  return (order.made_at.value_or(now) - order.entered_at).count();
}

net::Json or_null(const std::optional<std::int64_t>& number) {
  return number ? net::Json(*number) : net::Json(nullptr);
}

}  // namespace

CommitmentReport measure_commitments(std::span<const OrderTimes> orders, std::int64_t promised_hours,
                                     Time now) {
  CommitmentReport report{.measured_at = now, .promised_hours = promised_hours};
  const auto promise = std::chrono::hours(promised_hours);
  std::vector<std::int64_t> taken;
  for (const OrderTimes& order : orders) {
    if (!counts(order)) {
      continue;
    }
    ++report.orders;
    const bool is_kept = order.made_at.value_or(now) - order.entered_at <= promise;
    if (order.made_at) {
      taken.push_back((*order.made_at - order.entered_at).count());
      ++(is_kept ? report.in_time : report.late);
    } else {
      ++(is_kept ? report.waiting : report.overdue);
    }
    if (!is_kept) {
      report.broken.push_back(
          {.id = order.id, .kind = order.kind, .entered_at = order.entered_at, .made_at = order.made_at});
    }
  }
  std::ranges::sort(taken);
  if (!taken.empty()) {
    report.median_seconds = taken[taken.size() / 2];
    report.longest_seconds = taken.back();
  }
  std::ranges::stable_sort(report.broken, std::ranges::greater(),
                           [now](const auto& order) { return seconds_of(order, now); });
  if (report.broken.size() > kMostBroken) {
    report.broken.resize(kMostBroken);
  }
  return report;
}

net::Json to_json(const CommitmentReport& report) {
  net::Json json = {{"measured_at", to_rfc3339(report.measured_at)},
                    {"promised_hours", report.promised_hours},
                    {"said_hours", or_null(report.said.order_hours)},
                    {"orders", report.orders},
                    {"in_time", report.in_time},
                    {"late", report.late},
                    {"waiting", report.waiting},
                    {"overdue", report.overdue},
                    {"median_seconds", or_null(report.median_seconds)},
                    {"longest_seconds", or_null(report.longest_seconds)},
                    {"broken", net::Json::array()}};
  for (const auto& order : report.broken) {
    json["broken"].push_back(
        {{"id", order.id},
         {"kind", order.kind},
         {"entered_at", to_rfc3339(order.entered_at)},
         {"made_at", order.made_at ? net::Json(to_rfc3339(*order.made_at)) : net::Json(nullptr)}});
  }
  return json;
}

}  // namespace hutong::platform
