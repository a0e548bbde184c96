#include "ca/app.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/file.h"
#include "ca/database.h"
#include "ca/jobs.h"
#include "ca/metrics.h"
#include "ca/operator_authority.h"
#include "ca/platform_interface.h"
#include "ca/publishing/file_publisher.h"
#include "ca/publishing/publishing_routes.h"
#include "ca/registration/key_centre_client.h"
#include "ca/registration/key_centre_tasks.h"
#include "ca/registration/registration_routes.h"
#include "ca/registration/registration_system.h"
#include "ca/registration/status_announcer.h"
#include "ca/rights.h"
#include "ca/signing/service_key_repository.h"
#include "ca/timestamping/timestamp_service.h"
#include "net/log.h"
#include "net/request_metrics.h"
#include "net/server.h"
#include "net/static_files.h"
#include "net/tls.h"
#include "operators/operator_system.h"
#include "x509/input.h"

namespace hutong::ca {
namespace {

using net::Method;
using net::Request;
using net::Response;
using net::Weight;

constexpr std::size_t kMostAuthorities = 4 << 20;

Result<std::shared_ptr<const net::ServerTls>> tls_of(const Config& config) {
  if (config.tls_certificate.empty()) {
    return std::shared_ptr<const net::ServerTls>();
  }
  HUTONG_TRY(const auto identity, net::read_tls_identity(config.tls_certificate, config.tls_key));
  if (config.client_authorities.empty()) {
    return net::ServerTls::create(identity);
  }
  HUTONG_TRY(const Bytes authorities, read_file(config.client_authorities, kMostAuthorities));
  return net::ServerTls::create(identity, net::ClientCertificates::kIfGiven, authorities);
}

Result<std::vector<x509::Certificate>> other_authorities(const Config& config) {
  if (config.operator_authorities.empty()) {
    return std::vector<x509::Certificate>();
  }
  HUTONG_TRY(const Bytes content, read_file(config.operator_authorities, kMostAuthorities));
  HUTONG_TRY(auto file, x509::read_certificates(content));
  return std::move(file.certificates);
}

Result<OcspResponder::Delegates> delegates_of(storage::Database& database, const crypto::KeyStore& keys) {
  HUTONG_TRY(auto reader, database.read());
  HUTONG_TRY(const auto services, ServiceKeyRepository::all(reader, kOcspPurpose));
  OcspResponder::Delegates delegates;
  for (const ServiceKey& service : services) {
    HUTONG_TRY(auto signer, keys.signer(service.key_label));
    delegates.emplace(service.authority, OcspResponder::Delegate{service.certificate, std::move(signer)});
  }
  return delegates;
}

/// The time-stamping authority under the active key; nothing when the ceremony made none.
Result<std::unique_ptr<TimestampService>> timestamps_of(storage::Database& database,
                                                        const crypto::KeyStore& keys,
                                                        const std::string& authority,
                                                        const TimestampOptions& options) {
  HUTONG_TRY(const auto services, [&]() -> Result<std::vector<ServiceKey>> {
    HUTONG_TRY(auto reader, database.read());
    return ServiceKeyRepository::all(reader, kTimestampPurpose);
  }());
  const auto service = std::ranges::find(services, authority, &ServiceKey::authority);
  if (service == services.end()) {
    return std::unique_ptr<TimestampService>();
  }
  HUTONG_TRY(auto signer, keys.signer(service->key_label));
  return TimestampService::create(database, {service->certificate, std::move(signer)}, options);
}

/// For a CA that has none: orders of dual certificates wait, everything else works.
class NoKeyCentre final : public registration::KeyCentre {
 public:
  Result<Keys> apply(std::span<const cms::ApplyKeyRequest>, Time) const override { return none(); }
  Result<Keys> restore(std::span<const cms::RestoreKeyRequest>, Time) const override { return none(); }
  Result<std::vector<Status>> revoke(std::span<const cms::RevokeKeyRequest>, Time) const override {
    return none();
  }

