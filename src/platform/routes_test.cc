#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <future>
#include <set>
#include <string>

#include "base/encoding.h"
#include "base/file.h"
#include "platform/program_support.h"
#include "tests/support/support.h"

namespace hutong::platform {
namespace {

using net::Json;
using test::json_of;

/// One region and one program for all tests of this file.
class Routes : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    region_ = new test::RegionFolder;
    program_ = new test::Program(region_->path() / "platform.toml");
    openapi_ = new Json(json_of(program_->get("/api/v1/openapi.json")));
  }
  static void TearDownTestSuite() {
    EXPECT_EQ(program_->end(SIGTERM), 0) << program_->log();
    delete openapi_;
    delete program_;
    delete region_;
  }
  static net::FormPart upload(const std::string& name) {
    return {.name = "file",
            .file_name = name,
            .content = std::string(as_text(region_->file("examples/" + name)))};
  }
  static const Json& schema(const std::string& name) { return (*openapi_)["components"]["schemas"][name]; }

  /// Members are documented, and what is required is there; follows references.
  static void expect_documented(const Json& value, const Json& shape, const std::string& where) {
    if (shape.contains("$ref")) {
      const std::string path = shape["$ref"].get<std::string>();
      expect_documented(value, schema(path.substr(path.rfind('/') + 1)), where);
    } else if (shape.contains("oneOf")) {
      if (!value.is_null()) {
        expect_documented(value, shape["oneOf"][0], where);
      }
    } else if (value.is_object() && shape.contains("properties")) {
      for (const auto& [name, member] : value.items()) {
        ASSERT_TRUE(shape["properties"].contains(name)) << where << "." << name << " is not documented";
        expect_documented(member, shape["properties"][name], where + "." + name);
      }
      for (const auto& name : shape["required"]) {
        EXPECT_TRUE(value.contains(name.get<std::string>())) << where << " lacks " << name;
      }
    } else if (value.is_array()) {
      for (const auto& element : value) {
        expect_documented(element, shape["items"], where + "[]");
      }
    } else if (shape.contains("enum")) {
      EXPECT_NE(std::ranges::find(shape["enum"], value), shape["enum"].end()) << where << ": " << value;
    }
  }
  /// The summary of the same file says the same.
  static void expect_same_in_brief(const Json& report, std::vector<net::FormPart> parts,
                                   const std::string& name) {
    parts.push_back({.name = "report", .content = "summary"});
    const auto answer = program_->validate(parts);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json summary = json_of(answer);
    EXPECT_EQ(summary["indication"], report["indication"]) << name;
    EXPECT_EQ(summary["findings"], report["findings"]) << name;
    EXPECT_FALSE(summary.contains("id"));
    if (report.contains("signers")) {
      EXPECT_EQ(summary["signers"][0]["certificate"]["sm3"], report["signers"][0]["chain"][0]["sm3"]);
    }
    expect_documented(summary, schema("RecognitionSummary"), name);
  }
  static void expect_problem(const net::ClientResponse& response, int status, const std::string& code) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(response.headers.find("content-type"), "application/problem+json");
    const Json problem = json_of(response);
    EXPECT_EQ(problem["code"], code);
    EXPECT_EQ(problem["status"], status);
    EXPECT_EQ(problem["instance"], std::string(*response.headers.find("x-request-id")));
    expect_documented(problem, schema("Problem"), code);
  }

  static test::RegionFolder* region_;
  static test::Program* program_;
  static Json* openapi_;
};
test::RegionFolder* Routes::region_ = nullptr;
test::Program* Routes::program_ = nullptr;
Json* Routes::openapi_ = nullptr;

TEST_F(Routes, EveryExampleGetsItsVerdict) {
  const Json examples = json_of(program_->get("/api/v1/examples"));
  ASSERT_GE(examples.size(), 15U);
  expect_documented(examples,
                    (*openapi_)["paths"]["/api/v1/examples"]["get"]["responses"]["200"]["content"]
                               ["application/json"]["schema"],
                    "examples");
  for (const auto& example : examples) {
    const std::string name = example["name"];
    const auto file = program_->get("/api/v1/examples/" + name);
    ASSERT_EQ(file.status, 200) << name;
    std::vector<net::FormPart> parts = {{.name = "file", .file_name = name, .content = file.body}};
    if (example.contains("content")) {
      const std::string content = example["content"];
      parts.push_back({.name = "content",
                       .file_name = content,
                       .content = program_->get("/api/v1/examples/" + content).body});
    }
    const auto answer = program_->validate(parts);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json report = json_of(answer);
    EXPECT_EQ(report["indication"], example["expected"]) << name << report["findings"].dump(1);
    EXPECT_EQ(report["file"]["name"], name);
    expect_documented(report, schema("RecognitionReport"), name);
    expect_same_in_brief(report, parts, name);
  }
}

