#include "kmc/initialisation/ceremony.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "asn1/oids.h"
#include "audit/audit_log.h"
#include "base/encoding.h"
#include "base/file.h"
#include "cms/enveloped_key.h"
#include "crypto/key_file.h"
#include "crypto/pem.h"
#include "crypto/secret_sharing.h"
#include "kmc/centre.h"
#include "kmc/custody/key_share.h"
#include "kmc/custody/master_key_repository.h"
#include "kmc/initialisation/identity.h"
#include "kmc/rights.h"
#include "kmc/service/authority_repository.h"
#include "net/json.h"
#include "net/ulid.h"
#include "operators/operator_system.h"
#include "x509/builder.h"

namespace hutong::kmc {
namespace {

using operators::Role;
using storage::Transaction;

constexpr std::size_t kMostKeyFile = 64 * 1024;

std::string new_id() { return net::make_ulid(std::chrono::system_clock::now(), crypto::system_random()); }

bool has_key(const crypto::KeyStore& keys, std::string_view label) {
  const auto labels = keys.labels();
  return std::ranges::find(labels, label) != labels.end();
}
Status need_key(crypto::KeyStore& keys, std::string_view label) {
  if (!has_key(keys, label)) {
    HUTONG_CHECK(keys.generate(label));
  }
  return ok();
}

/// One run of the ceremony: what it has made so far.
class Ceremony {
 public:
  Ceremony(const Config& config, const CeremonyPlan& plan, const Clock& clock)
      : config_(&config), plan_(&plan), clock_(&clock), now_(clock.now()) {}
  Result<CeremonyReport> run();

 private:
  Status prepare_keys();
  Status take_certificate();
  Status make_master_key();
  Status make_store_key();
  Status back_up_authority_key();
  Status share_out(const crypto::SecretShare& share, const CustodianEntry& custodian);
  Result<x509::Certificate> person(const std::optional<x509::Certificate>& given, std::string_view file,
                                   std::string_view title);
  Status write(const std::string& name, ByteView content);
  Status store(Transaction& transaction, const operators::Registry& registry) const;
  audit::Event record() const;
  Issuer issuer() const { return {*signer_, centre_->subject()}; }

