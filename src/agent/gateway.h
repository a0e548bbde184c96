#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/refusals.h"
#include "agent/session.h"
#include "net/router.h"

namespace boost::asio {
class thread_pool;
}

namespace hutong::agent {

/// The door: which requests become connections of pages, how many of them, and who hears of what.
/// Thread-safe.
class Gateway {
 public:
  static constexpr std::size_t kMostConnections = 64;
  static constexpr std::size_t kMostOfAnOrigin = 8;
  static constexpr std::size_t kWorkers = 64;
  static constexpr std::size_t kMostJobsOfAnOrigin = 24;

  /// The bench outlives the gateway.
  explicit Gateway(Workbench& bench, std::chrono::milliseconds stall);
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;
  ~Gateway();

  /// GET /agent/v1/status, its preflight, and the WebSocket at /agent/v1. `port` is asked for when a request
  /// comes: it is known only once the server listens.
  void add_routes(net::Router& router, std::function<std::uint16_t()> port);

  /// To every page of the origin, or of all allowed ones.
  void tell(const std::string& origin, const std::string& event_frame);
  void tell_allowed(const std::string& event_frame);
  std::size_t connections() const;
  const Refusals& refusals() const { return refusals_; }
  /// On a worker, whoever waits.
  void run_later(std::function<void()> job);
  /// No call is begun any more; waits for those that are under way.
  void stop();

 private:
  Result<net::SocketWelcome> accept(const net::Request& request, std::uint16_t port);
  Result<net::Response> status(const net::Request& request, std::uint16_t port);
  Result<net::Response> preflight(const net::Request& request, std::uint16_t port);
  Result<std::string> origin_of(const net::Request& request, std::uint16_t port);
  Result<net::SocketWelcome> welcome(const std::string& origin);
  bool post(const std::string& origin, std::function<void()> job);
  void forget(const std::string& origin);
  std::vector<std::shared_ptr<Session>> sessions(const std::function<bool(const Session&)>& wanted);

  Workbench* bench_;
  std::chrono::milliseconds stall_;
  Refusals refusals_;
  mutable std::mutex lock_;
  std::map<std::string, std::size_t> connections_;  ///< by origin
  std::map<std::string, std::size_t> jobs_;
  std::vector<std::weak_ptr<Session>> sessions_;
  std::unique_ptr<boost::asio::thread_pool> workers_;
};

}  // namespace hutong::agent
