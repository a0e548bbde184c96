#include <algorithm>
#include <array>
#include <iostream>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "ca/cmp/cmp_clients.h"
#include "ca/commands.h"
#include "ca/database.h"
#include "ca/rights.h"
#include "crypto/random.h"
#include "operators/client_registry.h"
#include "x509/input.h"

namespace hutong::ca {
namespace {

constexpr std::size_t kMostClientCertificate = 1 << 20;
constexpr std::size_t kMostSecret = 4096;

struct NamedRight {
  std::string_view name;
  CmpRight right;
};
constexpr std::array kCmpRights{
    NamedRight{"enrol", CmpRight::kEnrol},         NamedRight{"renew", CmpRight::kRenew},
    NamedRight{"revoke", CmpRight::kRevoke},       NamedRight{"vouch", CmpRight::kVouch},
    NamedRight{"automatic", CmpRight::kAutomatic}, NamedRight{"empty-sm2-id", CmpRight::kEmptySm2Id}};

Result<std::uint32_t> cmp_rights_of(const std::vector<std::string>& names) {
  std::uint32_t rights = 0;
  for (const std::string& name : names) {
    const auto* found = std::ranges::find(kCmpRights, name, &NamedRight::name);
    if (found == kCmpRights.end()) {
      return Error{Errc::kMalformed, "cmp.right", name + " is no right of a CMP client"};
    }
    rights |= static_cast<std::uint32_t>(found->right);
  }
  return rights;
}

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

Status run_add_cmp_client(const AddCmpClientOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_TRY(auto database, open_database(config, clock));
  HUTONG_TRY(const auto keys, open_keys(config));
  HUTONG_TRY(const auto clients, CmpClients::load(database, *keys));
  HUTONG_TRY(const std::uint32_t rights, cmp_rights_of(options.rights));
  HUTONG_TRY(Bytes content, read_file(options.secret_file, kMostSecret));
  const std::string_view text = as_text(content);
  const Status added = clients.add({.reference = to_bytes(as_bytes(options.reference)),
                                    .name = options.name,
                                    .templates = options.templates,
                                    .rights = rights,
                                    .organization = options.organization,
                                    .organization_number = options.organization_number},
                                   as_bytes(text.substr(0, text.find_first_of("\r\n"))),
                                   {"hutong-ca add-cmp-client", {}}, clock.now());
  wipe(content);
  HUTONG_CHECK(added);
  std::cout << "client: " << options.name << ", reference " << options.reference << '\n';
  return ok();
}

}  // namespace hutong::ca
