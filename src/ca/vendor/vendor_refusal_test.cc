#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "base/encoding.h"
#include "ca/vendor/vendor_test_support.h"

namespace hutong::ca::vendor::test {
namespace {

using net::Json;
using net::Method;
using registration::test::Subscriber;

/// Bad requests of platforms: each has a code, leaves an audit record, and issues nothing.
class VendorRefusals : public VendorTest {
 protected:
  static Bytes with_broken_signature() {
    Bytes request = Subscriber().request();
    request.back() ^= 1;
    return request;
  }
  static Bytes weak_request() {
    Bytes one(32, 0);
    one.back() = 1;
    Subscriber subscriber{crypto::Sm2Signer(must(crypto::Sm2PrivateKey::from_octets(one)))};
    return subscriber.request();
  }
  std::size_t failures(std::string_view action) const {
    std::size_t failed = 0;
    for (const auto& record : records(action)) {
      failed += record.event.outcome == audit::Outcome::kDone ? 0 : 1;
    }
    return failed;
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, VendorRefusals, hutong::test::every_database(),
                         hutong::test::database_name);

struct BadRequest {
  const char* what;
  Json body;
  int status;
  const char* code;
};

TEST_P(VendorRefusals, EachHasACodeAndAnAuditRecordAndNothingIsIssued) {
  const Subscriber known;
  ASSERT_EQ(place(application_json(known), "first").status, 201);
  const auto with = [](const char* pointer, const Json& value) {
    Json body = application_json(Subscriber());
    body[Json::json_pointer(pointer)] = value;
    return body;
  };
  const auto without = [](const char* member) {
    Json body = application_json(Subscriber());
    body.erase(member);
    return body;
  };
  const std::vector<BadRequest> table = {
      {"bad proof of possession", application_json(with_broken_signature()), 422, "order.possession"},
      {"weak key", application_json(weak_request()), 422, "order.key_weak"},
      {"repeated key", application_json(known), 409, "order.key_repeated"},
      {"request that is none", with("/request", "AAAA"), 400, "asn1."},
      {"request that is not base64", with("/request", "%%%"), 400, "request.field"},
      {"credit code with a wrong check digit", with("/applicant/number", "91350100M000100Y44"), 422,
       "applicant.number"},
      {"attribute the template does not have", with("/subject/attributes/SERIALNUMBER", "1"), 422,
       "subject."},
      {"name too long", with("/subject/attributes/CN", std::string(300, 'x')), 422, ""},
      {"control character in a name", with("/subject/attributes/CN", "a\u0001b"), 422, ""},
      {"another's number", with("/subject/identities", {{"credit_code", "91350211M000100Y46"}}), 422,
       "order.number_mismatch"},
      {"unknown template", with("/template", "no-such"), 404, "template.not_taken_over"},
      {"too many days", with("/days", 36'000), 422, "issuing.days"},
      {"RSA", with("/key", {{"algorithm", "RSA"}, {"bits", 2048}}), 422, "order.key_choice"},
      {"no subject", without("subject"), 400, "order.field"},
      {"no kind", without("kind"), 400, "request.field"},
      {"a member nobody knows", with("/surprise", 1), 400, "request.field"},
      {"unknown certificate",
       {{"kind", "revocation"}, {"certificate", "0badf00d"}},
       404,
       "certificate.unknown"},
      {"certificate that is no number",
       {{"kind", "revocation"}, {"certificate", "zz"}},
       400,
       "request.field"},
  };
  int number = 0;
  for (const BadRequest& bad : table) {
    const auto before = failures("order.entered");
    const auto answer = place(bad.body, "bad" + std::to_string(++number));
    EXPECT_EQ(answer.status, bad.status) << bad.what << ' ' << answer.response.body;
    EXPECT_TRUE(answer.code.starts_with(bad.code)) << bad.what << ' ' << answer.response.body;
    EXPECT_EQ(failures("order.entered"), before + 1) << bad.what;
  }
  EXPECT_EQ(count("orders"), 1);
  EXPECT_EQ(count("certificates"), 2);
}

TEST_P(VendorRefusals, BodiesThatAreNoOrders) {
  for (const char* body : {"", "x", "[]", "null", "{\"kind\":", "{\"kind\":1}", "\xff\xfe"}) {
    const auto answer = send_text(kTrustedKey, "orders?automatic=true", body, "1");
    EXPECT_EQ(answer.status, 400) << body << ' ' << answer.response.body;
  }
  EXPECT_EQ(send(kTrustedKey, Method::kPost, "orders", application_json(Subscriber())).code,
            "request.idempotency_key");
  EXPECT_EQ(
      send(kTrustedKey, Method::kPost, "orders", application_json(Subscriber()), std::string(65, 'k')).code,
      "request.idempotency_key");
  for (const Json& orders :
       {Json(), Json::array(), Json(1), Json::array({1}), Json::array({Json::object()})}) {
    const auto answer =
        send(kTrustedKey, Method::kPost, "order-batches?automatic=true", {{"orders", orders}});
    EXPECT_EQ(answer.code, "request.field") << answer.response.body;
  }
  EXPECT_EQ(count("orders"), 0);
}

TEST_P(VendorRefusals, ABatchWithOneBadOrderIsNotEnteredAndSaysWhich) {
  const Subscriber twice;
  const auto item = [](const char* key, const Json& order) {
    return Json{{"idempotency_key", key}, {"order", order}};
  };
  const Json orders =
      Json::array({item("1", application_json(Subscriber())), item("2", application_json(weak_request()))});
  auto answer = send(kTrustedKey, Method::kPost, "order-batches?automatic=true", {{"orders", orders}});
  EXPECT_EQ(answer.code, "order.key_weak");
  EXPECT_NE(answer.json["detail"].get<std::string>().find("order 2"), std::string::npos);
  const Json same = Json::array({item("1", application_json(twice)), item("2", application_json(twice))});
  answer = send(kTrustedKey, Method::kPost, "order-batches?automatic=true", {{"orders", same}});
  EXPECT_EQ(answer.code, "order.key_repeated");
  const Json one_key =
      Json::array({item("1", application_json(Subscriber())), item("1", application_json(Subscriber()))});
  answer = send(kTrustedKey, Method::kPost, "order-batches?automatic=true", {{"orders", one_key}});
  EXPECT_EQ(answer.code, "request.idempotency_key");
  EXPECT_NE(answer.json["detail"].get<std::string>().find("order 2"), std::string::npos);
  EXPECT_EQ(count("orders"), 0);
  EXPECT_EQ(count("certificates"), 0);
}

TEST_P(VendorRefusals, WhoLacksARightIsRefused) {
  const auto order = application_json(Subscriber());
  EXPECT_EQ(send(kPlatformKey, Method::kPost, "orders?automatic=true", order, "1").code, "right.missing");
  EXPECT_EQ(send(kWatcherKey, Method::kPost, "orders", order, "1").code, "right.missing");
  EXPECT_EQ(send(kWatcherKey, Method::kGet, "certificates/01").code, "right.missing");
  EXPECT_EQ(send(kNobodysKey, Method::kPost, "orders", order, "1").code, "client.unknown");
  EXPECT_EQ(send("", Method::kGet, "service").status, 401);
  EXPECT_EQ(count("orders"), 0);
  EXPECT_GE(records("access.refused").size(), 3U);
}

TEST_P(VendorRefusals, WrongStatesAreRefusedAndTheOrderStands) {
  auto answer = place(application_json(Subscriber()), "1");
  const std::string id = answer.json["id"].get<std::string>();
  EXPECT_EQ(send(kTrustedKey, Method::kPost, "orders/" + id + "/cancellation", Json::object()).code,
            "order.state");
  EXPECT_EQ(failures("order.cancelled"), 1U);
  const std::string serial = must(desk().find(id)).issued_signing->to_hex();
  EXPECT_EQ(place({{"kind", "release"}, {"certificate", serial}}, "2").code, "certificate.state");
  EXPECT_EQ(place({{"kind", "revocation"}, {"certificate", serial}}, "3").json["state"], "done");
  EXPECT_EQ(place({{"kind", "renewal"}, {"certificate", serial}}, "4").code, "certificate.revoked");
  EXPECT_EQ(place({{"kind", "suspension"}, {"certificate", serial}}, "5").code, "certificate.revoked");
  EXPECT_EQ(show(id)["state"], "issued");
}

TEST_P(VendorRefusals, WhenTheKeyCentreIsAwayNothingIsIssuedAndTheOrderGoesOnLater) {
  const Json body = application_json(Subscriber());
  struct Case {
    const char* key;
    std::function<void(bool)> set;
    const char* code;
  };
  const std::vector<Case> cases = {
      {"away", [&](bool on) { centre_.set_away(on); }, "key_centre.away"},
      {"refusing", [&](bool on) { centre_.set_refusing(on); }, "key_centre.refused"},
      {"swapping", [&](bool on) { centre_.set_swapping(on); }, "key_centre.wrong_key"}};
  std::int64_t issued = 0;
  for (const Case& one : cases) {
    const Json order = application_json(Subscriber());
    one.set(true);
    auto answer = place(order, one.key);
    ASSERT_EQ(answer.status, 201) << answer.response.body;
    EXPECT_EQ(answer.json["state"], "approved");
    EXPECT_EQ(answer.json["problem"]["code"], one.code);
    EXPECT_EQ(show(answer.json["id"].get<std::string>())["problem"]["code"], one.code);
    EXPECT_EQ(count("certificates"), issued);
    one.set(false);
    const auto again = place(order, one.key);
    EXPECT_EQ(again.json["id"], answer.json["id"]);
    EXPECT_EQ(again.json["state"], "issued");
    issued += 2;
    EXPECT_EQ(count("certificates"), issued);
  }
  EXPECT_EQ(failures("order.making_failed"), 3U) << "each attempt has its record";
}

TEST_P(VendorRefusals, AClockThatWentBackStopsTheStepAndNothingElse) {
  centre_.set_away(true);
  const Json body = application_json(Subscriber());
  const auto answer = place(body, "1");
  centre_.set_away(false);
  clock_.move(std::chrono::hours(-2));
  auto again = place(body, "1");
  EXPECT_EQ(again.json["problem"]["code"], "clock.behind") << again.response.body;
  EXPECT_EQ(count("certificates"), 0);
  clock_.move(std::chrono::hours(2));
  again = place(body, "1");
  EXPECT_EQ(again.json["state"], "issued") << again.response.body;
  EXPECT_EQ(again.json["id"], answer.json["id"]);
}

}  // namespace
}  // namespace hutong::ca::vendor::test
