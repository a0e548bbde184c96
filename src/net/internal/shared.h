#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "net/internal/tally.h"
#include "net/router.h"
#include "net/server.h"

namespace hutong::net::internal {

/// The routes that answer, until others take their place, and what is counted of them.
struct Serving {
  explicit Serving(std::shared_ptr<const Router> routes) : router(std::move(routes)), tally(*router) {}
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  ~Serving() { tally.write(std::chrono::steady_clock::now()); }

  std::shared_ptr<const Router> router;
  Tally tally;
};

/// What all connections of one server share. Outlives them: the server joins its threads first.
struct Shared {
  Shared(ServerOptions given, std::shared_ptr<const Router> routes, Observer observer_of_requests)
      : options(std::move(given)),
        observer(std::move(observer_of_requests)),
        serving_(std::make_shared<Serving>(std::move(routes))) {}

  /// For one request: whoever holds it keeps its routes alive.
  std::shared_ptr<Serving> serving() const {
    const std::scoped_lock lock(mutex_);
    return serving_;
  }
  void serve(std::shared_ptr<const Router> routes) {
    auto next = std::make_shared<Serving>(std::move(routes));
    const std::scoped_lock lock(mutex_);
    serving_.swap(next);  // the former ones go after the lock, if nobody needs them
  }

  ServerOptions options;
  Observer observer;
  boost::asio::thread_pool* workers = nullptr;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> body_octets{0};
  std::atomic<std::size_t> queued{0};
  std::atomic<bool> stopping{false};

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<Serving> serving_;
};

/// Runs the handler of a matched route; turns errors into problems and exceptions into a 500.
Response dispatch(const Route& route, const Request& request);
/// The same with its quick handler, if it has one.
std::optional<Response> dispatch_quickly(const Route& route, const Request& request);
/// Status line and header fields, with the security headers, ready to send.
std::string header_text(const Response& response, const Request& request, bool keep_alive);

}  // namespace hutong::net::internal
