#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crypto/pem.h"
#include "platform/app.h"
#include "platform/desk_support.h"
#include "platform/operations.h"
#include "platform/schema.h"
#include "tests/support/program.h"
#include "tests/support/support.h"

namespace hutong::platform {
namespace {

using net::Json;
using net::Method;
using test::must;
using test::Operation;
using test::OperatorClient;

/// The program as it is wired, with everything switched on, on a database of its own.
class WholeProgram : public test::DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    if (home_.available()) {
      auto database = must(open_database(own_.url(), clock_));
      appoint(database);
      start(0);
    }
  }
  void start(std::int64_t most_per_minute) {
    folder_.write("operators.pem", as_bytes(crypto::write_pem("CERTIFICATE", issuer_.certificate().der())));
    folder_.write("password", as_bytes("a password\n"));
    Config config;
    config.port = 0;
    config.upload_limit = std::size_t{1} << 20;
    config.database = own_.url();
    config.operator_authorities = folder_.file("operators.pem");
    config.audience = "https://platform.example";
    config.key_folder = folder_.file("keys");
    config.key_password_file = folder_.file("password");
    config.most_per_minute = most_per_minute;
    program_ = must(App::create(config, clock_));
    node_ = std::make_unique<hutong::test::RunningServer>(program_->router());
  }
  /// Whoever of all operators may do this.
  OperatorClient allowed(const std::string& right) {
    for (const std::string& who : everybody()) {
      const Json rights = client(who).self()["effective_rights"];
      if (client(who).self()["region"] == "" &&
          std::find(rights.begin(), rights.end(), right) != rights.end()) {
        OperatorClient made(node_->url(), "https://platform.example", carriers_.at(who), clock_);
        made.log_in();
        return made;
      }
    }
    throw std::runtime_error("nobody may " + right);
  }
  test::Answer send(const Operation& operation, const std::string& body, const std::string& query = "") {
    const std::string target = test::example_address(operation.pattern) + query;
    if (!operation.right.empty()) {
      auto [client, is_new] = allowed_.try_emplace(operation.right);
      if (is_new) {
        client->second = std::make_unique<OperatorClient>(allowed(operation.right));
      }
      return operation.method == Method::kGet
                 ? client->second->get(target)
                 : client->second->send(operation.method, target, body, "application/json");
    }
    const OperatorClient nobody(node_->url(), "", carriers_.at("idler"), clock_);
    return nobody.exchange({.method = operation.method,
                            .target = target,
                            .headers = {{"Content-Type", "application/json"}},
                            .body = body});
  }
  /// Refused as the fault of who asks, with a code.
  void expect_refused(const Operation& operation, const std::string& what, const std::string& body,
                      const std::string& query = "") {
    const auto answer = send(operation, body, query);
    const std::string about = std::string(net::to_string(operation.method)) + ' ' + operation.pattern +
                              query + ": " + what + ": " + answer.response.body;
    EXPECT_TRUE(answer.status >= 400 && answer.status < 500) << about;
    EXPECT_EQ(answer.response.headers.find("Content-Type"), "application/problem+json") << about;
    EXPECT_FALSE(answer.code.empty()) << about;
    EXPECT_NE(answer.status, 401) << about;
    EXPECT_NE(answer.code, "right.missing") << about;
  }

  hutong::test::TestDatabase own_{GetParam()};
  hutong::test::Folder folder_;
  std::unique_ptr<App> program_;
  std::unique_ptr<hutong::test::RunningServer> node_;
  std::map<std::string, std::unique_ptr<OperatorClient>> allowed_;
};
INSTANTIATE_TEST_SUITE_P(Storage, WholeProgram, hutong::test::every_database(), hutong::test::database_name);

TEST_P(WholeProgram, ServesWhatIsDocumentedAndNothingElse) {
  const auto documented = test::operations();
  const Bytes operators = hutong::test::read(hutong::test::data_path("../../docs/api/operators.yaml"));
  const auto& routes = program_->router().routes();
  for (const net::Route& route : routes) {
    const bool is_documented = std::ranges::any_of(documented, [&](const Operation& operation) {
      return operation.method == route.method && operation.pattern == route.pattern;
    });
    EXPECT_TRUE(is_documented ||
                as_text(operators).find("\n  " + route.pattern + ":\n") != std::string_view::npos)
        << net::to_string(route.method) << ' ' << route.pattern;
  }
  for (const Operation& operation : documented) {
    EXPECT_TRUE(std::ranges::any_of(routes,
                                    [&](const net::Route& route) {
                                      return operation.method == route.method &&
                                             operation.pattern == route.pattern;
                                    }))
        << net::to_string(operation.method) << ' ' << operation.pattern;
  }
}

TEST_P(WholeProgram, WhatIsPublicAsksForNoSessionAndTheRestDoes) {
  for (const Operation& operation : test::operations()) {
    const OperatorClient nobody(node_->url(), "", carriers_.at("idler"), clock_);
    const auto answer =
        nobody.exchange({.method = operation.method, .target = test::example_address(operation.pattern)});
    EXPECT_EQ(answer.code == "session.missing", !operation.right.empty())
        << operation.pattern << ' ' << answer.response.body;
    EXPECT_TRUE(answer.status < 500 || answer.status == 503) << operation.pattern << answer.response.body;
  }
}

