#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "platform/desk_support.h"

namespace hutong::platform {
namespace {

using net::Json;
using net::Method;
using test::BadRequest;
using test::vendor_content;

/// What is refused, endpoint by endpoint; nothing of it may leave a trace in the vendors.
class VendorInput : public test::DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    if (home_.available()) {
      vendor_ = client("clerk").post("/api/v1/vendors", vendor_content()).json["id"];
    }
  }
  std::string of_vendor(const std::string& rest = "") const { return "/api/v1/vendors/" + vendor_ + rest; }
  void expect_refused(Method method, const std::string& target, const std::vector<BadRequest>& table,
                      const std::string& who = "clerk") {
    for (const BadRequest& bad : table) {
      const auto answer = client(who).send(method, target, bad.body, "application/json");
      EXPECT_EQ(answer.status, bad.status) << target << ": " << bad.what << ": " << answer.response.body;
      EXPECT_EQ(answer.code, bad.code) << target << ": " << bad.what << ": " << answer.response.body;
    }
  }
  /// The content with something wrong.
  static std::string spoilt(const std::function<void(Json&)>& spoil) {
    Json content = vendor_content("91150100MA0DEMX12Q");
    spoil(content);
    return content.dump();
  }
  static std::vector<BadRequest> contents();

  std::string vendor_;
};
INSTANTIATE_TEST_SUITE_P(Storage, VendorInput, hutong::test::every_database(), hutong::test::database_name);

std::vector<BadRequest> VendorInput::contents() {
  const auto without = [](const std::string& member) {
    return spoilt([&](Json& json) { json.erase(member); });
  };
  const auto with = [](const std::string& pointer, const Json& value) {
    return spoilt([&](Json& json) { json[Json::json_pointer(pointer)] = value; });
  };
  const std::string member = "desk.member";
  std::vector<BadRequest> table = {
      {"no JSON", "{", 400, "json.syntax"},
      {"no object", "[]", 400, member},
      {"empty", "", 400, "json.syntax"},
      {"unknown member", with("/colour", "red"), 400, member},
      {"number for a text", with("/name_zh", 5), 400, member},
      {"empty text", with("/name_zh", ""), 400, member},
      {"text of 201 characters", with("/name_zh", std::string(201, 'x')), 400, member},
      {"control character", with("/name_zh", "a\nb"), 400, member},
      {"wrong check character", with("/uscc", "91350100M000100Y44"), 400, "vendor.uscc"},
      {"first_batch as text", with("/first_batch", "yes"), 400, member},
      {"connector of another kind", with("/connector/kind", "ftp"), 400, member},
      {"address without a scheme", with("/connector/address", "ca-a.example"), 400, member},
      {"address that runs scripts", with("/commitments/online_address", "javascript:alert(1)"), 400, member},
      {"negative hours", with("/commitments/issue_hours", -1), 400, member},
      {"half an hour", with("/commitments/issue_hours", 0.5), 400, member},
      {"unknown commitment", with("/commitments/speed", "fast"), 400, member},
      {"contacts no list", with("/contacts", Json::object()), 400, member},
      {"contact no object", with("/contacts", Json::array({1})), 400, member},
      {"contact without telephone", with("/contacts", Json::array({{{"name", "李四"}}})), 400, member},
      {"a day that does not exist", with("/licences/0/valid_until", "2030-02-30"), 400, member},
      {"role of nobody", with("/fees/0/role", "king"), 400, member},
      {"region elsewhere", with("/counters/0/region", "110000"), 400, member},
      {"a league that does not exist", with("/counters/0/region", "159900"), 400, member},
      {"service of another kind", with("/services/0/kind", "seal"), 400, member},
      {"certificate no base64", with("/services/0/certificate", "%%"), 400, member},
      {"certificate no certificate", with("/services/0/certificate", "AAAA"), 400, member},
      {"unknown quirk", with("/services/0/quirks", Json::array({"no.such"})), 400, member},
      {"quirks no list", with("/services/0/refused_quirks", "cms.ber_encoding"), 400, member},
      {"a list by https", with("/services/0/revocation_addresses", Json::array({"https://ca.example/"})), 400,
       member},
      {"address no list", with("/services/0/revocation_addresses", "http://ca.example/"), 400, member},
      {"201 contacts", with("/contacts", Json::array_t(201, Json{{"name", "张三"}, {"telephone", "1"}})), 413,
       "vendor.entries"},
      {"a megabyte", std::string((1 << 20) + 1, ' '), 413, "upload.too_large"},
  };
  for (const char* name : {"name_zh", "name_en", "uscc", "first_batch", "connector", "commitments"}) {
    table.push_back({std::string("without ") + name, without(name), 400, member});
  }
  return table;
}

