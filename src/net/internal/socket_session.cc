#include "net/internal/socket_session.h"

#include <boost/asio/post.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <chrono>
#include <utility>

#include "net/log.h"

namespace hutong::net::internal {
namespace {

namespace ws_asio = boost::asio;
namespace websocket = boost::beast::websocket;

constexpr std::chrono::seconds kHandshakeTime{5};  ///< also for the peer's answer to a close
constexpr std::chrono::seconds kIdleTime{60};      ///< after half of it a ping asks whether the peer is there
constexpr std::size_t kWritePiece = std::size_t{64} << 10;

}  // namespace

void beast_close_socket(Transport& transport) { transport.close(); }

void teardown(boost::beast::role_type /*role*/, Transport& transport, boost::beast::error_code& error) {
  transport.close();
  error = {};
}

SocketSession::SocketSession(std::shared_ptr<void> connection, Transport& transport, SocketWelcome welcome)
    : connection_(std::move(connection)), stream_(transport), welcome_(std::move(welcome)) {
  transport.expires_never();
  websocket::stream_base::timeout times{};
  times.handshake_timeout = kHandshakeTime;
  times.idle_timeout = kIdleTime;
  times.keep_alive_pings = true;
  stream_.set_option(times);
  stream_.set_option(websocket::stream_base::decorator(
      [subprotocol = welcome_.subprotocol](websocket::response_type& answer) {
        if (!subprotocol.empty()) {
          answer.set(boost::beast::http::field::sec_websocket_protocol, subprotocol);
        }
      }));
  stream_.read_message_max(welcome_.message_limit);
  stream_.write_buffer_bytes(kWritePiece);
}

void SocketSession::start(const Upgrade& upgrade) {
  stream_.async_accept(upgrade, [self = shared_from_this()](ErrorCode error) {
    self->welcome_.listener->on_open(self);
    if (error) {
      self->end();
    } else {
      self->read();
    }
  });
}

void SocketSession::send_text(std::string text) {
  queue({.is_text = true, .text = std::move(text), .octets = {}});
}

void SocketSession::send_binary(Bytes octets) {
  queue({.is_text = false, .text = {}, .octets = std::move(octets)});
}

void SocketSession::close(CloseCode code, std::string_view reason) {
  ws_asio::post(stream_.get_executor(), [self = shared_from_this(), code, reason = std::string(reason)] {
    self->begin_close(code, reason);
  });
}

void SocketSession::queue(Frame frame) {
  waiting_ += frame.size();
  ws_asio::post(stream_.get_executor(), [self = shared_from_this(), frame = std::move(frame)]() mutable {
    if (self->ended_ || self->closing_) {
      self->waiting_ -= frame.size();
      return;
    }
    self->frames_.push_back(std::move(frame));
    if (self->waiting_ > self->welcome_.most_waiting) {
      self->begin_close(CloseCode::kPolicy, "too slow");
    } else if (!self->writing_) {
      self->write();
    }
  });
}

void SocketSession::read() {
  stream_.async_read(buffer_,
                     [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_message(error); });
}

void SocketSession::on_message(ErrorCode error) {
  if (error || ended_) {
    if (error && error != websocket::error::closed && is_logged(LogLevel::kInfo)) {
      log(LogLevel::kInfo, "socket.ended", {{"what", error.message()}});
    }
    end();
    return;
  }
  const auto data = buffer_.cdata();
  const ByteView octets(static_cast<const std::uint8_t*>(data.data()), data.size());
  if (!closing_) {
    stream_.got_text() ? welcome_.listener->on_text(as_text(octets)) : welcome_.listener->on_binary(octets);
  }
  buffer_.consume(buffer_.size());
  read();
}

void SocketSession::write() {
  writing_ = true;
  const Frame& frame = frames_.front();
  stream_.text(frame.is_text);
  const auto octets = frame.is_text ? ws_asio::buffer(frame.text) : ws_asio::buffer(frame.octets);
  stream_.async_write(octets,
                      [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_written(error); });
}

void SocketSession::on_written(ErrorCode error) {
  writing_ = false;
  waiting_ -= frames_.front().size();
  frames_.pop_front();
  if (error) {
    end();
  } else if (closing_) {
    begin_close(CloseCode::kNormal, {});
  } else if (!frames_.empty()) {
    write();
  }
}

/// A frame that is under way is finished first; those behind it are dropped. A peer that does not take it
/// runs into the idle time.
void SocketSession::begin_close(CloseCode code, const std::string& reason) {
  if (ended_) {
    return;
  }
  if (!closing_) {
    closing_.emplace(static_cast<websocket::close_code>(code), reason);
  }
  if (!writing_) {
    writing_ = true;  // nothing else is written any more
    stream_.async_close(*closing_, [self = shared_from_this()](ErrorCode) { self->end(); });
  }
}

void SocketSession::end() {
  if (std::exchange(ended_, true)) {
    return;
  }
  boost::beast::get_lowest_layer(stream_).close();
  welcome_.listener->on_closed();
  welcome_.listener.reset();
}

}  // namespace hutong::net::internal
