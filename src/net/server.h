#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/http.h"
#include "net/router.h"
#include "net/tls.h"

namespace hutong::net {

/// One request that was answered (or refused), for metrics. `route` is the pattern, never the path: it has
/// few values.
struct RequestRecord {
  Method method;
  std::string route;
  int status;
  std::string problem_code;  ///< empty unless the answer was a problem
  std::chrono::microseconds duration;
  std::size_t octets_in;
  std::size_t octets_out;
};
/// Called once for each answer, from any thread.
using Observer = std::function<void(const RequestRecord&)>;

enum class Signals : std::uint8_t { kLeave, kStopOnTerminate };  ///< SIGTERM and SIGINT stop the server

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one, see Server::port()
  unsigned io_threads = 2;
  unsigned workers = 4;
  std::size_t header_limit = 16'384;
  std::size_t connections = 1024;                    ///< above, new ones are closed at once
  std::size_t body_memory = std::size_t{512} << 20;  ///< of all requests being read or answered; above: 503
  std::size_t queue = 256;                           ///< requests waiting for a worker; above: 503
  std::chrono::seconds header_timeout{15};  ///< from the first octet awaited to the end of the header; also
                                            ///< for the TLS handshake
  std::chrono::seconds stall_timeout{15};   ///< without any progress, reading or writing; then it is closed
  std::chrono::seconds body_timeout{300};   ///< for a whole body
  std::size_t linger_octets = std::size_t{128} << 20;  ///< read and dropped after an early answer
  std::chrono::seconds linger_timeout{10};
  std::chrono::seconds grace{10};  ///< for requests in flight when stopping
  Signals signals = Signals::kLeave;
  std::shared_ptr<const ServerTls> tls = {};  ///< null: plain HTTP
};

/// An HTTP/1.1 server, with or without TLS: I/O threads move octets, a worker pool runs the heavy handlers,
/// so that neither a slow client nor a large upload holds up anybody else. Every answer carries X-Request-Id
/// and the security headers. A handler that throws gives a 500 with code "internal" and a line in the log;
/// bad input never does.
class Server {
 public:
  /// Binds at once; kUnavailable "server.listen" when the address is taken or wrong. The router must outlive
  /// the server.
  static Result<std::unique_ptr<Server>> listen(const ServerOptions& options, const Router& router,
                                                Observer observer = {});
  /// The same with routes that may be replaced: they live as long as somebody needs them.
  static Result<std::unique_ptr<Server>> listen(const ServerOptions& options,
                                                std::shared_ptr<const Router> router, Observer observer = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();
  std::uint16_t port() const;
  /// From now on requests are answered by these routes, on open connections as well; those under way end with
  /// the former ones. From any thread.
  void serve(std::shared_ptr<const Router> router);
  /// Serves until stop() or, if asked for, a signal; then lets requests in flight finish. Call once.
  void run();
  /// From any thread, any number of times.
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hutong::net
