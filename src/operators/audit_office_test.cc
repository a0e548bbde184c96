#include "operators/audit_office.h"

#include <gtest/gtest.h>

#include <array>

#include "base/encoding.h"
#include "base/file.h"
#include "cms/verify.h"
#include "operators/archive_file.h"
#include "operators/test_support.h"

namespace hutong::operators::test {
namespace {

using namespace std::chrono_literals;

class OperatorAudit : public OperatorsTest {
 protected:
  /// Two things made and one refusal, over two hours.
  void make_history() {
    start({.longest = 24h, .heartbeat = 0s});
    const OperatorClient maker = client_of(Role::kBusinessOperator);
    maker.post("/api/v1/things");
    clock_.move(10min);
    maker.post("/api/v1/things");
    clock_.move(10min);
    client_of(Role::kBusinessAdministrator).post("/api/v1/things");
  }
  std::vector<std::int64_t> found(const OperatorClient& client, const std::string& query) {
    const Answer answer = client.get("/api/v1/audit/records?" + query);
    EXPECT_EQ(answer.status, 200) << answer.response.body;
    std::vector<std::int64_t> numbers;
    for (const auto& item : answer.json["items"]) {
      numbers.push_back(item["sequence"].get<std::int64_t>());
    }
    return numbers;
  }
  std::int64_t tamper(std::string_view sql) {
    return must(storage::in_transaction(
        *database_, [&](storage::Transaction& transaction) { return transaction.execute(sql); }));
  }
  /// The program's signature over an archive, by the rules of a stranger who trusts the issuer.
  bool verified(std::string_view signature, std::string_view content) const {
    const std::array anchors{must(x509::TrustAnchor::of(issuer_.certificate()))};
    const cms::TrustContext trust{.anchors = anchors, .revocation = x509::RevocationMode::kNone};
    cms::VerifyOptions options;
    options.at = clock_.now();
    options.trust = &trust;
    const auto report = must(cms::verify_detached(as_bytes(signature), as_bytes(content), options));
    return report.indication() == x509::Indication::kValid;
  }
  std::int64_t last() { return chain().head.sequence; }
};
INSTANTIATE_TEST_SUITE_P(Storage, OperatorAudit, hutong::test::every_database(), hutong::test::database_name);
using Numbers = std::vector<std::int64_t>;

TEST_P(OperatorAudit, RecordsAreFoundByTimeActorKindAndResultCombined) {
  make_history();
  const OperatorClient auditor = client_of(Role::kAuditor);
  // 1-5: the first operators; 6 login, 7 and 8 things, 9 login, 10 refusal, 11 the auditor's login.
  EXPECT_EQ(found(auditor, "action=thing.made"), (Numbers{8, 7}));
  EXPECT_EQ(found(auditor, "action=session."), (Numbers{11, 9, 6}));
  EXPECT_EQ(found(auditor, "outcome=refused"), (Numbers{10}));
  EXPECT_EQ(found(auditor, "action=thing.&from=2027-06-01T00:05:00Z"), (Numbers{8}));
  EXPECT_EQ(found(auditor, "action=thing.&until=2027-06-01T00:05:00Z"), (Numbers{7}));
  EXPECT_EQ(found(auditor, "action=thing.&from=2027-06-01T00:05:00Z&until=2027-06-01T00:05:01Z"), Numbers{});
  const std::string subject = "CN%3Dbusiness_operator,O%3DTest,C%3DCN";
  EXPECT_EQ(found(auditor, "subject=" + subject), (Numbers{8, 7, 6}));
  EXPECT_EQ(found(auditor, "subject=" + subject + "&action=thing.&outcome=done&from=2027-06-01T00:10:00Z"),
            (Numbers{8}));
  EXPECT_EQ(found(auditor, "object_kind=thing&object_id=1&limit=1"), (Numbers{8}));
  EXPECT_EQ(found(auditor, "object_kind=thing&cursor=8"), (Numbers{7}));
}

TEST_P(OperatorAudit, BadQueriesHaveTheirCode) {
  make_history();
  const OperatorClient auditor = client_of(Role::kAuditor);
  const auto code = [&](const std::string& target) { return auditor.get("/api/v1/audit/" + target).code; };
  EXPECT_EQ(code("records?from=yesterday"), "request.time");
  EXPECT_EQ(code("records?outcome=maybe"), "request.choice");
  EXPECT_EQ(code("records?review=x"), "request.choice");
  EXPECT_EQ(code("records?cursor=-1"), "request.number");
  EXPECT_EQ(code("records?limit=0"), "request.limit");
  EXPECT_EQ(code("records/999999"), "storage.not_found");
  EXPECT_EQ(code("records/x"), "request.number");
  EXPECT_EQ(code("archives/x/content"), "archive.unknown");
  const auto post = [&](const std::string& target, const net::Json& body) {
    return auditor.post("/api/v1/audit/" + target, body).code;
  };
  EXPECT_EQ(post("marks", {{"first", 2}, {"last", 1}}), "request.number");
  EXPECT_EQ(post("marks", {{"first", 0}, {"last", 1}}), "request.number");
  EXPECT_EQ(post("marks", net::Json::object()), "request.member");
  EXPECT_EQ(post("archives", {{"last", 0}}), "request.number");
  EXPECT_EQ(post("verification", {{"expected", 1}}), "request.member");
  EXPECT_EQ(post("verification", {{"expected", {{"sequence", 1}, {"hash", "00"}}}}), "request.member");
  EXPECT_EQ(post("verification", {{"expected", {{"sequence", 1}, {"hash", "00"}, {"x", 1}}}}),
            "request.unknown_member");
}

TEST_P(OperatorAudit, ARecordShowsItsVerifiedSignature) {
  make_history();
  const OperatorClient auditor = client_of(Role::kAuditor);
  const Answer shown = auditor.get("/api/v1/audit/records/7");
  ASSERT_EQ(shown.status, 200) << shown.response.body;
  EXPECT_EQ(shown.json["signature"], "valid");
  EXPECT_TRUE(shown.json["signed"]["text"].get<std::string>().starts_with("hutong-action-1\nPOST\n"));
  EXPECT_EQ(shown.json["signed"]["certificate"],
            to_base64(carrier(Role::kBusinessOperator).certificate.der()));
  EXPECT_EQ(auditor.get("/api/v1/audit/records/10").json["signature"], "none");
  tamper("UPDATE audit_records SET signature = signed_content WHERE sequence = 7");
  EXPECT_EQ(auditor.get("/api/v1/audit/records/7").json["signature"], "invalid");
  tamper("UPDATE audit_records SET fingerprint = 'aa' WHERE sequence = 7");
  EXPECT_EQ(auditor.get("/api/v1/audit/records/7").json["signature"], "unknown_signer");
}

TEST_P(OperatorAudit, VerificationFindsWrongSignaturesAndABrokenChain) {
  make_history();
  const OperatorClient auditor = client_of(Role::kAuditor);
  const auto verify = [&](const net::Json& body = net::Json::object()) {
    const Answer answer = auditor.post("/api/v1/audit/verification", body);
    EXPECT_EQ(answer.status, 200) << answer.response.body;
    return answer.json;
  };
  const net::Json good = verify();
  EXPECT_EQ(good["whole"], true);
  EXPECT_EQ(good["records"], 11);
  EXPECT_EQ(good["signatures"]["valid"], 5);
  EXPECT_EQ(good["signatures"]["unsigned"], 6);
  EXPECT_EQ(verify({{"expected", good["head"]}})["whole"], true);
  net::Json other = good["head"];
  other["hash"] = std::string(64, '0');
  EXPECT_EQ(verify({{"expected", other}})["defect"], "tail");
  // Somebody rewrites a record together with the whole chain: the signature still gives it away.
  tamper("UPDATE audit_records SET signature = signed_content WHERE sequence = 8");
  const net::Json broken = verify();
  EXPECT_EQ(broken["whole"], false);
  EXPECT_EQ(broken["defect"], "hash");
  EXPECT_EQ(broken["defect_at"], 8);
  EXPECT_EQ(broken["signatures"]["wrong"], 1);
  EXPECT_EQ(broken["signatures"]["wrong_records"][0]["sequence"], 8);
  EXPECT_EQ(broken["signatures"]["wrong_records"][0]["signature"], "invalid");
}

TEST_P(OperatorAudit, AuditedRecordsCarryAMark) {
  make_history();
  const OperatorClient auditor = client_of(Role::kAuditor);
  EXPECT_EQ(auditor.post("/api/v1/audit/marks", {{"first", 1}, {"last", 8}}).json["marked"], 8);
  const Answer shown = auditor.get("/api/v1/audit/records/8");
  EXPECT_EQ(shown.json["audited_by"], "CN=auditor,O=Test,C=CN");
  EXPECT_TRUE(shown.json.contains("audited_at"));
  EXPECT_FALSE(auditor.get("/api/v1/audit/records/9").json.contains("audited_at"));
  EXPECT_EQ(found(auditor, "review=audited&action=thing."), (Numbers{8, 7}));
  EXPECT_EQ(found(auditor, "review=open&action=session."), (Numbers{11, 9}));
  EXPECT_EQ(records("audit.marked").size(), 1U) << "marking is audited as well";
}

TEST_P(OperatorAudit, AnArchiveIsSignedAndItsChainComputesAgain) {
  make_history();
  const OperatorClient auditor = client_of(Role::kAuditor);
  const Answer first = auditor.post("/api/v1/audit/archives", {{"last", 8}});
  ASSERT_EQ(first.status, 201) << first.response.body;
  EXPECT_EQ(first.json["first"], 1);
  EXPECT_EQ(first.json["last"], 8);
  const std::string base = "/api/v1/audit/archives/" + first.json["id"].get<std::string>();
  const Answer content = auditor.get(base + "/content");
  ASSERT_EQ(content.status, 200);
  const auto read = read_archive(as_bytes(content.response.body));
  ASSERT_TRUE(read) << read.error().reason << ' ' << read.error().detail;
  EXPECT_EQ(read->records, 8);
  EXPECT_EQ(to_hex(read->last.hash), first.json["head_hash"]);
  const Answer signature = auditor.get(base + "/signature");
  ASSERT_EQ(signature.status, 200);
  EXPECT_EQ(verified(signature.response.body, content.response.body), true);
  EXPECT_EQ(verified(signature.response.body, content.response.body + " "), false);
  const Answer second = auditor.post("/api/v1/audit/archives", {{"last", 1'000'000}});
  ASSERT_EQ(second.status, 201);
  EXPECT_EQ(second.json["first"], 9) << "each record is in one archive";
  EXPECT_EQ(auditor.post("/api/v1/audit/archives", {{"last", 8}}).code, "archive.nothing");
  EXPECT_EQ(auditor.get("/api/v1/audit/archives").json["items"].size(), 2U);
  EXPECT_TRUE(auditor.get("/api/v1/audit/records/8").json.contains("archived_at"));
}

TEST(ArchiveFile, WhateverIsChangedIsFound) {
  std::string text = archive_head_line({.program = "hutong-ca", .first = 1, .last = 2, .created_at = Time()});
  audit::Head last;
  for (std::int64_t sequence = 1; sequence <= 2; ++sequence) {
    audit::Record record;
    record.sequence = sequence;
    record.event.action = "order.entered";
    record.event.signature = audit::OperatorSignature{{1}, {2}};
    record.hash = audit::chain_hash(last.hash, sequence, record.event);
    last = {sequence, record.hash};
    text += archive_record_line(record);
  }
  text += archive_tail_line(last);
  ASSERT_TRUE(read_archive(as_bytes(text)));
  const auto reason = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    const auto read = read_archive(as_bytes(changed));
    return read ? std::string() : std::string(read.error().reason);
  };
  EXPECT_EQ(reason("order.entered", "order.altered"), "archive.chain");
  EXPECT_EQ(reason("\"sequence\":2", "\"sequence\":3"), "archive.chain");
  EXPECT_EQ(reason("\"signature\":\"Ag==\"", "\"signature\":\"Aw==\""), "archive.chain");
  EXPECT_EQ(reason("\"previous\":\"00", "\"previous\":\"01"), "archive.chain");
  EXPECT_EQ(reason("\"last\":2,\"previous\"", "\"last\":1,\"previous\""), "archive.syntax");
  EXPECT_EQ(reason("\"outcome\":1", "\"outcome\":\"1\""), "archive.syntax");
  EXPECT_EQ(reason("hutong-audit-archive-1", "hutong-audit-archive-2"), "archive.syntax");
  EXPECT_EQ(reason("\"first\":1", "\"first\":9"), "archive.syntax");
  EXPECT_EQ(read_archive(as_bytes(text + "x")).error().reason, "archive.syntax");
  EXPECT_EQ(read_archive(as_bytes(text.substr(0, text.size() - 1))).error().reason, "archive.syntax");
  EXPECT_EQ(read_archive({}).error().reason, "archive.syntax");
}

TEST_P(OperatorAudit, OnlyArchivedRecordsOldEnoughArePruned) {
  make_history();
  OperatorClient auditor = client_of(Role::kAuditor);
  ASSERT_EQ(auditor.post("/api/v1/audit/archives", {{"last", 8}}).status, 201);
  EXPECT_EQ(must(system_->audit_office().prune(24h)), 0);
  clock_.move(24h);
  EXPECT_EQ(must(system_->audit_office().prune(24h)), 8);
  EXPECT_EQ(must(system_->audit_office().prune(24h)), 0);
  EXPECT_EQ(chain().first, 9);
  EXPECT_TRUE(chain().whole());
  EXPECT_EQ(records("audit.pruned").size(), 1U);
  auditor.log_in();
  EXPECT_EQ(auditor.post("/api/v1/audit/verification").json["whole"], true);
  EXPECT_EQ(auditor.post("/api/v1/audit/archives", {{"last", last()}}).json["first"], 9);
}

TEST_P(OperatorAudit, AnArchiveThatCannotBeWrittenMarksNothing) {
  make_history();
  const OperatorClient auditor = client_of(Role::kAuditor);
  must(write_file(home_.folder() / "archives", as_bytes("a file where the folder should be")));
  const Answer refused = auditor.post("/api/v1/audit/archives", {{"last", 8}});
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.code, "file.unwritable");
  EXPECT_FALSE(auditor.get("/api/v1/audit/records/8").json.contains("archived_at"));
}

}  // namespace
}  // namespace hutong::operators::test
