#include "platform/validation/recomputation.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/file.h"
#include "demonstration/examples.h"
#include "demonstration/region.h"
#include "net/log.h"
#include "platform/metrics.h"
#include "platform/validation/handlers.h"
#include "tests/support/operator_client.h"
#include "tests/tools/test_ca.h"

namespace hutong::platform {
namespace {

using demonstration::kDay;
using hutong::test::kMid2027;
using net::Json;

constexpr auto kYear = 365 * kDay;

std::shared_ptr<const crypto::Signer> borrowed(const crypto::Signer& key) {
  return {std::shared_ptr<void>(), &key};
}

/// A region that lives for a year between a report and the question whether it still holds.
class Recomputation : public testing::Test {
 protected:
  Recomputation() {
    net::set_log_level(net::LogLevel::kError);
    std::filesystem::create_directories(folder_ / "revocation");
    write("list", demonstration::make_trust_list(region_, {}).value());
    write("signer", region_.list_signer.certificate.der());
    for (const auto& [name, list] : region_.lists) {
      write("revocation/" + name, list);
    }
    open_evidence();
    EXPECT_TRUE(evidence_->keep_reporter(signer_.certificate()));
    trust_ = std::make_unique<TrustKeeper>(
        TrustFiles{.list = folder_ / "list",
                   .list_signer = folder_ / "signer",
                   .revocation_folder = folder_ / "revocation"},
        clock_, [] {},
        [this](ByteView file, const x509::Certificate& signer) {
          EXPECT_TRUE(evidence_->keep_list(file, signer));
        });
  }
  ~Recomputation() override { std::filesystem::remove_all(folder_); }

  void open_evidence() { evidence_ = EvidenceStore::open(folder_ / "evidence", kYear * 10, clock_).value(); }
  void write(const std::string& name, ByteView octets) { ASSERT_TRUE(write_file(folder_ / name, octets)); }
  const demonstration::Example& example(std::string_view name) const {
    return *std::ranges::find_if(examples_, [name](const auto& one) { return one.name == name; });
  }
  static Upload upload_of(const demonstration::Example& example) {
    Upload upload;
    upload.file = example.content;
    if (!example.detached_name.empty()) {
      upload.content = example.detached;
    }
    return upload;
  }
  Json report_of(const Upload& upload, const SigningIdentity* signer = nullptr) const {
    const CreateValidation handler({.trust = *trust_,
                                    .reports = *reports_,
                                    .evidence = *evidence_,
                                    .metrics = metrics_,
                                    .clock = clock_,
                                    .signer = signer != nullptr ? signer : &signer_});
    return net::parse_json(handler.process(upload)->json).value();
  }
  Json report_of(const std::string& name) const { return report_of(upload_of(example(name))); }

  Result<Recompute::Output> recompute(const std::string& name, const std::string& id,
                                      ByteView signed_report = {}) const {
    RecomputationUpload input;
    input.question = upload_of(example(name));
    input.report_id = id;
    input.signed_report = signed_report;
    return Recompute(*reports_, *evidence_, clock_).process(input);
  }
  std::string refusal(const std::string& name, const std::string& id, ByteView signed_report = {}) const {
    const auto output = recompute(name, id, signed_report);
    return output ? "" : std::string(output.error().reason);
  }

