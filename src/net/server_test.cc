#include "net/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "net/client.h"
#include "net/json.h"
#include "net/log.h"
#include "net/ulid.h"

namespace hutong::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;
const std::string kHost = "127.0.0.1";

/// A server with routes that echo, wait, fail and throw.
class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    add(Method::kPost, "/echo", Weight::kHeavy, [](const Request& request) -> Result<Response> {
      return Response{.content_type = "text/plain", .body = std::string(as_text(request.body))};
    });
    add(Method::kGet, "/wait", Weight::kHeavy, [](const Request&) -> Result<Response> {
      std::this_thread::sleep_for(milliseconds(400));
      return Response{.body = "done"};
    });
    add(Method::kGet, "/light", Weight::kLight, [](const Request& request) -> Result<Response> {
      return Response{.body = request.id, .headers = {{"X-Bad", "a\r\nSet-Cookie: x"}}};
    });
    add(Method::kGet, "/fail", Weight::kHeavy, [](const Request&) -> Result<Response> {
      return Error{Errc::kNotFound, "thing.missing", "no thing"};
    });
    add(Method::kGet, "/throw", Weight::kHeavy,
        [](const Request&) -> Result<Response> { throw std::runtime_error("secret"); });
    options_.header_timeout = seconds(1);
    options_.stall_timeout = seconds(1);
    options_.linger_timeout = seconds(3);
    options_.workers = 2;
  }
  void TearDown() override { stop(); }

  void add(Method method, std::string pattern, Weight weight, Handler handler) {
    router_.add({.method = method,
                 .pattern = std::move(pattern),
                 .weight = weight,
                 .body_limit = method == Method::kPost ? kLimit : 0,
                 .handler = std::move(handler)});
  }
  void start() {
    auto server = Server::listen(options_, router_, [this](const RequestRecord& record) {
      const std::lock_guard lock(mutex_);
      records_.push_back(record);
    });
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(*server);
    thread_ = std::thread([this] { server_->run(); });
  }
  void stop() {
    if (thread_.joinable()) {
      server_->stop();
      thread_.join();
    }
  }
  ClientResponse fetch_ok(const ClientRequest& request) {
    auto response = fetch(kHost, server_->port(), request);
    EXPECT_TRUE(response) << response.error().detail;
    return response ? *response : ClientResponse{};
  }
  ClientResponse get(std::string target) { return fetch_ok({.target = std::move(target)}); }
  std::string raw(std::string_view octets, AfterSending after = AfterSending::kKeepOpen) {
    auto answer = exchange_raw(kHost, server_->port(), octets, after);
    return answer ? *answer : "error: " + answer.error().detail;
  }
  static std::string code(const std::string& body) {
    const auto json = parse_json(body);
    return json && json->is_object() ? json->value("code", "") : "";
  }

  static constexpr std::size_t kLimit = 1 << 20;
  Router router_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
  std::mutex mutex_;
  std::vector<RequestRecord> records_;
};

TEST_F(ServerTest, EchoesBodies) {
  start();
  const std::string body(kLimit, 'x');
  EXPECT_EQ(fetch_ok({.method = Method::kPost, .target = "/echo", .body = body}).body, body);
  const auto chunked =
      raw("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
          "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_TRUE(chunked.ends_with("\r\n\r\nabcde")) << chunked;
}

TEST_F(ServerTest, AnswersCarryIdAndSecurityHeaders) {
  start();
  const auto response = get("/light");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("x-request-id"), response.body);
  EXPECT_TRUE(is_ulid(response.body));
  EXPECT_EQ(response.headers.find("x-content-type-options"), "nosniff");
  EXPECT_NE(response.headers.find("content-security-policy")->find("frame-ancestors 'none'"),
            std::string::npos);
  EXPECT_NE(
      response.headers.find("content-security-policy")->find("connect-src 'self' https://127.0.0.1:* wss:"),
      std::string::npos)
      << "pages reach the token agent of their machine";
  EXPECT_FALSE(response.headers.find("x-bad")) << "a header value with a line break is dropped";
  EXPECT_FALSE(response.headers.find("set-cookie"));
}

