#include "platform/administration.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "base/secret.h"
#include "net/log.h"
#include "platform/rights.h"
#include "platform/schema.h"
#include "platform/subjects/region.h"
#include "platform/trust/list_handlers.h"
#include "platform/vendors/commitment_handlers.h"
#include "platform/vendors/connector_check.h"
#include "platform/vendors/vendor_handlers.h"

namespace hutong::platform {
namespace {

Result<std::unique_ptr<crypto::FileKeyStore>> open_keys(const Config& config) {
  constexpr std::size_t kMostPassword = 1024;
  HUTONG_TRY(Bytes password, read_file(config.key_password_file, kMostPassword));
  const ScopedWipe wipe_password(password);
  const std::string_view text = as_text(password);
  return crypto::FileKeyStore::open(config.key_folder, text.substr(0, text.find_first_of("\r\n")));
}

}  // namespace

Result<std::unique_ptr<Administration>> Administration::open(Parts parts) {
  std::unique_ptr<Administration> administration(new Administration(std::move(parts)));
  HUTONG_CHECK(administration->open_operators());
  HUTONG_CHECK(administration->open_vendors());
  HUTONG_CHECK(administration->open_trust_desk());
  if (!administration->parts_.config.key_folder.empty()) {
    HUTONG_CHECK(administration->open_subjects());
  }
  return administration;
}

Status Administration::open_operators() {
  const Config& config = parts_.config;
  HUTONG_TRY(auto opened, open_database(config.database, parts_.clock));
  database_.emplace(std::move(opened));
  HUTONG_TRY(auto authority, operator_authority(config.operator_authorities));
  HUTONG_TRY(operators_, operators::OperatorSystem::create({.database = *database_,
                                                            .rights = rights(),
                                                            .is_region = is_part_of_region,
                                                            .settings = {.audiences = {parts_.origin}},
                                                            .authority = std::move(authority),
                                                            .clock = parts_.clock}));
  HUTONG_CHECK(operators_->remove_old_sessions());
  return ok();
}

Status Administration::open_vendors() {
  const Config& config = parts_.config;
  vendors_ = std::make_unique<VendorDesk>(*database_, parts_.clock);
  HUTONG_TRY(auto ways, VendorConnections::load({.authorities = config.connector_authorities,
                                                 .certificate = config.connector_certificate,
                                                 .key = config.connector_key,
                                                 .keys = config.connector_keys,
                                                 .signer = config.connector_signer,
                                                 .signer_password = config.connector_signer_password},
                                                parts_.clock));
  connections_.emplace(std::move(ways));
  return ok();
}

Status Administration::open_trust_desk() {
  const Config& config = parts_.config;
  if (!config.trust_signer_key.empty()) {
    HUTONG_TRY(auto signer, ListSigner::load({.key = config.trust_signer_key,
                                              .password_file = config.trust_signer_password,
                                              .announcements = config.trust_signer_announcements}));
    list_signer_.emplace(std::move(signer));
  }
  TrustKeeper& trust = parts_.trust;
  const auto bring_into_force = [this, &trust] {
    fetch_list();
    trust.refresh();
  };
  trust_desk_ = std::make_unique<TrustDesk>(
      TrustDesk::Parts{.database = *database_,
                       .signer = list_signer_ ? &*list_signer_ : nullptr,
                       .in_force = [&trust] { return trust.current()->list.list; },
                       .clock = parts_.clock,
                       .on_release = bring_into_force,
                       .operator_zh = config.trust_operator_zh,
                       .operator_en = config.trust_operator_en});
  if (!config.trust_list.empty()) {
    list_file_ = std::make_unique<ListFile>(*trust_desk_, config.trust_list);
    HUTONG_CHECK(list_file_->bring_up_to_date());
    trust.refresh();
  }
  return ok();
}

Status Administration::open_subjects() {
  const Config& config = parts_.config;
  HUTONG_TRY(keys_, open_keys(config));
  HUTONG_TRY(auto opened, Vault::open(*database_, *keys_));
  vault_.emplace(std::move(opened));
  subjects_ = std::make_unique<SubjectDesk>(*database_, *vault_, parts_.clock);
  login::LoginSettings settings{.issuer = parts_.origin,
                                .revocation = config.login_needs_revocation ? x509::RevocationMode::kRequire
                                                                            : x509::RevocationMode::kPrefer,
                                .most_per_minute = static_cast<std::uint32_t>(config.login_most_per_minute),
                                .address_field = config.address_field};
  HUTONG_TRY(login_, login::LoginRoom::create({.database = *database_,
                                               .vault = *vault_,
                                               .subjects = *subjects_,
                                               .trust = parts_.trust,
                                               .settings = std::move(settings),
                                               .clock = parts_.clock}));
  HUTONG_CHECK(login_->remove_old());
  return ok();
}

void Administration::fetch_list() {
  if (list_file_ == nullptr) {
    return;
  }
  if (const auto done = list_file_->bring_up_to_date(); !done) {
    net::log(net::LogLevel::kError, "trust_list.not_published",
             {{"reason", done.error().reason}, {"detail", done.error().detail}});
  }
}

void Administration::add_routes(net::Router& router) {
  operators_->add_routes(router);
  add_vendor_routes(router, *vendors_, operators_->guard());
  add_commitment_routes(router, ShowCommitments(*vendors_, *connections_, parts_.clock), operators_->guard());
  add_connector_routes(router, CheckConnector(*vendors_, *connections_, parts_.clock), operators_->guard());
  add_trust_routes(router, *trust_desk_, operators_->guard());
  if (subjects_) {
    add_subject_routes(router, *subjects_, operators_->guard());
    login_->add_routes(router, operators_->guard());
  }
}

}  // namespace hutong::platform