  /// A year later: vendor A is out of the list, which a new signer signs, and has revoked everybody before.
  void let_a_year_pass() {
    clock_.move(kYear);
    const auto later = demonstration::make_region(clock_.now()).value();
    recognition::TrustListContent content;
    content.number = 2;
    content.issued_at = clock_.now();
    content.next_update = clock_.now() + 30 * kDay;
    content.services = {
        {.id = "root-a",
         .name_zh = "甲",
         .name_en = "A",
         .vendor_zh = "甲",
         .vendor_en = "A",
         .kind = recognition::ServiceKind::kRoot,
         .certificate = region_.root_a.certificate(),
         .periods = {{.since = region_.now - kYear},
                     {.status = recognition::ServiceStatus::kWithdrawn, .since = clock_.now() - 10 * kDay}},
         .quirks = {}},
        {.id = "ca-a",
         .name_zh = "甲",
         .name_en = "A",
         .vendor_zh = "甲",
         .vendor_en = "A",
         .kind = recognition::ServiceKind::kCa,
         .certificate = region_.ca_a.certificate(),
         .periods = {{.since = region_.now - kYear},
                     {.status = recognition::ServiceStatus::kWithdrawn, .since = clock_.now() - 10 * kDay}},
         .quirks = {}}};
    write("signer", later.list_signer.certificate.der());
    write(
        "list",
        recognition::write_trust_list(content, later.list_signer.key, later.list_signer.certificate).value());
    const x509::RevokedCertificate revoked{.serial = region_.supplier.certificate.serial(),
                                           .revoked_at = clock_.now() - 20 * kDay,
                                           .reason = x509::CrlReason::kKeyCompromise,
                                           .invalidity_date = std::nullopt,
                                           .certificate_issuer = std::nullopt};
    const auto list =
        region_.ca_a
            .list({revoked}, 2, {.from = clock_.now() - std::chrono::hours(1), .until = clock_.now() + kDay})
            .value();
    write("revocation/ca-a.crl", list.view());
    trust_->refresh();
    open_evidence();
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("hutong-recomputation-" + std::to_string(getpid()));
  hutong::test::MovableClock clock_{kMid2027};
  const demonstration::Region region_ = demonstration::make_region(kMid2027).value();
  const std::vector<demonstration::Example> examples_ = demonstration::make_examples(region_).value();
  const SigningIdentity signer_{borrowed(region_.stamp_authority.key), region_.stamp_authority.certificate};
  mutable Metrics metrics_;
  std::unique_ptr<ReportStore> reports_ = ReportStore::open(folder_ / "reports", {}).value();
  std::unique_ptr<EvidenceStore> evidence_;
  std::unique_ptr<TrustKeeper> trust_;
};

TEST_F(Recomputation, ReportsOfLastYearHoldWhateverHasHappenedSince) {
  std::vector<std::pair<std::string, Json>> then;
  for (const auto& one : examples_) {
    then.emplace_back(one.name, report_of(one.name));
  }
  let_a_year_pass();
  EXPECT_EQ(report_of("good.cer")["indication"], "invalid") << "today";
  for (const auto& [name, report] : then) {
    const auto again = recompute(name, report["id"]);
    ASSERT_TRUE(again) << name << again.error().detail;
    EXPECT_EQ(again->json["same"], true) << name << again->json.dump(1);
    EXPECT_EQ(again->json["report"]["indication"], report["indication"]) << name;
    EXPECT_EQ(again->json["report"]["trust_list"]["number"], 1) << name;
    EXPECT_EQ(again->json["created_at"], report["created_at"]);
  }
}

TEST_F(Recomputation, AQuestionAboutLastYearIsAnsweredFromTheHistoryInTheList) {
  let_a_year_pass();
  Upload upload = upload_of(example("good.cer"));
  upload.at = kMid2027;
  const auto report = report_of(upload);
  EXPECT_EQ(report["indication"], "valid") << "neither withdrawn nor revoked then: " << report.dump(1);
  EXPECT_EQ(report["trust_list"]["number"], 2);
  EXPECT_EQ(recompute("good.cer", report["id"])->json["same"], true);
}

TEST_F(Recomputation, ASignedReportIsEnoughWhenItIsNotKeptAnyMore) {
  const Json report = report_of("good.cer");
  const Bytes message = reports_->get_signed(report["id"].get<std::string>()).value();
  let_a_year_pass();
  std::filesystem::remove_all(folder_ / "reports");
  EXPECT_EQ(refusal("good.cer", report["id"]), "report.not_found");
  EXPECT_EQ(recompute("good.cer", "", message)->json["same"], true);
  EXPECT_EQ(refusal("revoked.cer", "", message), "recomputation.file");

  Bytes tampered = message;
  const std::string text(as_text(message));
  tampered[text.find("\"valid\"") + 1] = 'V';
  EXPECT_EQ(refusal("good.cer", "", tampered), "recomputation.signature");
  EXPECT_EQ(refusal("good.cer", "", as_bytes("nonsense")), "recomputation.signature");
  const SigningIdentity stranger(borrowed(region_.purchaser.key), region_.purchaser.certificate);
  reports_ = ReportStore::open(folder_ / "reports", {}).value();
  const Json other = report_of(upload_of(example("good.cer")), &stranger);
  EXPECT_EQ(refusal("good.cer", "", reports_->get_signed(other["id"].get<std::string>()).value()),
            "recomputation.signature");
}

TEST_F(Recomputation, TellsWhichFileIsAnotherOne) {
  const Json certificate = report_of("good.cer");
  EXPECT_EQ(refusal("expired.cer", certificate["id"]), "recomputation.file");
  EXPECT_EQ(refusal("good.cer", "01ARZ3NDEKTSV4RRFFQ69G5FAV"), "report.not_found");
  RecomputationUpload input;
  input.report_id = certificate["id"];
  input.question = upload_of(example("good.cer"));
  input.question.content = as_bytes("more");
  const Recompute handler(*reports_, *evidence_, clock_);
  EXPECT_EQ(handler.process(input).error().reason, "recomputation.content");
  input.question.content.reset();
  input.question.chain.push_back(as_bytes("more"));
  EXPECT_EQ(handler.process(input).error().reason, "recomputation.chain");
}

TEST_F(Recomputation, EvidenceThatIsGoneOrAlteredIsNamed) {
  const Json report = report_of("good.cer");
  std::vector<std::filesystem::path> lists;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "evidence")) {
    if (entry.path().extension() == ".revocation") {
      lists.push_back(entry.path());
    }
  }
  ASSERT_FALSE(lists.empty());
  const Bytes kept = read_file(lists.front(), 1 << 20).value();
  ASSERT_TRUE(write_file(lists.front(), as_bytes("nonsense")));
  EXPECT_EQ(refusal("good.cer", report["id"]), "evidence.altered");
  std::filesystem::remove(lists.front());
  EXPECT_EQ(refusal("good.cer", report["id"]), "evidence.not_found");
  ASSERT_TRUE(write_file(lists.front(), kept));
  EXPECT_EQ(refusal("good.cer", report["id"]), "");
}

TEST_F(Recomputation, AnOldListIsReadAndVerifiedOnce) {
  const Json report = report_of("good.cer");
  const Recompute handler(*reports_, *evidence_, clock_);
  RecomputationUpload input;
  input.question = upload_of(example("good.cer"));
  input.report_id = report["id"];
  ASSERT_TRUE(handler.process(input));
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "evidence")) {
    if (entry.path().extension() == ".list") {
      std::filesystem::remove(entry.path());
    }
  }
  EXPECT_EQ(refusal("good.cer", report["id"]), "evidence.not_found") << "for who did not read it before";
  const auto again = handler.process(input);
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(again->json["same"], true);
}

