#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/vector_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/internal/transport.h"
#include "net/web_socket.h"

namespace hutong::net::internal {

// What Beast's WebSocket asks of the stream below it, found by the type of the stream.
void beast_close_socket(Transport& transport);
void teardown(boost::beast::role_type role, Transport& transport, boost::beast::error_code& error);
template <typename Handler>
void async_teardown(boost::beast::role_type /*role*/, Transport& transport, Handler&& handler) {
  transport.close();
  boost::asio::post(transport.get_executor(),
                    boost::beast::bind_front_handler(std::forward<Handler>(handler), Transport::ErrorCode()));
}

/// A connection after its upgrade. Lives as long as an operation holds it, and holds the connection whose
/// transport it speaks through; everything runs on the transport's strand.
class SocketSession final : public WebSocket, public std::enable_shared_from_this<SocketSession> {
 public:
  using Upgrade = boost::beast::http::request<boost::beast::http::vector_body<std::uint8_t>>;
  SocketSession(std::shared_ptr<void> connection, Transport& transport, SocketWelcome welcome);
  SocketSession(const SocketSession&) = delete;
  SocketSession& operator=(const SocketSession&) = delete;
  ~SocketSession() override = default;

  void start(const Upgrade& upgrade);
  void send_text(std::string text) override;
  void send_binary(Bytes octets) override;
  void close(CloseCode code, std::string_view reason) override;
  std::size_t waiting() const override { return waiting_; }

 private:
  using ErrorCode = Transport::ErrorCode;
  struct Frame {
    bool is_text;
    std::string text;
    Bytes octets;
    std::size_t size() const { return is_text ? text.size() : octets.size(); }
  };
  void queue(Frame frame);
  void read();
  void on_message(ErrorCode error);
  void write();
  void on_written(ErrorCode error);
  void begin_close(CloseCode code, const std::string& reason);
  void end();

  std::shared_ptr<void> connection_;
  boost::beast::websocket::stream<Transport&> stream_;
  SocketWelcome welcome_;
  boost::beast::flat_buffer buffer_;
  std::deque<Frame> frames_;  ///< the first is being written while `writing_`
  std::atomic<std::size_t> waiting_{0};
  std::optional<boost::beast::websocket::close_reason> closing_;
  bool writing_ = false;
  bool ended_ = false;
};

}  // namespace hutong::net::internal
