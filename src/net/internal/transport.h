#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <optional>
#include <utility>

namespace hutong::net::internal {

/// A TCP connection, with or without TLS on it: one stream for Asio's and Beast's operations. Time-outs are
/// those of the TCP stream and count for whatever TLS does on it, too. Belongs to one strand.
class Transport {
 public:
  using Tcp = boost::beast::tcp_stream;
  using Tls = boost::asio::ssl::stream<Tcp&>;
  using executor_type = Tcp::executor_type;
  using ErrorCode = boost::beast::error_code;

  explicit Transport(boost::asio::ip::tcp::socket socket) : tcp_(std::move(socket)) {}
  explicit Transport(boost::asio::io_context& context) : tcp_(context) {}
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  ~Transport() = default;

  executor_type get_executor() { return tcp_.get_executor(); }
  Tcp& tcp() { return tcp_; }
  /// Null until add_tls.
  Tls* tls() { return tls_ ? &*tls_ : nullptr; }
  Tls& add_tls(boost::asio::ssl::context& context) { return tls_.emplace(tcp_, context); }

  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    tls_ ? tls_->async_read_some(buffers, std::forward<Handler>(handler))
         : tcp_.async_read_some(buffers, std::forward<Handler>(handler));
  }
  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    tls_ ? tls_->async_write_some(buffers, std::forward<Handler>(handler))
         : tcp_.async_write_some(buffers, std::forward<Handler>(handler));
  }

  void expires_after(std::chrono::steady_clock::duration time) { tcp_.expires_after(time); }
  void expires_never() { tcp_.expires_never(); }
  boost::asio::ip::tcp::socket& socket() { return tcp_.socket(); }
  /// At once, whatever is under way.
  void close() {
    ErrorCode ignored;
    socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    tcp_.close();
  }

 private:
  Tcp tcp_;
  std::optional<Tls> tls_;
};

}  // namespace hutong::net::internal