TEST_F(ServerTest, AQuickHandlerIsTriedBeforeTheQueue) {
  router_.add({.method = Method::kPost,
               .pattern = "/quick",
               .weight = Weight::kHeavy,
               .body_limit = kLimit,
               .handler = [](const Request&) -> Result<Response> { return Response{.body = "slow"}; },
               .quick = [](const Request& request) -> std::optional<Response> {
                 if (request.body.empty()) {
                   return std::nullopt;
                 }
                 if (request.body.size() > 1) {
                   throw std::runtime_error("secret");
                 }
                 return Response{.body = "quick"};
               }});
  testing::internal::CaptureStderr();
  start();
  const auto post = [&](std::string body) {
    return fetch_ok({.method = Method::kPost, .target = "/quick", .body = std::move(body)});
  };
  EXPECT_EQ(post("").body, "slow");
  EXPECT_EQ(post("x").body, "quick");
  EXPECT_EQ(post("y").body, "quick");
  EXPECT_EQ(post("zz").status, 500);
  stop();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(records_.size(), 4U) << "the observer hears of each";
  EXPECT_NE(log.find(R"("event":"http.requests")"), std::string::npos) << log;
  EXPECT_NE(log.find(R"("requests":2)"), std::string::npos) << log;
  std::size_t lines = 0;
  for (auto at = log.find("\"http.request\""); at != std::string::npos;
       at = log.find("\"http.request\"", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, 2U) << log;
}

TEST_F(ServerTest, TheLogLevelDecidesWhatIsWritten) {
  EXPECT_EQ(log_level_from("warning").value(), LogLevel::kWarning);
  EXPECT_EQ(log_level_from("loud").error().reason, "log.level");
  testing::internal::CaptureStderr();
  set_log_level(LogLevel::kError);
  start();
  EXPECT_EQ(get("/light").status, 200);
  EXPECT_EQ(get("/throw").status, 500);
  stop();
  set_log_level(LogLevel::kInfo);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(log.find("/light"), std::string::npos) << log;
  EXPECT_NE(log.find("/throw"), std::string::npos) << log;
}

TEST_F(ServerTest, ErrorsBecomeProblems) {
  start();
  const auto failed = get("/fail");
  EXPECT_EQ(failed.status, 404);
  EXPECT_EQ(code(failed.body), "thing.missing");
  EXPECT_NE(failed.body.find(std::string(*failed.headers.find("x-request-id"))), std::string::npos);
  const auto thrown = get("/throw");
  EXPECT_EQ(thrown.status, 500);
  EXPECT_EQ(code(thrown.body), "internal");
  EXPECT_EQ(thrown.body.find("secret"), std::string::npos);
  EXPECT_EQ(get("/nothing").status, 404);
  EXPECT_EQ(get("/echo").status, 405);
  EXPECT_EQ(get("/light").status, 200);
}

TEST_F(ServerTest, HeadHasTheLengthButNoBody) {
  start();
  const auto head = fetch_ok({.method = Method::kHead, .target = "/light"});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.find("content-length"), "26");
  EXPECT_TRUE(head.body.empty());
}

TEST_F(ServerTest, ABodyThatIsSharedIsSentAndLetGo) {
  const auto kept = std::make_shared<const Bytes>(Bytes(3 << 20, 'x'));
  add(Method::kGet, "/kept", Weight::kHeavy,
      [kept](const Request&) -> Result<Response> { return Response{.shared_body = kept}; });
  start();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(get("/kept").body, as_text(*kept));
  }
  const auto head = fetch_ok({.method = Method::kHead, .target = "/kept"});
  EXPECT_EQ(head.headers.find("content-length"), std::to_string(kept->size()));
  EXPECT_TRUE(head.body.empty());
  EXPECT_GT(records_.at(0).octets_out, kept->size());
  stop();
  EXPECT_EQ(kept.use_count(), 2) << "the test's and the route's";
}

