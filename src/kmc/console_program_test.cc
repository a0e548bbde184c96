#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "base/encoding.h"
#include "cms/enveloped_key.h"
#include "kmc/recovery/judicial_officer.h"
#include "kmc/test_program.h"

namespace hutong::kmc::test {
namespace {

using hutong::test::Answer;
using hutong::test::OperatorClient;
using net::Json;

/// The real program with all its people: the two administrators of the ceremony appoint the others.
class ConsoleTest : public testing::Test {
 protected:
  ConsoleTest()
      : home_(storage::DatabaseKind::kSqlite),
        folder_(home_.folder(), home_.url(), 5, 10),
        program_(folder_.config()) {}

  OperatorClient client(std::string_view file) const { return client(folder_.carrier(file)); }
  OperatorClient client(const hutong::test::Carrier& carrier) const {
    return {"http://127.0.0.1:" + std::to_string(program_.management()), std::string(kAudience), carrier,
            clock_};
  }
  OperatorClient logged_in(std::string_view file) const {
    OperatorClient made = client(file);
    made.log_in();
    return made;
  }
  Json person(std::string_view file, std::string_view role, std::vector<std::string> rights) const {
    return {{"display_name", file},
            {"role", role},
            {"rights", std::move(rights)},
            {"certificate", to_base64(folder_.carrier(file).certificate.der())}};
  }
  static Json good(const Answer& answer) {
    EXPECT_GE(answer.status, 200) << answer.response.body;
    EXPECT_LT(answer.status, 300) << answer.response.body;
    return answer.json;
  }
  /// K22: d) the super administrator a business administrator, e) that one operators, f) the audit
  /// administrator an auditor.
  void appoint() {
    good(logged_in("super-administrator")
             .post("/api/v1/operators", person("business-administrator", "business_administrator", {})));
    const OperatorClient administrator = logged_in("business-administrator");
    good(administrator.post("/api/v1/operators",
                            person("business-operator", "business_operator", {"key.make", "key.recover"})));
    for (const std::string custodian : {"custodian-1", "custodian-2", "custodian-3"}) {
      good(administrator.post("/api/v1/operators", person(custodian, "business_operator", {"key.custody"})));
    }
    good(logged_in("audit-administrator")
             .post("/api/v1/operators",
                   person("auditor", "auditor", {"audit.read", "audit.verify", "audit.mark"})));
  }
  /// A key delivered to the first CA: its subscriber and its id.
  Json deliver(std::uint32_t number) const {
    const net::Client ca = folder_.first().connect(program_.service(), folder_.server());
    ask(ca, folder_.first(), folder_.centre(), {apply_now(number, Subscriber())});
    const Json page = good(logged_in("business-operator")
                               .get("/api/v1/keys?store=in_use&certificate=" + serial(number).to_hex()));
    return page.at("items").at(0);
  }
  /// What a custodian's page does: decrypts the share with the carrier, encrypts it for the case.
  Answer approve(const Json& recovery, std::string_view file) const {
    const OperatorClient custodian = logged_in(file);
    const Json custody = good(custodian.get("/api/v1/custody"));
    const Identity identity = folder_.person(file);
    const auto share =
        must(crypto::sm2_decrypt(identity.key, must(from_base64(custody.at("sealed").get<std::string>()))));
    const auto case_key = must(
        crypto::Sm2PublicKey::from_octets(must(from_base64(recovery.at("case_key").get<std::string>()))));
    const Bytes sealed = must(crypto::sm2_encrypt(case_key, share.expose()));
    return custodian.post(path_of(recovery) + "/approval", {{"share", to_base64(sealed)}});
  }
  static std::string path_of(const Json& recovery) {
    return "/api/v1/recoveries/" + recovery.at("id").get<std::string>();
  }
  static Json local_case(const Json& key, const x509::Certificate& target) {
    return {{"kind", "local"},
            {"key_id", key.at("id")},
            {"grounds", "介质遗失"},
            {"document_number", "2026-001"},
            {"document_name", "申请表.pdf"},
            {"document", to_base64(as_bytes("%PDF-1.7 application"))},
            {"target_certificate", to_base64(target.der())}};
  }

