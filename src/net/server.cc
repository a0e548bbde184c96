#include "net/server.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <csignal>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "net/internal/connection.h"
#include "net/internal/shared.h"
#include "net/log.h"

namespace hutong::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::milliseconds kDrainPoll{20};
constexpr std::chrono::seconds kCutTime{1};

}  // namespace

struct Server::Impl {
  Impl(const ServerOptions& options, std::shared_ptr<const Router> router, Observer observer)
      : shared(options, std::move(router), std::move(observer)),
        io(static_cast<int>(options.io_threads)),
        workers(options.workers),
        control(asio::make_strand(io)),
        acceptor(control),
        timer(control),
        signals(control) {
    shared.workers = &workers;
  }

  Status open();
  void accept();
  void on_accept(error_code error, tcp::socket socket);
  void begin_stop();
  enum class Left : std::uint8_t { kAlone, kCut };
  void wait_for_connections(std::chrono::steady_clock::time_point until, Left left);
  void tell_connections(void (internal::Connection::*what)());

  internal::Shared shared;
  asio::io_context io;
  asio::thread_pool workers;  ///< its queue holds connections, so it goes before `io`
  asio::strand<asio::io_context::executor_type> control;  ///< everything below belongs to it
  tcp::acceptor acceptor;
  asio::steady_timer timer;
  asio::signal_set signals;
  std::vector<std::weak_ptr<internal::Connection>> open_connections;
  std::uint16_t port = 0;
};

Status Server::Impl::open() {
  error_code error;
  const auto address = asio::ip::make_address(shared.options.address, error);
  const tcp::endpoint endpoint(address, shared.options.port);
  const auto step = [&error](auto&& call) {
    if (!error) {
      call(error);
    }
  };
  step([&](error_code& e) { acceptor.open(endpoint.protocol(), e); });
  step([&](error_code& e) { acceptor.set_option(asio::socket_base::reuse_address(true), e); });
  step([&](error_code& e) { acceptor.bind(endpoint, e); });
  step([&](error_code& e) { acceptor.listen(asio::socket_base::max_listen_connections, e); });
  if (error) {
    return Error{Errc::kUnavailable, "server.listen",
                 "cannot listen on " + shared.options.address + ":" + std::to_string(shared.options.port) +
                     ": " + error.message()};
  }
  port = acceptor.local_endpoint(error).port();
  return ok();
}

void Server::Impl::accept() {
  acceptor.async_accept(asio::make_strand(io), [this](error_code error, tcp::socket socket) {
    on_accept(error, std::move(socket));
  });
}

void Server::Impl::on_accept(error_code error, tcp::socket socket) {
  if (shared.stopping) {
    return;
  }
  if (error) {  // out of file descriptors, most likely: let some connections end
    log(LogLevel::kWarning, "server.accept_failed", {{"what", error.message()}});
    timer.expires_after(kAcceptPause);
    timer.async_wait([this](error_code cancelled) {
      if (!cancelled) {
        accept();
      }
    });
    return;
  }
  if (shared.connections < shared.options.connections) {
    auto connection = std::make_shared<internal::Connection>(std::move(socket), shared);
    std::erase_if(open_connections, [](const auto& known) { return known.expired(); });
    open_connections.push_back(connection);
    connection->start();
  }
  accept();
}

void Server::Impl::begin_stop() {
  if (shared.stopping.exchange(true)) {
    return;
  }
  error_code ignored;
  acceptor.close(ignored);
  signals.cancel(ignored);
  tell_connections(&internal::Connection::close_when_idle);
  wait_for_connections(std::chrono::steady_clock::now() + shared.options.grace, Left::kAlone);
}

void Server::Impl::tell_connections(void (internal::Connection::*what)()) {
  for (const auto& known : open_connections) {
    if (const auto connection = known.lock()) {
      (connection.get()->*what)();
    }
  }
}

/// Those that are still there at the end of the grace are cut and get a moment to say so to their listeners.
void Server::Impl::wait_for_connections(std::chrono::steady_clock::time_point until, Left left) {
  const auto now = std::chrono::steady_clock::now();
  if (shared.connections == 0 || (now > until && left == Left::kCut)) {
    io.stop();
    return;
  }
  if (now > until) {
    tell_connections(&internal::Connection::cut);
    until = now + kCutTime;
    left = Left::kCut;
  }
  timer.expires_after(kDrainPoll);
  timer.async_wait([this, until, left](error_code) { wait_for_connections(until, left); });
}

Result<std::unique_ptr<Server>> Server::listen(const ServerOptions& options, const Router& router,
                                               Observer observer) {
  return listen(options, std::shared_ptr<const Router>(std::shared_ptr<void>(), &router),
                std::move(observer));
}

Result<std::unique_ptr<Server>> Server::listen(const ServerOptions& options,
                                               std::shared_ptr<const Router> router, Observer observer) {
  auto impl = std::make_unique<Impl>(options, std::move(router), std::move(observer));
  HUTONG_CHECK(impl->open());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  impl_->workers.stop();
  impl_->workers.join();
}

void Server::serve(std::shared_ptr<const Router> router) { impl_->shared.serve(std::move(router)); }

std::uint16_t Server::port() const { return impl_->port; }

void Server::run() {
  Impl& impl = *impl_;
  if (impl.shared.options.signals == Signals::kStopOnTerminate) {
    impl.signals.add(SIGTERM);
    impl.signals.add(SIGINT);
    impl.signals.async_wait([&impl](error_code error, int) {
      if (!error) {
        impl.begin_stop();
      }
    });
  }
  asio::post(impl.control, [&impl] { impl.accept(); });
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < impl.shared.options.io_threads; ++i) {
    threads.emplace_back([&impl] { impl.io.run(); });
  }
  impl.io.run();
  for (auto& thread : threads) {
    thread.join();
  }
  impl.workers.stop();
  impl.workers.join();
  impl.shared.serving()->tally.write(std::chrono::steady_clock::now());
}

void Server::stop() {
  asio::post(impl_->control, [impl = impl_.get()] { impl->begin_stop(); });
}

}  // namespace hutong::net