TEST_F(Routes, ABatchSaysWhatSingleQuestionsSay) {
  Json questions = Json::array();
  std::vector<std::string> expected;
  for (const auto& example : json_of(program_->get("/api/v1/examples"))) {
    const auto base64_of = [](const std::string& name) {
      return to_base64(region_->file("examples/" + name));
    };
    Json question = {{"file", base64_of(example["name"])}};
    if (example.contains("content")) {
      question["content"] = base64_of(example["content"]);
    }
    questions.push_back(std::move(question));
    expected.push_back(example["expected"]);
  }
  const auto ask = [](const std::string& body) {
    return program_->send({.method = net::Method::kPost,
                           .target = "/api/v1/validation-batches",
                           .headers = {{"Content-Type", "application/json"}},
                           .body = body});
  };
  const auto answer = ask(net::to_text({{"questions", questions}}));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Json answers = json_of(answer)["answers"];
  ASSERT_EQ(answers.size(), expected.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i]["indication"], expected[i]) << answers[i];
    expect_documented(answers[i], schema("RecognitionSummary"), "answer");
  }
  expect_documented(json_of(ask(R"({"questions":[1]})"))["answers"][0], schema("QuestionProblem"), "problem");
  expect_problem(ask(R"({"questions":1})"), 400, "batch.questions");
}

TEST_F(Routes, TellsWhereRevocationListsComeFrom) {
  const Json sources = json_of(program_->get("/api/v1/revocation-sources"));
  EXPECT_EQ(sources, (Json{{"fetches", false}, {"sources", Json::array()}}));
}

TEST_F(Routes, AReportCanBeOpenedAgain) {
  const auto answer = program_->validate({upload("revoked.cer")});
  const std::string id = json_of(answer)["id"];
  const auto again = program_->get("/api/v1/validations/" + id);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, answer.body);
  expect_problem(program_->get("/api/v1/validations/01J00000000000000000000000"), 404, "report.not_found");
  expect_problem(program_->get("/api/v1/validations/..%2F..%2Fplatform.toml"), 400, "http.target");
}