  const Config* config_;
  const CeremonyPlan* plan_;
  const Clock* clock_;
  Time now_;
  std::unique_ptr<crypto::FileKeyStore> keys_;
  std::unique_ptr<crypto::Signer> signer_;
  std::optional<x509::Certificate> centre_;
  std::optional<MasterKey> master_;
  std::vector<MasterShare> shares_;
  StoreKeyRecord store_key_;
  std::vector<operators::NewOperator> administrators_;
  std::vector<std::string> files_;
};

Status Ceremony::write(const std::string& name, ByteView content) {
  HUTONG_CHECK(write_file(plan_->output / name, content, FileMode::kPrivate));
  files_.push_back(name);
  return ok();
}

Status Ceremony::prepare_keys() {
  HUTONG_TRY(keys_, open_keys(*config_));
  HUTONG_CHECK(need_key(*keys_, kAuthorityKey));
  HUTONG_CHECK(need_key(*keys_, kStoreKey));
  HUTONG_TRY(signer_, keys_->signer(kAuthorityKey));
  return ok();
}

Status Ceremony::take_certificate() {
  if (!plan_->certificate) {
    HUTONG_TRY(const auto name, x509::Name::from_string(plan_->name));
    HUTONG_TRY(centre_, self_signed_authority({*signer_, name}, now_));
  } else {
    centre_ = plan_->certificate;
    const auto& key = centre_->public_key();
    if (!key || key->sm2() == nullptr || !(*key->sm2() == *signer_->public_key().sm2())) {
      return Error{Errc::kMalformed, "ceremony.certificate", "the certificate is not for the centre's key"};
    }
  }
  return write("centre.cer", centre_->der());
}

Result<x509::Certificate> Ceremony::person(const std::optional<x509::Certificate>& given,
                                           std::string_view file, std::string_view title) {
  if (given) {
    return *given;
  }
  if (!plan_->demonstration_password || !centre_->is_ca()) {
    return Error{Errc::kMalformed, "ceremony.missing", "no certificate for: " + std::string(title)};
  }
  const x509::Name name_of_person = x509::NameBuilder()
                                        .add(asn1::oids::kCountry, "CN")
                                        .add(asn1::oids::kOrganization, centre_->subject().display())
                                        .add(asn1::oids::kCommonName, title)
                                        .build();
  HUTONG_TRY(const auto identity, issue_identity(issuer(), name_of_person, now_));
  const std::string name = std::string(file) + ".p12";
  HUTONG_CHECK(write_identity(identity, *centre_, *plan_->demonstration_password, plan_->output / name));
  files_.push_back(name);
  return identity.certificate;
}

Status Ceremony::share_out(const crypto::SecretShare& share, const CustodianEntry& custodian) {
  const ShareLabel label{.master = master_->id,
                         .threshold = master_->threshold,
                         .shares = master_->shares,
                         .number = share.number,
                         .check = share_check(master_->id, share)};
  const std::string file_name = "custodian-" + std::to_string(share.number);
  MasterShare known{.number = share.number,
                    .check = label.check,
                    .custodian = custodian.name,
                    .fingerprint = {},
                    .file = {}};
  if (custodian.password) {
    HUTONG_TRY(const ShareFile file, protect_share(label, share, std::string_view(*custodian.password)));
    HUTONG_CHECK(write(file_name + ".share", as_bytes(write_share(file))));
  } else {
    HUTONG_TRY(const auto certificate, person(custodian.certificate, file_name, custodian.name));
    HUTONG_TRY(const ShareFile file, protect_share(label, share, certificate));
    known.fingerprint = file.fingerprint;
    known.file = write_share(file);
    HUTONG_CHECK(write(file_name + ".share", as_bytes(known.file)));
  }
  shares_.push_back(std::move(known));
  return ok();
}

Status Ceremony::make_master_key() {
  const auto key = crypto::Sm2PrivateKey::generate();
  const auto count = static_cast<unsigned>(plan_->custodians.size());
  master_ = MasterKey{
      .id = new_id(), .public_key = key.public_key(), .threshold = plan_->threshold, .shares = count};
  HUTONG_TRY(const auto shares, crypto::split_secret(key.expose().expose(), plan_->threshold, count));
  for (std::size_t at = 0; at < shares.size(); ++at) {
    HUTONG_CHECK(share_out(shares[at], plan_->custodians[at]));
  }
  return ok();
}

Status Ceremony::make_store_key() {
  SecretBytes octets(crypto::kSm4KeySize);
  crypto::system_random().fill(octets.writable());
  HUTONG_TRY(const auto holder, keys_->signer(kStoreKey));
  store_key_ = {.id = new_id(), .key_label = std::string(kStoreKey), .sealed = {}};
  HUTONG_TRY(store_key_.sealed, crypto::sm2_encrypt(*holder->public_key().sm2(), octets.expose()));
  return ok();
}

/// The authority key enveloped for the master key: it comes back with as many custodians as a recovery needs.
Status Ceremony::back_up_authority_key() {
  const auto file = config_->key_folder / (std::string(kAuthorityKey) + ".key");
  HUTONG_TRY(const Bytes content, read_file(file, kMostKeyFile));
  HUTONG_TRY(const SecretBytes password, read_key_password(*config_));
  HUTONG_TRY(const auto key, crypto::read_private_key(content, as_text(password.expose())));
  HUTONG_TRY(const Bytes envelope, cms::wrap_key_pair(key, master_->public_key));
  return write("authority-key.backup", envelope);
}

audit::Event Ceremony::record() const {
  net::Json custodians = net::Json::array();
  for (const MasterShare& share : shares_) {
    custodians.push_back(
        {{"number", share.number}, {"name", share.custodian}, {"fingerprint", share.fingerprint}});
  }
  return {.time = now_,
          .action = "centre.initialised",
          .object_kind = "centre",
          .object_id = to_hex(centre_->sm3()),
          .detail = net::to_text({{"name", centre_->subject().to_string()},
                                  {"master_key", master_->id},
                                  {"threshold", master_->threshold},
                                  {"custodians", custodians}})};
}

/// Looked at before any file is written, and again in the transaction.
Status check_new(storage::Reader& reader) {
  HUTONG_TRY(const auto present, CentreRepository::find(reader));
  return present ? Status(Error{Errc::kConflict, "kmc.initialised", "the centre was initialised before"})
                 : ok();
}

Status Ceremony::store(Transaction& transaction, const operators::Registry& registry) const {
  HUTONG_CHECK(check_new(transaction));
  HUTONG_CHECK(CentreRepository::insert(transaction,
                                        {.name = centre_->subject().display(),
                                         .key_label = std::string(kAuthorityKey),
                                         .certificate = *centre_},
                                        now_));
  HUTONG_CHECK(MasterKeyRepository::insert(transaction, *master_, shares_, now_));
  HUTONG_CHECK(MasterKeyRepository::add_store_key(transaction, store_key_, now_));
  HUTONG_CHECK(PolicyRepository::insert(transaction, plan_->policy));
  for (const AuthorityEntry& entry : plan_->authorities) {
    HUTONG_CHECK(AuthorityRepository::insert(transaction,
                                             {.id = new_id(),
                                              .name = entry.name,
                                              .certificate = entry.certificate,
                                              .tls_fingerprint = to_hex(crypto::sm3(entry.tls_certificate)),
                                              .created_at = now_,
                                              .changed_at = now_}));
  }
  HUTONG_CHECK(registry.bootstrap(transaction, administrators_));
  return audit::append(transaction, record());
}

Result<CeremonyReport> Ceremony::run() {
  HUTONG_CHECK(check_policy(plan_->policy));
  HUTONG_TRY(auto database, open_database(*config_, *clock_));
  {
    HUTONG_TRY(storage::Reader reader, database.read());
    HUTONG_CHECK(check_new(reader));
  }
  std::error_code failure;
  std::filesystem::create_directories(plan_->output, failure);  // a folder that cannot be is told by write()
  HUTONG_CHECK(prepare_keys());
  HUTONG_CHECK(take_certificate());
  HUTONG_TRY(auto super, person(plan_->super_administrator, "super-administrator", "超级管理员"));
  HUTONG_TRY(auto auditing, person(plan_->audit_administrator, "audit-administrator", "审计管理员"));
  administrators_ = {{.display_name = super.subject().display(),
                      .role = Role::kSuperAdministrator,
                      .certificate = std::move(super)},
                     {.display_name = auditing.subject().display(),
                      .role = Role::kAuditAdministrator,
                      .certificate = std::move(auditing)}};
  HUTONG_CHECK(make_master_key());
  HUTONG_CHECK(make_store_key());
  HUTONG_CHECK(back_up_authority_key());
  if (plan_->demonstration_password) {
    HUTONG_CHECK(person(std::nullopt, "business-administrator", "业务管理员"));
    HUTONG_CHECK(person(std::nullopt, "business-operator", "业务操作员"));
    HUTONG_CHECK(person(std::nullopt, "auditor", "审计员"));
  }
  HUTONG_TRY(auto authority, operator_authority(*config_, *centre_));
  HUTONG_TRY(const auto system, operators::OperatorSystem::create({.database = database,
                                                                   .rights = rights(),
                                                                   .settings = {},
                                                                   .authority = std::move(authority),
                                                                   .clock = *clock_}));
  HUTONG_CHECK(storage::in_transaction(
      database, [&](Transaction& transaction) { return store(transaction, system->registry()); }));
  return CeremonyReport{.centre = *centre_, .master = master_->id, .files = files_};
}

}  // namespace

Result<Bytes> make_request(const Config& config, std::string_view name) {
  HUTONG_TRY(const auto keys, open_keys(config));
  HUTONG_CHECK(need_key(*keys, kAuthorityKey));
  HUTONG_TRY(const auto signer, keys->signer(kAuthorityKey));
  HUTONG_TRY(const auto subject, x509::Name::from_string(name));
  const x509::TbsCertificateRequest wanted{
      .subject = subject, .challenge_password = std::nullopt, .extensions = {}};
  HUTONG_TRY(const auto request, x509::sign(wanted, *signer));
  return to_bytes(request.view());
}

Result<CeremonyReport> initialise(const Config& config, const CeremonyPlan& plan, const Clock& clock) {
  return Ceremony(config, plan, clock).run();
}

}  // namespace hutong::kmc
