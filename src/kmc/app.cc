#include "kmc/app.h"

#include <string>
#include <thread>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "kmc/api/authority_routes.h"
#include "kmc/api/guarded_routes.h"
#include "kmc/api/officer_routes.h"
#include "kmc/api/recovery_routes.h"
#include "kmc/api/store_routes.h"
#include "kmc/centre.h"
#include "kmc/jobs.h"
#include "kmc/metrics.h"
#include "kmc/rights.h"
#include "kmc/stores/key_repository.h"
#include "net/log.h"
#include "net/request_metrics.h"
#include "net/router.h"
#include "net/server.h"
#include "net/static_files.h"
#include "net/tls.h"
#include "operators/operator_system.h"

namespace hutong::kmc {
namespace {

using net::Method;
using net::Request;
using net::Response;
using net::Weight;

constexpr std::size_t kMostMessage = 4 << 20;  ///< a message of 1,000 requests has some 200 KiB
constexpr std::size_t kMostAuthorities = 4 << 20;
constexpr std::string_view kOctets = "application/octet-stream";

Result<std::shared_ptr<const net::ServerTls>> tls_of(const Config& config, net::ClientCertificates clients) {
  HUTONG_TRY(const auto identity, net::read_tls_identity(config.tls_certificate, config.tls_key));
  if (clients == net::ClientCertificates::kNone) {
    return net::ServerTls::create(identity);
  }
  HUTONG_TRY(const Bytes authorities, read_file(config.client_authorities, kMostAuthorities));
  return net::ServerTls::create(identity, clients, authorities);
}

net::ServerOptions options_of(const ListenConfig& listen, std::shared_ptr<const net::ServerTls> tls) {
  return {.address = listen.address,
          .port = listen.port,
          .io_threads = listen.io_threads,
          .workers = listen.workers,
          .tls = std::move(tls)};
}

/// The origin under which the console is reached.
std::string audience_of(const Config& config) {
  if (!config.audience.empty()) {
    return config.audience;
  }
  const bool tls = config.management_tls && !config.tls_certificate.empty();
  const std::string scheme = tls ? "https://" : "http://";
  return scheme + config.management.address + ":" + std::to_string(config.management.port);
}

}  // namespace

struct App::Parts {
  Parts(Config given, const Clock& time) : config(std::move(given)), clock(&time) {}
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() = default;

  Config config;
  const Clock* clock;
  std::unique_ptr<Centre> centre;
  net::RequestMetrics requests;
  Metrics metrics;
  std::unique_ptr<operators::OperatorSystem> operators;
  std::unique_ptr<Jobs> jobs;
  net::StaticFiles console;
  net::Router service_routes;
  net::Router management_routes;
  std::unique_ptr<net::Server> service;
  std::unique_ptr<net::Server> management;

