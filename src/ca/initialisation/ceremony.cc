#include "ca/initialisation/ceremony.h"

#include <algorithm>
#include <utility>

#include "asn1/oids.h"
#include "audit/audit_log.h"
#include "base/encoding.h"
#include "base/file.h"
#include "ca/database.h"
#include "ca/initialisation/root.h"
#include "ca/operator_authority.h"
#include "ca/publishing/document_repository.h"
#include "ca/registration/template_grants.h"
#include "ca/rights.h"
#include "ca/signing/authority_repository.h"
#include "ca/signing/service_key_repository.h"
#include "ca/signing/signing_system.h"
#include "crypto/key_file.h"
#include "net/ulid.h"
#include "operators/registry.h"
#include "x509/builder.h"
#include "x509/certificate_request.h"
#include "x509/extension_builder.h"

namespace hutong::ca {
namespace {

constexpr std::string_view kKeyLabel = "ca-1";
constexpr std::string_view kRootLabel = "root";

/// A certificate of this CA, the key for it when it was made here, and who it is for.
struct Issued {
  PreparedCertificate prepared;
  std::optional<crypto::Sm2PrivateKey> key = std::nullopt;
};

/// What the ceremony works on, opened once.
class Ceremony {
 public:
  static Result<Ceremony> open(const Config& config, const CeremonyPlan& plan, const Clock& clock) {
    HUTONG_TRY(auto database, open_database(config, clock));
    HUTONG_TRY(auto keys, open_keys(config));
    return Ceremony(config, plan, clock, std::move(database), std::move(keys));
  }

  Result<CeremonyReport> run();

 private:
  Ceremony(const Config& config, const CeremonyPlan& plan, const Clock& clock, storage::Database database,
           std::unique_ptr<crypto::KeyStore> keys)
      : config_(&config),
        plan_(&plan),
        now_(clock.now()),
        clock_(&clock),
        database_(std::make_unique<storage::Database>(std::move(database))),
        keys_(std::move(keys)) {}

  Result<std::optional<x509::Certificate>> existing_authority() const;
  Result<x509::Certificate> make_authority();
  Result<x509::Certificate> authority_under_own_root();
  Result<x509::Certificate> authority_as_root();
  Status check_brought(const x509::Certificate& certificate) const;
  Status store_authority(const x509::Certificate& certificate);
  Status add_chain(std::vector<Document>& documents) const;
  Result<Issued> issue(std::string_view template_id, std::string_view unit, const std::string& name,
                       const crypto::PublicKey& key) const;
  Result<ServiceKey> make_service_key(std::string_view purpose, std::string_view template_id,
                                      std::vector<Issued>& issued);
  Result<Issued> certify_operator(const FirstOperator& person) const;
  Status write_operator(const FirstOperator& person, const Issued& issued);
  Status store_people(const std::vector<ServiceKey>& services, const std::vector<Issued>& issued,
                      const std::vector<operators::NewOperator>& people);
  Status add_people();

  const Config* config_;
  const CeremonyPlan* plan_;
  Time now_;
  const Clock* clock_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<crypto::KeyStore> keys_;
  std::unique_ptr<SigningSystem> signing_;
  std::vector<Document> documents_;
  std::vector<std::filesystem::path> files_;
};

Result<std::optional<x509::Certificate>> Ceremony::existing_authority() const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto authorities, AuthorityRepository::all(reader));
  return authorities.empty() ? std::nullopt : std::optional(authorities.front().certificate);
}

Result<x509::Certificate> Ceremony::authority_under_own_root() {
  HUTONG_TRY(auto root_keys, open_key_folder(plan_->root_folder, *config_));
  HUTONG_TRY(const Root root, Root::make(*root_keys, std::string(kRootLabel), plan_->organization,
                                         plan_->root_common_name, now_));
  HUTONG_TRY(const auto key, keys_->generate(kKeyLabel));
  HUTONG_TRY(Bytes list, root.list(now_));
  documents_.push_back({std::string(kRootCertificate), to_bytes(root.certificate().der()), now_});
  documents_.push_back({std::string(kRootList), std::move(list), now_});
  return root.certify(*config_, crypto::PublicKey(key), plan_->organization, plan_->common_name, now_);
}

Result<x509::Certificate> Ceremony::authority_as_root() {
  HUTONG_TRY(const Root root,
             Root::make(*keys_, std::string(kKeyLabel), plan_->organization, plan_->common_name, now_));
  return root.certificate();
}

