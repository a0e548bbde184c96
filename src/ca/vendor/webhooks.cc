#include "ca/vendor/webhooks.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/encoding.h"
#include "crypto/random.h"
#include "crypto/sm3.h"
#include "net/json.h"
#include "net/log.h"
#include "net/ulid.h"
#include "net/url.h"

namespace hutong::ca::vendor {
namespace {

using registration::Order;
using registration::StepKind;

constexpr std::int64_t kMostAtOnce = 100;
constexpr std::int64_t kMostDoublings = 7;
constexpr std::chrono::seconds kFirstPause{15};
constexpr std::chrono::seconds kLongestPause{1'800};

constexpr std::string_view kSet =
    "INSERT INTO webhooks (client, url, set_at, failures, next_at, last_error) VALUES (?, ?, ?, 0, ?, '') "
    "ON CONFLICT (client) DO UPDATE SET url = excluded.url, set_at = excluded.set_at, failures = 0, "
    "next_at = excluded.next_at, last_error = ''";
constexpr std::string_view kRemove = "DELETE FROM webhooks WHERE client = ?";
constexpr std::string_view kForget = "DELETE FROM webhook_events WHERE client = ?";
constexpr std::string_view kFind = "SELECT url, last_error FROM webhooks WHERE client = ?";
constexpr std::string_view kWaiting = "SELECT COUNT(*) FROM webhook_events WHERE client = ?";
constexpr std::string_view kAdd =
    "INSERT INTO webhook_events (id, client, body, attempts) VALUES (?, ?, ?, 0)";
constexpr std::string_view kDue = "SELECT client, url, failures FROM webhooks WHERE next_at <= ?";
constexpr std::string_view kWaitingFor =
    "SELECT id, body, attempts FROM webhook_events WHERE client = ? ORDER BY attempts, id LIMIT ?";
constexpr std::string_view kDone = "DELETE FROM webhook_events WHERE id = ?";
constexpr std::string_view kWell =
    "UPDATE webhooks SET failures = 0, last_error = '' WHERE client = ? AND url = ?";
constexpr std::string_view kFailed = "UPDATE webhook_events SET attempts = attempts + 1 WHERE id = ?";
constexpr std::string_view kPause =
    "UPDATE webhooks SET failures = failures + 1, next_at = ?, last_error = ? WHERE client = ? AND url = ?";

/// Steps that a platform did not take itself, or wants confirmed.
bool is_worth_telling(StepKind step) {
  return step == StepKind::kApprove || step == StepKind::kRefuse || step == StepKind::kCancel ||
         step == StepKind::kMake || step == StepKind::kMakeFailed || step == StepKind::kDeliver;
}

std::string body_of(const std::string& id, const Order& order, StepKind step, Time at) {
  net::Json json{{"id", id},
                 {"event", "order." + std::string(to_string(step))},
                 {"order", order.id},
                 {"kind", to_string(order.kind)},
                 {"state", to_string(order.state)},
                 {"version", order.version},
                 {"at", to_rfc3339(at)}};
  if (order.problem) {
    json["problem"] = order.problem->code;
  }
  return net::to_text(json);
}

bool is_this_machine(std::string_view host) {
  return host == "127.0.0.1" || host == "localhost" || host == "::1";
}

}  // namespace

std::string webhook_text(std::string_view id, std::string_view time, std::string_view body) {
  std::string text("hutong-webhook-1\n");
  text.append(id).append("\n").append(time).append("\n").append(to_hex(crypto::sm3(as_bytes(body))));
  return text;
}

Status Webhooks::check_url(std::string_view text) const {
  HUTONG_TRY(const auto url, net::parse_url(text));
  if (url.scheme != net::Url::Scheme::kHttps && !is_this_machine(url.host)) {
    return Error{Errc::kPolicy, "webhook.url", "an address begins with https://"};
  }
  return std::ranges::find(options_.hosts, url.host) != options_.hosts.end()
             ? ok()
             : Status(
                   Error{Errc::kPolicy, "webhook.host", "this host is not among those that may be called"});
}

Status Webhooks::set(storage::Transaction& transaction, std::string_view client, std::string_view url,
                     Time now) {
  HUTONG_CHECK(transaction.execute(kSet, client, url, now, now));
  return ok();
}

Status Webhooks::remove(storage::Transaction& transaction, std::string_view client) {
  HUTONG_CHECK(transaction.execute(kForget, client));
  HUTONG_CHECK(transaction.execute(kRemove, client));
  return ok();
}

Result<std::optional<Webhooks::Webhook>> Webhooks::find(storage::Reader& reader, std::string_view client) {
  HUTONG_TRY(const auto row, reader.query_optional(kFind, client));
  if (!row) {
    return std::optional<Webhook>();
  }
  HUTONG_TRY(const auto waiting, reader.query_one(kWaiting, client));
  return std::optional(Webhook{row->text(0), waiting.integer(0), row->text(1)});
}

registration::StepObserver Webhooks::observer() const {
  return [most = options_.most_waiting](storage::Transaction& transaction, const Order& order, StepKind step,
                                        Time at) -> Status {
    if (order.client.empty() || !is_worth_telling(step)) {
      return ok();
    }
    HUTONG_TRY(const auto webhook, transaction.query_optional(kFind, order.client));
    if (!webhook) {
      return ok();
    }
    HUTONG_TRY(const auto waiting, transaction.query_one(kWaiting, order.client));
    if (waiting.integer(0) >= most) {
      return ok();  // it has been away for long; it will have to ask
    }
    const std::string id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random());
    HUTONG_CHECK(transaction.execute(kAdd, id, order.client, body_of(id, order, step, at)));
    return ok();
  };
}

Result<std::vector<Webhooks::Listener>> Webhooks::due(Time now) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto rows, reader.query(kDue, now));
  std::vector<Listener> listeners;
  for (const storage::Row& row : rows) {
    listeners.push_back({row.text(0), row.text(1), row.integer(2)});
  }
  return listeners;
}

