#include "ca/care/rollover.h"

#include <algorithm>
#include <utility>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "ca/signing/authority_repository.h"
#include "ca/signing/linted_tbs.h"
#include "crypto/sm3.h"
#include "net/json.h"
#include "net/ulid.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"

namespace hutong::ca {
namespace {

namespace extension = x509::extension;

constexpr std::string_view kLinkTemplate = "ca-link";

std::optional<std::uint32_t> path_length_of(const x509::Certificate& certificate) {
  const auto& constraints = certificate.extensions().basic_constraints;
  return constraints ? constraints->path_length : std::nullopt;
}

/// The extensions of any certificate for a CA key.
std::vector<x509::ExtensionValue> authority_extensions(const crypto::PublicKey& subject,
                                                       const crypto::PublicKey& issuer,
                                                       std::optional<std::uint32_t> path_length) {
  return {extension::authority_key_identifier(x509::key_identifier(issuer)),
          extension::subject_key_identifier(x509::key_identifier(subject)),
          extension::key_usage({x509::KeyUsageBit::kKeyCertSign, x509::KeyUsageBit::kCrlSign}),
          extension::basic_constraints(true, path_length)};
}

Result<x509::Certificate> lint_and_sign(x509::TbsCertificate tbs, const crypto::Signer& signer) {
  HUTONG_TRY(const auto linted, lint(std::move(tbs)));
  HUTONG_TRY(const auto der, x509::sign(linted.tbs(), signer));
  return x509::Certificate::parse(der.view());
}

/// A CA key as a party of a link.
struct Side {
  const std::string& authority;
  const x509::Certificate& certificate;
  const crypto::Signer& signer;
};

/// `subject`'s key under `issuer`'s signature: both have the same name.
Result<x509::Certificate> link(const Side& issuer, const Side& subject, const PublishingAddresses& addresses,
                               Time from, Time until) {
  const crypto::PublicKey& key = subject.signer.public_key();
  x509::TbsCertificate tbs{.serial = fresh_serial(),
                           .issuer = issuer.certificate.subject(),
                           .subject = subject.certificate.subject(),
                           .not_before = from,
                           .not_after = until,
                           .spki = key.to_spki(),
                           .extensions = authority_extensions(key, issuer.signer.public_key(),
                                                              path_length_of(subject.certificate))};
  const PublishingAddresses filled = addresses.for_authority(issuer.authority);
  if (!filled.crl.empty()) {
    const auto partition = partition_of(tbs.serial, filled.crl_partitions);
    tbs.extensions.push_back(
        extension::crl_distribution_points({{x509::uri_name(partition_address(filled.crl, partition))}}));
  }
  return lint_and_sign(std::move(tbs), issuer.signer);
}

CertificateRecord record_of(const x509::Certificate& certificate, const std::string& issuer,
                            std::uint32_t partitions) {
  const auto key_sm3 = crypto::sm3(certificate.spki());
  CertificateRecord record;
  record.serial = certificate.serial();
  record.authority = issuer;
  record.template_id = kLinkTemplate;
  record.subject = certificate.subject().to_string();
  record.key_sm3 = Bytes(key_sm3.begin(), key_sm3.end());
  record.der = to_bytes(certificate.der());
  record.not_before = certificate.not_before();
  record.not_after = certificate.not_after();
  record.partition = partition_of(certificate.serial(), partitions);
  return record;
}

Result<std::vector<Authority>> authorities_of(const storage::Database& database) {
  HUTONG_TRY(auto reader, database.read());
  return AuthorityRepository::all(reader);
}

Result<Authority> active_of(const std::vector<Authority>& authorities) {
  const auto found = std::ranges::find(authorities, AuthorityState::kActive, &Authority::state);
  if (found == authorities.end()) {
    return Error{Errc::kPolicy, "ca.not_initialised",
                 "this CA has no active key: run `hutong-ca init` first"};
  }
  return *found;
}

/// The label of the key that is next, which is in the store afterwards.
Result<std::string> next_key(const std::vector<Authority>& authorities, crypto::KeyStore& keys) {
  std::string label = "ca-" + std::to_string(authorities.size() + 1);
  const auto labels = keys.labels();
  if (std::ranges::find(labels, label) == labels.end()) {
    HUTONG_CHECK(keys.generate(label));
  }
  return label;
}

Status check_new(const x509::Certificate& made, const crypto::Signer& key, const x509::Certificate& current,
                 Time now) {
  const auto refuse = [](std::string detail) {
    return Error{Errc::kPolicy, "rollover.certificate", std::move(detail)};
  };
  if (!equal(made.spki(), key.public_key().to_spki())) {
    return refuse("the certificate is not for the new key");
  }
  if (!(made.subject() == current.subject())) {
    return refuse("the certificate names another subject than the current one");
  }
  if (!made.is_ca()) {
    return refuse("the certificate is not one of a CA");
  }
  if (now < made.not_before() || now > made.not_after()) {
    return refuse("the certificate is not valid now");
  }
  return ok();
}

Status store(storage::Database& database, const Authority& authority, const std::string& former,
             const RolloverReport& report, std::uint32_t partitions, Time now) {
  const audit::Event event{.time = now,
                           .action = "ca.rolled_over",
                           .object_kind = "authority",
                           .object_id = authority.id,
                           .detail = net::to_text({{"former", former},
                                                   {"sm3", to_hex(authority.certificate.sm3())},
                                                   {"new_with_old", report.new_with_old.serial().to_hex()},
                                                   {"old_with_new", report.old_with_new.serial().to_hex()}})};
  return storage::in_transaction(database, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(AuthorityRepository::activate(transaction, authority, now));
    HUTONG_CHECK(
        AuthorityRepository::add_link(transaction, authority.id, LinkKind::kNewWithOld, report.new_with_old));
    HUTONG_CHECK(
        AuthorityRepository::add_link(transaction, authority.id, LinkKind::kOldWithNew, report.old_with_new));
    HUTONG_CHECK(
        CertificateRepository::insert(transaction, record_of(report.new_with_old, former, partitions)));
    HUTONG_CHECK(
        CertificateRepository::insert(transaction, record_of(report.old_with_new, authority.id, partitions)));
    return audit::append(transaction, event);
  });
}

}  // namespace

