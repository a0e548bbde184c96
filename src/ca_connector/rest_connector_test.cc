#include "ca_connector/rest_connector.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "net/router.h"
#include "net/server.h"

namespace hutong::ca_connector {
namespace {

using net::Request;
using net::Response;

/// A vendor that answers what it is told to.
class FakeVendor {
 public:
  explicit FakeVendor(std::string list, std::string order = "{}", int status = 200) {
    const auto answer = [this](const std::string& pattern, std::string body, int with) {
      router_.add(
          {.method = net::Method::kGet,
           .pattern = pattern,
           .body_limit = 0,
           .handler = [this, body = std::move(body), with](const Request& request) -> Result<Response> {
             const auto key = request.headers.find("Authorization");
             key_ = key.value_or("");
             return Response{.status = with, .body = body};
           }});
    };
    answer("/api/v1/vendor/service", R"({"vendor":"x","commitments":{"order_hours":8}})", status);
    answer("/api/v1/vendor/orders", std::move(list), status);
    answer("/api/v1/vendor/orders/{id}", std::move(order), status);
    server_ = net::Server::listen({.address = "127.0.0.1", .port = 0}, router_).value();
    thread_ = std::thread([this] { server_->run(); });
  }
  ~FakeVendor() {
    server_->stop();
    thread_.join();
  }
  FakeVendor(const FakeVendor&) = delete;
  FakeVendor& operator=(const FakeVendor&) = delete;
  RestConnector connector(std::chrono::milliseconds patience = std::chrono::seconds(30)) const {
    return RestConnector::create({.address = "http://127.0.0.1:" + std::to_string(server_->port()),
                                  .key = "secret",
                                  .patience = patience})
        .value();
  }
  const std::string& key() const { return key_; }

 private:
  std::string key_;
  net::Router router_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

constexpr std::string_view kIssued =
    R"({"id":"1","kind":"application","state":"issued","entered_at":"2027-01-01T00:00:00Z","changed_at":"2027-01-01T03:00:00Z"})";
constexpr std::string_view kDelivered =
    R"({"id":"2","kind":"renewal","state":"delivered","entered_at":"2027-01-01T00:00:00Z","changed_at":"2027-01-09T00:00:00Z"})";

std::string list_of(std::initializer_list<std::string_view> orders) {
  std::string text;
  for (const std::string_view order : orders) {
    text += (text.empty() ? "" : ",") + std::string(order);
  }
  return R"({"items":[)" + text + "]}";
}
Time time(std::string_view text) { return from_rfc3339(text).value(); }

TEST(RestConnector, AsksForOrdersAndWhenTheyWereMade) {
  const FakeVendor vendor(
      list_of({kIssued, kDelivered}),
      R"({"id":"2","kind":"renewal","state":"delivered","entered_at":"2027-01-01T00:00:00Z","steps":[)"
      R"({"step":"enter","at":"2027-01-01T00:00:00Z"},{"step":"make","at":"2027-01-02T00:00:00Z"},)"
      R"({"step":"deliver","at":"2027-01-09T00:00:00Z"}]})");
  const auto orders = vendor.connector().orders(10);
  ASSERT_TRUE(orders) << orders.error().detail;
  ASSERT_EQ(orders->size(), 2U);
  EXPECT_EQ((*orders)[0].made_at, time("2027-01-01T03:00:00Z"));
  EXPECT_EQ((*orders)[1].made_at, time("2027-01-02T00:00:00Z")) << "not when it was delivered";
  EXPECT_EQ(vendor.key(), "Bearer secret");
  const auto promises = vendor.connector().promises();
  ASSERT_TRUE(promises);
  EXPECT_EQ(promises->vendor, "x");
  EXPECT_EQ(promises->order_hours, 8);
  EXPECT_EQ(promises->revocation_minutes, std::nullopt);
}

TEST(RestConnector, NoMoreOrdersThanAskedFor) {
  const FakeVendor vendor(list_of({kIssued, kIssued, kIssued}));
  const auto orders = vendor.connector().orders(2);
  ASSERT_TRUE(orders);
  EXPECT_EQ(orders->size(), 2U);
}

TEST(RestConnector, SaysWhyThereIsNoAnswer) {
  const FakeVendor refusing("{}", "{}", 403);
  EXPECT_EQ(refusing.connector().orders(1).error().reason, "connector.refused");
  const FakeVendor failing("{}", "{}", 500);
  EXPECT_EQ(failing.connector().promises().error().reason, "connector.away");
  const auto nobody = RestConnector::create({.address = "http://127.0.0.1:1"});
  ASSERT_TRUE(nobody);
  EXPECT_EQ(nobody->orders(1).error().reason, "connector.away");
  EXPECT_FALSE(RestConnector::create({.address = "ftp://x"}));
  EXPECT_EQ(RestConnector::create({.address = "https://x"}).error().reason, "client.no_tls");
}

TEST(RestConnector, LosesPatienceWithManyQuestions) {
  const FakeVendor vendor(list_of({kDelivered}));
  EXPECT_EQ(vendor.connector(std::chrono::milliseconds(-1)).orders(10).error().reason, "connector.away");
}

TEST(RestConnector, AnswersThatAreNotAsTheProfileSaysAreRefused) {
  for (const std::string& list :
       {std::string("x"), std::string("[]"), std::string(R"({"items":{}})"), list_of({"1"}), list_of({"{}"}),
        list_of({R"({"id":"1","kind":"application","state":"lost","entered_at":"2027-01-01T00:00:00Z"})"}),
        list_of({R"({"id":"1","kind":"application","state":"entered","entered_at":"yesterday"})"}),
        list_of({R"({"id":"1","kind":"application","state":"issued","entered_at":"2027-01-01T00:00:00Z"})"}),
        list_of({R"({"id":"1","kind":"x","state":"issued","entered_at":"2027-01-02T00:00:00Z",)"
                 R"("changed_at":"2027-01-01T00:00:00Z"})"}),
        list_of({R"({"id":"../..","kind":"x","state":"delivered","entered_at":"2027-01-01T00:00:00Z"})"}),
        list_of({kDelivered})}) {
    const FakeVendor vendor(list);
    const auto orders = vendor.connector().orders(10);
    ASSERT_FALSE(orders) << list;
    EXPECT_EQ(orders.error().reason, "connector.answer") << list;
  }
}

}  // namespace
}  // namespace hutong::ca_connector