/// Twice as long as a client may stand still.
TEST_F(ServerTest, WhoTakesALargeAnswerSlowlyGetsItWhole) {
  const auto large = std::make_shared<const Bytes>(Bytes(24 << 20, 'x'));
  add(Method::kGet, "/large", Weight::kHeavy,
      [large](const Request&) -> Result<Response> { return Response{.shared_body = large}; });
  start();
  const int client = ::socket(AF_INET, SOCK_STREAM, 0);
  const int small = 65'536;
  ::setsockopt(client, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server_->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  constexpr std::string_view kAsk = "GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  ASSERT_EQ(::send(client, kAsk.data(), kAsk.size(), 0), static_cast<ssize_t>(kAsk.size()));
  std::vector<char> piece(large->size() / 40);
  std::size_t received = 0;
  const auto begun = SteadyClock::now();
  for (ssize_t got = 1; got > 0; received += static_cast<std::size_t>(got)) {
    got = ::recv(client, piece.data(), piece.size(), MSG_WAITALL);
    std::this_thread::sleep_for(milliseconds(50));
  }
  ::close(client);
  EXPECT_GT(received, large->size());
  EXPECT_GT(SteadyClock::now() - begun, milliseconds(1'900));
}

TEST_F(ServerTest, OtherRoutesTakeOverAndRequestsUnderWayEndWithTheFormerOnes) {
  start();
  const auto routes = [](const std::string& name, milliseconds pause) {
    auto router = std::make_shared<Router>();
    router->add({.method = Method::kGet,
                 .pattern = "/who",
                 .weight = Weight::kHeavy,
                 .body_limit = 0,
                 .handler = [name, pause](const Request&) -> Result<Response> {
                   std::this_thread::sleep_for(pause);
                   return Response{.body = name};
                 }});
    return router;
  };
  auto former = routes("former", milliseconds(400));
  const std::weak_ptr<Router> watched = former;
  server_->serve(std::move(former));
  auto under_way = std::async(std::launch::async, [this] { return get("/who").body; });
  std::this_thread::sleep_for(milliseconds(100));
  server_->serve(routes("next", milliseconds(0)));
  EXPECT_EQ(get("/who").body, "next");
  EXPECT_FALSE(watched.expired());
  EXPECT_EQ(under_way.get(), "former");
  for (int i = 0; i < 100 && !watched.expired(); ++i) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_TRUE(watched.expired()) << "nobody needs them any more";
  EXPECT_EQ(get("/light").status, 404);
}

TEST_F(ServerTest, KeepsConnectionsAlive) {
  start();
  const std::string one = "GET /fail HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string last = "GET /light HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string answers = raw(one + one + last);
  EXPECT_NE(answers.find("HTTP/1.1 200 OK"), std::string::npos);
  std::size_t refused = 0;
  for (auto at = answers.find("HTTP/1.1 404"); at != std::string::npos;
       at = answers.find("HTTP/1.1 404", at + 1)) {
    ++refused;
  }
  EXPECT_EQ(refused, 2U);
}

TEST_F(ServerTest, AnEarlyAnswerReachesAClientThatIsStillSending) {
  start();
  const auto response =
      fetch_ok({.method = Method::kPost, .target = "/echo", .body = std::string(40 << 20, 'x')});
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(code(response.body), "upload.too_large");
  std::string chunks = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) {
    chunks += "10000\r\n" + std::string(0x10000, 'y') + "\r\n";
  }
  const auto chunked = raw(chunks, AfterSending::kHalfClose);
  EXPECT_TRUE(chunked.starts_with("HTTP/1.1 413 ")) << chunked.substr(0, 100);
}

TEST_F(ServerTest, RefusesAnEmptyPromise) {
  start();
  const auto answer = raw("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999999999\r\n\r\n",
                          AfterSending::kHalfClose);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << answer;
}

TEST_F(ServerTest, SaysContinueWhenAsked) {
  start();
  const auto answer =
      raw("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: "
          "2\r\n\r\nhi");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")) << answer;
}

TEST_F(ServerTest, RefusesBrokenHttp) {
  start();
  for (const std::string bad :
       {"hello\r\n\r\n", "GET\r\n\r\n", "GET /light HTTP/9.9\r\n\r\n",
        "GET /light HTTP/1.1\r\nbad header\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01"}) {
    const auto answer = raw(bad, AfterSending::kHalfClose);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ") || answer.empty() || answer.starts_with("error: "))
        << answer;
    EXPECT_EQ(answer.find("HTTP/1.1 5"), std::string::npos);
  }
  EXPECT_TRUE(raw("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(
      raw("GET /light HTTP/1.1\r\nA: " + std::string(20'000, 'a') + "\r\n\r\n", AfterSending::kHalfClose)
          .starts_with("HTTP/1.1 431 "));
  EXPECT_EQ(get("/light").status, 200);
}

TEST_F(ServerTest, SlowClientsAreCutOff) {
  start();
  const auto before = SteadyClock::now();
  EXPECT_EQ(raw("GET /light HT"), "");
  EXPECT_EQ(raw("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"), "");
  EXPECT_GE(SteadyClock::now() - before, milliseconds(1900));
  EXPECT_LT(SteadyClock::now() - before, seconds(6));
}

TEST_F(ServerTest, HeavyWorkDoesNotHoldUpLightWork) {
  start();
  std::vector<std::future<int>> heavy;
  for (int i = 0; i < 8; ++i) {
    heavy.push_back(std::async(std::launch::async, [this] { return get("/wait").status; }));
  }
  std::this_thread::sleep_for(milliseconds(100));
  const auto before = SteadyClock::now();
  EXPECT_EQ(get("/light").status, 200);
  EXPECT_LT(SteadyClock::now() - before, milliseconds(300));
  for (auto& one : heavy) {
    EXPECT_EQ(one.get(), 200);
  }
}

TEST_F(ServerTest, AFullQueueSaysSo) {
  options_.queue = 1;
  start();
  std::vector<std::future<int>> heavy;
  for (int i = 0; i < 8; ++i) {
    heavy.push_back(std::async(std::launch::async, [this] { return get("/wait").status; }));
  }
  int busy = 0;
  for (auto& one : heavy) {
    const int status = one.get();
    EXPECT_TRUE(status == 200 || status == 503) << status;
    busy += status == 503 ? 1 : 0;
  }
  EXPECT_GT(busy, 0);
}

TEST_F(ServerTest, BodiesShareABoundedMemory) {
  options_.body_memory = kLimit / 2;
  start();
  const auto response =
      fetch_ok({.method = Method::kPost, .target = "/echo", .body = std::string(kLimit, 'x')});
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(code(response.body), "server.busy");
  EXPECT_EQ(fetch_ok({.method = Method::kPost, .target = "/echo", .body = "small"}).body, "small")
      << "the refused body was given back";
}

TEST_F(ServerTest, StoppingLetsRequestsFinish) {
  start();
  auto waiting = std::async(std::launch::async, [this] { return get("/wait").body; });
  std::this_thread::sleep_for(milliseconds(100));
  const auto port = server_->port();
  stop();
  EXPECT_EQ(waiting.get(), "done");
  EXPECT_FALSE(fetch(kHost, port, {.target = "/light"}, seconds(1)));
}

TEST_F(ServerTest, TellsTheObserver) {
  start();
  get("/fail");
  fetch_ok({.method = Method::kPost, .target = "/echo", .body = "12345"});
  stop();
  ASSERT_EQ(records_.size(), 2U);
  EXPECT_EQ(records_[0].route, "/fail");
  EXPECT_EQ(records_[0].problem_code, "thing.missing");
  EXPECT_EQ(records_[1].status, 200);
  EXPECT_GT(records_[1].octets_in, 5U);
}

TEST_F(ServerTest, ATakenAddressIsAnError) {
  start();
  auto second = options_;
  second.port = server_->port();
  EXPECT_EQ(Server::listen(second, router_).error().reason, "server.listen");
  second.address = "not an address";
  EXPECT_EQ(Server::listen(second, router_).error().reason, "server.listen");
}

}  // namespace
}  // namespace hutong::net
