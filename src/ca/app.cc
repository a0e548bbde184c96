#include "ca/app.h"

#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/file.h"
#include "base/repeating.h"
#include "ca/database.h"
#include "ca/generation.h"
#include "net/log.h"
#include "net/request_metrics.h"
#include "net/server.h"
#include "net/tls.h"

namespace hutong::ca {
namespace {

constexpr std::size_t kMostClientAuthorityOctets = 4 << 20;

/// Platforms may show a certificate; of operators none is asked for, for a browser would ask its user.
Result<std::shared_ptr<const net::ServerTls>> tls_of(const Config& config, net::ClientCertificates wanted) {
  if (config.tls_certificate.empty()) {
    return std::shared_ptr<const net::ServerTls>();
  }
  HUTONG_TRY(const auto identity, net::read_tls_identity(config.tls_certificate, config.tls_key));
  if (wanted == net::ClientCertificates::kNone || config.client_authorities.empty()) {
    return net::ServerTls::create(identity);
  }
  HUTONG_TRY(const Bytes authorities, read_file(config.client_authorities, kMostClientAuthorityOctets));
  return net::ServerTls::create(identity, wanted, authorities);
}

/// The routes of a generation, which lives as long as somebody needs them.
std::shared_ptr<const net::Router> routes_of(const std::shared_ptr<Generation>& generation) {
  return {generation, &generation->routes()};
}
std::shared_ptr<const net::Router> management_routes_of(const std::shared_ptr<Generation>& generation) {
  return {generation, &generation->management_routes()};
}

}  // namespace

struct App::Parts {
  Parts(Config given, const Clock& time, storage::Database opened)
      : config(std::move(given)), clock(&time), database(std::move(opened)) {}

  Config config;
  const Clock* clock;
  net::RequestMetrics requests;
  Metrics metrics;
  Outage outage;
  storage::Database database;
  std::shared_ptr<Generation> generation;  ///< of the keys in use
  KeysInUse awaited;                       ///< incomplete when they were last looked at
  std::unique_ptr<net::Server> server;
  std::unique_ptr<net::Server> management;  ///< null: nothing is apart

  Result<std::shared_ptr<Generation>> load();
  Status listen();
  Status look_for_new_keys();
  void take_up(std::shared_ptr<Generation> next);
  net::ServerOptions options(const std::string& address, std::uint16_t port,
                             const std::shared_ptr<const net::ServerTls>& tls) const;
};

Result<std::shared_ptr<Generation>> App::Parts::load() {
  return Generation::load({.config = config,
                           .clock = *clock,
                           .database = database,
                           .requests = requests,
                           .metrics = metrics,
                           .outage = outage});
}

/// A rollover, or renewed services, by whichever node: what stands on the keys is built anew. As long as that
/// fails, for a key that is not in this node's store, the former keys go on.
Status App::Parts::look_for_new_keys() {
  HUTONG_TRY(const auto in_use, [this]() -> Result<KeysInUse> {
    HUTONG_TRY(auto reader, database.read());
    return KeysInUse::read(reader);
  }());
  if (in_use == generation->keys()) {
    return ok();
  }
  if (!in_use.is_complete()) {
    if (in_use != awaited) {
      net::log(net::LogLevel::kWarning, "keys.incomplete",
               {{"authority", in_use.active},
                {"detail",
                 "the new CA key's services have no keys yet: if it stays so, run hutong-ca "
                 "renew-services"}});
      awaited = in_use;
    }
    return ok();
  }
  HUTONG_TRY(auto next, load());
  HUTONG_CHECK(next->publish_lists());
  take_up(std::move(next));
  return ok();
}

void App::Parts::take_up(std::shared_ptr<Generation> next) {
  next->start();
  server->serve(routes_of(next));
  if (management) {
    management->serve(management_routes_of(next));
  }
  generation->stop();
  generation = std::move(next);
  net::log(net::LogLevel::kInfo, "keys.taken_up", {{"authority", generation->keys().active}});
}

net::ServerOptions App::Parts::options(const std::string& address, std::uint16_t port,
                                       const std::shared_ptr<const net::ServerTls>& tls) const {
  return {.address = address,
          .port = port,
          .io_threads = config.io_threads,
          .workers = config.workers,
          .tls = tls};
}

Status App::Parts::listen() {
  HUTONG_TRY(const auto tls, tls_of(config, net::ClientCertificates::kIfGiven));
  const std::string scheme = tls ? "https://" : "http://";
  const auto observer = [this](const net::RequestRecord& record) {
    requests.count(record);
    outage.note(record, clock->now());
  };
  const auto tell = [&scheme](std::string_view event, const std::string& address, const net::Server& on) {
    net::log(net::LogLevel::kInfo, event,
             {{"address", address},
              {"port", on.port()},
              {"url", scheme + address + ":" + std::to_string(on.port())}});
  };
  auto main_options = options(config.address, config.port, tls);
  main_options.signals = net::Signals::kStopOnTerminate;
  HUTONG_TRY(server, net::Server::listen(main_options, routes_of(generation), observer));
  if (config.management_port) {
    HUTONG_TRY(const auto operators_tls, tls_of(config, net::ClientCertificates::kNone));
    HUTONG_TRY(management,
               net::Server::listen(options(config.management_address, *config.management_port, operators_tls),
                                   management_routes_of(generation), observer));
    tell("management.listening", config.management_address, *management);
  }
  tell("server.listening", config.address, *server);
  return ok();
}

Result<std::unique_ptr<App>> App::create(const Config& config, const Clock& clock) {
  net::set_log_level(config.log_level);
  HUTONG_TRY(auto database, open_database(config, clock));
  auto parts = std::make_unique<Parts>(config, clock, std::move(database));
  HUTONG_TRY(parts->generation, parts->load());
  HUTONG_CHECK(parts->listen());
  return std::unique_ptr<App>(new App(std::move(parts)));
}

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
App::~App() = default;

void App::run() {
  parts_->generation->start();
  std::optional<Repeating> watch(std::in_place, parts_->config.jobs_every, [this] {
    if (const auto looked = parts_->look_for_new_keys(); !looked) {
      parts_->metrics.count_failed_job();
      net::log(net::LogLevel::kError, "job.failed",
               {{"job", "keys"}, {"reason", looked.error().reason}, {"detail", looked.error().detail}});
    }
  });
  std::thread managing;
  if (parts_->management) {
    managing = std::thread([this] { parts_->management->run(); });
  }
  parts_->server->run();
  if (parts_->management) {
    parts_->management->stop();
    managing.join();
  }
  watch.reset();
  parts_->generation->stop();
  net::log(net::LogLevel::kInfo, "server.stopped");
}

}  // namespace hutong::ca
