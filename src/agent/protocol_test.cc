#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "agent/answer.h"
#include "agent/call.h"
#include "agent/params.h"
#include "agent/used_nonces.h"

namespace hutong::agent {
namespace {

std::string document() {
  std::ifstream file(HUTONG_AGENT_PROTOCOL);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The rows of the tables of methods: what stands between the first two bars.
std::map<std::string, std::string> documented_methods() {
  std::map<std::string, std::string> methods;
  std::istringstream lines(document());
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.starts_with("| `") ? 3 : std::string::npos;
    const std::size_t end = begin == std::string::npos ? begin : line.find('`', begin);
    const std::string name = end == std::string::npos ? "" : line.substr(begin, end - begin);
    if (find_method(name) != nullptr) {
      methods.emplace(name, line.substr(end, line.find('|', end) - end));  // other tables name them again
    }
  }
  return methods;
}

TEST(AgentProtocol, EveryMethodIsDocumentedAsItIs) {
  const auto documented = documented_methods();
  EXPECT_EQ(documented.size(), all_methods().size());
  for (const Method& method : all_methods()) {
    ASSERT_TRUE(documented.contains(std::string(method.name))) << method.name;
    const std::string& marks = documented.at(std::string(method.name));
    EXPECT_EQ(marks.find("**purpose**") != std::string::npos, method.purpose == Purpose::kNeeded)
        << method.name;
    EXPECT_EQ(marks.find("*stream*") != std::string::npos, method.content != nullptr) << method.name;
  }
}

TEST(AgentProtocol, PageThatIsNotAllowedMayAskForLittle) {
  std::set<std::string_view> free;
  for (const Method& method : all_methods()) {
    if (method.access == Access::kAnybody) {
      free.insert(method.name);
    }
  }
  EXPECT_EQ(free, (std::set<std::string_view>{"hello", "origin.request", "status"}));
}

TEST(AgentProtocol, FramesAreAsDocumented) {
  EXPECT_EQ(result_frame(1, {{"a", 2}}), R"({"id":1,"result":{"a":2}})");
  EXPECT_EQ(event_frame("tokens.changed", {{"generation", 7}}),
            R"({"event":"tokens.changed","data":{"generation":7}})");
  const auto problem =
      net::Json::parse(problem_frame(3, {Errc::kUnauthorized, "token.pin_incorrect", "SKF_VerifyPIN"}, 4))
          .at("problem");
  EXPECT_EQ(problem.at("code"), "token.pin_incorrect");
  EXPECT_EQ(problem.at("title_zh"), "PIN码错误");
  EXPECT_EQ(problem.at("status"), 401);
  EXPECT_EQ(problem.at("tries_left"), 4);
  const auto internal = net::Json::parse(problem_frame(3, {Errc::kInternal, "internal", "a secret path"}));
  EXPECT_EQ(internal.at("problem").at("detail"), "");
}

TEST(AgentProtocol, EveryDocumentedCodeHasItsStatus) {
  const std::string text = document();
  for (const auto& [code, status] :
       std::vector<std::pair<std::string_view, int>>{{"agent.request", 400},
                                                     {"agent.method", 404},
                                                     {"agent.purpose", 400},
                                                     {"agent.origin_not_allowed", 403},
                                                     {"agent.not_logged_in", 401},
                                                     {"agent.refused_by_user", 403},
                                                     {"agent.no_prompt", 503},
                                                     {"agent.prompt_timeout", 408},
                                                     {"agent.too_many_prompts", 429},
                                                     {"agent.origin_silenced", 429},
                                                     {"agent.too_many_requests", 429},
                                                     {"agent.rate", 429},
                                                     {"agent.token_unknown", 404},
                                                     {"agent.token_slow", 504},
                                                     {"agent.key_exists", 409},
                                                     {"agent.certificate_key", 409},
                                                     {"agent.challenge_replayed", 403},
                                                     {"agent.challenge_expired", 403},
                                                     {"agent.reserved_content", 403},
                                                     {"agent.cancelled", 499},
                                                     {"agent.stream_stalled", 408},
                                                     {"agent.too_large", 413}}) {
    EXPECT_NE(text.find("`" + std::string(code) + "`"), std::string::npos) << code;
    EXPECT_EQ(problem_text({Errc::kInternal, code, {}}).status, status) << code;
  }
}

TEST(AgentParams, TellsWhichMemberIsWrong) {
  constexpr std::array<std::string_view, 5> kKnown{"token", "application", "container", "octets", "list"};
  const auto read = [&kKnown](const net::Json& json) { return Params::of(json, kKnown); };
  EXPECT_EQ(read({{"other", 1}}).error().reason, "agent.request");
  const auto params = read({{"token", "t"}, {"application", 5}, {"octets", "%%"}, {"list", {"AA==", 1}}});
  ASSERT_TRUE(params);
  EXPECT_NE(params->place().error().detail.find("application"), std::string::npos);
  EXPECT_NE(params->octets("octets").error().detail.find("octets"), std::string::npos);
  EXPECT_EQ(params->texts("list").error().reason, "agent.request");
  EXPECT_EQ(params->text("container").error().reason, "agent.request");
  EXPECT_EQ(params->number("token", 1, 2).error().reason, "agent.request");
}

TEST(UsedNoncesTest, EachIsGoodOnceNearItsTime) {
  UsedNonces nonces(std::chrono::seconds(300));
  const Time now{std::chrono::seconds(1'800'000'000)};
  const Bytes nonce(16, 1);
  EXPECT_EQ(nonces.use(nonce, now - std::chrono::seconds(301), now).error().reason,
            "agent.challenge_expired");
  EXPECT_EQ(nonces.use(nonce, now + std::chrono::seconds(301), now).error().reason,
            "agent.challenge_expired");
  EXPECT_TRUE(nonces.use(nonce, now, now));
  EXPECT_EQ(nonces.use(nonce, now, now).error().reason, "agent.challenge_replayed");
  EXPECT_EQ(nonces.use(nonce, now, now + std::chrono::seconds(300)).error().reason,
            "agent.challenge_replayed");
  EXPECT_TRUE(nonces.use(Bytes(16, 2), now, now));
}

}  // namespace
}  // namespace hutong::agent
