#include "operators/client_registry.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "crypto/sm3.h"
#include "net/ulid.h"
#include "operators/client_repository.h"
#include "operators/internal/operator_json.h"
#include "operators/registry.h"

namespace hutong::operators {
namespace {

void describe(audit::Event& event, const ApiClient& about) {
  event.object_kind = "client";
  event.object_id = about.id;
  event.detail = net::to_text({{"display_name", about.display_name},
                               {"rights", to_json(about.rights)},
                               {"fingerprint", about.fingerprint},
                               {"state", to_string(about.state)}});
}

std::string fresh_key(crypto::RandomSource& random) {
  std::array<std::uint8_t, 32> octets{};
  random.fill(octets);
  return std::string(kClientKeyPrefix) + to_hex(octets);
}

}  // namespace

Result<AddedClient> ClientRegistry::add(const Authorized& by, const NewClient& wanted) const {
  HUTONG_CHECK(check_display_name(wanted.display_name));
  HUTONG_CHECK(catalogue_->check_machine_grant(wanted.rights));
  const Time now = clock_->now();
  AddedClient added{.client = {.id = net::make_ulid(now, *random_),
                               .display_name = wanted.display_name,
                               .rights = wanted.rights,
                               .created_by = by.id(),
                               .created_at = now,
                               .changed_at = now}};
  ClientCredential credential;
  if (wanted.certificate.empty()) {
    added.key = fresh_key(*random_);
    const auto digest = crypto::sm3(as_bytes(added.key));
    credential.key_sm3 = to_bytes(digest);
  } else {
    HUTONG_CHECK(x509::Certificate::parse(wanted.certificate));
    credential.certificate = wanted.certificate;
    added.client.fingerprint = to_hex(crypto::sm3(wanted.certificate));
  }
  return audited_change(*database_, by, "client.added", now,
                        [&](storage::Transaction& transaction, audit::Event& event) -> Result<AddedClient> {
                          HUTONG_CHECK(ClientRepository::insert(transaction, added.client, credential));
                          describe(event, added.client);
                          return added;
                        });
}

Result<ApiClient> ClientRegistry::change(const Authorized& by, const ClientChange& change) const {
  const Time now = clock_->now();
  const std::string_view action = change.state ? "client.retired" : "client.changed";
  return audited_change(*database_, by, action, now,
                        [&](storage::Transaction& transaction, audit::Event& event) -> Result<ApiClient> {
                          HUTONG_TRY(ApiClient changed, ClientRepository::find(transaction, change.id));
                          if (changed.state == State::kRetired) {
                            return Error{Errc::kConflict, "client.retired", "the client is retired"};
                          }
                          changed.display_name = change.display_name.value_or(changed.display_name);
                          changed.rights = change.rights.value_or(changed.rights);
                          changed.state = change.state.value_or(changed.state);
                          changed.changed_at = now;
                          changed.version = change.version;
                          HUTONG_CHECK(check_display_name(changed.display_name));
                          HUTONG_CHECK(catalogue_->check_machine_grant(changed.rights));
                          HUTONG_CHECK(ClientRepository::update(transaction, changed));
                          describe(event, changed);
                          ++changed.version;
                          return changed;
                        });
}

}  // namespace hutong::operators
