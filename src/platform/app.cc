#include "platform/app.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/secret.h"
#include "crypto/key_store.h"
#include "net/log.h"
#include "net/request_metrics.h"
#include "net/router.h"
#include "net/server.h"
#include "net/static_files.h"
#include "net/tls.h"
#include "operators/operator_system.h"
#include "platform/examples/example_set.h"
#include "platform/login/login_room.h"
#include "platform/metrics.h"
#include "platform/rate_limit.h"
#include "platform/revocation/revocation_fetcher.h"
#include "platform/rights.h"
#include "platform/schema.h"
#include "platform/subjects/region.h"
#include "platform/subjects/subject_desk.h"
#include "platform/svs/svs_handlers.h"
#include "platform/trust/list_file.h"
#include "platform/trust/list_handlers.h"
#include "platform/trust/list_signer.h"
#include "platform/trust/trust_desk.h"
#include "platform/trust/trust_keeper.h"
#include "platform/validation/validation_room.h"
#include "platform/vendors/commitment_handlers.h"
#include "platform/vendors/connector_check.h"
#include "platform/vendors/vendor_connections.h"
#include "platform/vendors/vendor_handlers.h"
#include "recognition/report_json.h"

namespace hutong::platform {
namespace {

using net::Method;
using net::Request;
using net::Response;
using net::Weight;
using recognition::TrustListState;

/// Reasons are literals, so the states get theirs here.
std::string_view reason_for(TrustListState state) {
  switch (state) {
    case TrustListState::kExpired:
      return "trust_list.expired";
    case TrustListState::kBadSignature:
      return "trust_list.bad_signature";
    case TrustListState::kMalformed:
      return "trust_list.malformed";
    default:
      return "trust_list.missing";
  }
}

/// GET /readyz
Result<Response> readiness(const TrustKeeper& trust, const Clock& clock) {
  const auto snapshot = trust.current();
  const TrustListState state = snapshot->list.state(clock.now());
  if (state != TrustListState::kCurrent) {
    return Error{Errc::kUnavailable, reason_for(state),
                 "without a current trust list nothing is called valid"};
  }
  return net::json_response({{"status", "ready"}, {"trust_list", snapshot->list.list->content().number}});
}

std::string url_of(const Config& config, std::uint16_t port) {
  const bool is_v6 = config.address.find(':') != std::string::npos;
  const std::string host = config.address == "0.0.0.0" ? "127.0.0.1" : config.address;
  const std::string scheme = config.tls_certificate.empty() ? "http://" : "https://";
  return scheme + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

/// Null when the configuration names no certificate.
Result<std::shared_ptr<const net::ServerTls>> tls_of(const Config& config) {
  if (config.tls_certificate.empty()) {
    return std::shared_ptr<const net::ServerTls>();
  }
  HUTONG_TRY(const auto identity, net::read_tls_identity(config.tls_certificate, config.tls_key));
  if (config.tls_client_authorities.empty()) {
    return net::ServerTls::create(identity);
  }
  constexpr std::size_t kMostAuthorities = 4 << 20;
  HUTONG_TRY(const Bytes authorities, read_file(config.tls_client_authorities, kMostAuthorities));
  return net::ServerTls::create(identity, net::ClientCertificates::kRequired, authorities);
}

Result<std::unique_ptr<crypto::FileKeyStore>> open_keys(const Config& config) {
  constexpr std::size_t kMostPassword = 1024;
  HUTONG_TRY(Bytes password, read_file(config.key_password_file, kMostPassword));
  const ScopedWipe wipe_password(password);
  const std::string_view text = as_text(password);
  return crypto::FileKeyStore::open(config.key_folder, text.substr(0, text.find_first_of("\r\n")));
}

}  // namespace

struct App::Parts {
  Parts(Config given, const Clock& time)
      : config(std::move(given)), clock(&time), limit(static_cast<std::uint32_t>(config.most_per_minute)) {}

