#include "ca/signing/issuer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "asn1/oids.h"
#include "x509/extension_builder.h"

namespace hutong::ca {
namespace {

namespace extension = x509::extension;
constexpr std::size_t kSerialSize = 16;
constexpr std::string_view kPartition = "{partition}";
constexpr std::string_view kAuthority = "{authority}";

std::string filled_in(std::string address, std::string_view place, std::string_view value) {
  const std::size_t at = address.find(place);
  return at == std::string::npos ? address : address.replace(at, place.size(), value);
}

std::vector<Bytes> alternative_names(const SubjectData& subject) {
  std::vector<Bytes> names;
  for (const std::string& email : subject.emails) {
    names.push_back(x509::email_name(email));
  }
  for (const std::string& name : subject.dns_names) {
    names.push_back(x509::dns_name(name));
  }
  return names;
}

std::vector<extension::Access> information_access(const PublishingAddresses& addresses) {
  std::vector<extension::Access> accesses;
  if (!addresses.ocsp.empty()) {
    accesses.push_back({asn1::oids::kAccessOcsp, x509::uri_name(addresses.ocsp)});
  }
  if (!addresses.ca_certificate.empty()) {
    accesses.push_back({asn1::oids::kAccessCaIssuers, x509::uri_name(addresses.ca_certificate)});
  }
  return accesses;
}

std::vector<extension::Policy> policies_of(const CertificateTemplate& made) {
  std::vector<extension::Policy> policies;
  for (const asn1::Oid& oid : made.policies) {
    policies.push_back({.oid = oid});
  }
  return policies;
}

}  // namespace

x509::Serial fresh_serial(crypto::RandomSource& random) {
  std::array<std::uint8_t, kSerialSize> octets{};
  random.fill(octets);
  octets[0] = static_cast<std::uint8_t>((octets[0] & 0x3F) | 0x40);
  return x509::Serial::from_magnitude(octets);
}

std::uint32_t partition_of(const x509::Serial& serial, std::uint32_t partitions) {
  std::uint32_t tail = 0;
  for (const std::uint8_t octet : serial.content()) {
    tail = tail << 8 | octet;
  }
  return partitions < 2 ? 0 : tail % partitions;
}

std::string partition_address(const std::string& address, std::uint32_t partition) {
  return filled_in(address, kPartition, std::to_string(partition));
}

PublishingAddresses PublishingAddresses::for_authority(std::string_view authority) const {
  PublishingAddresses filled = *this;
  for (std::string* address : {&filled.crl, &filled.delta_crl, &filled.ca_certificate}) {
    *address = filled_in(*address, kAuthority, authority);
  }
  return filled;
}

Issuer::Issuer(x509::Certificate certificate, const crypto::Signer& signer, PublishingAddresses addresses)
    : certificate_(std::move(certificate)),
      signer_(&signer),
      addresses_(std::move(addresses)),
      key_identifier_(x509::key_identifier(signer.public_key())) {}

Status Issuer::check(const CertificateOrder& order) const {
  const CertificateTemplate& made = order.certificate_template;
  if (std::ranges::find(made.key_algorithms, order.key.name()) == made.key_algorithms.end()) {
    return Error{Errc::kPolicy, "issuing.key",
                 std::string(order.key.name()) + " keys are not certified by this template"};
  }
  const auto& constraints = certificate_.extensions().basic_constraints;
  const bool may_have_cas = constraints && constraints->path_length.value_or(1) > 0;
  if (made.is_authority() && !may_have_cas) {
    return Error{Errc::kPolicy, "issuing.depth", "the path length of this CA allows no CA below it"};
  }
  return ok();
}

Result<Time> Issuer::end_of(const CertificateOrder& order) const {
  const std::uint32_t days = order.days.value_or(order.certificate_template.days);
  if (days == 0 || days > order.certificate_template.most_days) {
    return Error{
        Errc::kPolicy, "issuing.days",
        "the template allows 1 to " + std::to_string(order.certificate_template.most_days) + " days"};
  }
  const Time end = std::min(order.not_before + std::chrono::days(days) - std::chrono::seconds(1),
                            certificate_.not_after());
  if (order.not_before < certificate_.not_before() || end <= order.not_before) {
    return Error{Errc::kPolicy, "issuing.validity", "outside of the validity of the CA's own certificate"};
  }
  return end;
}

void Issuer::add_extensions(const CertificateOrder& order, x509::TbsCertificate& tbs) const {
  const CertificateTemplate& made = order.certificate_template;
  auto& extensions = tbs.extensions;
  extensions.push_back(extension::authority_key_identifier(key_identifier_));
  extensions.push_back(extension::subject_key_identifier(x509::key_identifier(order.key)));
  extensions.push_back(extension::key_usage(made.key_usage));
  if (made.basic_constraints) {
    extensions.push_back(
        extension::basic_constraints(made.basic_constraints->ca, made.basic_constraints->path_length));
  }
  if (!made.extended_key_usage.empty()) {
    extensions.push_back(
        extension::extended_key_usage(made.extended_key_usage, made.extended_key_usage_critical));
  }
  if (!made.policies.empty()) {
    extensions.push_back(extension::certificate_policies(policies_of(made)));
  }
  if (const auto names = alternative_names(order.subject); !names.empty()) {
    extensions.push_back(extension::subject_alt_name(names));
  }
  if (made.ocsp_no_check) {
    extensions.push_back(extension::ocsp_no_check());
  }
  if (!addresses_.crl.empty()) {
    const auto partition = partition_of(tbs.serial, addresses_.crl_partitions);
    extensions.push_back(
        extension::crl_distribution_points({{x509::uri_name(partition_address(addresses_.crl, partition))}}));
  }
  if (!addresses_.delta_crl.empty()) {
    const auto partition = partition_of(tbs.serial, addresses_.crl_partitions);
    extensions.push_back(
        extension::freshest_crl({{x509::uri_name(partition_address(addresses_.delta_crl, partition))}}));
  }
  if (const auto accesses = information_access(addresses_); !accesses.empty()) {
    extensions.push_back(extension::authority_info_access(accesses));
  }
}

Result<x509::TbsCertificate> Issuer::draft(const CertificateOrder& order,
                                           crypto::RandomSource& random) const {
  HUTONG_CHECK(check(order));
  x509::TbsCertificate tbs{.serial = order.serial ? *order.serial : fresh_serial(random),
                           .issuer = certificate_.subject(),
                           .subject = {},
                           .not_before = order.not_before,
                           .not_after = {},
                           .spki = order.key.to_spki(),
                           .extensions = {}};
  HUTONG_TRY(tbs.not_after, end_of(order));
  HUTONG_TRY(tbs.subject, subject_name(order.certificate_template, order.subject));
  add_extensions(order, tbs);
  HUTONG_TRY(auto identities, identity_extensions(order.certificate_template, order.subject));
  for (auto& identity : identities) {
    tbs.extensions.push_back(std::move(identity));
  }
  return tbs;
}

Result<x509::CertificateDer> Issuer::sign(LintedTbs linted) const {
  return x509::sign(linted.tbs(), *signer_);
}

Result<x509::Certificate> Issuer::issue(const CertificateOrder& order, crypto::RandomSource& random) const {
  HUTONG_TRY(auto tbs, draft(order, random));
  const bool sm2 = order.key.type() == crypto::KeyType::kSm2;
  HUTONG_TRY(auto linted, lint(std::move(tbs), sm2 ? KeyRule::kSm2 : KeyRule::kAsTheTemplateSays));
  HUTONG_TRY(const auto der, sign(std::move(linted)));
  return x509::Certificate::parse(der.view());
}

}  // namespace hutong::ca