/// The certificate that another CA issued for our request.
Status Ceremony::check_brought(const x509::Certificate& certificate) const {
  const auto fail = [](std::string detail) {
    return Error{Errc::kPolicy, "ceremony.certificate", std::move(detail)};
  };
  HUTONG_TRY(const auto signer, keys_->signer(kKeyLabel));
  if (!equal(certificate.spki(), signer->public_key().to_spki())) {
    return fail("the certificate is not for this CA's key");
  }
  if (!certificate.is_ca()) {
    return fail("the certificate is not one of a CA");
  }
  if (plan_->chain.empty()) {
    return fail("the certificates above it are missing");
  }
  const auto& issuer_key = plan_->chain.front().public_key();
  if (!issuer_key || !certificate.is_signed_by(*issuer_key)) {
    return fail("the first certificate of the chain did not sign it");
  }
  return ok();
}

Result<x509::Certificate> Ceremony::make_authority() {
  switch (plan_->standing) {
    case Standing::kUnderOwnRoot:
      return authority_under_own_root();
    case Standing::kRoot:
      return authority_as_root();
    case Standing::kUnderOtherRoot:
      break;
  }
  if (!plan_->certificate) {
    return Error{Errc::kMalformed, "ceremony.missing", "the certificate for this CA's request is missing"};
  }
  HUTONG_CHECK(check_brought(*plan_->certificate));
  for (std::size_t i = 0; i < plan_->chain.size(); ++i) {
    const bool is_last = i + 1 == plan_->chain.size();
    documents_.push_back({is_last ? std::string(kRootCertificate) : "above-" + std::to_string(i + 1) + ".cer",
                          to_bytes(plan_->chain[i].der()), now_});
  }
  return *plan_->certificate;
}

Status Ceremony::store_authority(const x509::Certificate& certificate) {
  const Authority authority{
      .id = net::make_ulid(std::chrono::system_clock::time_point(now_), crypto::system_random()),
      .key_label = std::string(kKeyLabel),
      .certificate = certificate};
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    for (const CertificateTemplate& made : default_templates()) {
      HUTONG_CHECK(TemplateRepository::add(transaction, made, now_));
    }
    HUTONG_CHECK(registration::TemplateGrants::grant_defaults(transaction, now_));
    HUTONG_CHECK(registration::TemplateGrants::synchronise(transaction, now_));
    HUTONG_CHECK(AuthorityRepository::activate(transaction, authority, now_));
    for (const Document& document : documents_) {
      HUTONG_CHECK(DocumentRepository::put(transaction, document));
    }
    const net::Json detail = {{"subject", certificate.subject().to_string()},
                              {"issuer", certificate.issuer().to_string()},
                              {"sm3", to_hex(certificate.sm3())}};
    return audit::append(transaction, audit::Event{.time = now_,
                                                   .action = "ca.initialised",
                                                   .object_kind = "authority",
                                                   .object_id = authority.id,
                                                   .detail = net::to_text(detail)});
  });
}

Result<Issued> Ceremony::issue(std::string_view template_id, std::string_view unit, const std::string& name,
                               const crypto::PublicKey& key) const {
  SubjectData subject{.attributes = {{"O", plan_->organization}, {"CN", name}}};
  if (!unit.empty()) {
    subject.attributes.emplace("OU", unit);
  }
  HUTONG_TRY(auto prepared, signing_->prepare({.template_id = std::string(template_id),
                                               .subject = std::move(subject),
                                               .holder = {},
                                               .order = {},
                                               .key = key,
                                               .not_before = now_}));
  return Issued{.prepared = std::move(prepared)};
}

Result<ServiceKey> Ceremony::make_service_key(std::string_view purpose, std::string_view template_id,
                                              std::vector<Issued>& issued) {
  const std::string label = std::string(purpose) + "-1";
  const auto labels = keys_->labels();
  if (std::ranges::find(labels, label) == labels.end()) {
    HUTONG_CHECK(keys_->generate(label));
  }
  HUTONG_TRY(const auto signer, keys_->signer(label));
  HUTONG_TRY(auto made,
             issue(template_id, {}, plan_->common_name + " " + std::string(purpose), signer->public_key()));
  ServiceKey service{.purpose = std::string(purpose),
                     .authority = signing_->authority(),
                     .key_label = label,
                     .certificate = made.prepared.certificate};
  issued.push_back(std::move(made));
  return service;
}

