#include "net/web_socket.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <random>
#include <thread>

#include "net/client.h"
#include "net/server.h"

namespace hutong::net {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using ClientSocket = websocket::stream<tcp::socket>;

constexpr std::size_t kMessageLimit = 100'000;

/// Sends back what it hears; "bye" makes it close, "flood" makes it send more than the other will take.
class Echo final : public SocketListener {
 public:
  explicit Echo(std::atomic<int>& open) : open_(&open) {}
  void on_open(const std::shared_ptr<WebSocket>& socket) override {
    socket_ = socket;
    ++*open_;
  }
  void on_text(std::string_view text) override {
    if (text == "bye") {
      socket_->close(CloseCode::kPolicy, "as you wish");
    } else if (text == "flood") {
      for (int i = 0; i < 1'000; ++i) {
        socket_->send_binary(Bytes(kMessageLimit));
      }
    } else {
      socket_->send_text(std::string(text));
    }
  }
  void on_binary(ByteView octets) override { socket_->send_binary(to_bytes(octets)); }
  void on_closed() override {
    socket_.reset();
    --*open_;
  }

 private:
  std::shared_ptr<WebSocket> socket_;
  std::atomic<int>* open_;
};

class WebSocketTest : public testing::Test {
 protected:
  void SetUp() override {
    router_.add({.method = Method::kGet,
                 .pattern = "/socket",
                 .weight = Weight::kLight,
                 .handler = [](const Request&) -> Result<Response> { return Response{.body = "plain"}; },
                 .socket = [this](const Request& request) { return accept(request); }});
    auto server =
        Server::listen({.stall_timeout = std::chrono::seconds(2), .grace = std::chrono::seconds(1)}, router_);
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(*server);
    thread_ = std::thread([this] { server_->run(); });
  }
  void TearDown() override {
    server_->stop();
    thread_.join();
    EXPECT_EQ(open_, 0);
  }

  Result<SocketWelcome> accept(const Request& request) {
    ++asked_;
    if (request.headers.find("origin") != "https://good.example") {
      return Error{Errc::kUnauthorized, "test.origin", "not from there"};
    }
    if (!asks_for_subprotocol(request, "echo.v1")) {
      return Error{Errc::kMalformed, "test.subprotocol", "which?"};
    }
    return SocketWelcome{.listener = std::make_shared<Echo>(open_),
                         .subprotocol = "echo.v1",
                         .message_limit = kMessageLimit,
                         .most_waiting = 10 * kMessageLimit};
  }

  ClientSocket connect() {
    ClientSocket socket(io_);
    socket.next_layer().connect({asio::ip::make_address("127.0.0.1"), server_->port()});
    return socket;
  }
  /// What the handshake said; empty when it went well.
  std::string shake_hands(ClientSocket& socket, const std::string& origin, const std::string& subprotocols) {
    socket.set_option(
        websocket::stream_base::decorator([origin, subprotocols](websocket::request_type& request) {
          request.set("Origin", origin);
          request.set("Sec-WebSocket-Protocol", subprotocols);
        }));
    boost::system::error_code error;
    websocket::response_type answer;
    socket.handshake(answer, "127.0.0.1", "/socket", error);
    chosen_ = std::string(answer["Sec-WebSocket-Protocol"]);
    return error ? error.message() : std::string();
  }
  /// The answer to a request for a WebSocket, octet by octet.
  std::string ask(const std::string& origin, const std::string& subprotocols) {
    auto socket = connect();
    asio::write(
        socket.next_layer(),
        asio::buffer("GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: " +
                     origin + "\r\nSec-WebSocket-Protocol: " + subprotocols + "\r\n\r\n"));
    return read_all(socket);
  }
  static std::string read_all(ClientSocket& socket) {
    std::string answer;
    boost::system::error_code end;
    asio::read(socket.next_layer(), asio::dynamic_buffer(answer), end);
    return answer;
  }
  ClientSocket open() {
    auto socket = connect();
    EXPECT_EQ(shake_hands(socket, "https://good.example", "other, echo.v1"), "");
    return socket;
  }
  static std::string read(ClientSocket& socket) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    socket.read(buffer, error);
    return error ? "closed: " + error.message() : boost::beast::buffers_to_string(buffer.data());
  }
  /// Reads until the other side closes.
  static void drain(ClientSocket& socket) {
    boost::system::error_code error;
    while (!error) {
      boost::beast::flat_buffer buffer;
      socket.read(buffer, error);
    }
  }
  void wait_until_closed() const {
    for (int i = 0; i < 500 && open_ != 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(open_, 0);
  }

  Router router_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
  asio::io_context io_;
  std::atomic<int> open_{0};
  std::atomic<int> asked_{0};
  std::string chosen_;
};

TEST_F(WebSocketTest, CarriesTextAndOctetsInOrder) {
  auto socket = open();
  EXPECT_EQ(chosen_, "echo.v1");
  for (int i = 0; i < 100; ++i) {
    socket.text(true);
    socket.write(asio::buffer("number " + std::to_string(i)));
  }
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(read(socket), "number " + std::to_string(i));
    ASSERT_TRUE(socket.got_text());
  }
  const std::string octets(kMessageLimit, '\x9c');
  socket.binary(true);
  socket.write(asio::buffer(octets));
  EXPECT_EQ(read(socket), octets);
  EXPECT_FALSE(socket.got_text());
  socket.close(websocket::close_code::normal);
  wait_until_closed();
}

