#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "platform/desk_support.h"

namespace hutong::platform {
namespace {

using net::Json;
using test::vendor_content;

constexpr std::string_view kForeign = "region.foreign";

/// What operators who are bound to a region see and change: who times where.
class RegionScope : public test::DeskTest {
 protected:
  Json subject(const std::string& number, const std::string& region) {
    return {{"kind", "organisation"}, {"number", number}, {"name", "某公司"}, {"region", region}};
  }
  /// One in each region, by the clerk who is bound to none.
  void enter_subjects() {
    const std::map<std::string, std::string> numbers = {{"150100", "91350100M000100Y43"},
                                                        {"150102", "91150100MA0DEMX12Q"},
                                                        {"150200", "91150100MA0DEMX13U"},
                                                        {"", "91150100MA0DEMX21N"}};
    for (const auto& [region, number] : numbers) {
      const auto entered = client("clerk").post("/api/v1/subjects", subject(number, region));
      ASSERT_EQ(entered.status, 201) << region << entered.response.body;
      ids_[region] = entered.json["id"];
    }
  }
  std::string change_code(const std::string& who, const std::string& from, const std::string& to) {
    const std::string address = "/api/v1/subjects/" + ids_[from];
    const Json seen = client("clerk").get(address).json;
    const Json change = {{"version", seen["version"]}, {"reason", "x"}, {"name", "某公司"}, {"region", to}};
    const std::string code = client(who).put(address, change).code;
    if (code.empty() && from != to) {
      const Json back = {
          {"version", seen["version"].get<int>() + 1}, {"reason", "x"}, {"name", "某公司"}, {"region", from}};
      EXPECT_EQ(client("clerk").put(address, back).status, 200);
    }
    return code;
  }
  std::string accredited() { return make_vendor(vendor_content(), VendorState::kAccredited); }
  test::Answer propose(const std::string& who, const std::string& vendor, const Json& content) {
    return client(who).post("/api/v1/vendors/" + vendor + "/changes",
                            {{"version", 1}, {"content", content}, {"reason", "x"}});
  }
  std::string decide(const std::string& who, const Json& step, const std::string& word) {
    return client(who)
        .post("/api/v1/vendor-steps/" + step["id"].get<std::string>() + "/decision",
              {{"decision", word}, {"reason", "x"}})
        .code;
  }
  static Json with_counter(const std::string& region) {
    Json content = vendor_content();
    content["counters"].push_back({{"region", region}, {"address", "新华大街1号"}});
    return content;
  }
  static Json with_hotline() {
    Json content = vendor_content();
    content["commitments"]["hotline"] = "400-1";
    return content;
  }