std::string_view unit_of(operators::Role role) {
  switch (role) {
    case operators::Role::kSuperAdministrator:
    case operators::Role::kBusinessAdministrator:
      return "管理员";
    case operators::Role::kAuditAdministrator:
    case operators::Role::kAuditor:
      return "审计";
    case operators::Role::kBusinessOperator:
      break;
  }
  return "操作员";
}

Result<Issued> Ceremony::certify_operator(const FirstOperator& person) const {
  if (!person.request.empty()) {
    HUTONG_TRY(const auto request, x509::CertificateRequest::parse(person.request));
    if (!request.is_signed_by_own_key() || !request.public_key()) {
      return Error{Errc::kPolicy, "ceremony.request",
                   person.name + ": the request is not signed by its own key"};
    }
    return issue("operator", unit_of(person.role), person.name, *request.public_key());
  }
  if (!plan_->demonstration_password) {
    return Error{Errc::kMalformed, "ceremony.missing", person.name + ": a certificate request is missing"};
  }
  auto key = crypto::Sm2PrivateKey::generate();
  HUTONG_TRY(auto issued,
             issue("operator", unit_of(person.role), person.name, crypto::PublicKey(key.public_key())));
  issued.key = std::move(key);
  return issued;
}

Status Ceremony::write_operator(const FirstOperator& person, const Issued& issued) {
  const auto& certificate = issued.prepared.certificate;
  if (!issued.key) {
    files_.push_back(plan_->output / (person.name + ".cer"));
    return write_file(files_.back(), certificate.der());
  }
  HUTONG_TRY(const Bytes pkcs12,
             crypto::write_pkcs12(
                 *issued.key, {to_bytes(certificate.der()), to_bytes(signing_->issuer().certificate().der())},
                 *plan_->demonstration_password, person.name));
  files_.push_back(plan_->output / (person.name + ".p12"));
  return write_file(files_.back(), pkcs12, FileMode::kPrivate);
}

Status Ceremony::store_people(const std::vector<ServiceKey>& services, const std::vector<Issued>& issued,
                              const std::vector<operators::NewOperator>& people) {
  const operators::RightsCatalogue catalogue(rights());
  operators::CertificateAuthority authority = operator_authority(*database_, *signing_, {});
  authority.status = [](const x509::Certificate&, Time) -> Result<operators::CertificateStatus> {
    return operators::CertificateStatus::kGood;  // issued a moment ago, and in the store after this
                                                 // transaction
  };
  const operators::Registry registry(*database_, catalogue, authority, *clock_);
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    std::vector<audit::Event> events;
    for (const Issued& one : issued) {
      HUTONG_CHECK(SigningSystem::store(transaction, one.prepared));
      events.push_back({.time = now_,
                        .action = "certificate.issued",
                        .object_kind = "certificate",
                        .object_id = one.prepared.record.serial.to_hex(),
                        .detail = net::to_text({{"subject", one.prepared.record.subject},
                                                {"template", one.prepared.record.template_id}})});
    }
    for (const ServiceKey& service : services) {
      HUTONG_CHECK(ServiceKeyRepository::put(transaction, service));
    }
    HUTONG_CHECK(registry.bootstrap(transaction, people));
    return audit::append(transaction, events);
  });
}

Status Ceremony::add_people() {
  std::vector<Issued> issued;
  std::vector<ServiceKey> services;
  HUTONG_TRY(auto ocsp, make_service_key(kOcspPurpose, "ocsp-responder", issued));
  services.push_back(std::move(ocsp));
  HUTONG_TRY(auto timestamp, make_service_key(kTimestampPurpose, "time-stamping", issued));
  services.push_back(std::move(timestamp));
  HUTONG_TRY(auto platforms, make_service_key(kCmpPurpose, "cmp-responder", issued));
  services.push_back(std::move(platforms));
  std::vector<operators::NewOperator> people;
  for (const FirstOperator& person : plan_->operators) {
    HUTONG_TRY(auto made, certify_operator(person));
    HUTONG_CHECK(write_operator(person, made));
    people.push_back({.display_name = person.name,
                      .role = person.role,
                      .rights = person.rights,
                      .certificate = made.prepared.certificate});
    issued.push_back(std::move(made));
  }
  return store_people(services, issued, people);
}