TEST_F(WebSocketTest, RefusesBeforeTheUpgrade) {
  auto elsewhere = connect();
  EXPECT_NE(shake_hands(elsewhere, "https://bad.example", "echo.v1"), "");
  const std::string origin = ask("https://bad.example", "echo.v1");
  EXPECT_TRUE(origin.starts_with("HTTP/1.1 403 ")) << origin;
  EXPECT_NE(origin.find("\"code\":\"test.origin\""), std::string::npos) << origin;
  const std::string subprotocol = ask("https://good.example", "echo.v2, echo.v10");
  EXPECT_TRUE(subprotocol.starts_with("HTTP/1.1 400 ")) << subprotocol;
  EXPECT_EQ(open_, 0);
}

TEST_F(WebSocketTest, WelcomesNobodyWhoSpeaksTooEarly) {
  const std::string answer = ask("https://good.example", "echo.v1\r\n\r\ntoo early");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
  EXPECT_NE(answer.find("http.upgrade"), std::string::npos) << answer;
  EXPECT_EQ(asked_, 0) << "a listener that is never told of its end would be counted for ever";
}

TEST_F(WebSocketTest, LeavesOtherRequestsToTheHandler) {
  auto socket = connect();
  const std::string request = "GET /socket HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  asio::write(socket.next_layer(), asio::buffer(request));
  const std::string answer = read_all(socket);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
  EXPECT_TRUE(answer.ends_with("plain")) << answer;
}

TEST_F(WebSocketTest, ClosesWithAReason) {
  auto socket = open();
  socket.write(asio::buffer(std::string("bye")));
  drain(socket);
  EXPECT_EQ(socket.reason().code, websocket::close_code::policy_error);
  EXPECT_EQ(std::string(socket.reason().reason.c_str()), "as you wish");
  wait_until_closed();
}

TEST_F(WebSocketTest, RefusesMessagesAboveTheLimit) {
  auto socket = open();
  boost::system::error_code ignored;
  socket.write(asio::buffer(std::string(kMessageLimit + 1, 'x')), ignored);
  drain(socket);
  EXPECT_EQ(socket.reason().code, websocket::close_code::too_big);
  wait_until_closed();
}

TEST_F(WebSocketTest, GivesUpOnAPeerThatDoesNotRead) {
  auto socket = open();
  socket.write(asio::buffer(std::string("flood")));
  drain(socket);
  EXPECT_EQ(socket.reason().code, websocket::close_code::policy_error);
  wait_until_closed();
}

TEST_F(WebSocketTest, SurvivesGarbage) {
  std::mt19937 random(20'261'129);
  for (int i = 0; i < 200; ++i) {
    auto socket = open();
    std::string garbage(1 + random() % 500, '\0');
    for (char& octet : garbage) {
      octet = static_cast<char>(random());
    }
    boost::system::error_code ignored;
    asio::write(socket.next_layer(), asio::buffer(garbage), ignored);
    socket.next_layer().shutdown(tcp::socket::shutdown_both, ignored);
  }
  wait_until_closed();
  auto socket = open();
  socket.text(true);
  socket.write(asio::buffer(std::string("still there")));
  EXPECT_EQ(read(socket), "still there");
  socket.close(websocket::close_code::normal);
  wait_until_closed();
}

TEST_F(WebSocketTest, SaysGoodbyeWhenTheServerStops) {
  auto socket = open();
  server_->stop();
  drain(socket);
  EXPECT_EQ(socket.reason().code, websocket::close_code::going_away);
}

TEST_F(WebSocketTest, StopsThoughAPeerSaysNothing) {
  auto silent = open();
  const auto began = std::chrono::steady_clock::now();
  server_->stop();
  thread_.join();
  thread_ = std::thread([] {});
  EXPECT_EQ(open_, 0) << "the listener heard of it";
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60));
}

}  // namespace
}  // namespace hutong::net