  std::map<std::string, std::string> ids_;
};
INSTANTIATE_TEST_SUITE_P(Storage, RegionScope, hutong::test::every_database(), hutong::test::database_name);

TEST_P(RegionScope, SubjectsAreSeenWithinIt) {
  enter_subjects();
  const std::map<std::string, std::vector<std::string>> seen = {
      {"clerk", {"150100", "150102", "150200", ""}},
      {"security", {"150100", "150102", "150200", ""}},
      {"league clerk", {"150100", "150102"}},
      {"banner clerk", {"150102"}}};
  for (const auto& [who, where] : seen) {
    EXPECT_EQ(client(who).get("/api/v1/subjects").json["items"].size(), where.size()) << who;
    for (const auto& [region, id] : ids_) {
      const bool sees = std::find(where.begin(), where.end(), region) != where.end();
      EXPECT_EQ(client(who).get("/api/v1/subjects/" + id).code, sees ? "" : "subject.unknown")
          << who << ' ' << region;
      const auto listed = client(who).get("/api/v1/subjects?region=" + region).json["items"];
      EXPECT_EQ(listed.empty(), !region.empty() && !sees) << who << ' ' << region;
    }
  }
}

TEST_P(RegionScope, SubjectsAreChangedWithinIt) {
  enter_subjects();
  struct Case {
    const char* who;
    const char* from;
    const char* to;
    std::string_view code;
  };
  for (const Case& one :
       {Case{"clerk", "", "150200", ""}, Case{"clerk", "150100", "150200", ""},
        Case{"league clerk", "150100", "150102", ""}, Case{"league clerk", "150102", "150102", ""},
        Case{"league clerk", "150100", "150200", kForeign}, Case{"league clerk", "150100", "", kForeign},
        Case{"league clerk", "150200", "150100", "subject.unknown"},
        Case{"league clerk", "", "150100", "subject.unknown"}, Case{"banner clerk", "150102", "150102", ""},
        Case{"banner clerk", "150102", "150100", kForeign},
        Case{"banner clerk", "150100", "150102", "subject.unknown"}}) {
    EXPECT_EQ(change_code(one.who, one.from, one.to), one.code)
        << one.who << ' ' << one.from << " to " << one.to;
  }
  const std::string fresh = "91150100MA0DEMX32T";
  for (const std::string region : {"150200", "150000", ""}) {
    EXPECT_EQ(client("league clerk").post("/api/v1/subjects", subject(fresh, region)).code, kForeign)
        << region;
  }
  EXPECT_EQ(client("league clerk").post("/api/v1/subjects", subject(fresh, "150121")).status, 201);
}

TEST_P(RegionScope, OfAVendorTheCountersAlone) {
  const std::string vendor = accredited();
  const std::string address = "/api/v1/vendors/" + vendor;
  EXPECT_EQ(client("league clerk").get(address).status, 200);
  EXPECT_EQ(client("league clerk").post("/api/v1/vendors", vendor_content("91150100MA0DEMX12Q")).code,
            kForeign);
  EXPECT_EQ(client("league clerk")
                .post(address + "/documents", {{"kind", "other"}, {"file_name", "a"}, {"content", "AA=="}})
                .code,
            kForeign);
  EXPECT_EQ(client("league clerk")
                .post(address + "/steps", {{"to", "suspended"}, {"version", 1}, {"reason", "x"}})
                .code,
            kForeign);
  EXPECT_EQ(propose("league clerk", vendor, with_hotline()).code, kForeign);
  EXPECT_EQ(propose("league clerk", vendor, with_counter("150200")).code, kForeign);
  const auto proposed = propose("league clerk", vendor, with_counter("150121"));
  ASSERT_EQ(proposed.status, 201) << proposed.response.body;
  EXPECT_EQ(decide("league reviewer", proposed.json, "release"), "");
  EXPECT_EQ(client("auditor").get(address).json["counters"], with_counter("150121")["counters"]);
}

TEST_P(RegionScope, AnApplicationLikewise) {
  const std::string vendor = make_vendor(vendor_content(), VendorState::kApplied);
  const auto change = [&](const Json& content) {
    return client("league clerk")
        .put("/api/v1/vendors/" + vendor, {{"version", 1}, {"content", content}})
        .code;
  };
  EXPECT_EQ(change(with_hotline()), kForeign);
  EXPECT_EQ(change(with_counter("150200")), kForeign);
  EXPECT_EQ(change(with_counter("150102")), "");
}

TEST_P(RegionScope, DecidesWithinItToo) {
  const std::string vendor = accredited();
  for (const auto& [content, code] :
       {std::pair(with_hotline(), kForeign), std::pair(with_counter("150200"), kForeign),
        std::pair(with_counter("150102"), std::string_view())}) {
    const auto proposed = propose("clerk", vendor, content);
    ASSERT_EQ(proposed.status, 201) << proposed.response.body;
    EXPECT_EQ(decide("league reviewer", proposed.json, "reject"), code);
    if (!code.empty()) {
      EXPECT_EQ(decide("reviewer", proposed.json, "reject"), "");
    }
  }
  const auto withdrawal = client("clerk").post("/api/v1/vendors/" + vendor + "/steps",
                                               {{"to", "withdrawn"}, {"version", 1}, {"reason", "x"}});
  ASSERT_EQ(withdrawal.status, 201) << withdrawal.response.body;
  EXPECT_EQ(decide("league reviewer", withdrawal.json, "release"), kForeign);
}

TEST_P(RegionScope, WhatReachesEverywhereIsGrantedToNobodyWhoIsBound) {
  struct Case {
    const char* governor;
    const char* role;
    const char* region;
    std::vector<std::string> rights;
    std::string_view code;
  };
  for (const Case& one :
       {Case{"security", "business_operator", "150100", {"trust.manage"}, "right.not_for_region"},
        Case{"security", "business_operator", "150100", {"system.release"}, "right.not_for_region"},
        Case{"security", "business_operator", "150000", {}, "operator.region"},
        Case{"security", "business_operator", "110000", {}, "operator.region"},
        Case{"audit", "auditor", "150100", {}, "operator.region_role"},
        Case{"security", "business_operator", "150102", {"subject.manage"}, ""}}) {
    const auto carrier = issuer_.make("新人");
    const auto added =
        client(one.governor)
            .post("/api/v1/operators", {{"display_name", "新人"},
                                        {"role", one.role},
                                        {"rights", one.rights},
                                        {"region", one.region},
                                        {"certificate", to_base64(carrier.certificate.der())}});
    EXPECT_EQ(added.code, one.code) << one.role << ' ' << one.region << added.response.body;
  }
  const std::string address = "/api/v1/operators/" + id_of("clerk");
  EXPECT_EQ(client("security").put(address, {{"version", 1}, {"region", "150100"}}).code,
            "right.not_for_region")
      << "the clerk makes trust lists";
  const auto bound =
      client("security").put(address, {{"version", 1}, {"region", "150100"}, {"rights", {"subject.manage"}}});
  EXPECT_EQ(bound.json["region"], "150100") << bound.response.body;
  EXPECT_EQ(client("security").put(address, {{"version", 2}, {"region", ""}}).json["region"], "");
}

}  // namespace
}  // namespace hutong::platform
