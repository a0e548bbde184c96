#include "platform/validation/batch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/encoding.h"
#include "net/json.h"
#include "platform/metrics.h"
#include "platform/validation/report_store.h"
#include "tests/tools/test_ca.h"

namespace hutong::platform {
namespace {

using net::Json;

net::Request batch(std::string_view body, std::string_view content_type = "application/json") {
  net::Request made;
  made.headers.add("Content-Type", content_type);
  made.body = to_bytes(as_bytes(body));
  return made;
}
net::Request batch_of(const Json& questions) { return batch(net::to_text({{"questions", questions}})); }

TEST(Batch, IsRefusedAsAWholeWhenItIsNoBatch) {
  const auto reason = [](const net::Request& request) {
    const auto input = ValidateBatch::parse(request);
    return input ? "" : std::string(input.error().reason);
  };
  EXPECT_EQ(reason(batch("{}", "text/plain")), "http.content_type");
  EXPECT_EQ(reason(batch("{")), "json.syntax");
  for (const auto* body : {"{}", "[]", "1", R"({"questions":{}})", R"({"questions":[],"at":"2027-01-01"})"}) {
    EXPECT_EQ(reason(batch(body)), "batch.questions") << body;
  }
  Json many = Json::array();
  for (std::size_t i = 0; i <= ValidateBatch::kMostQuestions; ++i) {
    many.push_back(Json::object());
  }
  EXPECT_EQ(reason(batch_of(many)), "batch.too_many");
  many.erase(0);
  EXPECT_EQ(reason(batch_of(many)), "");
}

/// A platform without a trust list: what counts here is which answer stands where.
class BatchAnswers : public testing::Test {
 protected:
  Json answer(const Json& questions) const {
    const auto input = ValidateBatch::parse(batch_of(questions)).value();
    return net::parse_json(ValidateBatch::render(batch_.process(input).value()).body).value()["answers"];
  }

  FixedClock clock_{test::kMid2027};
  TrustKeeper trust_{TrustFiles{}, clock_};
  std::unique_ptr<ReportStore> reports_ = ReportStore::open({}, {}).value();
  Metrics metrics_;
  std::unique_ptr<EvidenceStore> evidence_ = EvidenceStore::open({}, {}, clock_).value();
  CreateValidation validation_{
      {.trust = trust_, .reports = *reports_, .evidence = *evidence_, .metrics = metrics_, .clock = clock_}};
  ValidateBatch batch_{validation_};
};

TEST_F(BatchAnswers, StandWhereTheirQuestionsStood) {
  const test::Party authority("CA");
  Json questions = Json::array();
  std::vector<std::string> digests;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const auto certificate =
        test::issue(authority, test::Party("供应商 " + std::to_string(i)), {.serial = i + 1});
    questions.push_back({{"file", to_base64(certificate.der())}});
    digests.push_back(to_hex(crypto::sm3(certificate.der())));
  }
  const Json answers = answer(questions);
  ASSERT_EQ(answers.size(), questions.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i]["file_sm3"], digests[i]);
    EXPECT_EQ(answers[i]["kind"], "certificate");
    EXPECT_NE(answers[i]["indication"], "valid");
  }
  EXPECT_EQ(answer(Json::array()), Json::array());
}

TEST_F(BatchAnswers, ABadQuestionHasAProblemInItsPlace) {
  const Json good = {{"file", to_base64(test::self_signed(test::Party("CA")).der())}};
  const struct {
    Json question;
    const char* code;
  } bad[] = {{1, "upload.field_type"},
             {Json::array(), "upload.field_type"},
             {Json::object(), "upload.no_file"},
             {{{"file", "?"}}, "upload.base64"},
             {{{"file", "AA=="}, {"files", "AA=="}}, "upload.unknown_field"},
             {{{"file", "AA=="}, {"report", "full"}}, "upload.unknown_field"},
             {{{"file", "AA=="}, {"at", "yesterday"}}, "upload.at"},
             {{{"file", "AA=="}, {"revocation", "perhaps"}}, "upload.revocation"}};
  for (const auto& [question, code] : bad) {
    const Json answers = answer(Json::array({good, question, good}));
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0]["kind"], "certificate") << code;
    EXPECT_EQ(answers[1]["problem"]["code"], code) << answers[1];
    EXPECT_EQ(answers[2]["kind"], "certificate") << code;
  }
}

}  // namespace
}  // namespace hutong::platform
