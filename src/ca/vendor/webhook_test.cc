#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/encoding.h"
#include "ca/vendor/vendor_test_support.h"
#include "ca/vendor/webhook_sender.h"

namespace hutong::ca::vendor::test {
namespace {

using net::Json;
using net::Method;
using registration::test::Subscriber;

/// A platform's own little server, which keeps what it hears.
class Listener {
 public:
  Listener() {
    router_.add({.method = Method::kPost,
                 .pattern = "/hook",
                 .body_limit = 10'000,
                 .handler = [this](const net::Request& request) -> Result<net::Response> {
                   const std::lock_guard lock(mutex_);
                   if (is_away_) {
                     return Error{Errc::kUnavailable, "listener.away", "away"};
                   }
                   heard_.push_back({*request.headers.find("Hutong-Event"),
                                     *request.headers.find("Hutong-Time"),
                                     *request.headers.find("Hutong-Signature"), as_text(request.body)});
                   return net::Response{.status = 204};
                 }});
    server_ = std::make_unique<hutong::test::RunningServer>(router_);
  }
  struct Heard {
    Heard(std::string_view e, std::string_view t, std::string_view s, std::string_view b)
        : event(e), time(t), signature(s), body(b) {}
    std::string event, time, signature, body;
  };
  std::string url() const { return server_->url() + "/hook"; }
  void set_away(bool away) {
    const std::lock_guard lock(mutex_);
    is_away_ = away;
  }
  std::vector<Heard> heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  mutable std::mutex mutex_;
  bool is_away_ = false;
  std::vector<Heard> heard_;
  net::Router router_;
  std::unique_ptr<hutong::test::RunningServer> server_;
};

class VendorWebhooks : public VendorTest {
 protected:
  void listen_at(const std::string& key, const std::string& url) const {
    ASSERT_EQ(send(key, Method::kPut, "webhook", {{"url", url}}).status, 204);
  }
  std::size_t send_due() const { return must(webhooks_->send_due(clock_.now())); }
};
INSTANTIATE_TEST_SUITE_P(Databases, VendorWebhooks, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(VendorWebhooks, AreSignedAndWaitForAPlatformThatIsAway) {
  Listener listener;
  listen_at(kTrustedKey, listener.url());
  listener.set_away(true);
  place(application_json(Subscriber()), "1");
  EXPECT_EQ(send_due(), 0U);
  const auto shown = send(kTrustedKey, Method::kGet, "webhook").json;
  EXPECT_EQ(shown["waiting"], 1);
  EXPECT_TRUE(shown["last_error"].get<std::string>().starts_with("webhook.answer"));
  listener.set_away(false);
  EXPECT_EQ(send_due(), 0U) << "it waits before it tries again";
  clock_.move(std::chrono::seconds(16));
  EXPECT_EQ(send_due(), 1U);
  ASSERT_EQ(listener.heard().size(), 1U);
  const auto heard = listener.heard().front();
  EXPECT_NE(heard.body.find("\"order.make\""), std::string::npos) << heard.body;
  const auto signature = from_base64(heard.signature).value();
  EXPECT_TRUE(crypto::verify_signature(ca_->signing().issuer().signer().public_key(), crypto::kSm2WithSm3,
                                       as_bytes(webhook_text(heard.event, heard.time, heard.body)),
                                       signature));
  EXPECT_EQ(count("webhook_events"), 0);
  EXPECT_EQ(send(kTrustedKey, Method::kGet, "webhook").json["last_error"], "");
}

TEST_P(VendorWebhooks, APlatformThatIsAwayHoldsUpNoOtherAndIsGivenUpInTheEnd) {
  Listener away;
  Listener here;
  away.set_away(true);
  listen_at(kPlatformKey, away.url());
  listen_at(kTrustedKey, here.url());
  for (int i = 0; i < 3; ++i) {
    const auto answer =
        send(kPlatformKey, Method::kPost, "orders", application_json(Subscriber()), std::to_string(i));
    must(desk().approve(step(must(desk().find(answer.json["id"].get<std::string>()))), reviewer_));
  }
  place(application_json(Subscriber()), "1");
  EXPECT_EQ(send_due(), 1U);
  EXPECT_EQ(here.heard().size(), 1U);
  EXPECT_EQ(count("webhook_events"), 3);
  for (int i = 0; i < 12; ++i) {
    clock_.move(std::chrono::hours(1));
    EXPECT_EQ(send_due(), 0U);
  }
  EXPECT_EQ(count("webhook_events"), 0) << "three attempts for each";
}

TEST_P(VendorWebhooks, OnlyAllowedAddressesAreCalledAndTheChangeIsAudited) {
  const auto code = [&](const char* url) {
    return send(kTrustedKey, Method::kPut, "webhook", {{"url", url}}).code;
  };
  EXPECT_EQ(code("http://example.com/"), "webhook.url");
  EXPECT_EQ(code("https://example.com/"), "webhook.host");
  EXPECT_EQ(code("https://127.0.0.1@example.com/"), "client.url");
  EXPECT_EQ(code("file:///etc/passwd"), "client.url");
  EXPECT_EQ(send(kTrustedKey, Method::kGet, "webhook").code, "webhook.unknown");
  listen_at(kTrustedKey, "http://127.0.0.1:1/");
  place(application_json(Subscriber()), "1");
  EXPECT_EQ(count("webhook_events"), 1);
  EXPECT_EQ(send(kTrustedKey, Method::kDelete, "webhook").status, 204);
  EXPECT_EQ(count("webhook_events"), 0);
  EXPECT_EQ(records("webhook.removed").size(), 1U);
  EXPECT_EQ(records("webhook.set").size(), 5U) << "four of them refused";
}

TEST_P(VendorWebhooks, TheSenderSendsWithoutBeingAsked) {
  Listener listener;
  listen_at(kTrustedKey, listener.url());
  const WebhookSender sender(*webhooks_, clock_, std::chrono::milliseconds(20));
  place(application_json(Subscriber()), "1");
  for (int i = 0; i < 500 && listener.heard().empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(listener.heard().size(), 1U);
}

}  // namespace
}  // namespace hutong::ca::vendor::test
