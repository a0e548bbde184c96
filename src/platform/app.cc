#include "platform/app.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "net/log.h"
#include "net/request_metrics.h"
#include "net/router.h"
#include "net/server.h"
#include "net/static_files.h"
#include "net/tls.h"
#include "platform/administration.h"
#include "platform/examples/example_set.h"
#include "platform/metrics.h"
#include "platform/rate_limit.h"
#include "platform/revocation/revocation_fetcher.h"
#include "platform/svs/svs_handlers.h"
#include "platform/trust/trust_keeper.h"
#include "platform/validation/validation_room.h"
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
  std::unique_ptr<Administration> administration;  ///< null: it recognises only
  RateLimit limit;
  net::Router router;
  std::unique_ptr<net::Server> server;

  Status load();
  Status load_recognition();
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
  if (!config.database.empty()) {
    HUTONG_TRY(administration,
               Administration::open(
                   {.config = config,
                    .trust = *trust,
                    .clock = *clock,
                    .origin = config.audience.empty() ? url_of(config, config.port) : config.audience}));
  }
  return ok();
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
    return net::json_response({{"program", "hutong-platform"},
                               {"version", HUTONG_VERSION},
                               {"operators", administration != nullptr}});
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
  if (administration) {
    administration->add_routes(router);
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
  parts_->trust->start_watching([this] {
    if (parts_->administration) {
      parts_->administration->fetch_list();
    }
  });
  if (parts_->fetcher != nullptr) {
    parts_->fetcher->start();
  }
  parts_->server->run();
  parts_->trust->stop_watching();
  net::log(net::LogLevel::kInfo, "server.stopped");
}

}  // namespace hutong::platform