 private:
  static Error none() {
    return {Errc::kUnavailable, "key_centre.away", "no key management centre is configured (key_centre.url)"};
  }
};

Result<std::unique_ptr<registration::KeyCentre>> key_centre_of(const KeyCentreConfig& config,
                                                               const Issuer& issuer) {
  if (config.url.empty()) {
    return std::unique_ptr<registration::KeyCentre>(std::make_unique<NoKeyCentre>());
  }
  HUTONG_TRY(const Bytes authorities, read_file(config.tls_authority, kMostAuthorities));
  HUTONG_TRY(const auto identity, net::read_tls_identity(config.tls_certificate, config.tls_key));
  HUTONG_TRY(auto tls, net::ClientTls::create(authorities, &identity));
  HUTONG_TRY(auto client, net::Client::create(config.url, {.tls = std::move(tls)}));
  HUTONG_TRY(const Bytes certificate, read_file(config.certificate, kMostAuthorities));
  HUTONG_TRY(auto centre, x509::read_certificate(certificate));
  return std::unique_ptr<registration::KeyCentre>(std::make_unique<registration::KeyCentreClient>(
      std::move(client),
      registration::KeyCentreClient::Parties{
          .own = issuer.certificate(), .signer = issuer.signer(), .centre = std::move(centre)}));
}

operators::Settings operator_settings(const Config& config) {
  operators::Settings settings;
  settings.audiences = {config.audience};
  return settings;
}

}  // namespace

struct App::Parts {
  Parts(Config given, const Clock& time, storage::Database opened, std::unique_ptr<crypto::KeyStore> store)
      : config(std::move(given)), clock(&time), database(std::move(opened)), keys(std::move(store)) {}

  Config config;
  const Clock* clock;
  net::RequestMetrics requests;
  Metrics metrics;
  storage::Database database;
  std::unique_ptr<crypto::KeyStore> keys;
  std::unique_ptr<SigningSystem> signing;
  std::unique_ptr<ListPublisher> lists;
  std::unique_ptr<OcspResponder> ocsp;
  std::unique_ptr<TimestampService> timestamps;  ///< null: this CA stamps nothing
  std::unique_ptr<operators::OperatorSystem> operators;
  std::optional<registration::PersonalSeal> seal;
  std::unique_ptr<registration::KeyCentre> key_centre;
  std::unique_ptr<registration::KeyCentreTasks> key_centre_tasks;
  std::unique_ptr<PlatformInterface> platforms;  ///< null: this CA has no key for it yet
  std::unique_ptr<registration::RegistrationSystem> registration;
  std::unique_ptr<PublishingRoutes> publishing;
  std::unique_ptr<FilePublisher> files;  ///< null: nothing is written as files
  net::StaticFiles console;
  net::Router router;
  std::unique_ptr<net::Server> server;
  std::unique_ptr<Jobs> jobs;

