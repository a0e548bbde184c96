#include <gtest/gtest.h>

#include <boost/asio/write.hpp>
#include <random>

#include "agent/frame.h"
#include "agent/test_page.h"

namespace hutong::agent::test {
namespace {

constexpr const char* kStranger = "https://stranger.example";

class HostilePage : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    agent_ = std::make_unique<RunningAgent>(RunningAgent::Options{.allowed = {kShop}});
  }
  static void TearDownTestSuite() { agent_.reset(); }
  void SetUp() override { agent_->answer_with({}); }
  /// It still serves the good page.
  void TearDown() override {
    ASSERT_TRUE(agent_->alive());
    Page page(agent_->port(), kShop);
    EXPECT_EQ(page.call("hello").at("allowed"), true);
  }
  static std::string upgrade(const std::string& host, const std::string& more) {
    return ask_http(agent_->port(),
                    "GET /agent/v1 HTTP/1.1\r\nHost: " + host +
                        "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                        more + "\r\n");
  }
  static std::string here() { return "127.0.0.1:" + std::to_string(agent_->port()); }
  static std::uint64_t refused(const std::string& code) {
    Page page(agent_->port(), kShop);
    const Json counters = page.call("status").at("refused");
    return counters.contains(code) ? counters.at(code).get<std::uint64_t>() : 0;
  }

  static std::unique_ptr<RunningAgent> agent_;
};
std::unique_ptr<RunningAgent> HostilePage::agent_;

TEST_F(HostilePage, OfAWrongOriginIsRefusedBeforeTheUpgrade) {
  const std::string subprotocol = "Sec-WebSocket-Protocol: hutong.agent.v1\r\n";
  const auto code = [](const std::string& answer) {
    return answer.starts_with("HTTP/1.1 403 ") ? answer.substr(answer.find("\"code\":")) : answer;
  };
  EXPECT_TRUE(code(upgrade("evil.example", subprotocol + "Origin: https://a.cn\r\n"))
                  .starts_with("\"code\":\"agent.host"));
  EXPECT_TRUE(code(upgrade(here(), subprotocol)).starts_with("\"code\":\"agent.origin_missing"));
  for (const std::string origin : {"null", "http://shop.example", "https://shop.example.", "file://"}) {
    if (origin != "https://shop.example.") {
      EXPECT_TRUE(code(upgrade(here(), subprotocol + "Origin: " + origin + "\r\n"))
                      .starts_with("\"code\":\"agent.origin_refused"))
          << origin;
    }
  }
  EXPECT_TRUE(upgrade(here(), "Origin: https://a.cn\r\n").starts_with("HTTP/1.1 400 "));
  EXPECT_GE(refused("agent.origin_refused"), 3U);
}

TEST_F(HostilePage, ReadsTheStatusOnlyAsMuchAsItMay) {
  const std::string good =
      ask_http(agent_->port(), "GET /agent/v1/status HTTP/1.1\r\nHost: " + here() +
                                   "\r\nOrigin: https://a.cn\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(good.starts_with("HTTP/1.1 200 ")) << good;
  EXPECT_NE(good.find("Access-Control-Allow-Origin: https://a.cn"), std::string::npos);
  EXPECT_NE(good.find(R"({"program":"hutong-agent","version":")"), std::string::npos);
  const std::string preflight = ask_http(
      agent_->port(), "OPTIONS /agent/v1 HTTP/1.1\r\nHost: " + here() +
                          "\r\nOrigin: https://a.cn\r\nAccess-Control-Request-Method: GET\r\n"
                          "Access-Control-Request-Private-Network: true\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(preflight.starts_with("HTTP/1.1 204 ")) << preflight;
  EXPECT_NE(preflight.find("Access-Control-Allow-Private-Network: true"), std::string::npos);
  const std::string bad =
      ask_http(agent_->port(), "OPTIONS /agent/v1 HTTP/1.1\r\nHost: " + here() +
                                   "\r\nOrigin: http://a.cn\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(bad.starts_with("HTTP/1.1 403 ")) << bad;
  EXPECT_EQ(bad.find("Access-Control-Allow"), std::string::npos);
}

TEST_F(HostilePage, ThatIsNotAllowedGetsNothing) {
  Page page(agent_->port(), kStranger);
  EXPECT_EQ(page.call("hello").at("allowed"), false);
  EXPECT_FALSE(page.call("status").contains("logins"));
  for (const char* method :
       {"tokens.list", "certificates.list", "random", "logout", "digest", "certificate.info"}) {
    EXPECT_EQ(page.refusal(method), "agent.origin_not_allowed") << method;
  }
  EXPECT_EQ(page.refusal("login", {{"token", "t"}, {"application", "a"}}, "p"), "agent.origin_not_allowed");
  EXPECT_EQ(page.refusal("no.such"), "agent.method");
}

TEST_F(HostilePage, IsLetInByTheUserOnly) {
  const std::string origin = "https://consent.example";
  Page page(agent_->port(), origin);
  EXPECT_EQ(page.refusal("origin.request"), "agent.purpose");
  agent_->refuse_confirmations(true);
  EXPECT_EQ(page.refusal("origin.request", Json::object(), "use"), "agent.refused_by_user");
  EXPECT_EQ(page.refusal("origin.request", Json::object(), "use"), "agent.refused_by_user");
  EXPECT_EQ(page.refusal("origin.request", Json::object(), "use"), "agent.refused_by_user");
  agent_->refuse_confirmations(false);
  EXPECT_EQ(page.refusal("origin.request", Json::object(), "use"), "agent.origin_silenced");
  Page other(agent_->port(), "https://other.example");
  EXPECT_EQ(other.call("origin.request", Json::object(), "use").at("allowed"), true);
  EXPECT_NE(agent_->shown().find("other.example"), std::string::npos);
  EXPECT_EQ(other.refusal("tokens.list"), "");
}

TEST_F(HostilePage, TenThousandRequestsAreRefusedAndCounted) {
  const std::uint64_t before = refused("agent.rate");
  int sent = 0;
  while (sent < 10'000) {
    Page page(agent_->port(), kStranger);
    try {
      for (; sent < 10'000; ++sent) {
        page.send_text(R"({"id":1,"method":"tokens.list"})");
      }
    } catch (const std::exception&) {
      ++sent;  // the agent closed
    }
    EXPECT_EQ(page.closed(), 1008U);
  }
  EXPECT_GE(refused("agent.rate"), before + 1'000);
}

TEST_F(HostilePage, ConnectionsAreCounted) {
  std::vector<std::unique_ptr<Page>> pages;
  for (int i = 0; i < 8; ++i) {
    pages.push_back(std::make_unique<Page>(agent_->port(), kStranger));
  }
  const std::string ninth = upgrade(
      here(), std::string("Sec-WebSocket-Protocol: hutong.agent.v1\r\nOrigin: ") + kStranger + "\r\n");
  EXPECT_TRUE(ninth.starts_with("HTTP/1.1 503 ")) << ninth;
  EXPECT_NE(ninth.find("agent.too_many_connections"), std::string::npos);
}

TEST_F(HostilePage, NonsenseClosesTheConnection) {
  Page page(agent_->port(), kShop);
  for (int i = 0; i < 16; ++i) {
    page.send_text("nonsense " + std::to_string(i));
  }
  EXPECT_EQ(page.closed(), 1008U);
  Page large(agent_->port(), kShop);
  large.send_text(std::string((std::size_t{2} << 20) + 1, 'x'));
  EXPECT_EQ(large.closed(), 1009U);
}

TEST_F(HostilePage, StreamsThatBreakTheRulesCloseTheConnection) {
  Page page(agent_->port(), kShop);
  page.send_text(R"({"id":1,"method":"digest","params":{},"stream":{"size":null}})");
  page.send_octets(bare_frame(1, StreamKind::kRewind));  // nobody asked for it
  EXPECT_EQ(page.closed(), 1008U);
  Page other(agent_->port(), kShop);
  EXPECT_EQ(other.refusal("hello", Json::object()), "");
  other.send_text(R"({"id":9,"method":"hello","params":{},"stream":{"size":null}})");
  EXPECT_EQ(other.next().at("problem").at("code"), "agent.request");
  other.send_text(R"({"id":10,"method":"digest","params":{},"stream":{"size":null}})");
  other.send_octets(bare_frame(10, StreamKind::kCancel));
  EXPECT_EQ(other.next().at("problem").at("code"), "agent.cancelled");
}

TEST_F(HostilePage, RandomFramesHarmNobody) {
  std::mt19937 random(20'261'129);
  const std::vector<std::string> methods{"hello",        "tokens.list",      "digest",
                                         "sign.data",    "verify.message",   "certificate.info",
                                         "message.info", "encrypt.envelope", "random"};
  for (int round = 0; round < 40; ++round) {
    Page page(agent_->port(), kShop);
    try {
      for (int i = 0; i < 25; ++i) {
        std::string text =
            R"({"id":)" + std::to_string(random() % 5) + R"(,"method":")" +
            methods[random() % methods.size()] +
            R"(","purpose":"p","params":{"data":"AAAA","certificate":"MIIB"},"stream":{"size":3}})";
        for (unsigned changes = random() % 4; changes > 0; --changes) {
          text[random() % text.size()] = static_cast<char>(0x20 + random() % 0x5F);
        }
        page.send_text(text);
        Bytes octets(random() % 40);
        for (std::uint8_t& octet : octets) {
          octet = static_cast<std::uint8_t>(random() % 7);
        }
        page.send_octets(octets);
      }
    } catch (const std::exception&) {
      continue;  // the agent closed, as it should
    }
  }
  EXPECT_LT(agent_->peak_mebibytes(), 600U);  // the sanitizers keep a quarter of a GiB of what was freed
}

}  // namespace
}  // namespace hutong::agent::test
