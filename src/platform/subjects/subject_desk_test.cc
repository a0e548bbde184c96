#include "platform/subjects/subject_desk.h"

#include <gtest/gtest.h>

#include "crypto/key_store.h"
#include "platform/desk_support.h"
#include "tests/support/support.h"

namespace hutong::platform {
namespace {

using net::Json;
using test::must;

Json company() {
  return {{"kind", "organisation"},
          {"number", "91350100M000100Y43"},
          {"name", "某公司"},
          {"roles", {"supplier"}},
          {"region", "150100"}};
}
Json expert() {
  return {{"kind", "person"}, {"number", "11010519491231002X"}, {"name", "张三"}, {"roles", {"expert"}}};
}

class Subjects : public test::DeskTest {
 protected:
  Identified company_of_vendor(std::string name) {
    return {.number = {SubjectKind::kOrganisation, "91350100M000100Y43"}, .name = std::move(name)};
  }
  Subject ensure(const Identified& who) {
    return must(storage::in_transaction(
        *database_, [&](storage::Transaction& transaction) { return subjects_->ensure(transaction, who); }));
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, Subjects, hutong::test::every_database(), hutong::test::database_name);

TEST_P(Subjects, AreEnteredAndChangedByAClerk) {
  const auto entered = client("clerk").post("/api/v1/subjects", company());
  ASSERT_EQ(entered.status, 201) << entered.response.body;
  const std::string address = "/api/v1/subjects/" + entered.json["id"].get<std::string>();
  EXPECT_EQ(client("reviewer").get(address).json, entered.json);
  const Json change = {{"version", 1},
                       {"reason", "also buys"},
                       {"name", "某公司"},
                       {"roles", {"purchaser", "supplier"}},
                       {"region", "152501"}};
  const auto changed = client("clerk").put(address, change);
  ASSERT_EQ(changed.status, 200) << changed.response.body;
  EXPECT_EQ(changed.json["roles"], Json({"purchaser", "supplier"}));
  EXPECT_EQ(changed.json["version"], 2);
  EXPECT_EQ(client("clerk").put(address, change).code, "storage.conflict");
  EXPECT_EQ(records("subject.entered").size(), 1U);
  EXPECT_EQ(records("subject.changed").size(), 1U);
  EXPECT_TRUE(log_is_whole());
}

TEST_P(Subjects, AreListedByKindAndRegion) {
  ASSERT_EQ(client("clerk").post("/api/v1/subjects", company()).status, 201);
  ASSERT_EQ(client("clerk").post("/api/v1/subjects", expert()).status, 201);
  const auto listed = [this](const std::string& query) {
    return client("clerk").get("/api/v1/subjects" + query).json["items"].size();
  };
  EXPECT_EQ(listed(""), 2U);
  EXPECT_EQ(listed("?kind=person"), 1U);
  EXPECT_EQ(listed("?region=150100"), 1U);
  EXPECT_EQ(listed("?region=150200"), 0U);
  const auto first = client("clerk").get("/api/v1/subjects?limit=1");
  ASSERT_TRUE(first.json.contains("next"));
  EXPECT_EQ(listed("?limit=1&cursor=" + first.json["next"].get<std::string>()), 1U);
  const Json regions = client("clerk").get("/api/v1/regions").json["items"];
  ASSERT_EQ(regions.size(), 116U);
  EXPECT_EQ(regions[1], Json({{"code", "150100"}, {"name_zh", "呼和浩特市"}, {"name_en", "Hohhot"}}));
}

TEST_P(Subjects, AreFoundByPartOfTheirName) {
  const auto enter = [this](const char* number, const char* name) {
    Json body = company();
    body["number"] = number;
    body["name"] = name;
    ASSERT_EQ(client("clerk").post("/api/v1/subjects", body).status, 201);
  };
  enter("91350100M000100Y43", "蒙草生态股份");
  enter("91150100MA0DEMX12Q", "Ordos_100% 股份");
  enter("91150100MA0DEMX13U", "Ordos 100 有限公司");
  const auto named = [this](const std::string& query) {
    const auto answer = client("clerk").get("/api/v1/subjects?name=" + query);
    EXPECT_EQ(answer.status, 200) << answer.response.body;
    return answer.json;
  };
  EXPECT_EQ(named("%E8%82%A1%E4%BB%BD")["items"].size(), 2U) << "股份";
  EXPECT_EQ(named("ordos")["items"].size(), 2U) << "letters in either case";
  EXPECT_EQ(named("_100%25")["items"].size(), 1U) << "no wildcards";
  EXPECT_EQ(named("!")["items"].size(), 0U);
  const Json first = named("ordos&limit=1");
  ASSERT_EQ(first["items"].size(), 1U);
  const Json second = named("ordos&limit=1&cursor=" + first["next"].get<std::string>());
  ASSERT_EQ(second["items"].size(), 1U);
  EXPECT_NE(second["items"][0]["id"], first["items"][0]["id"]);
  EXPECT_FALSE(second.contains("next"));
  EXPECT_EQ(client("banner clerk").get("/api/v1/subjects?name=ordos").json["items"].size(), 0U);
  EXPECT_EQ(client("clerk").get("/api/v1/subjects?name=%01").code, "desk.member");
}

TEST_P(Subjects, AreLookedUpByTheirWholeNumber) {
  Json person = expert();
  person["region"] = "150200";
  ASSERT_EQ(client("clerk").post("/api/v1/subjects", company()).status, 201);
  const auto entered = client("clerk").post("/api/v1/subjects", person);
  ASSERT_EQ(entered.status, 201) << entered.response.body;
  const auto look_up = [this](const char* kind, const char* number, const std::string& who = "reviewer") {
    return client(who).post("/api/v1/subject-lookups", {{"kind", kind}, {"number", number}});
  };
  const auto found = look_up("person", "11010519491231002X");
  ASSERT_EQ(found.status, 200) << found.response.body;
  EXPECT_EQ(found.json["items"], Json::array({entered.json})) << "masked";
  EXPECT_EQ(look_up("organisation", "91350100M000100Y43").json["items"].size(), 1U);
  EXPECT_EQ(look_up("organisation", "91150100MA0DEMX12Q").json["items"].size(), 0U);
  EXPECT_EQ(look_up("person", "11010519491231002X", "league clerk").json["items"].size(), 0U)
      << "in another league";
  EXPECT_EQ(look_up("person", "110105194912310021").code, "subject.number");
  EXPECT_EQ(look_up("firm", "91350100M000100Y43").code, "desk.member");
  const auto told = records("subject.looked_up");
  ASSERT_EQ(told.size(), 4U);
  for (const auto& record : told) {
    EXPECT_EQ(record.event.detail.find("19491231"), std::string::npos);
  }
  EXPECT_EQ(told.back().event.object_id, entered.json["id"]) << "who looked for whom";
  EXPECT_EQ(told.front().event.object_id, "") << "what is elsewhere is nobody's";
  EXPECT_TRUE(log_is_whole());
}

TEST_P(Subjects, CitizenNumbersAreSealedAndMasked) {
  const auto entered = client("clerk").post("/api/v1/subjects", expert());
  ASSERT_EQ(entered.status, 201) << entered.response.body;
  EXPECT_EQ(entered.json["number"], "110*************2X");
  EXPECT_EQ(client("clerk").post("/api/v1/subjects", expert()).code, "subject.number_taken");
  auto reader = must(database_->read());
  const auto row = must(reader.query_one("SELECT uscc, number_sealed, number_index FROM subjects"));
  EXPECT_TRUE(row.is_null(0));
  for (const std::size_t column : {std::size_t{1}, std::size_t{2}}) {
    EXPECT_EQ(as_text(row.bytes(column)).find("19491231"), std::string_view::npos);
  }
  for (const auto& record : records("subject.entered")) {
    EXPECT_EQ(record.event.detail.find("19491231"), std::string::npos);
  }
  const Vault other_vault(SecretBytes::copy_of(as_bytes("another master secret")));
  const SubjectDesk elsewhere(*database_, other_vault, clock_);
  EXPECT_EQ(elsewhere.find({}, entered.json["id"].get<std::string>()).error().reason, "sm4.tag");
}

TEST_P(Subjects, AreTheSameAcrossVendors) {
  const Subject first = ensure(company_of_vendor("某公司"));
  EXPECT_TRUE(first.roles.empty());
  EXPECT_EQ(ensure(company_of_vendor("某公司（乙CA）")).id, first.id);
  EXPECT_EQ(client("clerk").post("/api/v1/subjects", company()).code, "subject.number_taken");
}

TEST_P(Subjects, BadRequests) {
  const auto with = [](const char* member, const Json& value) {
    Json body = company();
    body[member] = value;
    return body.dump();
  };
  const std::vector<test::BadRequest> table{
      {"nothing", "", 400, "request.member"},
      {"no JSON", "{", 400, "json.syntax"},
      {"a list", "[]", 400, "request.body"},
      {"unknown member", with("more", 1), 400, "request.unknown_member"},
      {"kind of another type", with("kind", 1), 400, "request.member"},
      {"unknown kind", with("kind", "firm"), 400, "desk.member"},
      {"wrong check digit", with("number", "91350100M000100Y44"), 400, "subject.number"},
      {"a citizen number for a company", with("number", "11010519491231002X"), 400, "subject.number"},
      {"empty name", with("name", ""), 400, "desk.member"},
      {"name too long", with("name", std::string(201, 'x')), 400, "desk.member"},
      {"unknown role", with("roles", Json::array({"king"})), 400, "desk.member"},
      {"roles of another type", with("roles", "supplier"), 400, "request.member"},
      {"a role of persons", with("roles", Json::array({"expert"})), 422, "subject.role"},
      {"region elsewhere", with("region", "110000"), 400, "desk.member"},
      {"too large", with("name", std::string(17 << 10, 'x')), 413, "upload.too_large"},
  };
  for (const auto& bad : table) {
    const auto answer =
        client("clerk").send(net::Method::kPost, "/api/v1/subjects", bad.body, "application/json");
    EXPECT_EQ(answer.status, bad.status) << bad.what << ' ' << answer.response.body;
    EXPECT_EQ(answer.code, bad.code) << bad.what;
  }
  EXPECT_EQ(client("clerk").get("/api/v1/subjects/nobody").code, "subject.unknown");
  EXPECT_EQ(client("clerk").get("/api/v1/subjects?kind=firm").code, "desk.member");
}

class Vaults : public test::DeskTest {};
INSTANTIATE_TEST_SUITE_P(Storage, Vaults, hutong::test::every_database(), hutong::test::database_name);

TEST_P(Vaults, OpenWithTheKeyStoreThatMadeThem) {
  const auto keys = must(crypto::FileKeyStore::open(home_.folder() / "keys", "a password"));
  const Vault first = must(Vault::open(*database_, *keys));
  const Vault again = must(Vault::open(*database_, *keys));
  const Bytes sealed = must(first.seal("class", "row", as_bytes("text")));
  const SecretBytes text = must(again.unseal("class", "row", sealed));
  EXPECT_EQ(as_text(text.expose()), "text");
  EXPECT_EQ(again.unseal("class", "other row", sealed).error().reason, "sm4.tag");
  EXPECT_EQ(again.unseal("other class", "row", sealed).error().reason, "sm4.tag");
  EXPECT_EQ(again.unseal("class", "row", {}).error().reason, "sm4.length");
  EXPECT_EQ(first.index("class", "text"), again.index("class", "text"));
  const auto others = must(crypto::FileKeyStore::open(home_.folder() / "other", "a password"));
  EXPECT_EQ(Vault::open(*database_, *others).error().reason, "vault.key");
}

}  // namespace
}  // namespace hutong::platform
