#include "ca/generation.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "audit/clock_check.h"
#include "base/file.h"
#include "ca/database.h"
#include "ca/jobs.h"
#include "ca/key_centre_connection.h"
#include "ca/operator_authority.h"
#include "ca/platform_interface.h"
#include "ca/publishing/file_publisher.h"
#include "ca/publishing/publishing_routes.h"
#include "ca/registration/application_handlers.h"
#include "ca/registration/key_centre_client.h"
#include "ca/registration/key_centre_tasks.h"
#include "ca/registration/registration_routes.h"
#include "ca/registration/registration_system.h"
#include "ca/registration/status_announcer.h"
#include "ca/rights.h"
#include "ca/signing/service_key_repository.h"
#include "ca/timestamping/timestamp_service.h"
#include "net/static_files.h"
#include "operators/operator_system.h"
#include "x509/input.h"

namespace hutong::ca {
namespace {

using net::Method;
using net::Request;
using net::Response;
using net::Weight;

constexpr std::size_t kMostAuthorities = 4 << 20;

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
  HUTONG_TRY(auto client, connect_key_centre(config));
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

void add_get(net::Router& router, std::string pattern, Weight weight, net::Handler handler) {
  router.add({.method = Method::kGet,
              .pattern = std::move(pattern),
              .weight = weight,
              .body_limit = 0,
              .handler = std::move(handler)});
}

}  // namespace

struct Generation::Parts {
  explicit Parts(const Base& given)
      : config(given.config),
        clock(&given.clock),
        database(given.database),
        requests(given.requests),
        metrics(given.metrics),
        outage(given.outage) {}

  const Config& config;
  const Clock* clock;
  storage::Database& database;
  const net::RequestMetrics& requests;
  Metrics& metrics;
  Outage& outage;
  KeysInUse in_use;
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
  net::Router routes;
  net::Router management_routes;
  std::unique_ptr<Jobs> jobs;  ///< null: not started

  Status load();
  Status load_registration();
  void add_routes();
  void add_service_routes();
  void add_common_routes(net::Router& router, std::string_view pages);
  void add_management_routes(net::Router& router);
  Result<Response> readiness();
  Result<Response> measurements();
  net::Json system(std::string_view pages) const;
  void start();
};

Status Generation::Parts::load() {
  {
    HUTONG_TRY(auto reader, database.read());
    HUTONG_TRY(in_use, KeysInUse::read(reader));  // before the keys: what changes meanwhile is seen later
  }
  HUTONG_TRY(keys, open_keys(config));
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

Status Generation::Parts::load_registration() {
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

/// GET /readyz: the database answers and a list of the active key is current.
Result<Response> Generation::Parts::readiness() {
  HUTONG_TRY(auto reader, database.read());
  const auto list = ListPublisher::find_number(reader, signing->authority(), 0, ListKind::kFull);
  if (!list) {
    return Error{Errc::kUnavailable, "ca.no_list", "no revocation list has been published yet"};
  }
  return net::json_response({{"status", "ready"}, {"list", *list}});
}

/// GET /metrics
Result<Response> Generation::Parts::measurements() {
  net::Exposition out;
  HUTONG_CHECK(metrics.expose(out, database, *ocsp, signing->authority()));
  requests.expose(out);
  return out.response();
}

/// GET /api/v1/system; `pages`: which of them have what they need here.
net::Json Generation::Parts::system(std::string_view pages) const {
  const x509::Certificate& certificate = signing->issuer().certificate();
  const PublishingAddresses& addresses = signing->issuer().addresses();
  return {{"program", "hutong-ca"},
          {"name", config.vendor},
          {"pages", pages},
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

/// For everybody: what is published, applications, the interface for platforms.
void Generation::Parts::add_service_routes() {
  publishing->add_routes(routes);
  registration::add_application_routes(routes, *registration);
  if (platforms) {
    platforms->add_routes(routes, *registration, operators->guard(), *clock);
  }
  if (timestamps) {
    add_timestamp_route(routes, *timestamps, *clock);
  }
  add_common_routes(routes, config.management_port ? "public" : "all");
  routes.set_fallback([this](const Request& request) { return console.answer(request); });
}

void Generation::Parts::add_common_routes(net::Router& router, std::string_view pages) {
  add_get(router, "/api/v1/system", Weight::kLight,
          [this, pages](const Request&) -> Result<Response> { return net::json_response(system(pages)); });
  add_get(router, "/healthz", Weight::kLight, [](const Request&) -> Result<Response> {
    return net::json_response({{"status", "alive"}});
  });
  add_get(router, "/readyz", Weight::kHeavy, [this](const Request&) { return readiness(); });
}

void Generation::Parts::add_management_routes(net::Router& router) {
  operators->add_routes(router);
  registration::add_registration_routes(router, *registration, operators->guard());
  add_get(router, "/metrics", Weight::kHeavy, [this](const Request&) { return measurements(); });
}

void Generation::Parts::add_routes() {
  add_service_routes();
  if (!config.management_port) {
    return add_management_routes(routes);
  }
  add_get(routes, "/metrics", Weight::kLight, [](const Request&) -> Result<Response> {
    return Error{Errc::kNotFound, "http.not_found", "measurements are on the port of the operators"};
  });
  add_management_routes(management_routes);
  publishing->add_routes(management_routes);  // the console's pages link what is published
  add_common_routes(management_routes, "operators");
  management_routes.set_fallback([this](const Request& request) { return console.answer(request); });
}

void Generation::Parts::start() {
  jobs = std::make_unique<Jobs>(Jobs::Parts{.lists = *lists,
                                            .ocsp = *ocsp,
                                            .operators = *operators,
                                            .key_centre = *key_centre_tasks,
                                            .database = database,
                                            .files = files.get(),
                                            .metrics = metrics,
                                            .outage = outage,
                                            .keep_audit = config.keep_audit,
                                            .clock = *clock,
                                            .every = config.jobs_every});
  if (platforms) {
    platforms->start(*clock);
  }
}

Result<std::shared_ptr<Generation>> Generation::load(const Base& base) {
  auto parts = std::make_unique<Parts>(base);
  HUTONG_CHECK(parts->load());
  parts->add_routes();
  return std::shared_ptr<Generation>(new Generation(std::move(parts)));
}

Generation::Generation(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Generation::~Generation() = default;

const KeysInUse& Generation::keys() const { return parts_->in_use; }
const net::Router& Generation::routes() const { return parts_->routes; }
const net::Router& Generation::management_routes() const { return parts_->management_routes; }

Status Generation::publish_lists() const {
  const Time now = parts_->clock->now();
  HUTONG_CHECK([&]() -> Status {
    HUTONG_TRY(auto reader, parts_->database.read());
    return audit::check_clock(reader, now);
  }());
  HUTONG_CHECK(parts_->lists->publish_due(now));
  return ok();
}

void Generation::start() { parts_->start(); }

void Generation::stop() {
  if (parts_->platforms) {
    parts_->platforms->stop();
  }
  parts_->jobs.reset();
}

}  // namespace hutong::ca