Result<x509::Certificate> self_certified(const crypto::Signer& key, const x509::Certificate& current,
                                         Time now) {
  return lint_and_sign(
      {.serial = fresh_serial(),
       .issuer = current.subject(),
       .subject = current.subject(),
       .not_before = now,
       .not_after = now + (current.not_after() - current.not_before()),
       .spki = key.public_key().to_spki(),
       .extensions = authority_extensions(key.public_key(), key.public_key(), path_length_of(current))},
      key);
}

Result<Bytes> request_next_key(storage::Database& database, crypto::KeyStore& keys) {
  HUTONG_TRY(const auto authorities, authorities_of(database));
  HUTONG_TRY(const Authority current, active_of(authorities));
  HUTONG_TRY(const std::string label, next_key(authorities, keys));
  HUTONG_TRY(const auto signer, keys.signer(label));
  HUTONG_TRY(const auto der, x509::sign({.subject = current.certificate.subject(),
                                         .challenge_password = std::nullopt,
                                         .extensions = {}},
                                        *signer));
  return to_bytes(der.view());
}

Result<RolloverReport> roll_over(storage::Database& database, crypto::KeyStore& keys,
                                 const PublishingAddresses& addresses, const CertifyNewKey& certify,
                                 Time now) {
  HUTONG_TRY(const auto authorities, authorities_of(database));
  HUTONG_TRY(const Authority current, active_of(authorities));
  HUTONG_TRY(const std::string label, next_key(authorities, keys));
  HUTONG_TRY(const auto old_signer, keys.signer(current.key_label));
  HUTONG_TRY(const auto new_signer, keys.signer(label));
  HUTONG_TRY(const auto certificate, certify(*new_signer, current.certificate));
  HUTONG_CHECK(check_new(certificate, *new_signer, current.certificate, now));
  const Authority made{
      .id = net::make_ulid(std::chrono::system_clock::time_point(now), crypto::system_random()),
      .key_label = label,
      .certificate = certificate};
  const Side old_side{current.id, current.certificate, *old_signer};
  const Side new_side{made.id, certificate, *new_signer};
  const Time old_end = current.certificate.not_after();
  HUTONG_TRY(auto new_with_old,
             link(old_side, new_side, addresses, now, std::min(old_end, certificate.not_after())));
  HUTONG_TRY(auto old_with_new,
             link(new_side, old_side, addresses, current.certificate.not_before(), old_end));
  RolloverReport report{.authority = made.id,
                        .certificate = certificate,
                        .new_with_old = std::move(new_with_old),
                        .old_with_new = std::move(old_with_new)};
  HUTONG_CHECK(store(database, made, current.id, report, addresses.crl_partitions, now));
  return report;
}

}  // namespace hutong::ca