/// Bodies that no endpoint takes: no JSON, no object, nothing in it, unknown members only.
TEST_P(WholeProgram, EveryEndpointRefusesWhatIsNoRequest) {
  std::size_t bodies = 0;
  for (const Operation& operation : test::operations()) {
    const Json body = operation.described.value("requestBody", Json::object());
    const auto json =
        body.find("content") == body.end() ? Json() : body["content"].value("application/json", Json());
    if (json.is_null() || operation.pattern.starts_with("/svs")) {  // svs answers in its own form
      continue;
    }
    ++bodies;
    for (const auto* text :
         {"", "{", "[]", "7", "\"x\"", "null", "{}", R"({"":0})", R"({"no such member":1})"}) {
      expect_refused(operation, text, text);
    }
    expect_refused(operation, "deep", std::string(1'000, '['));
    expect_refused(operation, "no UTF-8", "{\"\xFF\":1}");
    const auto* route =
        must(program_->router().find(operation.method, test::example_address(operation.pattern))).route;
    expect_refused(operation, "too large", std::string(route->body_limit + 1, ' '));
  }
  EXPECT_GE(bodies, 16U);
}

/// One member after the other with a value of every type that the document does not allow.
TEST_P(WholeProgram, EveryMemberHasItsType) {
  const std::vector<std::pair<std::string, Json>> values = {{"string", "\u0001"},
                                                            {"integer", 1.5},
                                                            {"boolean", true},
                                                            {"array", Json::array({1})},
                                                            {"object", {{"x", 1}}}};
  std::size_t members = 0;
  for (const Operation& operation : test::operations()) {
    const auto schema = operation.described.value(
        Json::json_pointer("/requestBody/content/application~1json/schema"), Json());
    if (schema.is_null() || operation.pattern.starts_with("/svs")) {
      continue;
    }
    const Json properties = test::resolved(schema).value("properties", Json::object());
    for (const auto& [name, property] : properties.items()) {
      ++members;
      const Json type = test::resolved(property).value("type", Json());
      for (const auto& [kind, value] : values) {
        if (type != kind && !(type.is_array() && std::find(type.begin(), type.end(), kind) != type.end())) {
          expect_refused(operation, name + " is a " + kind, Json{{name, value}}.dump());
        }
      }
    }
  }
  EXPECT_GE(members, 40U);
}

TEST_P(WholeProgram, EveryParameterHasItsType) {
  std::size_t parameters = 0;
  for (const Operation& operation : test::operations()) {
    for (const Json& parameter : operation.described.value("parameters", Json::array())) {
      const Json schema = test::resolved(parameter.value("schema", Json::object()));
      const bool is_free = schema.value("type", "") == "string" && !schema.contains("enum");
      if (parameter.value("in", "") != "query" || is_free) {
        continue;
      }
      ++parameters;
      for (const auto* value : {"x", "-1", "99999999999999999999"}) {
        expect_refused(operation, "parameter", "", "?" + parameter["name"].get<std::string>() + "=" + value);
      }
    }
  }
  EXPECT_GE(parameters, 8U);
}

/// What does not exist, or is not theirs, is said with a code of its own.
TEST_P(WholeProgram, WhatAnAddressNamesMustExist) {
  for (const Operation& operation : test::operations()) {
    if (operation.method == Method::kGet && operation.pattern.find('{') != std::string::npos) {
      const auto answer = send(operation, "");
      EXPECT_TRUE(answer.status == 404 || answer.status == 400) << operation.pattern << answer.response.body;
      EXPECT_FALSE(answer.code.empty()) << operation.pattern;
    }
  }
}

TEST_P(WholeProgram, NoSignedRequestCountsTwice) {
  for (const Operation& operation : test::operations()) {
    if (operation.right.empty() || operation.method == Method::kGet) {
      continue;
    }
    const OperatorClient client = allowed(operation.right);
    const auto request =
        client.signed_request(operation.method, test::example_address(operation.pattern), "{}");
    EXPECT_NE(client.exchange(request).code, "action.replayed") << operation.pattern;
    EXPECT_EQ(client.exchange(request).code, "action.replayed") << operation.pattern;
  }
}

/// With one request a minute the second one is too many, wherever it goes, and says when to come again.
TEST_P(WholeProgram, LimitsTheRequestsOfAnAddress) {
  constexpr std::array<std::string_view, 3> kWatching{"/healthz", "/readyz", "/metrics"};
  start(1);
  for (const net::Route& route : program_->router().routes()) {
    const auto match = must(program_->router().find(route.method, test::example_address(route.pattern)));
    net::Request request;
    request.method = route.method;
    request.path = test::example_address(route.pattern);
    request.parameters = match.parameters;
    request.remote = std::string(net::to_string(route.method)) + route.pattern;
    const auto first = route.handler(request);
    EXPECT_TRUE(first || first.error().reason != "http.too_many_requests") << route.pattern;
    const auto second = route.handler(request);
    const bool is_limited = !second && second.error().reason == "http.too_many_requests";
    const bool is_watching = std::ranges::find(kWatching, route.pattern) != kWatching.end();
    EXPECT_NE(is_limited, is_watching) << route.pattern;
    request.remote = "another" + request.remote;
    const auto other = route.handler(request);
    EXPECT_TRUE(other || other.error().reason != "http.too_many_requests") << route.pattern;
  }
  const OperatorClient nobody(node_->url(), "", carriers_.at("idler"), clock_);
  EXPECT_EQ(nobody.get("/api/v1/system").status, 200);
  const auto refused = nobody.get("/api/v1/system");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.code, "http.too_many_requests");
  EXPECT_EQ(refused.response.headers.find("Retry-After"), "60");
  clock_.move(std::chrono::seconds(60));
  EXPECT_EQ(nobody.get("/api/v1/system").status, 200);
}

}  // namespace
}  // namespace hutong::platform