TEST_F(Routes, AReportIsComputedAgain) {
  const Json report = json_of(program_->validate({upload("good.cer")}));
  const std::string id = report["id"];
  const auto ask = [](const std::vector<net::FormPart>& parts) {
    return program_->send(net::form_request("/api/v1/recomputations", parts));
  };
  const auto answer = ask({upload("good.cer"), {.name = "report_id", .content = id}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  expect_documented(json_of(answer), schema("Recomputation"), "recomputation");
  EXPECT_EQ(json_of(answer)["same"], true) << answer.body;
  expect_problem(ask({upload("expired.cer"), {.name = "report_id", .content = id}}), 400,
                 "recomputation.file");
  expect_problem(ask({upload("good.cer")}), 400, "upload.no_report");
  expect_problem(program_->get("/api/v1/validations/" + id + "/signed"), 404, "report.not_signed");
}

TEST_F(Routes, TheTrustListIsShown) {
  const Json list = json_of(program_->get("/api/v1/trust-list"));
  EXPECT_EQ(list["state"], "current");
  EXPECT_EQ(list["number"], 1);
  EXPECT_EQ(list["services"].size(), 5U);
  expect_documented(list, schema("TrustList"), "trust list");
}

TEST_F(Routes, HealthAndMetrics) {
  expect_documented(json_of(program_->get("/healthz")), schema("Health"), "healthz");
  expect_documented(json_of(program_->get("/readyz")), schema("Readiness"), "readyz");
  program_->validate({upload("odd.cer")});
  const std::string metrics = program_->get("/metrics").body;
  for (const auto* line :
       {"hutong_validations_total{kind=\"certificate\",indication=\"valid\"} ",
        "hutong_quirks_total{quirk=\"cert.sm2_null_parameters\"} ", "hutong_trust_list_number 1\n",
        "hutong_trust_list_current 1\n", "hutong_revocation_objects 4\n",
        "hutong_http_request_duration_seconds_bucket{route=\"/api/v1/validations\",le=\"+Inf\"} "}) {
    EXPECT_NE(metrics.find(line), std::string::npos) << line << metrics;
  }
}

TEST_F(Routes, OpenApiNamesEveryRoute) {
  const auto openapi = hutong::test::read(hutong::test::data_path("../../docs/openapi.json"));
  EXPECT_EQ(program_->get("/api/v1/openapi.json").body, std::string(as_text(openapi)));
  std::set<std::string> documented;
  for (const auto& [path, methods] : (*openapi_)["paths"].items()) {
    documented.insert(path);
    const std::string before = path.substr(0, path.find('{'));
    const std::string target = before + (before == path ? "" : "x");
    if (methods.begin()->contains("x-needs-database")) {
      EXPECT_EQ(program_->get(target).status, 404) << path << ": this platform has none";
      continue;
    }
    // A path that no route knows would be answered with http.not_found.
    const auto answer = program_->send({.method = net::Method::kDelete, .target = target});
    EXPECT_EQ(answer.status, 405) << path;
  }
  const std::string metrics = program_->get("/metrics").body;
  constexpr std::string_view kRoute = "hutong_http_request_duration_seconds_count{route=\"";
  for (auto at = metrics.find(kRoute); at != std::string::npos; at = metrics.find(kRoute, at + 1)) {
    const auto start = at + kRoute.size();
    const std::string route = metrics.substr(start, metrics.find('"', start) - start);
    EXPECT_TRUE(route == "none" || documented.contains(route)) << route;
  }
}

TEST_F(Routes, TimeAndRevocationModeAreTakenOver) {
  const Json early = json_of(program_->validate({upload("good.cer"),
                                                 {.name = "at", .content = "2001-01-01T00:00:00Z"},
                                                 {.name = "revocation", .content = "none"}}));
  EXPECT_EQ(early["at"], "2001-01-01T00:00:00Z");
  EXPECT_EQ(early["indication"], "invalid");
  EXPECT_EQ(early["chain"][0]["status"], "not_checked");
}

TEST_F(Routes, WrongRequestsAreProblems) {
  expect_problem(program_->send({.method = net::Method::kPost,
                                 .target = "/api/v1/validations",
                                 .headers = {{"Content-Type", "application/json"}},
                                 .body = "{"}),
                 400, "json.syntax");
  expect_problem(program_->send({.method = net::Method::kPost,
                                 .target = "/api/v1/validations",
                                 .headers = {{"Content-Type", "application/json"}},
                                 .body = std::string(1'000'000, '[')}),
                 413, "json.depth");
  expect_problem(program_->send({.method = net::Method::kPost,
                                 .target = "/api/v1/validations",
                                 .headers = {{"Content-Type", "multipart/form-data; boundary=x"}},
                                 .body = "--x\r\nnonsense"}),
                 400, "multipart.header");
  expect_problem(program_->send({.method = net::Method::kPost,
                                 .target = "/api/v1/validations",
                                 .headers = {{"Content-Type", "application/pkix-cert"}},
                                 .body = "0"}),
                 415, "http.content_type");
  expect_problem(program_->validate({}), 400, "upload.no_file");
  expect_problem(program_->validate({{.name = "content", .content = "x"}}), 400, "upload.no_file");
  expect_problem(program_->get("/api/v1/examples/platform.toml"), 404, "example.not_found");
  expect_problem(program_->get("/api/v2/anything"), 404, "http.not_found");
  expect_problem(program_->get("/api/v1/validations"), 405, "http.method");
}

TEST_F(Routes, ASignatureVerificationServerAnswers) {
  const auto ask = [](const std::string& target, const std::string& type, const std::string& body) {
    return program_->send(
        {.method = net::Method::kPost, .target = target, .headers = {{"Content-Type", type}}, .body = body});
  };
  const Json request = {{"reqType", "validateCert"},
                        {"request", {{"cert", to_base64(region_->file("examples/good.cer"))}}}};
  const auto good = ask("/svs", "application/json", net::to_text(request));
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(json_of(good)["respond"]["respValue"], "0") << good.body;
  expect_documented(json_of(good), schema("SvsRespond"), "svs");
  const auto sign = ask("/svs/SignData", "application/x-www-form-urlencoded",
                        "signMethod=131585&keyIndex=1&keyValue=QQ&inDataLen=1&inData=QQ");
  EXPECT_EQ(sign.body, "respValue=67108869") << "no key is configured";
  EXPECT_EQ(sign.headers.find("svs-response-type"), "signData");
  expect_problem(ask("/svs/Nothing", "application/json", "{}"), 404, "svs.unknown_type");
  expect_problem(ask("/svs", "application/octet-stream", "0"), 400, "asn1.truncated");
  expect_problem(ask("/svs", "application/json", "{}"), 400, "svs.no_type");
}

TEST_F(Routes, ManyAtOnce) {
  std::vector<std::future<bool>> workers;
  const auto good = upload("good.cer");
  const auto forged = upload("forged.cer");
  for (int worker = 0; worker < 8; ++worker) {
    workers.push_back(std::async(std::launch::async, [&good, &forged] {
      bool right = true;
      for (int i = 0; i < 25; ++i) {
        right = right && json_of(program_->validate({good}))["indication"] == "valid" &&
                json_of(program_->validate({forged}))["indication"] == "invalid";
      }
      return right;
    }));
  }
  for (auto& worker : workers) {
    EXPECT_TRUE(worker.get());
  }
}

}  // namespace
}  // namespace hutong::platform