  Status load();
  std::vector<Jobs::HourlyJob> hourly_jobs() const;
  void add_service_routes();
  void add_management_routes();
  void get(std::string pattern, Weight weight, net::Handler handler);
  Result<Response> answer_ca(const Request& request) const;
  Response system() const;
  Result<Response> readiness() const;
  Result<Response> measurements() const;
  Status listen();
};

/// POST /key-service
Result<Response> App::Parts::answer_ca(const Request& request) const {
  HUTONG_TRY(const Bytes answer, centre->service().answer(request.body, request.client_certificate));
  return Response{.content_type = std::string(kOctets), .body = std::string(as_text(answer))};
}

/// GET /api/v1/system
Response App::Parts::system() const {
  const CentreRecord& record = centre->record();
  const MasterKey& master = centre->master();
  return net::json_response(
      {{"program", "hutong-kmc"},
       {"name", record.name},
       {"version", HUTONG_VERSION},
       {"certificate", to_base64(record.certificate.der())},
       {"master_key", {{"id", master.id}, {"threshold", master.threshold}, {"shares", master.shares}}}});
}

/// GET /readyz: the database answers.
Result<Response> App::Parts::readiness() const {
  HUTONG_TRY(storage::Reader reader, centre->database().read());
  HUTONG_TRY(const std::int64_t spare, KeyRepository::count_spare(reader));
  return net::json_response({{"status", "ready"}, {"spare_keys", spare}});
}

/// GET /metrics
Result<Response> App::Parts::measurements() const {
  HUTONG_TRY(storage::Reader reader, centre->database().read());
  HUTONG_TRY(const StoreCounts counts, KeyRepository::counts(reader));
  net::Exposition out;
  metrics.expose(out, counts, centre->service());
  requests.expose(out);
  return out.response();
}

void App::Parts::add_service_routes() {
  service_routes.add({.method = Method::kPost,
                      .pattern = "/key-service",
                      .weight = Weight::kHeavy,
                      .body_limit = kMostMessage,
                      .handler = [this](const Request& request) { return answer_ca(request); }});
}

void App::Parts::get(std::string pattern, Weight weight, net::Handler handler) {
  management_routes.add({.method = Method::kGet,
                         .pattern = std::move(pattern),
                         .weight = weight,
                         .body_limit = 0,
                         .handler = std::move(handler)});
}

void App::Parts::add_management_routes() {
  get("/healthz", Weight::kLight, [](const Request&) -> Result<Response> {
    return net::json_response({{"status", "alive"}});
  });
  get("/readyz", Weight::kHeavy, [this](const Request&) { return readiness(); });
  get("/metrics", Weight::kHeavy, [this](const Request&) { return measurements(); });
  get("/api/v1/system", Weight::kLight, [this](const Request&) -> Result<Response> { return system(); });
  operators->add_routes(management_routes);
  const GuardedRoutes routes(management_routes, operators->guard());
  StoreRoutes(*centre, *jobs).add_to(routes);
  AuthorityRoutes(*centre).add_to(routes);
  RecoveryRoutes(*centre).add_to(routes);
  OfficerRoutes(*centre).add_to(routes);
  if (!console.empty()) {
    management_routes.set_fallback([this](const Request& request) { return console.answer(request); });
  }
}

std::vector<Jobs::HourlyJob> App::Parts::hourly_jobs() const {
  std::vector<Jobs::HourlyJob> hourly{[this] { return centre->stock().retire_and_forget(); },
                                      [this] { return operators->remove_old_sessions(); }};
  if (config.keep_audit.count() > 0) {
    hourly.emplace_back([this] { return operators->audit_office().prune(config.keep_audit); });
  }
  return hourly;
}

Status App::Parts::load() {
  HUTONG_TRY(centre, Centre::open(config, *clock));
  if (!config.console_folder.empty()) {
    HUTONG_TRY(console, net::StaticFiles::load(config.console_folder));
  }
  HUTONG_TRY(auto authority, operator_authority(config, centre->record().certificate));
  HUTONG_TRY(operators,
             operators::OperatorSystem::create(
                 {.database = centre->database(),
                  .rights = rights(),
                  .settings = {.audiences = {audience_of(config)}},
                  .authority = std::move(authority),
                  .clock = *clock,
                  .archive = operators::ArchiveSettings{.folder = config.archive_folder,
                                                        .program = "hutong-kmc",
                                                        .key = centre->signer(),
                                                        .certificate = centre->record().certificate}}));
  jobs = std::make_unique<Jobs>(centre->stock(), metrics, config.refill_every, hourly_jobs());
  return ok();
}

Status App::Parts::listen() {
  const auto observer = [this](const net::RequestRecord& record) { requests.count(record); };
  std::shared_ptr<const net::ServerTls> management_tls;
  if (config.management_tls && !config.tls_certificate.empty()) {
    HUTONG_TRY(management_tls, tls_of(config, net::ClientCertificates::kNone));
  }
  auto options = options_of(config.management, std::move(management_tls));
  options.signals = net::Signals::kStopOnTerminate;
  HUTONG_TRY(management, net::Server::listen(options, management_routes, observer));
  net::log(net::LogLevel::kInfo, "management.listening",
           {{"address", config.management.address}, {"port", management->port()}});
  if (config.client_authorities.empty()) {
    net::log(net::LogLevel::kWarning, "service.off",
             {{"detail", "service.client_authorities is not configured: no CA can connect"}});
    return ok();
  }
  HUTONG_TRY(auto service_tls, tls_of(config, net::ClientCertificates::kRequired));
  HUTONG_TRY(service, net::Server::listen(options_of(config.service, std::move(service_tls)), service_routes,
                                          observer));
  net::log(net::LogLevel::kInfo, "service.listening",
           {{"address", config.service.address}, {"port", service->port()}});
  return ok();
}

Result<std::unique_ptr<App>> App::create(const Config& config, const Clock& clock) {
  net::set_log_level(config.log_level);
  auto parts = std::make_unique<Parts>(config, clock);
  HUTONG_CHECK(parts->load());
  parts->add_service_routes();
  parts->add_management_routes();
  HUTONG_CHECK(parts->listen());
  return std::unique_ptr<App>(new App(std::move(parts)));
}

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
App::~App() = default;

void App::run() {
  std::thread serving;
  if (parts_->service) {
    serving = std::thread([this] { parts_->service->run(); });
  }
  parts_->management->run();
  if (parts_->service) {
    parts_->service->stop();
    serving.join();
  }
  net::log(net::LogLevel::kInfo, "server.stopped");
}

}  // namespace hutong::kmc