  Status load();
  Status load_registration();
  void add_routes();
  void get(std::string pattern, Weight weight, net::Handler handler);
  Result<Response> readiness();
  Result<Response> measurements();
  net::Json system() const;
  Status listen();
};

Status App::Parts::load() {
  HUTONG_TRY(signing, SigningSystem::load(database, *keys, addresses_of(config)));
  lists = std::make_unique<ListPublisher>(database, *signing, config.lists);
  HUTONG_TRY(auto delegates, delegates_of(database, *keys));
  ocsp = std::make_unique<OcspResponder>(database, *signing, std::move(delegates), config.ocsp);
  HUTONG_TRY(timestamps, timestamps_of(database, *keys, signing->authority(), config.timestamps));
  HUTONG_TRY(auto others, other_authorities(config));
  HUTONG_TRY(operators,
             operators::OperatorSystem::create(
                 {.database = database,
                  .rights = rights(),
                  .settings = operator_settings(config),
                  .authority = operator_authority(database, *signing, std::move(others)),
                  .clock = *clock,
                  .archive = operators::ArchiveSettings{.folder = config.archive_folder,
                                                        .program = "hutong-ca",
                                                        .key = signing->issuer().signer(),
                                                        .certificate = signing->issuer().certificate()}}));
  HUTONG_CHECK(load_registration());
  publishing = std::make_unique<PublishingRoutes>(database, *signing, *ocsp, *clock);
  if (!config.publishing_folder.empty()) {
    files = std::make_unique<FilePublisher>(database, *signing, config.publishing_folder);
  }
  if (!config.console_folder.empty()) {
    HUTONG_TRY(console, net::StaticFiles::load(config.console_folder));
  }
  return ok();
}

Status App::Parts::load_registration() {
  HUTONG_TRY(seal, registration::PersonalSeal::load(database, *keys));
  HUTONG_TRY(key_centre, key_centre_of(config.key_centre, signing->issuer()));
  HUTONG_TRY(platforms, PlatformInterface::load(config, database, *keys, *signing));
  key_centre_tasks = std::make_unique<registration::KeyCentreTasks>(database, *key_centre);
  registration = std::make_unique<registration::RegistrationSystem>(
      registration::RegistrationSystem::Parts{.database = database,
                                              .seal = *seal,
                                              .signing = *signing,
                                              .key_centre = *key_centre,
                                              .clock = *clock,
                                              .listener = registration::announce_by(*lists, ocsp.get()),
                                              .observer = platforms ? platforms->observer() : nullptr});
  return ok();
}

void App::Parts::get(std::string pattern, Weight weight, net::Handler handler) {
  router.add({.method = Method::kGet,
              .pattern = std::move(pattern),
              .weight = weight,
              .body_limit = 0,
              .handler = std::move(handler)});
}

/// GET /readyz: the database answers and a list of the active key is current.
Result<Response> App::Parts::readiness() {
  HUTONG_TRY(auto reader, database.read());
  const auto list = ListPublisher::find_number(reader, signing->authority(), 0, ListKind::kFull);
  if (!list) {
    return Error{Errc::kUnavailable, "ca.no_list", "no revocation list has been published yet"};
  }
  return net::json_response({{"status", "ready"}, {"list", *list}});
}

/// GET /metrics
Result<Response> App::Parts::measurements() {
  net::Exposition out;
  HUTONG_CHECK(metrics.expose(out, database, *ocsp, signing->authority()));
  requests.expose(out);
  return out.response();
}

/// GET /api/v1/system
net::Json App::Parts::system() const {
  const x509::Certificate& certificate = signing->issuer().certificate();
  const PublishingAddresses& addresses = signing->issuer().addresses();
  return {{"program", "hutong-ca"},
          {"name", config.vendor},
          {"authority",
           {{"id", signing->authority()},
            {"subject", certificate.subject().to_string()},
            {"not_after", to_rfc3339(certificate.not_after())}}},
          {"addresses",
           {{"crl", addresses.crl},
            {"delta_crl", addresses.delta_crl},
            {"ocsp", addresses.ocsp},
            {"ca_certificate", addresses.ca_certificate},
            {"chain", config.public_url + "/ca/chain.p7b"},
            {"timestamp", timestamps ? config.public_url + "/tsa" : ""}}}};
}

void App::Parts::add_routes() {
  publishing->add_routes(router);
  operators->add_routes(router);
  registration::add_registration_routes(router, *registration, operators->guard());
  if (platforms) {
    platforms->add_routes(router, *registration, operators->guard(), *clock);
  }
  if (timestamps) {
    add_timestamp_route(router, *timestamps, *clock);
  }
  get("/api/v1/system", Weight::kLight,
      [this](const Request&) -> Result<Response> { return net::json_response(system()); });
  get("/healthz", Weight::kLight, [](const Request&) -> Result<Response> {
    return net::json_response({{"status", "alive"}});
  });
  get("/readyz", Weight::kHeavy, [this](const Request&) { return readiness(); });
  get("/metrics", Weight::kHeavy, [this](const Request&) { return measurements(); });
  router.set_fallback([this](const Request& request) { return console.answer(request); });
}

Status App::Parts::listen() {
  HUTONG_TRY(auto tls, tls_of(config));
  const std::string scheme = tls ? "https://" : "http://";
  HUTONG_TRY(server, net::Server::listen(
                         {.address = config.address,
                          .port = config.port,
                          .io_threads = config.io_threads,
                          .workers = config.workers,
                          .signals = net::Signals::kStopOnTerminate,
                          .tls = std::move(tls)},
                         router, [this](const net::RequestRecord& record) { requests.count(record); }));
  net::log(net::LogLevel::kInfo, "server.listening",
           {{"address", config.address},
            {"port", server->port()},
            {"url", scheme + config.address + ":" + std::to_string(server->port())}});
  return ok();
}

Result<std::unique_ptr<App>> App::create(const Config& config, const Clock& clock) {
  net::set_log_level(config.log_level);
  HUTONG_TRY(auto database, open_database(config, clock));
  HUTONG_TRY(auto keys, open_keys(config));
  auto parts = std::make_unique<Parts>(config, clock, std::move(database), std::move(keys));
  HUTONG_CHECK(parts->load());
  parts->add_routes();
  HUTONG_CHECK(parts->listen());
  return std::unique_ptr<App>(new App(std::move(parts)));
}

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
App::~App() = default;

void App::run() {
  parts_->jobs = std::make_unique<Jobs>(Jobs::Parts{.lists = *parts_->lists,
                                                    .ocsp = *parts_->ocsp,
                                                    .operators = *parts_->operators,
                                                    .key_centre = *parts_->key_centre_tasks,
                                                    .database = parts_->database,
                                                    .files = parts_->files.get(),
                                                    .metrics = parts_->metrics,
                                                    .keep_audit = parts_->config.keep_audit,
                                                    .clock = *parts_->clock,
                                                    .every = parts_->config.jobs_every});
  if (parts_->platforms) {
    parts_->platforms->start(*parts_->clock);
  }
  parts_->server->run();
  if (parts_->platforms) {
    parts_->platforms->stop();
  }
  parts_->jobs.reset();
  net::log(net::LogLevel::kInfo, "server.stopped");
}

}  // namespace hutong::ca
