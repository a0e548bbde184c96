#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/encoding.h"
#include "platform/desk_support.h"

namespace hutong::platform {
namespace {

using net::Json;
using test::Answer;
using test::vendor_content;

/// A vendor's way through the desk.
class VendorsTest : public test::DeskTest {
 protected:
  Json entered(const Json& content = vendor_content()) {
    const Answer answer = client("clerk").post("/api/v1/vendors", content);
    EXPECT_EQ(answer.status, 201) << answer.response.body;
    return answer.json;
  }
  Json shown(const std::string& id) { return client("auditor").get("/api/v1/vendors/" + id).json; }
  Answer upload(const std::string& id, const std::string& kind) {
    return client("clerk").post("/api/v1/vendors/" + id + "/documents",
                                {{"kind", kind}, {"file_name", kind + ".pdf"}, {"content", "JVBERi0xLjc="}});
  }
  Answer step(const std::string& id, const std::string& to, const std::string& who = "clerk") {
    return client(who).post("/api/v1/vendors/" + id + "/steps",
                            {{"to", to}, {"version", shown(id)["version"]}, {"reason", "材料齐全"}});
  }
  Answer decide(const Json& proposed, const std::string& word, const std::string& who = "reviewer") {
    return client(who).post("/api/v1/vendor-steps/" + proposed["id"].get<std::string>() + "/decision",
                            {{"decision", word}, {"reason", "已核对"}});
  }
  /// Up to the proposal of the accreditation.
  std::string tested(const Json& content = vendor_content()) {
    const std::string id = entered(content)["id"];
    EXPECT_EQ(upload(id, "licence").status, 201);
    EXPECT_EQ(step(id, "documents_checked").json["state"], "released");
    EXPECT_EQ(upload(id, "joint_test_report").status, 201);
    EXPECT_EQ(step(id, "joint_test_passed").json["state"], "released");
    EXPECT_EQ(upload(id, "peer_attestation").status, 201);
    return id;
  }
  std::string accredited(const Json& content = vendor_content()) {
    const std::string id = tested(content);
    EXPECT_EQ(decide(step(id, "accredited").json, "release").status, 200);
    EXPECT_EQ(shown(id)["state"], "accredited");
    return id;
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, VendorsTest, hutong::test::every_database(), hutong::test::database_name);

TEST_P(VendorsTest, FromTheApplicationToTheAccreditation) {
  const Json made = entered();
  const std::string id = made["id"];
  EXPECT_EQ(made["state"], "applied");
  EXPECT_EQ(step(id, "documents_checked").code, "vendor.document_missing") << "no licence";
  EXPECT_EQ(upload(id, "licence").status, 201);
  EXPECT_EQ(step(id, "accredited").code, "vendor.step") << "nothing is skipped";
  EXPECT_EQ(step(id, "documents_checked").json["state"], "released");
  EXPECT_EQ(step(id, "joint_test_passed").code, "vendor.document_missing");
  EXPECT_EQ(upload(id, "joint_test_report").status, 201);
  EXPECT_EQ(step(id, "joint_test_passed").json["state"], "released");
  EXPECT_EQ(step(id, "accredited").code, "vendor.document_missing")
      << "the first batch must be connected to the peer platform";
  EXPECT_EQ(upload(id, "peer_attestation").status, 201);
  const Json proposed = step(id, "accredited").json;
  EXPECT_EQ(proposed["state"], "open");
  EXPECT_EQ(shown(id)["state"], "joint_test_passed") << "not before the second person";
  EXPECT_EQ(step(id, "withdrawn").code, "vendor.step_open");
  const Json released = decide(proposed, "release").json;
  EXPECT_EQ(released["state"], "released");
  EXPECT_EQ(released["decided_by"], id_of("reviewer"));
  const Json dossier = shown(id);
  EXPECT_EQ(dossier["state"], "accredited");
  EXPECT_EQ(dossier["documents"].size(), 3U);
  EXPECT_EQ(dossier["steps"].size(), 3U);
  EXPECT_EQ(dossier["commitments"], vendor_content()["commitments"]);
  EXPECT_EQ(dossier["services"], vendor_content()["services"]);
  EXPECT_EQ(decide(proposed, "release").code, "vendor.step_decided");
  EXPECT_EQ(records("vendor.entered").size(), 1U);
  EXPECT_EQ(records("vendor.document_added").size(), 3U);
  EXPECT_EQ(records("vendor.step").size(), 3U);
  const auto decided = records("vendor.step_decided");
  ASSERT_EQ(decided.size(), 1U);
  EXPECT_EQ(decided[0].event.object_id, id);
  EXPECT_TRUE(decided[0].event.signature) << "what the second person signed is kept";
  EXPECT_TRUE(log_is_whole());
}

TEST_P(VendorsTest, AVendorOfALaterBatchNeedsNoPeer) {
  Json content = vendor_content();
  content["first_batch"] = false;
  const std::string id = entered(content)["id"];
  upload(id, "licence");
  step(id, "documents_checked");
  upload(id, "joint_test_report");
  step(id, "joint_test_passed");
  EXPECT_EQ(step(id, "accredited").json["state"], "open");
}

TEST_P(VendorsTest, NobodyReleasesTheirOwnProposal) {
  const std::string id = tested();
  const Json proposed = step(id, "accredited", "reviewer").json;
  EXPECT_EQ(decide(proposed, "release", "reviewer").code, "vendor.four_eyes");
  EXPECT_EQ(decide(proposed, "release", "clerk").code, "right.missing");
  EXPECT_EQ(decide(proposed, "release", "security").status, 200);
  EXPECT_EQ(shown(id)["state"], "accredited");
}

TEST_P(VendorsTest, TheQueueMarksWhatWaitsForASecondPerson) {
  const std::string id = tested();
  entered(vendor_content("91150100MA0DEMX12Q"));
  const auto queue = [this](const std::string& query) {
    return client("reviewer").get("/api/v1/vendors" + query).json["items"];
  };
  EXPECT_EQ(queue("?waiting=true").size(), 0U);
  const Json proposed = step(id, "accredited").json;
  const Json waiting = queue("?waiting=true");
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0]["id"], id);
  EXPECT_EQ(waiting[0]["waiting"], true);
  EXPECT_EQ(shown(id)["waiting"], true);
  EXPECT_EQ(queue("?waiting=true&state=applied").size(), 0U);
  const Json everything = queue("?waiting=false");
  ASSERT_EQ(everything.size(), 2U);
  EXPECT_EQ(everything[1]["waiting"], false);
  EXPECT_EQ(decide(proposed, "reject").status, 200);
  EXPECT_EQ(queue("?waiting=true").size(), 0U);
}

TEST_P(VendorsTest, RejectedIsRejected) {
  const std::string id = tested();
  const Json proposed = step(id, "accredited").json;
  EXPECT_EQ(decide(proposed, "reject").json["state"], "rejected");
  EXPECT_EQ(shown(id)["state"], "joint_test_passed");
  EXPECT_EQ(decide(proposed, "release").code, "vendor.step_decided");
  EXPECT_EQ(step(id, "accredited").json["state"], "open") << "it may be proposed again";
}

TEST_P(VendorsTest, AnApplicationIsChangedUntilItIsChecked) {
  const Json made = entered();
  const std::string id = made["id"];
  Json content = vendor_content();
  content["name_en"] = "CA A Ltd.";
  const auto change = [&](std::int64_t version) {
    return client("second clerk").put("/api/v1/vendors/" + id, {{"version", version}, {"content", content}});
  };
  EXPECT_EQ(change(1).json["name_en"], "CA A Ltd.");
  EXPECT_EQ(change(1).code, "storage.conflict") << "somebody else was faster";
  upload(id, "licence");
  step(id, "documents_checked");
  EXPECT_EQ(change(3).code, "vendor.checked");
  EXPECT_EQ(step(id, "applied").json["state"], "released") << "sent back for correction";
  EXPECT_EQ(change(4).status, 200);
  EXPECT_EQ(client("clerk").post("/api/v1/vendors", vendor_content()).code, "vendor.uscc_taken");
}

TEST_P(VendorsTest, AnAccreditedVendorIsChangedByTwoPersons) {
  const std::string id = accredited();
  Json content = vendor_content();
  content["commitments"]["issue_hours"] = 12;
  const auto propose = [&] {
    return client("clerk").post(
        "/api/v1/vendors/" + id + "/changes",
        {{"version", shown(id)["version"]}, {"reason", "服务承诺变更"}, {"content", content}});
  };
  const Json proposed = propose().json;
  EXPECT_EQ(proposed["state"], "open");
  EXPECT_EQ(proposed["content"]["commitments"]["issue_hours"], 12);
  EXPECT_EQ(shown(id)["commitments"]["issue_hours"], 24);
  EXPECT_EQ(propose().code, "vendor.step_open");
  EXPECT_EQ(decide(proposed, "release").status, 200);
  EXPECT_EQ(shown(id)["commitments"]["issue_hours"], 12);
  EXPECT_EQ(shown(id)["state"], "accredited");
  EXPECT_EQ(shown(id)["steps"].back()["content"]["commitments"]["issue_hours"], 12);
}

TEST_P(VendorsTest, SuspendedAtOnceLiftedByTwoWithdrawnForGood) {
  const std::string id = accredited();
  EXPECT_EQ(step(id, "suspended").json["state"], "released") << "urgent: one person is enough";
  const Json lifted = step(id, "accredited").json;
  EXPECT_EQ(lifted["state"], "open");
  EXPECT_EQ(shown(id)["state"], "suspended");
  EXPECT_EQ(decide(lifted, "release").status, 200);
  const Json gone = step(id, "withdrawn").json;
  EXPECT_EQ(gone["state"], "open");
  EXPECT_EQ(decide(gone, "release").status, 200);
  EXPECT_EQ(shown(id)["state"], "withdrawn");
  EXPECT_EQ(step(id, "accredited").code, "vendor.withdrawn");
  EXPECT_EQ(upload(id, "other").code, "vendor.withdrawn");
}

TEST_P(VendorsTest, ReleasedIsOnlyWhatWasProposed) {
  const std::string id = accredited();
  const auto old = shown(id)["version"];
  const Json proposed = step(id, "withdrawn").json;
  EXPECT_EQ(step(id, "withdrawn").code, "vendor.step_open") << "one proposal at a time";
  EXPECT_EQ(step(id, "suspended").json["state"], "released") << "urgent: does not wait for the proposal";
  EXPECT_EQ(decide(proposed, "release").code, "vendor.changed");
  EXPECT_EQ(shown(id)["state"], "suspended");
  EXPECT_EQ(decide(proposed, "reject").status, 200);
  EXPECT_EQ(client("clerk")
                .post("/api/v1/vendors/" + id + "/steps",
                      {{"to", "withdrawn"}, {"version", old}, {"reason", "旧页面"}})
                .code,
            "storage.conflict");
}

TEST_P(VendorsTest, DocumentsComeBackAsTheyWere) {
  const std::string id = entered()["id"];
  const Json document = upload(id, "licence").json;
  const std::string target = "/api/v1/vendors/" + id + "/documents/" + document["id"].get<std::string>();
  const Answer content = client("auditor").get(target);
  EXPECT_EQ(content.status, 200);
  EXPECT_EQ(content.response.body, "%PDF-1.7");
  EXPECT_EQ(content.response.headers.find("content-disposition"), "attachment");
  EXPECT_EQ(document["sm3"], to_hex(crypto::sm3(as_bytes("%PDF-1.7"))));
  EXPECT_EQ(document["size"], 8);
  const std::string other = entered(vendor_content("91150100MA0DEMX12Q"))["id"];
  EXPECT_EQ(client("auditor")
                .get("/api/v1/vendors/" + other + "/documents/" + document["id"].get<std::string>())
                .code,
            "vendor.document_unknown")
      << "of another vendor";
}

TEST_P(VendorsTest, TheQueueIsPagedAndFiltered) {
  entered();
  const std::string second = entered(vendor_content("91150100MA0DEMX12Q"))["id"];
  upload(second, "licence");
  step(second, "documents_checked");
  const Json first = client("security").get("/api/v1/vendors?limit=1").json;
  ASSERT_EQ(first["items"].size(), 1U);
  const Json rest =
      client("security").get("/api/v1/vendors?limit=1&cursor=" + first["next"].get<std::string>()).json;
  EXPECT_EQ(rest["items"][0]["id"], second);
  EXPECT_FALSE(rest.contains("next"));
  const Json checked = client("security").get("/api/v1/vendors?state=documents_checked").json;
  ASSERT_EQ(checked["items"].size(), 1U);
  EXPECT_EQ(checked["items"][0]["id"], second);
}

}  // namespace
}  // namespace hutong::platform