TEST_F(Recomputation, AReportWithoutATrustListCannotBeComputedAgain) {
  write("list", as_bytes("nonsense"));
  trust_->refresh();
  EXPECT_EQ(refusal("good.cer", report_of("good.cer")["id"]), "recomputation.no_inputs");
}

TEST_F(Recomputation, EvidenceThatNoReportNeedsGoes) {
  const Json report = report_of("good.cer");
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "evidence")) {
    std::filesystem::last_write_time(entry.path(), std::filesystem::file_time_type::clock::now() - 2 * kYear);
  }
  open_evidence();
  EXPECT_EQ(refusal("good.cer", report["id"]), "") << "younger than what is kept";
  evidence_ = EvidenceStore::open(folder_ / "evidence", kYear, clock_).value();
  EXPECT_EQ(refusal("good.cer", report["id"]), "evidence.not_found");
}

TEST(RecomputationUpload, IsRefusedWithStableCodes) {
  const auto reason = [](std::string_view body, std::string_view type = "application/json") {
    net::Request request;
    request.headers.add("Content-Type", type);
    request.body = to_bytes(as_bytes(body));
    const auto upload = read_recomputation(request);
    return upload ? "" : std::string(upload.error().reason);
  };
  EXPECT_EQ(reason(R"({"file":"Rg==","report_id":"x"})"), "");
  EXPECT_EQ(reason(R"({"file":"Rg==","signed_report":"Rg=="})"), "");
  EXPECT_EQ(reason("x", "text/plain"), "http.content_type");
  EXPECT_EQ(reason("x", "multipart/form-data"), "multipart.boundary");
  EXPECT_EQ(reason("{"), "json.syntax");
  EXPECT_EQ(reason("[]"), "upload.field_type");
  EXPECT_EQ(reason("{}"), "upload.no_file");
  EXPECT_EQ(reason(R"({"file":"Rg=="})"), "upload.no_report");
  EXPECT_EQ(reason(R"({"file":"Rg==","report_id":"x","signed_report":"Rg=="})"), "upload.no_report");
  EXPECT_EQ(reason(R"({"file":"Rg==","report_id":"x","at":"2027-01-01T00:00:00Z"})"), "upload.unknown_field");
  EXPECT_EQ(reason(R"({"file":"Rg==","report_id":1})"), "upload.field_type");
  EXPECT_EQ(reason(R"({"file":"Rg==","signed_report":"?"})"), "upload.base64");
}

}  // namespace
}  // namespace hutong::platform