Result<std::vector<Webhooks::Event>> Webhooks::waiting_for(const Listener& listener) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto rows, reader.query(kWaitingFor, listener.client, kMostAtOnce));
  std::vector<Event> events;
  for (const storage::Row& row : rows) {
    events.push_back({row.text(0), row.text(1), row.integer(2)});
  }
  return events;
}

Status Webhooks::send(const Listener& listener, const Event& event, Time now) const {
  HUTONG_CHECK(check_url(listener.url));  // the list of hosts may have changed
  const std::string time = to_rfc3339(now);
  const std::string text = webhook_text(event.id, time, event.body);
  HUTONG_TRY(const Bytes signature, signer_->sign(as_bytes(text)));
  HUTONG_TRY(const auto answer, net::fetch(listener.url,
                                           {.method = net::Method::kPost,
                                            .headers = {{"Content-Type", "application/json"},
                                                        {"Hutong-Event", event.id},
                                                        {"Hutong-Time", time},
                                                        {"Hutong-Signature", to_base64(signature)}},
                                            .body = event.body},
                                           options_.client));
  return answer.status / 100 == 2
             ? ok()
             : Status(Error{Errc::kUnavailable, "webhook.answer", "status " + std::to_string(answer.status)});
}

Status Webhooks::settle(const Listener& listener, const std::vector<std::string>& arrived) const {
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    for (const std::string& id : arrived) {
      HUTONG_CHECK(transaction.execute(kDone, id));
    }
    HUTONG_CHECK(transaction.execute(kWell, listener.client, listener.url));
    return ok();
  });
}

Status Webhooks::note_failure(const Listener& listener, const Event& event, const Error& error,
                              Time now) const {
  const bool gives_up = event.attempts + 1 >= options_.most_attempts;
  if (gives_up) {
    net::log(net::LogLevel::kError, "webhook.given_up", {{"event", event.id}, {"code", error.reason}});
  }
  const auto factor = std::int64_t{1} << std::min(listener.failures, kMostDoublings);
  const Time next = now + std::min(kFirstPause * factor, kLongestPause);
  const std::string text = std::string(error.reason) + ": " + error.detail;
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute(gives_up ? kDone : kFailed, event.id));
    HUTONG_CHECK(transaction.execute(kPause, next, text, listener.client, listener.url));
    return ok();
  });
}

/// The oldest first, those that failed before last: one that the platform chokes on holds up no other.
Result<std::size_t> Webhooks::send_all(const Listener& listener, Time now) const {
  HUTONG_TRY(const auto events, waiting_for(listener));
  std::vector<std::string> arrived;
  for (const Event& event : events) {
    const Status sent = send(listener, event, now);
    if (sent) {
      arrived.push_back(event.id);
      continue;
    }
    if (!arrived.empty()) {
      HUTONG_CHECK(settle(listener, arrived));
    }
    HUTONG_CHECK(note_failure(arrived.empty() ? listener : Listener{listener.client, listener.url}, event,
                              sent.error(), now));
    return arrived.size();
  }
  if (!arrived.empty()) {
    HUTONG_CHECK(settle(listener, arrived));
  }
  return arrived.size();
}

Result<std::size_t> Webhooks::send_due(Time now) const {
  HUTONG_TRY(const auto listeners, due(now));
  std::size_t arrived = 0;
  for (const Listener& listener : listeners) {
    HUTONG_TRY(const std::size_t sent, send_all(listener, now));
    arrived += sent;
  }
  return arrived;
}

}  // namespace hutong::ca::vendor
