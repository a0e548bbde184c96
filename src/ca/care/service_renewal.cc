#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "asn1/oids.h"
#include "audit/audit_log.h"
#include "ca/care/rollover.h"
#include "ca/signing/service_key_repository.h"
#include "ca/signing/template_repository.h"
#include "net/json.h"

namespace hutong::ca {
namespace {

struct Service {
  std::string_view purpose;
  std::string_view template_id;
};
constexpr std::array kServices{Service{kOcspPurpose, "ocsp-responder"},
                               Service{kTimestampPurpose, "time-stamping"},
                               Service{kCmpPurpose, "cmp-responder"}};

/// "ocsp-2" when the store has "ocsp-1".
std::string free_label(const crypto::KeyStore& keys, std::string_view purpose) {
  const auto labels = keys.labels();
  for (std::size_t number = 1;; ++number) {
    std::string label = std::string(purpose) + "-" + std::to_string(number);
    if (std::ranges::find(labels, label) == labels.end()) {
      return label;
    }
  }
}

Result<bool> is_due(storage::Database& database, const SigningSystem& signing, std::string_view purpose,
                    Time soon) {
  HUTONG_TRY(auto reader, database.read());
  HUTONG_TRY(const auto services, ServiceKeyRepository::all(reader, purpose));
  const auto found = std::ranges::find(services, signing.authority(), &ServiceKey::authority);
  return found == services.end() || found->certificate.not_after() < soon;
}

/// A CA that is older than one of its services has no template for it yet.
Status need_template(storage::Database& database, std::string_view id, Time now) {
  {
    HUTONG_TRY(auto reader, database.read());
    const auto found = TemplateRepository::version_in_use(reader, id);
    if (found || found.error().code != Errc::kNotFound) {
      return found ? ok() : Status(found.error());
    }
  }
  const auto& all = default_templates();
  const auto made = std::ranges::find(all, id, &CertificateTemplate::id);
  return storage::in_transaction(database, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(TemplateRepository::add(transaction, *made, now));
    return audit::append(transaction, audit::Event{.time = now,
                                                   .action = "template.added",
                                                   .object_kind = "template",
                                                   .object_id = std::string(id),
                                                   .detail = net::to_text({{"version", made->version}})});
  });
}

Status renew(storage::Database& database, crypto::KeyStore& keys, const SigningSystem& signing,
             const Service& service, Time now) {
  HUTONG_CHECK(need_template(database, service.template_id, now));
  const std::string label = free_label(keys, service.purpose);
  HUTONG_TRY(const auto key, keys.generate(label));
  const x509::Name& name = signing.issuer().certificate().subject();
  HUTONG_TRY(const auto prepared,
             signing.prepare({.template_id = std::string(service.template_id),
                              .subject = {.attributes = {{"O", name.text_of(asn1::oids::kOrganization)},
                                                         {"CN", name.text_of(asn1::oids::kCommonName) + " " +
                                                                    std::string(service.purpose)}}},
                              .holder = {},
                              .order = {},
                              .key = crypto::PublicKey(key),
                              .not_before = now}));
  const audit::Event event{.time = now,
                           .action = "service.renewed",
                           .object_kind = "certificate",
                           .object_id = prepared.record.serial.to_hex(),
                           .detail = net::to_text({{"purpose", service.purpose}, {"key", label}})};
  return storage::in_transaction(database, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(SigningSystem::store(transaction, prepared));
    HUTONG_CHECK(ServiceKeyRepository::put(transaction, {.purpose = std::string(service.purpose),
                                                         .authority = signing.authority(),
                                                         .key_label = label,
                                                         .certificate = prepared.certificate}));
    return audit::append(transaction, event);
  });
}

}  // namespace

Result<std::size_t> renew_services(storage::Database& database, crypto::KeyStore& keys,
                                   const SigningSystem& signing, std::chrono::seconds notice, Time now) {
  std::size_t renewed = 0;
  for (const Service& service : kServices) {
    HUTONG_TRY(const bool due, is_due(database, signing, service.purpose, now + notice));
    if (due) {
      HUTONG_CHECK(renew(database, keys, signing, service, now));
      ++renewed;
    }
  }
  return renewed;
}

}  // namespace hutong::ca
