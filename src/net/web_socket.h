#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "net/http.h"

namespace hutong::net {

/// Why a WebSocket is closed (RFC 6455 7.4.1).
enum class CloseCode : std::uint16_t { kNormal = 1000, kGoingAway = 1001, kPolicy = 1008, kTooLarge = 1009 };

/// The server's side of one WebSocket (RFC 6455), spoken to from any thread. Frames leave in the order in
/// which they were handed in; after close() none does.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  virtual void send_text(std::string text) = 0;  ///< UTF-8
  virtual void send_binary(Bytes octets) = 0;
  virtual void close(CloseCode code, std::string_view reason) = 0;
  /// Octets handed in and not yet taken by the system. Above SocketWelcome::most_waiting the peer is too slow
  /// and the socket is closed.
  virtual std::size_t waiting() const = 0;
};

/// Whoever listens to one WebSocket. Called on the I/O thread that has the connection, one call at a time:
/// must not block. What is given is valid during the call.
class SocketListener {
 public:
  virtual ~SocketListener() = default;
  /// Once, before all others. Keep no more than a weak pointer, or let go of it in on_closed().
  virtual void on_open(const std::shared_ptr<WebSocket>& socket) = 0;
  virtual void on_text(std::string_view text) = 0;
  virtual void on_binary(ByteView octets) = 0;
  /// Once, after all others, whoever closed.
  virtual void on_closed() = 0;
};

/// The answer to a request that wants to become a WebSocket.
struct SocketWelcome {
  std::shared_ptr<SocketListener> listener;
  std::string subprotocol = {};                      ///< empty: none is named
  std::size_t message_limit = std::size_t{2} << 20;  ///< larger messages close it with kTooLarge
  std::size_t most_waiting = std::size_t{8} << 20;
};
/// Decides on the I/O thread, in microseconds; an Error is answered as a problem instead of the upgrade. It
/// is the one to look at Host, Origin and the subprotocols asked for.
using SocketAcceptor = std::function<Result<SocketWelcome>(const Request&)>;

/// True when Sec-WebSocket-Protocol names it.
bool asks_for_subprotocol(const Request& request, std::string_view subprotocol);

}  // namespace hutong::net
