#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "net/client.h"
#include "net/internal/transport.h"

namespace hutong::net::internal {

/// One blocking connection of a client. Time-outs work for asynchronous operations only, so every step is
/// started and run to its end here.
class Link {
 public:
  using Duration = std::chrono::milliseconds;
  explicit Link(Duration connect_timeout) : transport_(io_) { allow(connect_timeout); }

  /// kUnavailable "client.resolve", "client.connect". The resolver's own patience may add to ours.
  Status connect(const std::string& host, std::uint16_t port);
  /// kUnavailable "client.tls".
  Status shake_hands(const ClientTls& tls, const std::string& host);
  /// For all steps from here on, together.
  void allow(Duration time);
  /// A failure is told by receive: the server may have answered early and then closed.
  void send(std::string_view octets);
  /// Reads one answer. kUnavailable "client.transfer", "client.tls"; kLimit "client.too_large".
  Result<ClientResponse> receive(Method asked, std::size_t limit);
  /// Everything until the server closes.
  Result<std::string> receive_all();
  void half_close();

 private:
  using ErrorCode = Transport::ErrorCode;
  void run();
  Error transfer_error(ErrorCode received) const;

  boost::asio::io_context io_;
  Transport transport_;
  boost::beast::flat_buffer buffer_;
  std::chrono::steady_clock::time_point until_;
  ErrorCode sent_;
};

}  // namespace hutong::net::internal