Result<CeremonyReport> Ceremony::run() {
  std::error_code failure;
  std::filesystem::create_directories(plan_->output, failure);  // one that cannot be is told by write_file()
  HUTONG_TRY(auto certificate, existing_authority());
  if (!certificate) {
    HUTONG_TRY(certificate, make_authority());
    HUTONG_CHECK(store_authority(*certificate));
  }
  HUTONG_TRY(signing_, SigningSystem::load(*database_, *keys_, addresses_of(*config_)));
  const Status added = add_people();
  if (!added && added.error().reason == "operator.bootstrap_done") {
    return Error{Errc::kConflict, "ca.initialised", "this CA was initialised before"};
  }
  HUTONG_CHECK(added);
  files_.push_back(plan_->output / "ca.cer");
  HUTONG_CHECK(write_file(files_.back(), certificate->der()));
  return CeremonyReport{.authority = *certificate, .files = files_};
}

}  // namespace

std::vector<FirstOperator> demonstration_operators() {
  using enum operators::Role;
  const auto set = [](std::initializer_list<std::string_view> codes) {
    operators::RightSet rights;
    for (const std::string_view code : codes) {
      rights.emplace(code);
    }
    return rights;
  };
  return {
      {.name = "超级管理员", .role = kSuperAdministrator},
      {.name = "审计管理员", .role = kAuditAdministrator},
      {.name = "业务管理员", .role = kBusinessAdministrator, .rights = set({right::kManageTemplates})},
      {.name = "录入员", .role = kBusinessOperator, .rights = set({right::kEnterOrder, right::kQueryOrders})},
      {.name = "审核员",
       .role = kBusinessOperator,
       .rights = set({right::kReviewOrder, right::kQueryOrders, right::kSeePersonalData})},
      {.name = "制证员",
       .role = kBusinessOperator,
       .rights = set(
           {right::kMakeCertificates, right::kDeliverOrder, right::kQueryOrders, right::kQueryCertificates})},
      {.name = "审计员",
       .role = kAuditor,
       .rights = set({operators::kReadAudit, operators::kVerifyAudit, operators::kMarkAudit,
                      operators::kArchiveAudit})},
  };
}

Result<Bytes> make_request(const Config& config, const CeremonyPlan& plan) {
  HUTONG_TRY(auto keys, open_keys(config));
  const auto labels = keys->labels();
  if (std::ranges::find(labels, kKeyLabel) == labels.end()) {
    HUTONG_CHECK(keys->generate(kKeyLabel));
  }
  HUTONG_TRY(const auto signer, keys->signer(kKeyLabel));
  HUTONG_TRY(const auto der, x509::sign({.subject = x509::NameBuilder()
                                                        .add(asn1::oids::kCountry, "CN")
                                                        .add(asn1::oids::kOrganization, plan.organization)
                                                        .add(asn1::oids::kCommonName, plan.common_name)
                                                        .build(),
                                         .challenge_password = std::nullopt,
                                         .extensions = {}},
                                        *signer));
  return to_bytes(der.view());
}

Result<CeremonyReport> initialise(const Config& config, const CeremonyPlan& plan, const Clock& clock) {
  HUTONG_TRY(auto ceremony, Ceremony::open(config, plan, clock));
  return ceremony.run();
}

Status publish_root_list(const Config& config, const std::filesystem::path& root_folder, const Clock& clock) {
  HUTONG_TRY(auto database, open_database(config, clock));
  HUTONG_TRY(const auto keys, open_key_folder(root_folder, config));
  HUTONG_TRY(const auto document, [&]() -> Result<std::optional<Document>> {
    HUTONG_TRY(auto reader, database.read());
    return DocumentRepository::find(reader, kRootCertificate);
  }());
  if (!document) {
    return Error{Errc::kNotFound, "ca.no_root", "this CA has no root of its own"};
  }
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(document->content));
  HUTONG_TRY(const Root root, Root::open(*keys, std::string(kRootLabel), certificate));
  const Time now = clock.now();
  HUTONG_TRY(Bytes list, root.list(now));
  return storage::in_transaction(database, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(DocumentRepository::put(transaction, {std::string(kRootList), list, now}));
    return audit::append(transaction, audit::Event{.time = now,
                                                   .action = "root_list.published",
                                                   .object_kind = "document",
                                                   .object_id = std::string(kRootList)});
  });
}

}  // namespace hutong::ca
