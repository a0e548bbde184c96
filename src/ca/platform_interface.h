#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "ca/cmp/cmp_endpoint.h"
#include "ca/cmp/registration_enrolment.h"
#include "ca/config.h"
#include "ca/registration/registration_system.h"
#include "ca/signing/service_key_repository.h"
#include "ca/vendor/webhook_sender.h"
#include "ca/vendor/webhooks.h"
#include "crypto/key_store.h"
#include "net/router.h"
#include "operators/guard.h"

namespace hutong::ca {

/// What machines are offered: the REST profile with its webhooks (docs/api/vendor.yaml) and CMP
/// (docs/cmp.md), signed with a service key of its own. Everything given must outlive it.
class PlatformInterface {
 public:
  /// Null when this CA has no such key yet: `hutong-ca renew-services` makes it.
  static Result<std::unique_ptr<PlatformInterface>> load(const Config& config, storage::Database& database,
                                                         crypto::KeyStore& keys,
                                                         const SigningSystem& signing);
  PlatformInterface(const PlatformInterface&) = delete;
  PlatformInterface& operator=(const PlatformInterface&) = delete;

  /// For the registration system, which is built after this.
  registration::StepObserver observer() const { return webhooks_.observer(); }
  void add_routes(net::Router& router, const registration::RegistrationSystem& system,
                  const operators::Guard& guard, const Clock& clock);
  /// Webhooks are sent from now until stop().
  void start(const Clock& clock) { sender_.emplace(webhooks_, clock); }
  void stop() { sender_.reset(); }

 private:
  PlatformInterface(const Config& config, storage::Database& database, ServiceKey service,
                    std::unique_ptr<crypto::Signer> signer, net::ClientOptions client,
                    CmpClients cmp_clients);

  const Config* config_;
  storage::Database* database_;
  ServiceKey service_;
  std::unique_ptr<crypto::Signer> signer_;
  vendor::Webhooks webhooks_;
  CmpClients cmp_clients_;
  std::optional<RegistrationEnrolment> enrolment_;
  std::optional<CmpEndpoint> cmp_;
  std::optional<vendor::WebhookSender> sender_;
};

}  // namespace hutong::ca
