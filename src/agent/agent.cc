#include "agent/agent.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "agent/answer.h"
#include "agent/gateway.h"
#include "agent/loopback_identity.h"
#include "net/server.h"

namespace hutong::agent {
namespace {

using net::Json;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kIdleLook{5};
constexpr seconds kStreamStall{60};
constexpr std::uint64_t kHoursOfADay = 24;

/// Octets of this process in memory, from /proc; 0 when that cannot be read.
std::uint64_t resident_octets() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

struct Agent::Parts {
  Parts(Config given, const Clock& time) : config(std::move(given)), clock(&time) {}
  ~Parts();

  Status build();
  Status listen();
  Json status() const;
  void tell_change();
  void tell_end(const std::string& origin, const ApplicationPlace& place, LoginEnd reason);
  void watch_idle(const std::stop_token& stop);

  Config config;
  const Clock* clock;
  steady_clock::time_point started = steady_clock::now();
  Windows windows{language_of_environment()};
  std::unique_ptr<Origins> origins;
  std::unique_ptr<TrustKeeper> trust;
  std::unique_ptr<Pinentry> prompt;
  std::unique_ptr<PromptDesk> prompts;
  std::unique_ptr<UsedNonces> nonces;
  std::unique_ptr<LoginBook> logins;
  std::mutex telling;  ///< the watch tells before there is a gateway
  std::unique_ptr<TokenDesk> tokens;
  std::unique_ptr<Workbench> bench;
  std::unique_ptr<Gateway> gateway;
  LoopbackIdentity identity;
  net::Router router;
  std::unique_ptr<net::Server> server;
  std::jthread idle_watch;
};

/// The windows close and the drivers' processes end first, since workers may wait for them.
Agent::Parts::~Parts() {
  idle_watch = {};
  server.reset();
  if (prompt) {
    prompt->stop();
  }
  if (tokens) {
    tokens->stop();
  }
  if (gateway) {
    gateway->stop();  // the workers use it to the last
    const std::lock_guard lock(telling);
    gateway.reset();
  }
}

Json Agent::Parts::status() const {
  Json refused = Json::object();
  for (const auto& [code, count] : gateway->refusals().counts()) {
    refused[code] = count;
  }
  const auto left = std::chrono::duration_cast<std::chrono::hours>(identity.expires - clock->now());
  return {{"tls",
           {{"expires", to_rfc3339(identity.expires)},
            {"days_left", left.count() / static_cast<std::int64_t>(kHoursOfADay)}}},
          {"memory_octets", resident_octets()},
          {"uptime_seconds", std::chrono::duration_cast<seconds>(steady_clock::now() - started).count()},
          {"connections", gateway->connections()},
          {"refused", std::move(refused)},
          {"prompt", {{"program", config.prompt.string()}, {"found", !config.prompt.empty()}}}};
}

void Agent::Parts::tell_change() {
  const std::lock_guard lock(telling);
  if (!gateway) {
    return;
  }
  gateway->tell_allowed(event_frame("tokens.changed", {{"generation", tokens->generation()}}));
  gateway->run_later(
      [this] { logins->end_removed([this](const std::string& token) { return tokens->has(token); }); });
}

void Agent::Parts::tell_end(const std::string& origin, const ApplicationPlace& place, LoginEnd reason) {
  {
    const std::lock_guard lock(telling);
    if (gateway) {
      gateway->tell(origin, event_frame("login.ended", {{"token", place.token},
                                                        {"application", place.application},
                                                        {"reason", to_string(reason)}}));
    }
  }
  tokens->touch();
}

void Agent::Parts::watch_idle(const std::stop_token& stop) {
  std::mutex lock;
  std::condition_variable_any woken;
  std::unique_lock held(lock);
  while (!woken.wait_for(held, stop, kIdleLook, [&stop] { return stop.stop_requested(); })) {
    logins->end_idle(config.login_idle);
  }
}

Status Agent::Parts::build() {
  std::error_code failure;
  std::filesystem::create_directories(config.state_folder, failure);
  std::filesystem::permissions(config.state_folder, std::filesystem::perms::owner_all, failure);
  HUTONG_TRY(origins,
             Origins::open(config.origins, config.remember_origins ? config.state_folder / "origins" : ""));
  const auto paths_from = [](const std::filesystem::path& file) -> Result<TrustPaths> {
    HUTONG_TRY(Config again, read_config(file));
    return std::move(again.trust);
  };
  HUTONG_TRY(trust, TrustKeeper::create(config.trust, config.file, paths_from, clock->now()));
  HUTONG_TRY(identity, keep_loopback_identity(config.state_folder, clock->now()));
  prompt =
      std::make_unique<Pinentry>(Pinentry::Options{.program = config.prompt, .most = config.prompt_limit});
  prompts = std::make_unique<PromptDesk>(*prompt);
  nonces = std::make_unique<UsedNonces>(config.challenge_lifetime);
  logins = std::make_unique<LoginBook>([this](const std::string& origin, const ApplicationPlace& place,
                                              LoginEnd reason) { tell_end(origin, place, reason); });
  token::DriverSetOptions drivers{.folders = config.driver_folders};
  if (drivers.folders.empty()) {
    drivers.folders = token::default_driver_folders();
  }
  const std::lock_guard lock(telling);
  tokens = std::make_unique<TokenDesk>(drivers, [this] { tell_change(); });
  bench = std::make_unique<Workbench>(Workbench{.origins = *origins,
                                                .prompts = *prompts,
                                                .windows = windows,
                                                .tokens = *tokens,
                                                .logins = *logins,
                                                .nonces = *nonces,
                                                .trust = *trust,
                                                .clock = *clock,
                                                .status = [this] { return status(); }});
  gateway = std::make_unique<Gateway>(*bench, kStreamStall);
  return ok();
}

Status Agent::Parts::listen() {
  HUTONG_TRY(auto tls, net::ServerTls::create(identity.tls));
  gateway->add_routes(router, [this] { return server->port(); });
  HUTONG_TRY(server, net::Server::listen({.address = "127.0.0.1",
                                          .port = config.port,
                                          .io_threads = 2,
                                          .workers = 1,
                                          .connections = 2 * Gateway::kMostConnections,
                                          .signals = net::Signals::kStopOnTerminate,
                                          .tls = std::move(tls)},
                                         router));
  net::log(net::LogLevel::kInfo, "server.listening",
           {{"port", server->port()}, {"url", "https://127.0.0.1:" + std::to_string(server->port())}});
  return ok();
}

Result<std::unique_ptr<Agent>> Agent::create(const Config& config, const Clock& clock) {
  net::set_log_level(config.log_level);
  auto parts = std::make_unique<Parts>(config, clock);
  HUTONG_CHECK(parts->build());
  HUTONG_CHECK(parts->listen());
  return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

Agent::Agent(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Agent::~Agent() = default;

std::uint16_t Agent::port() const { return parts_->server->port(); }

void Agent::run() {
  parts_->idle_watch =
      std::jthread([parts = parts_.get()](const std::stop_token& stop) { parts->watch_idle(stop); });
  parts_->server->run();
  net::log(net::LogLevel::kInfo, "server.stopped");
}

void Agent::stop() { parts_->server->stop(); }

}  // namespace hutong::agent
