#include "ca_connector/rest_connector.h"

#include <algorithm>
#include <chrono>

#include "net/url.h"

namespace hutong::ca_connector {
namespace {

using Watch = std::chrono::steady_clock;

constexpr std::chrono::seconds kOneAnswer{10};
constexpr std::size_t kMostAnswer = std::size_t{4} << 20;

bool is_this_machine(const std::string& host) {
  return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

bool is_id(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

}  // namespace

Result<RestConnector> RestConnector::create(Access access) {
  HUTONG_TRY(const auto url, net::parse_url(access.address));
  HUTONG_TRY(auto client, net::Client::create(access.address, {.tls = std::move(access.tls),
                                                               .connect_timeout = kOneAnswer,
                                                               .timeout = kOneAnswer,
                                                               .answer_limit = kMostAnswer}));
  return RestConnector(std::move(client), is_this_machine(url.host) ? std::move(access.key) : std::string(),
                       access.patience);
}

Result<std::string> RestConnector::get(std::string target) const {
  net::ClientRequest request{.target = "/api/v1/vendor/" + std::move(target)};
  if (!key_.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + key_);
  }
  auto answer = client_.send(request);
  if (!answer) {
    return Error{Errc::kUnavailable, "connector.away",
                 "the vendor does not answer: " + answer.error().detail};
  }
  if (answer->status != 200) {
    const bool refuses = answer->status >= 400 && answer->status < 500;
    return Error{Errc::kUnavailable, refuses ? "connector.refused" : "connector.away",
                 "the vendor answers with status " + std::to_string(answer->status)};
  }
  return std::move(answer->body);
}

Result<Promises> RestConnector::promises() const {
  HUTONG_TRY(const std::string text, get("service"));
  return read_promises(text);
}

Result<std::vector<OrderTimes>> RestConnector::orders(std::size_t most) const {
  const auto until = Watch::now() + patience_;
  HUTONG_TRY(const std::string text, get("orders?limit=" + std::to_string(most)));
  HUTONG_TRY(auto orders, read_order_list(text));
  orders.resize(std::min(orders.size(), most));
  for (OrderTimes& order : orders) {
    if (order.outcome != Outcome::kMade || order.made_at) {
      continue;
    }
    if (!is_id(order.id)) {
      return Error{Errc::kUnavailable, "connector.answer", "the vendor's answer: an id that is none"};
    }
    if (Watch::now() > until) {
      return Error{Errc::kUnavailable, "connector.away", "the vendor takes too long for its answers"};
    }
    HUTONG_TRY(const std::string whole, get("orders/" + order.id));
    HUTONG_TRY(order, read_order(whole));
  }
  return orders;
}

}  // namespace hutong::ca_connector