  hutong::test::TestDatabase home_;
  SystemClock clock_;
  ProgramFolder folder_;
  Program program_;
};

TEST_F(ConsoleTest, TheCeremonysAdministratorsAppointTheOthers) {
  EXPECT_EQ(client("business-operator").try_log_in().code, "session.unknown_certificate")
      << "nobody but the two administrators at first";
  appoint();
  for (const std::string file : {"super-administrator", "audit-administrator", "business-administrator",
                                 "business-operator", "custodian-1", "auditor"}) {
    EXPECT_EQ(logged_in(file).get("/api/v1/statistics").status, 200) << file;
  }
  const Json system = good(client("auditor").get("/api/v1/system"));
  EXPECT_EQ(system.at("program"), "hutong-kmc");
  EXPECT_EQ(system.at("master_key").at("threshold"), 2);
}

TEST_F(ConsoleTest, EachMayDoWhatTheRoleAndTheRightsAllow) {
  appoint();
  struct Case {
    std::string file;
    std::string path;
    Json body;
    bool allowed;
  };
  const Json making{{"count", 1}};
  const Json empty = Json::object();
  for (const Case& one :
       std::vector<Case>{{"business-operator", "/api/v1/makings", making, true},
                         {"custodian-1", "/api/v1/makings", making, false},
                         {"super-administrator", "/api/v1/makings", making, false},
                         {"auditor", "/api/v1/makings", making, false},
                         {"business-operator", "/api/v1/authorities", empty, false},
                         {"business-administrator", "/api/v1/authorities", empty, true},
                         {"custodian-1", "/api/v1/recoveries", empty, false},
                         {"business-operator", "/api/v1/recoveries", empty, true},
                         {"business-operator", "/api/v1/recoveries/x/approval", empty, false},
                         {"business-operator", "/api/v1/judicial-officers", empty, false},
                         {"business-administrator", "/api/v1/judicial-officers", empty, true}}) {
    const Answer answer = logged_in(one.file).post(one.path, one.body);
    EXPECT_EQ(answer.code != "right.missing", one.allowed)
        << one.file << ' ' << one.path << answer.response.body;
    EXPECT_LT(answer.status, 500) << answer.response.body;
  }
  const Json policy = good(logged_in("auditor").get("/api/v1/policy"));
  EXPECT_EQ(logged_in("business-administrator").put("/api/v1/policy", policy).code, "right.missing");
}

TEST_F(ConsoleTest, ThePolicyRefillsTheStoreAndAMakingAddsItsNumber) {
  appoint();
  const OperatorClient super = logged_in("super-administrator");
  Json policy = good(super.get("/api/v1/policy"));
  policy["minimum"] = 100;
  policy["target"] = 150;
  good(super.put("/api/v1/policy", policy));
  EXPECT_EQ(super.put("/api/v1/policy", policy).code, "storage.conflict") << "the version moved on";
  const OperatorClient business = logged_in("business-operator");
  const auto spare_becomes = [&](std::int64_t wanted) {
    for (int tries = 0; tries < 100; ++tries) {
      if (good(business.get("/api/v1/statistics")).at("spare") == wanted) {
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  };
  EXPECT_TRUE(spare_becomes(150));
  const Json making = good(business.post("/api/v1/makings", {{"count", 25}}));
  EXPECT_TRUE(spare_becomes(175));
  const std::string due = to_rfc3339(clock_.now() + std::chrono::seconds(3));
  good(business.post("/api/v1/makings", {{"count", 5}, {"due_at", due}}));
  EXPECT_TRUE(spare_becomes(180));
  const Json listed = good(business.get("/api/v1/makings")).at("items");
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed.at(1).at("id"), making.at("id"));
  EXPECT_TRUE(listed.at(0).contains("finished_at"));
}

TEST_F(ConsoleTest, LocalRecoveryNeedsTwoCustodiansAndShowsNobodyTheKey) {
  appoint();
  const Json key = deliver(1);
  const OperatorClient business = logged_in("business-operator");
  const Identity target = folder_.person("auditor");  // any certificate with a key of its own
  const Json recovery = good(business.post("/api/v1/recoveries", local_case(key, target.certificate)));
  EXPECT_EQ(recovery.at("state"), "open");
  EXPECT_EQ(business.get(path_of(recovery) + "/envelope").code, "recovery.not_released");
  EXPECT_EQ(business.get(path_of(recovery) + "/document").response.body, "%PDF-1.7 application");
  EXPECT_EQ(good(approve(recovery, "custodian-2")).at("state"), "open");
  EXPECT_EQ(approve(recovery, "custodian-2").code, "recovery.share_twice");
  EXPECT_EQ(business.get(path_of(recovery) + "/envelope").code, "recovery.not_released");
  EXPECT_EQ(good(approve(recovery, "custodian-3")).at("state"), "released");
  const Answer envelope = business.get(path_of(recovery) + "/envelope");
  ASSERT_EQ(envelope.status, 200) << envelope.response.body;
  const auto pair =
      must(cms::unwrap_key_pair(as_bytes(envelope.response.body), cms::Sm2KeyOpener(target.key)));
  EXPECT_EQ(to_base64(crypto::PublicKey(pair.public_key()).to_spki()), key.at("public_key"));
  const OperatorClient auditor = logged_in("auditor");
  const Json log = good(auditor.get("/api/v1/audit/records?action=recovery."));
  EXPECT_GE(log.at("items").size(), 6U) << "opened, approved, refused, approved, released, fetched";
  EXPECT_TRUE(good(auditor.post("/api/v1/audit/verification")).at("whole").get<bool>());
}

TEST_F(ConsoleTest, JudicialEvidenceNeedsAnOfficerAndAnOperator) {
  appoint();
  const Json key = deliver(1);
  const hutong::test::Party officer("取证人员");
  const auto certificate = hutong::test::self_signed(officer);
  const Json registered =
      good(logged_in("business-administrator")
               .post("/api/v1/judicial-officers", {{"name", "取证人员"},
                                                   {"organisation", "某人民法院"},
                                                   {"certificate", to_base64(certificate.der())}}));
  const OperatorClient business = logged_in("business-operator");
  const Bytes document = to_bytes(as_bytes("协助调取证据通知书"));
  const auto signature_for = [&](std::string_view session) {
    const std::string text = to_text(OfficerStatement{.key_id = key.at("id").get_ref<const std::string&>(),
                                                      .document_number = "(2026)字第1号",
                                                      .document = document,
                                                      .session = session});
    return to_base64(must(officer.signer->sign(as_bytes(text))));
  };
  Json wanted{{"kind", "judicial"},
              {"key_id", key.at("id")},
              {"grounds", "司法取证"},
              {"document_number", "(2026)字第1号"},
              {"document_name", "通知书.pdf"},
              {"document", to_base64(document)},
              {"officer", registered.at("id")},
              {"officer_signature", signature_for("another session")}};
  EXPECT_EQ(business.post("/api/v1/recoveries", wanted).code, "judicial.signature");
  wanted["officer_signature"] = signature_for(business.session());
  const Json recovery = good(business.post("/api/v1/recoveries", wanted));
  good(approve(recovery, "custodian-1"));
  good(approve(recovery, "custodian-2"));
  const Answer envelope = business.get(path_of(recovery) + "/envelope");
  const auto& officer_key = dynamic_cast<const crypto::Sm2Signer&>(*officer.signer).key();
  const auto pair =
      must(cms::unwrap_key_pair(as_bytes(envelope.response.body), cms::Sm2KeyOpener(officer_key)));
  EXPECT_EQ(to_base64(crypto::PublicKey(pair.public_key()).to_spki()), key.at("public_key"));
  good(logged_in("business-administrator")
           .post("/api/v1/judicial-officers/" + registered.at("id").get<std::string>() + "/retirement"));
  EXPECT_EQ(business.post("/api/v1/recoveries", wanted).code, "judicial.retired");
}

TEST_F(ConsoleTest, CasAreRegisteredSuspendedAndReleased) {
  appoint();
  const OperatorClient administrator = logged_in("business-administrator");
  const net::Client ca = folder_.second().connect(program_.service(), folder_.server());
  Json second;
  const Json all = good(administrator.get("/api/v1/authorities")).at("items");
  for (const Json& one : all) {
    if (one.at("certificate") == to_base64(folder_.second().ca().certificate().der())) {
      second = one;
    }
  }
  const std::string path = "/api/v1/authorities/" + second.at("id").get<std::string>();
  good(administrator.put(path, {{"version", second.at("version")}, {"state", "suspended"}}));
  const auto message = [&] {
    return folder_.second().ca().message({apply_now(1, Subscriber())}, clock_.now());
  };
  EXPECT_NE(post_message(ca, message()).body.find("key_service.authority_suspended"), std::string::npos);
  EXPECT_EQ(administrator.put(path, {{"version", second.at("version")}, {"state", "active"}}).code,
            "storage.conflict");
  second = good(administrator.get(path));
  good(administrator.put(path, {{"version", second.at("version")}, {"state", "active"}}));
  EXPECT_EQ(post_message(ca, message()).status, 200);
  const Json again{{"name", "又一个"},
                   {"certificate", to_base64(folder_.second().ca().certificate().der())},
                   {"tls_certificate", to_base64(folder_.second().tls_der())}};
  EXPECT_EQ(administrator.post("/api/v1/authorities", again).status, 409);
}

TEST_F(ConsoleTest, BadInputIsAProblemAndNeverOurFault) {
  appoint();
  const Json key = deliver(1);
  const Identity target = folder_.person("auditor");
  const Json whole = local_case(key, target.certificate);
  const auto with = [&whole](const char* member, const Json& value) {
    Json changed = whole;
    changed[member] = value;
    return changed;
  };
  struct Case {
    std::string file;
    std::string path;
    Json body;
    std::string_view code;
  };
  for (const Case& one : std::vector<Case>{
           {"business-operator", "/api/v1/recoveries", with("kind", "user"), "recovery.kind"},
           {"business-operator", "/api/v1/recoveries", with("kind", 7), "request.member"},
           {"business-operator", "/api/v1/recoveries", with("key_id", "01"), "kmc.key_unknown"},
           {"business-operator", "/api/v1/recoveries", with("grounds", ""), "request.text"},
           {"business-operator", "/api/v1/recoveries", with("document", ""), "request.member"},
           {"business-operator", "/api/v1/recoveries", with("document", "***"), "request.member"},
           {"business-operator", "/api/v1/recoveries", with("target_certificate", "AAAA"),
            "request.certificate"},
           {"business-operator", "/api/v1/recoveries", with("surprise", 1), "request.unknown_member"},
           {"business-operator", "/api/v1/recoveries", Json::array(), "request.body"},
           {"business-operator", "/api/v1/makings", {{"count", 0}}, "making.count"},
           {"business-operator", "/api/v1/makings", {{"count", -5}}, "making.count"},
           {"business-operator", "/api/v1/makings", {{"count", 1'000'001}}, "making.count"},
           {"business-operator", "/api/v1/makings", {{"count", "many"}}, "request.member"},
           {"business-operator", "/api/v1/makings", {{"count", 1}, {"due_at", "soon"}}, "making.due_at"},
           {"business-operator",
            "/api/v1/makings",
            {{"count", 1}, {"due_at", "2999-01-01"}},
            "making.due_at"},
           {"business-administrator", "/api/v1/authorities", {{"name", "x"}}, "request.member"},
           {"custodian-1",
            "/api/v1/recoveries/01ARZ3NDEKTSV4RRFFQ69G5FAV/approval",
            {{"share", "AAAA"}},
            "recovery.unknown"}}) {
    const Answer answer = logged_in(one.file).post(one.path, one.body);
    EXPECT_EQ(answer.code, one.code) << one.path << one.body << answer.response.body;
    EXPECT_LT(answer.status, 500) << answer.response.body;
  }
  const OperatorClient business = logged_in("business-operator");
  EXPECT_EQ(business.get("/api/v1/keys").code, "request.store");
  EXPECT_EQ(business.get("/api/v1/keys?store=in_use&certificate=xyz").code, "encoding.hex");
  EXPECT_EQ(business.get("/api/v1/keys?store=in_use&limit=0").code, "request.limit");
  EXPECT_EQ(business.get("/api/v1/keys/none").code, "kmc.key_unknown");
  EXPECT_EQ(business.get("/api/v1/recoveries?state=lost").code, "recovery.state");
  EXPECT_EQ(logged_in("auditor").get("/api/v1/custody").code, "right.missing");
}

}  // namespace
}  // namespace hutong::kmc::test
