#include "agent/gateway.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <numeric>
#include <utility>

#include "agent/version.h"

namespace hutong::agent {
namespace {

using net::Request;
using net::Response;

constexpr std::string_view kSocketPath = "/agent/v1";
constexpr std::string_view kStatusPath = "/agent/v1/status";

/// What a page of this origin may read.
void permit(Response& response, const std::string& origin) {
  response.headers.emplace_back("Access-Control-Allow-Origin", origin);
  response.headers.emplace_back("Vary", "Origin");
  response.headers.emplace_back("Cache-Control", "no-store");
}

}  // namespace

Gateway::Gateway(Workbench& bench, std::chrono::milliseconds stall)
    : bench_(&bench), stall_(stall), workers_(std::make_unique<boost::asio::thread_pool>(kWorkers)) {}

Gateway::~Gateway() { stop(); }

void Gateway::stop() {
  for (const auto& session : sessions([](const Session&) { return true; })) {
    session->abandon();
  }
  workers_->join();
}

void Gateway::run_later(std::function<void()> job) { boost::asio::post(*workers_, std::move(job)); }

Result<std::string> Gateway::origin_of(const Request& request, std::uint16_t port) {
  auto origin = bench_->origins.of(request, port);
  if (!origin) {
    refusals_.count(origin.error().reason);
  }
  return origin;
}

Result<Response> Gateway::status(const Request& request, std::uint16_t port) {
  HUTONG_TRY(const auto origin, origin_of(request, port));
  auto response = net::json_response({{"program", kProgram}, {"version", kVersion}, {"protocol", kProtocol}});
  permit(response, origin);
  return response;
}

/// The permission that browsers ask for before a public page speaks to this machine.
Result<Response> Gateway::preflight(const Request& request, std::uint16_t port) {
  HUTONG_TRY(const auto origin, origin_of(request, port));
  Response response{.status = 204};
  permit(response, origin);
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET");
  if (request.headers.find("access-control-request-private-network")) {
    response.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  return response;
}

Result<net::SocketWelcome> Gateway::accept(const Request& request, std::uint16_t port) {
  HUTONG_TRY(const auto origin, origin_of(request, port));
  if (!net::asks_for_subprotocol(request, kSubprotocol)) {
    return Error{Errc::kMalformed, "agent.request", "the subprotocol hutong.agent.v1 is spoken here"};
  }
  auto welcomed = welcome(origin);
  if (!welcomed) {
    refusals_.count(welcomed.error().reason);
  }
  return welcomed;
}

Result<net::SocketWelcome> Gateway::welcome(const std::string& origin) {
  const std::lock_guard lock(lock_);
  const std::size_t all = std::accumulate(connections_.begin(), connections_.end(), std::size_t{0},
                                          [](std::size_t sum, const auto& one) { return sum + one.second; });
  std::size_t& mine = connections_[origin];
  if (all >= kMostConnections || mine >= kMostOfAnOrigin) {
    if (mine == 0) {
      connections_.erase(origin);
    }
    return Error{Errc::kUnavailable, "agent.too_many_connections", "64 connections in all, 8 of one website"};
  }
  ++mine;
  const auto session = std::make_shared<Session>(
      SessionHost{.bench = bench_,
                  .refusals = &refusals_,
                  .post = [this](const std::string& of,
                                 std::function<void()> job) { return post(of, std::move(job)); },
                  .closed = [this](const std::string& of) { forget(of); },
                  .stall = stall_},
      origin);
  std::erase_if(sessions_, [](const auto& one) { return one.expired(); });
  sessions_.push_back(session);
  return net::SocketWelcome{
      .listener = session, .subprotocol = std::string(kSubprotocol), .message_limit = kMostTextFrame};
}

bool Gateway::post(const std::string& origin, std::function<void()> job) {
  {
    const std::lock_guard lock(lock_);
    std::size_t& mine = jobs_[origin];
    if (mine >= kMostJobsOfAnOrigin) {
      return false;
    }
    ++mine;
  }
  run_later([this, origin, job = std::move(job)] {
    job();
    const std::lock_guard lock(lock_);
    if (--jobs_[origin] == 0) {
      jobs_.erase(origin);
    }
  });
  return true;
}

/// With the last connection of an origin its logins end, which takes the token's time.
void Gateway::forget(const std::string& origin) {
  {
    const std::lock_guard lock(lock_);
    if (--connections_[origin] > 0) {
      return;
    }
    connections_.erase(origin);
  }
  run_later([this, origin] {
    {
      const std::lock_guard lock(lock_);
      if (connections_.contains(origin)) {
        return;
      }
    }
    bench_->logins.end_origin(origin);
  });
}

std::vector<std::shared_ptr<Session>> Gateway::sessions(const std::function<bool(const Session&)>& wanted) {
  const std::lock_guard lock(lock_);
  std::vector<std::shared_ptr<Session>> found;
  for (const auto& weak : sessions_) {
    if (auto session = weak.lock(); session && wanted(*session)) {
      found.push_back(std::move(session));
    }
  }
  return found;
}

void Gateway::tell(const std::string& origin, const std::string& event_frame) {
  for (const auto& session : sessions([&origin](const Session& one) { return one.origin() == origin; })) {
    session->send(event_frame);
  }
}

void Gateway::tell_allowed(const std::string& event_frame) {
  for (const auto& session :
       sessions([this](const Session& one) { return bench_->origins.is_allowed(one.origin()); })) {
    session->send(event_frame);
  }
}

std::size_t Gateway::connections() const {
  const std::lock_guard lock(lock_);
  return std::accumulate(connections_.begin(), connections_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& one) { return sum + one.second; });
}

void Gateway::add_routes(net::Router& router, std::function<std::uint16_t()> port) {
  router.add({.method = net::Method::kGet,
              .pattern = std::string(kStatusPath),
              .weight = net::Weight::kLight,
              .handler = [this, port](const Request& request) { return status(request, port()); }});
  for (const auto path : {kSocketPath, kStatusPath}) {
    router.add({.method = net::Method::kOptions,
                .pattern = std::string(path),
                .weight = net::Weight::kLight,
                .handler = [this, port](const Request& request) { return preflight(request, port()); }});
  }
  router.add({.method = net::Method::kGet,
              .pattern = std::string(kSocketPath),
              .weight = net::Weight::kLight,
              .handler = [this, port](const Request& request) -> Result<Response> {
                HUTONG_TRY(const auto origin, origin_of(request, port()));
                return Error{Errc::kMalformed, "agent.request", "a WebSocket is spoken here"};
              },
              .socket = [this, port](const Request& request) { return accept(request, port()); }});
}

}  // namespace hutong::agent