TEST_P(VendorInput, Entering) {
  auto table = contents();
  table.push_back({"the same code", vendor_content().dump(), 409, "vendor.uscc_taken"});
  expect_refused(Method::kPost, "/api/v1/vendors", table);
  EXPECT_EQ(client("clerk").get("/api/v1/vendors").json["items"].size(), 1U);
}

TEST_P(VendorInput, Changing) {
  const Json good = vendor_content();
  std::vector<BadRequest> table = {
      {"no JSON", "{", 400, "json.syntax"},
      {"no object", "7", 400, "request.body"},
      {"without a version", Json{{"content", good}}.dump(), 400, "desk.member"},
      {"version as text", Json{{"version", "1"}, {"content", good}}.dump(), 400, "desk.member"},
      {"without content", R"({"version":1})", 400, "desk.member"},
      {"unknown member", Json{{"version", 1}, {"content", good}, {"reason", "x"}}.dump(), 400,
       "request.unknown_member"},
      {"old version", Json{{"version", 9}, {"content", good}}.dump(), 409, "storage.conflict"}};
  for (const BadRequest& bad : contents()) {
    if (bad.code.starts_with("vendor.")) {
      table.push_back({bad.what, R"({"version":1,"content":)" + bad.body + "}", bad.status, bad.code});
    }
  }
  expect_refused(Method::kPut, of_vendor(), table);
  const std::string whole = Json{{"version", 1}, {"content", good}}.dump();
  expect_refused(Method::kPut, "/api/v1/vendors/01J00000000000000000000000",
                 {{"unknown vendor", whole, 404, "vendor.unknown"}});
  EXPECT_EQ(client("clerk").get(of_vendor()).json["version"], 1);
}

TEST_P(VendorInput, ProposingAChange) {
  const Json good = vendor_content();
  expect_refused(
      Method::kPost, of_vendor("/changes"),
      {{"no JSON", "{", 400, "json.syntax"},
       {"without a reason", Json{{"version", 1}, {"content", good}}.dump(), 400, "desk.member"},
       {"empty reason", Json{{"version", 1}, {"content", good}, {"reason", ""}}.dump(), 400, "desk.member"},
       {"long reason", Json{{"version", 1}, {"content", good}, {"reason", std::string(1001, 'x')}}.dump(),
        400, "desk.member"},
       {"wrong state", Json{{"version", 1}, {"content", good}, {"reason", "x"}}.dump(), 409,
        "vendor.change"}});
}

