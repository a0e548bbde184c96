#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/vector_body.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "net/internal/shared.h"
#include "net/internal/socket_session.h"
#include "net/internal/transport.h"

namespace hutong::net::internal {

/// One client. Lives as long as an operation holds it; everything but the handler runs on its strand. The
/// order of events: (TLS handshake), header, (body), handler, answer, and again from the header on until
/// somebody wants to close.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, Shared& shared);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void start();
  /// The server stops: closes unless a request is being read or answered. From any thread.
  void close_when_idle();
  /// Whatever is under way ends with an error. From any thread.
  void cut();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::vector_body<std::uint8_t>>;
  using ErrorCode = boost::beast::error_code;
  enum class After { kKeepAlive, kClose, kLinger };

  void shake_hands();
  void begin_tls();
  void give_up_on_tls(ErrorCode error);
  void read_header();
  void on_header(ErrorCode error);
  /// Fills request_ and match_ from the header; an Error is answered at once.
  Status accept_header();
  void continue_then_read_body();
  void read_body();
  void on_body_octets(ErrorCode error);
  Status account_for_body();
  void handle();
  /// Turns into a WebSocket, or refuses to.
  void upgrade();
  void run_on_worker();
  void refuse(const Error& error, After after);
  void answer(Response response, After after);
  std::size_t may_write_more(ErrorCode error);
  void on_answered(ErrorCode error, After after);
  void linger();
  void linger_on(std::size_t left);
  void say_goodbye();
  void close();
  void forget_body();
  void record(const Response& response);
  void log_request(const Response& response, std::chrono::microseconds duration, std::size_t octets_out);

  Transport stream_;
  Shared* shared_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Request request_;
  std::shared_ptr<Serving> serving_;  ///< of the request under way
  Router::Match match_{};
  bool is_quick_ = false;  ///< a quick handler answered
  std::string remote_;
  Bytes client_certificate_;
  std::chrono::steady_clock::time_point started_;
  std::size_t accounted_ = 0;  ///< octets of our body counted in shared_->body_octets
  std::size_t octets_in_ = 0;
  bool idle_ = true;
  std::weak_ptr<SocketSession> socket_;  ///< after an upgrade
  std::string header_out_;
  Response response_;
};

}  // namespace hutong::net::internal
