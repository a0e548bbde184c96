#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/encoding.h"
#include "ca/vendor/vendor_test_support.h"
#include "cms/enveloped_key.h"

namespace hutong::ca::vendor::test {
namespace {

using net::Json;
using net::Method;
using registration::test::Subscriber;

class VendorProfile : public VendorTest {};
INSTANTIATE_TEST_SUITE_P(Databases, VendorProfile, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(VendorProfile, APlatformOrdersTheVendorReviewsThePlatformDelivers) {
  const Subscriber subscriber;
  auto answer = send(kPlatformKey, Method::kPost, "orders", application_json(subscriber), "1");
  ASSERT_EQ(answer.status, 201) << answer.response.body;
  EXPECT_EQ(answer.json["state"], "submitted");
  const std::string id = answer.json["id"].get<std::string>();
  EXPECT_EQ(send(kPlatformKey, Method::kGet, "orders/" + id + "/certificates").code, "order.state");
  const auto order = must(desk().find(id));
  must(desk().approve(step(order), reviewer_));
  EXPECT_FALSE(make(id));
  const auto objects = send(kPlatformKey, Method::kGet, "orders/" + id + "/certificates");
  ASSERT_TRUE(objects.json.contains("enveloped_key")) << objects.response.body;
  const auto envelope = from_base64(objects.json["enveloped_key"].get<std::string>()).value();
  EXPECT_TRUE(cms::unwrap_key_pair(envelope, cms::Sm2KeyOpener(subscriber.key.key())));
  for (int twice = 0; twice < 2; ++twice) {
    answer = send(kPlatformKey, Method::kPost, "orders/" + id + "/delivery", Json::object());
    EXPECT_EQ(answer.json["state"], "delivered") << answer.response.body;
  }
  EXPECT_EQ(send(kPlatformKey, Method::kGet, "orders").json["items"].size(), 1U);
  EXPECT_EQ(send(kTrustedKey, Method::kGet, "orders").json["items"].size(), 0U);
  EXPECT_EQ(send(kTrustedKey, Method::kGet, "orders/" + id).status, 404);
  EXPECT_EQ(send(kTrustedKey, Method::kPost, "orders/" + id + "/delivery", Json::object()).status, 404);
}

TEST_P(VendorProfile, ACertificateIsSuspendedReleasedRenewedRecoveredAndRevoked) {
  auto answer = place(application_json(Subscriber()), "1");
  ASSERT_EQ(answer.status, 201) << answer.response.body;
  EXPECT_EQ(answer.json["state"], "issued");
  const auto serial_of = [&](const Json& order) {
    return must(desk().find(order["id"].get<std::string>())).issued_signing->to_hex();
  };
  std::string serial = serial_of(answer.json);
  const auto state_of = [&] {
    return send(kTrustedKey, Method::kGet, "certificates/" + serial).json["state"].get<std::string>();
  };
  const auto change = [&](const char* kind, Json more = Json::object()) {
    more["kind"] = kind;
    more["certificate"] = serial;
    return place(more, kind);
  };
  EXPECT_EQ(change("suspension").json["state"], "done");
  EXPECT_EQ(state_of(), "suspended");
  EXPECT_EQ(change("release").json["state"], "done");
  EXPECT_EQ(state_of(), "valid");
  answer = change("renewal", {{"request", to_base64(Subscriber().request())}});
  EXPECT_EQ(answer.json["state"], "issued") << answer.response.body;
  EXPECT_EQ(state_of(), "revoked") << "superseded";
  serial = serial_of(answer.json);
  answer = change("recovery");
  EXPECT_EQ(answer.json["state"], "issued") << answer.response.body;
  const Json revocation{{"kind", "revocation"}, {"certificate", serial}, {"reason", "key_compromise"}};
  EXPECT_EQ(send(kPlatformKey, Method::kPost, "orders", revocation, "9").code, "certificate.unknown")
      << "another platform's certificate";
  EXPECT_EQ(change("revocation", {{"reason", "key_compromise"}}).json["state"], "done");
  EXPECT_EQ(state_of(), "revoked");
  EXPECT_GE(told_.size(), 4U) << "lists and status answers were brought up to date";
}

TEST_P(VendorProfile, TheSameKeyIsTheSameOrder) {
  const auto body = application_json(Subscriber());
  const auto first = place(body, "1");
  const auto second = place(body, "1");
  EXPECT_EQ(first.json["id"], second.json["id"]);
  EXPECT_EQ(second.json["state"], "issued");
  EXPECT_EQ(count("certificates"), 2);
  EXPECT_EQ(place(application_json(Subscriber()), "1").code, "order.key_reused") << "another request";
  EXPECT_NE(send(kPlatformKey, Method::kPost, "orders", application_json(Subscriber()), "1").json["id"],
            first.json["id"])
      << "keys belong to their client";
}

TEST_P(VendorProfile, TheSameRequestOnManyConnectionsIsOneOrder) {
  const auto body = application_json(Subscriber());
  std::vector<std::string> ids(8);
  {
    std::vector<std::jthread> threads;
    for (std::string& id : ids) {
      threads.emplace_back([&] {
        const auto answer = place(body, "1");
        id = answer.status == 201 ? answer.json["id"].get<std::string>() : answer.response.body;
      });
    }
  }
  for (const std::string& id : ids) {
    EXPECT_EQ(id, ids.front());
  }
  EXPECT_EQ(count("orders"), 1);
  EXPECT_EQ(count("certificates"), 2);
}

TEST_P(VendorProfile, ABatchIsMadeAtOnceAndOneThatFailsHoldsUpNoOther) {
  Json orders = Json::array();
  for (int i = 0; i < 20; ++i) {
    orders.push_back({{"idempotency_key", std::to_string(i)}, {"order", application_json(Subscriber())}});
  }
  const Json body{{"orders", orders}};
  auto answer = send(kTrustedKey, Method::kPost, "order-batches?automatic=true", body);
  ASSERT_EQ(answer.status, 201) << answer.response.body;
  ASSERT_EQ(answer.json["items"].size(), 20U);
  for (const Json& item : answer.json["items"]) {
    EXPECT_EQ(item["state"], "issued");
  }
  send(kTrustedKey, Method::kPost, "order-batches?automatic=true", body);
  EXPECT_EQ(count("certificates"), 40);
  const auto order = must(desk().find(answer.json["items"][0]["id"].get<std::string>()));
  const Json revocation{{"kind", "revocation"}, {"certificate", order.issued_signing->to_hex()}};
  orders = Json::array({{{"idempotency_key", "r1"}, {"order", revocation}},
                        {{"idempotency_key", "r2"}, {"order", revocation}},
                        {{"idempotency_key", "a"}, {"order", application_json(Subscriber())}}});
  answer = send(kTrustedKey, Method::kPost, "order-batches?automatic=true", {{"orders", orders}});
  ASSERT_EQ(answer.status, 201) << answer.response.body;
  EXPECT_EQ(answer.json["items"][0]["state"], "done");
  EXPECT_EQ(answer.json["items"][1]["state"], "approved");
  EXPECT_TRUE(answer.json["items"][1]["problem"]["code"].get<std::string>().starts_with("certificate."))
      << answer.response.body;
  EXPECT_EQ(answer.json["items"][2]["state"], "issued");
}

TEST_P(VendorProfile, WhatTheVendorOffersAndPromises) {
  const auto answer = send(kPlatformKey, Method::kGet, "service");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json["profile"], "hutong-vendor-1");
  EXPECT_EQ(answer.json["addresses"]["crl"], "http://ca.example/ca.crl");
  EXPECT_EQ(answer.json["commitments"]["order_hours"], 24);
  EXPECT_FALSE(answer.json["templates"].empty());
}

}  // namespace
}  // namespace hutong::ca::vendor::test
