#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <optional>
#include <utility>

#include "net/internal/tally.h"
#include "net/router.h"
#include "net/server.h"

namespace hutong::net::internal {

/// What all connections of one server share. Outlives them: the server joins its threads first.
struct Shared {
  Shared(ServerOptions given, const Router& routes, Observer observer_of_requests)
      : options(std::move(given)),
        router(&routes),
        observer(std::move(observer_of_requests)),
        tally(routes) {}

  ServerOptions options;
  const Router* router;
  Observer observer;
  Tally tally;
  boost::asio::thread_pool* workers = nullptr;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> body_octets{0};
  std::atomic<std::size_t> queued{0};
  std::atomic<bool> stopping{false};
};

/// Runs the handler of a matched route; turns errors into problems and exceptions into a 500.
Response dispatch(const Route& route, const Request& request);
/// The same with its quick handler, if it has one.
std::optional<Response> dispatch_quickly(const Route& route, const Request& request);
/// Status line and header fields, with the security headers, ready to send.
std::string header_text(const Response& response, const Request& request, bool keep_alive);

}  // namespace hutong::net::internal