  Config config;
  const Clock* clock;
  net::RequestMetrics requests;
  Metrics metrics;
  net::StaticFiles portal;
  ExampleSet examples;
  std::unique_ptr<ValidationRoom> validation;
  std::unique_ptr<TrustKeeper> trust;
  std::unique_ptr<RevocationFetcher> fetcher;  ///< null: lists are placed by others
  std::unique_ptr<svs::Service> svs;
  std::unique_ptr<svs::Handlers> svs_handlers;
  std::optional<storage::Database> database;
  std::unique_ptr<operators::OperatorSystem> operators;
  std::unique_ptr<VendorDesk> vendors;
  std::optional<VendorConnections> connections;
  std::unique_ptr<crypto::FileKeyStore> keys;  ///< null: no subjects, nobody but operators logs in
  std::optional<Vault> vault;
  std::unique_ptr<SubjectDesk> subjects;
  std::unique_ptr<login::LoginRoom> login;
  std::optional<ListSigner> list_signer;
  std::unique_ptr<TrustDesk> trust_desk;
  std::unique_ptr<ListFile> list_file;  ///< null: lists come from elsewhere
  RateLimit limit;
  net::Router router;
  std::unique_ptr<net::Server> server;

  Status load();
  Status load_recognition();
  Status load_operators();
  Status load_trust_desk();
  Status load_subjects();
  std::string origin() const {
    return config.audience.empty() ? url_of(config, config.port) : config.audience;
  }
  void fetch_list();
  std::vector<RevocationSource> fetched_sources() const;
  void add_routes();
  /// Every route but those that watch over the program counts requests by who sends them.
  void limit_routes();
  void get(std::string pattern, Weight weight, net::Handler handler);
  Status listen();
};

Status App::Parts::load() {
  if (!config.portal_folder.empty()) {
    HUTONG_TRY(portal, net::StaticFiles::load(config.portal_folder));
  }
  if (!config.examples_folder.empty()) {
    HUTONG_TRY(examples, ExampleSet::load(config.examples_folder));
  }
  HUTONG_CHECK(load_recognition());
  return config.database.empty() ? ok() : load_operators();
}

Status App::Parts::load_recognition() {
  HUTONG_TRY(validation, ValidationRoom::open(
                             {.reports_folder = config.reports_folder,
                              .reports = {.keep = config.keep_reports, .keep_for = config.keep_reports_for},
                              .keep_evidence_for = config.keep_evidence_for,
                              .signer_key = config.report_signer_key,
                              .signer_password = config.report_signer_password},
                             *clock));
  trust = std::make_unique<TrustKeeper>(
      TrustFiles{.list = config.trust_list,
                 .list_signer = config.list_signer,
                 .revocation_folder = config.revocation_folder,
                 .reload = config.reload},
      *clock, [this] { metrics.count_trust_reload(); },
      [this](ByteView file, const x509::Certificate& signer) { validation->keep_list(file, signer); });
  if (config.fetch.count() > 0) {
    fetcher = std::make_unique<RevocationFetcher>(
        RevocationFetcher::Settings{.folder = config.revocation_folder, .interval = config.fetch}, *trust,
        *clock);
  }
  RevocationSources* sources = fetcher != nullptr ? &fetcher->sources() : nullptr;
  validation->begin({.trust = *trust, .metrics = metrics, .sources = sources});
  HUTONG_TRY(auto inventory, svs::Inventory::load(config.svs_entities, config.svs_certificates));
  svs =
      std::make_unique<svs::Service>(*trust, *clock, std::move(inventory), svs::Sessions::Limits(), sources);
  svs_handlers = std::make_unique<svs::Handlers>(*svs, *clock);
  return ok();
}

Status App::Parts::load_operators() {
  HUTONG_TRY(auto opened, open_database(config.database, *clock));
  database.emplace(std::move(opened));
  HUTONG_TRY(auto authority, operator_authority(config.operator_authorities));
  HUTONG_TRY(operators, operators::OperatorSystem::create({.database = *database,
                                                           .rights = rights(),
                                                           .is_region = is_part_of_region,
                                                           .settings = {.audiences = {origin()}},
                                                           .authority = std::move(authority),
                                                           .clock = *clock}));
  HUTONG_CHECK(operators->remove_old_sessions());
  vendors = std::make_unique<VendorDesk>(*database, *clock);
  HUTONG_TRY(auto ways, VendorConnections::load({.authorities = config.connector_authorities,
                                                 .certificate = config.connector_certificate,
                                                 .key = config.connector_key,
                                                 .keys = config.connector_keys,
                                                 .signer = config.connector_signer,
                                                 .signer_password = config.connector_signer_password},
                                                *clock));
  connections.emplace(std::move(ways));
  HUTONG_CHECK(load_trust_desk());
  return config.key_folder.empty() ? ok() : load_subjects();
}

Status App::Parts::load_subjects() {
  HUTONG_TRY(keys, open_keys(config));
  HUTONG_TRY(auto opened, Vault::open(*database, *keys));
  vault.emplace(std::move(opened));
  subjects = std::make_unique<SubjectDesk>(*database, *vault, *clock);
  login::LoginSettings settings{.issuer = origin(),
                                .revocation = config.login_needs_revocation ? x509::RevocationMode::kRequire
                                                                            : x509::RevocationMode::kPrefer,
                                .most_per_minute = static_cast<std::uint32_t>(config.login_most_per_minute)};
  HUTONG_TRY(login, login::LoginRoom::create({.database = *database,
                                              .vault = *vault,
                                              .subjects = *subjects,
                                              .trust = *trust,
                                              .settings = std::move(settings),
                                              .clock = *clock}));
  HUTONG_CHECK(login->remove_old());
  return ok();
}

Status App::Parts::load_trust_desk() {
  if (!config.trust_signer_key.empty()) {
    HUTONG_TRY(auto signer, ListSigner::load({.key = config.trust_signer_key,
                                              .password_file = config.trust_signer_password,
                                              .announcements = config.trust_signer_announcements}));
    list_signer.emplace(std::move(signer));
  }
  trust_desk =
      std::make_unique<TrustDesk>(TrustDesk::Parts{.database = *database,
                                                   .signer = list_signer ? &*list_signer : nullptr,
                                                   .in_force = [this] { return trust->current()->list.list; },
                                                   .clock = *clock,
                                                   .on_release =
                                                       [this] {
                                                         fetch_list();
                                                         trust->refresh();
                                                       },
                                                   .operator_zh = config.trust_operator_zh,
                                                   .operator_en = config.trust_operator_en});
  if (!config.trust_list.empty()) {
    list_file = std::make_unique<ListFile>(*trust_desk, config.trust_list);
    HUTONG_CHECK(list_file->bring_up_to_date());
    trust->refresh();
  }
  return ok();
}

/// A list that cannot be fetched now is fetched at the next look.
void App::Parts::fetch_list() {
  if (list_file == nullptr) {
    return;
  }
  if (const auto done = list_file->bring_up_to_date(); !done) {
    net::log(net::LogLevel::kError, "trust_list.not_published",
             {{"reason", done.error().reason}, {"detail", done.error().detail}});
  }
}

std::vector<RevocationSource> App::Parts::fetched_sources() const {
  return fetcher != nullptr ? fetcher->sources().all() : std::vector<RevocationSource>();
}

void App::Parts::get(std::string pattern, Weight weight, net::Handler handler) {
  router.add({.method = Method::kGet,
              .pattern = std::move(pattern),
              .weight = weight,
              .body_limit = 0,
              .handler = std::move(handler)});
}

void App::Parts::add_routes() {
  validation->add_routes(router, config.upload_limit);
  for (const auto* pattern : {"/svs", "/svs/{type}"}) {
    router.add({.method = Method::kPost,
                .pattern = pattern,
                .weight = Weight::kHeavy,
                .body_limit = config.upload_limit,
                .handler = [this](const Request& request) { return svs_handlers->answer(request); }});
  }
  get("/api/v1/trust-list", Weight::kHeavy, [this](const Request&) -> Result<Response> {
    return net::json_response(recognition::to_json(trust->current()->list, clock->now()));
  });
  get("/api/v1/revocation-sources", Weight::kHeavy, [this](const Request&) -> Result<Response> {
    net::Json sources = net::Json::array();
    for (const auto& source : fetched_sources()) {
      sources.push_back(to_json(source));
    }
    return net::json_response({{"fetches", fetcher != nullptr}, {"sources", std::move(sources)}});
  });
  get("/api/v1/examples", Weight::kLight,
      [this](const Request&) -> Result<Response> { return examples.list(); });
  get("/api/v1/examples/{name}", Weight::kLight,
      [this](const Request& request) { return examples.file(request.parameters.at("name")); });
  get("/api/v1/demonstration", Weight::kLight,
      [this](const Request&) -> Result<Response> { return examples.logins(); });
  get("/api/v1/openapi.json", Weight::kLight,
      [](const Request&) -> Result<Response> { return Response{.body = std::string(openapi_document())}; });
  get("/api/v1/system", Weight::kLight, [this](const Request&) -> Result<Response> {
    return net::json_response(
        {{"program", "hutong-platform"}, {"version", HUTONG_VERSION}, {"operators", operators != nullptr}});
  });
  get("/healthz", Weight::kLight, [](const Request&) -> Result<Response> {
    return net::json_response({{"status", "alive"}});
  });
  get("/readyz", Weight::kLight, [this](const Request&) { return readiness(*trust, *clock); });
  get("/metrics", Weight::kLight, [this](const Request&) -> Result<Response> {
    const auto snapshot = trust->current();
    net::Exposition out;
    metrics.expose(out, snapshot->list,
                   snapshot->revocation.crls().size() + snapshot->revocation.ocsp_responses().size(),
                   clock->now());
    expose(out, fetched_sources());
    requests.expose(out);
    return out.response();
  });
  if (operators) {
    operators->add_routes(router);
    add_vendor_routes(router, *vendors, operators->guard());
    add_commitment_routes(router, ShowCommitments(*vendors, *connections, *clock), operators->guard());
    add_connector_routes(router, CheckConnector(*vendors, *connections, *clock), operators->guard());
    add_trust_routes(router, *trust_desk, operators->guard());
  }
  if (subjects) {
    add_subject_routes(router, *subjects, operators->guard());
    login->add_routes(router, operators->guard());
  }
}

void App::Parts::limit_routes() {
  router = limited_routes(router, {"/healthz", "/readyz", "/metrics"}, [this](const Request& request) {
    return limit.count(address_of(request, config.address_field), clock->now(), weight_of(request));
  });
  if (!portal.empty()) {
    router.set_fallback([this](const Request& request) { return portal.answer(request); });
  }
}

Status App::Parts::listen() {
  HUTONG_TRY(auto tls, tls_of(config));
  HUTONG_TRY(server, net::Server::listen(
                         {.address = config.address,
                          .port = config.port,
                          .io_threads = config.io_threads,
                          .workers = config.workers,
                          .body_memory = config.upload_limit * 8,
                          .signals = net::Signals::kStopOnTerminate,
                          .tls = std::move(tls)},
                         router, [this](const net::RequestRecord& record) { requests.count(record); }));
  net::log(net::LogLevel::kInfo, "server.listening",
           {{"address", config.address}, {"port", server->port()}, {"url", url_of(config, server->port())}});
  return ok();
}

Result<std::unique_ptr<App>> App::create(const Config& config, const Clock& clock) {
  net::set_log_level(config.log_level);
  auto parts = std::make_unique<Parts>(config, clock);
  HUTONG_CHECK(parts->load());
  parts->add_routes();
  parts->limit_routes();
  HUTONG_CHECK(parts->listen());
  return std::unique_ptr<App>(new App(std::move(parts)));
}

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
App::~App() = default;

std::uint16_t App::port() const { return parts_->server->port(); }

const net::Router& App::router() const { return parts_->router; }

void App::run() {
  parts_->trust->start_watching([this] { parts_->fetch_list(); });
  if (parts_->fetcher != nullptr) {
    parts_->fetcher->start();
  }
  parts_->server->run();
  net::log(net::LogLevel::kInfo, "server.stopped");
}

}  // namespace hutong::platform
