#include "ca/platform_interface.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "ca/vendor/vendor_handlers.h"
#include "net/log.h"
#include "net/tls.h"

namespace hutong::ca {
namespace {

constexpr std::size_t kMostClientAuthorities = 4 << 20;
constexpr std::chrono::milliseconds kConnectPatience{3'000};
constexpr std::chrono::milliseconds kAnswerPatience{10'000};
constexpr std::size_t kMostAnswer = 64 * 1024;

/// How platforms are called: believed under these authorities only.
Result<net::ClientOptions> client_of(const PlatformConfig& config) {
  net::ClientOptions client{
      .connect_timeout = kConnectPatience, .timeout = kAnswerPatience, .answer_limit = kMostAnswer};
  if (!config.webhook_authorities.empty()) {
    HUTONG_TRY(const Bytes authorities, read_file(config.webhook_authorities, kMostClientAuthorities));
    HUTONG_TRY(client.tls, net::ClientTls::create(authorities));
  }
  return client;
}

}  // namespace

PlatformInterface::PlatformInterface(const Config& config, storage::Database& database, ServiceKey service,
                                     std::unique_ptr<crypto::Signer> signer, net::ClientOptions client,
                                     CmpClients cmp_clients)
    : config_(&config),
      database_(&database),
      service_(std::move(service)),
      signer_(std::move(signer)),
      webhooks_(database, *signer_, {.hosts = config.platforms.webhook_hosts, .client = std::move(client)}),
      cmp_clients_(std::move(cmp_clients)) {}

Result<std::unique_ptr<PlatformInterface>> PlatformInterface::load(const Config& config,
                                                                   storage::Database& database,
                                                                   crypto::KeyStore& keys,
                                                                   const SigningSystem& signing) {
  HUTONG_TRY(const auto services, [&]() -> Result<std::vector<ServiceKey>> {
    HUTONG_TRY(auto reader, database.read());
    return ServiceKeyRepository::all(reader, kCmpPurpose);
  }());
  const auto service = std::ranges::find(services, signing.authority(), &ServiceKey::authority);
  if (service == services.end()) {
    net::log(net::LogLevel::kError, "platforms.not_served",
             {{"detail", "there is no key that signs for platforms: run hutong-ca renew-services"}});
    return std::unique_ptr<PlatformInterface>();
  }
  HUTONG_TRY(auto signer, keys.signer(service->key_label));
  HUTONG_TRY(auto client, client_of(config.platforms));
  HUTONG_TRY(auto cmp_clients, CmpClients::load(database, keys));
  return std::unique_ptr<PlatformInterface>(new PlatformInterface(
      config, database, *service, std::move(signer), std::move(client), std::move(cmp_clients)));
}

void PlatformInterface::add_routes(net::Router& router, const registration::RegistrationSystem& system,
                                   const operators::Guard& guard, const Clock& clock) {
  vendor::add_vendor_routes(router, {.system = system,
                                     .guard = guard,
                                     .webhooks = webhooks_,
                                     .vendor_name = config_->vendor,
                                     .webhook_certificate = service_.certificate,
                                     .commitments = config_->platforms.commitments});
  enrolment_.emplace(system);
  cmp_.emplace(CmpEndpoint::Parts{.database = *database_,
                                  .signing = system.signing(),
                                  .clients = cmp_clients_,
                                  .enrolment = *enrolment_,
                                  .signer = *signer_,
                                  .certificate = service_.certificate,
                                  .clock = clock});
  cmp_->add_routes(router);
}

}  // namespace hutong::ca