TEST_P(VendorInput, Documents) {
  const auto body = [](const Json& kind, const Json& name, const Json& content) {
    return Json{{"kind", kind}, {"file_name", name}, {"content", content}}.dump();
  };
  const std::vector<BadRequest> table = {
      {"no JSON", "{", 400, "json.syntax"},
      {"nothing", "{}", 400, "request.member"},
      {"unknown member", R"({"kind":"licence","file_name":"a","content":"AA==","x":1})", 400,
       "request.unknown_member"},
      {"unknown kind", body("song", "a", "AA=="), 400, "desk.member"},
      {"kind as number", body(1, "a", "AA=="), 400, "request.member"},
      {"no name", body("licence", "", "AA=="), 400, "desk.member"},
      {"name with a line break", body("licence", "a\nb", "AA=="), 400, "desk.member"},
      {"no base64", body("licence", "a", "%"), 400, "request.member"},
      {"empty", body("licence", "a", ""), 400, "request.member"},
      {"13 MiB", std::string(std::size_t{13} << 20, ' '), 413, "upload.too_large"}};
  expect_refused(Method::kPost, of_vendor("/documents"), table);
  expect_refused(Method::kPost, "/api/v1/vendors/x/documents",
                 {{"unknown vendor", body("licence", "a", "AA=="), 404, "vendor.unknown"}});
  EXPECT_EQ(client("clerk").get(of_vendor()).json["documents"].size(), 0U);
  EXPECT_EQ(client("clerk").get(of_vendor("/documents/x")).code, "vendor.document_unknown");
}

TEST_P(VendorInput, Steps) {
  const auto body = [](const Json& to, const Json& version, const Json& reason) {
    return Json{{"to", to}, {"version", version}, {"reason", reason}}.dump();
  };
  expect_refused(Method::kPost, of_vendor("/steps"),
                 {{"no JSON", "{", 400, "json.syntax"},
                  {"nothing", "{}", 400, "request.member"},
                  {"unknown state", body("famous", 1, "x"), 400, "desk.member"},
                  {"version as text", body("withdrawn", "1", "x"), 400, "request.member"},
                  {"no reason", body("withdrawn", 1, ""), 400, "desk.member"},
                  {"no such step", body("accredited", 1, "x"), 409, "vendor.step"},
                  {"old version", body("withdrawn", 9, "x"), 409, "storage.conflict"},
                  {"no licence", body("documents_checked", 1, "x"), 422, "vendor.document_missing"}});
  expect_refused(Method::kPost, "/api/v1/vendors/x/steps",
                 {{"unknown vendor", body("withdrawn", 1, "x"), 404, "vendor.unknown"}});
}

TEST_P(VendorInput, Decisions) {
  const std::string good = R"({"decision":"release","reason":"x"})";
  expect_refused(Method::kPost, "/api/v1/vendor-steps/x/decision",
                 {{"no JSON", "{", 400, "json.syntax"},
                  {"nothing", "{}", 400, "request.member"},
                  {"another word", R"({"decision":"maybe","reason":"x"})", 400, "desk.member"},
                  {"no reason", R"({"decision":"release"})", 400, "request.member"},
                  {"unknown step", good, 404, "vendor.step_unknown"}},
                 "reviewer");
}

TEST_P(VendorInput, Lists) {
  EXPECT_EQ(client("clerk").get("/api/v1/vendors?state=famous").code, "desk.member");
  EXPECT_EQ(client("clerk").get("/api/v1/vendors?waiting=maybe").code, "desk.member");
  EXPECT_EQ(client("clerk").get("/api/v1/vendors?limit=0").code, "request.limit");
  EXPECT_EQ(client("clerk").get("/api/v1/vendors?limit=x").code, "request.limit");
  EXPECT_EQ(client("clerk").get("/api/v1/vendors/x").code, "vendor.unknown");
}

TEST_P(VendorInput, AReplayedRequestIsRefused) {
  const auto request = client("clerk").signed_request(Method::kPost, "/api/v1/vendors",
                                                      vendor_content("91150100MA0DEMX12Q").dump());
  EXPECT_EQ(client("clerk").exchange(request).status, 201);
  EXPECT_EQ(client("clerk").exchange(request).code, "action.replayed");
  auto unsigned_request = request;
  unsigned_request.headers = {};
  EXPECT_EQ(client("clerk").exchange(unsigned_request).code, "session.missing");
}

}  // namespace
}  // namespace hutong::platform
