#include <iostream>
#include <utility>

#include "base/file.h"
#include "ca/commands.h"
#include "ca/database.h"
#include "ca/rights.h"
#include "crypto/random.h"
#include "operators/client_registry.h"
#include "x509/input.h"

namespace hutong::ca {
namespace {

constexpr std::size_t kMostClientCertificate = 1 << 20;

/// Whoever may read the keys' password and write the database registers clients from the command line.
operators::Authorized command_line() {
  return {.client = operators::ApiClient{.id = {}, .display_name = "hutong-ca add-client", .created_by = {}},
          .actor = {"hutong-ca add-client", {}}};
}

}  // namespace

Status run_add_client(const AddClientOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_TRY(auto database, open_database(config, clock));
  operators::NewClient wanted{.display_name = options.name,
                              .rights = {options.rights.begin(), options.rights.end()}};
  if (!options.certificate_file.empty()) {
    HUTONG_TRY(const Bytes content, read_file(options.certificate_file, kMostClientCertificate));
    HUTONG_TRY(const auto certificate, x509::read_certificate(content));
    wanted.certificate = to_bytes(certificate.der());
  }
  const operators::RightsCatalogue catalogue(rights());
  const operators::ClientRegistry registry(database, catalogue, clock, crypto::system_random());
  HUTONG_TRY(const auto added, registry.add(command_line(), wanted));
  std::cout << "client: " << added.client.id << '\n';
  if (added.key.empty()) {
    std::cout << "certificate: " << added.client.fingerprint << '\n';
  } else {
    std::cout << "key: " << added.key << '\n';
  }
  return ok();
}

}  // namespace hutong::ca
