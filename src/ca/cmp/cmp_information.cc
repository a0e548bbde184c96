#include "ca/cmp/cmp_information.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "ca/publishing/list_publisher.h"
#include "ca/signing/authority_repository.h"
#include "cmp/information.h"
#include "cmp/oids.h"
#include "x509/extension_builder.h"

namespace hutong::ca {
namespace {

x509::CertificateDer octets_of(const x509::Certificate& certificate) {
  return x509::CertificateDer(to_bytes(certificate.der()));
}

/// AlgorithmIdentifier of keys on the SM2 curve: all that our templates certify.
Bytes sm2_keys() {
  asn1::Writer out;
  out.sequence([](asn1::Writer& algorithm) {
    algorithm.oid(asn1::oids::kEcPublicKey);
    algorithm.oid(asn1::oids::kSm2Curve);
  });
  return std::move(out).take();
}

bool same_key(const x509::Certificate& a, const x509::Certificate& b) { return equal(a.spki(), b.spki()); }

/// The list is the one asked for: by its issuer, or by the address of its distribution point.
bool is_asked_for(const cmp::CrlStatus& asked, const Issuer& issuer, std::uint32_t partition) {
  const auto& addresses = issuer.addresses();
  const Bytes name = asked.source == cmp::CrlStatus::Source::kIssuer
                         ? x509::directory_name(issuer.certificate().subject())
                         : x509::uri_name(partition_address(addresses.crl, partition));
  return std::ranges::any_of(asked.names, [&name](const cmp::Party& party) { return party.der == name; });
}

}  // namespace

Result<cmp::Body> CmpInformation::answer(const cmp::GeneralMessage& body) const {
  cmp::GeneralMessage answers;
  answers.kind = cmp::BodyType::kGeneralResponse;
  for (const cmp::TypedValue& question : body.items) {
    HUTONG_TRY(auto value, answer(question));
    answers.items.push_back(std::move(value));
  }
  return cmp::Body(std::move(answers));
}

Result<cmp::TypedValue> CmpInformation::answer(const cmp::TypedValue& question) const {
  if (question.type == cmp::oids::kCaCertificates) {
    return ca_certificates();
  }
  if (question.type == cmp::oids::kRootCertificate) {
    return root_update(question);
  }
  if (question.type == cmp::oids::kCrlStatusList) {
    return newer_lists(question);
  }
  if (question.type == cmp::oids::kSigningKeyTypes || question.type == cmp::oids::kEncryptionKeyTypes) {
    return cmp::algorithms_value(question.type, {sm2_keys()});
  }
  return Error{Errc::kNotFound, "cmp.information", question.type.to_string()};
}

cmp::TypedValue CmpInformation::ca_certificates() const {
  std::vector<x509::CertificateDer> certificates{octets_of(signing_->issuer().certificate())};
  for (const auto& [id, issuer] : signing_->issuers()) {
    if (id != signing_->authority()) {
      certificates.push_back(octets_of(issuer->certificate()));
    }
  }
  return cmp::certificates_value(certificates);
}

Result<cmp::TypedValue> CmpInformation::root_update(const cmp::TypedValue& question) const {
  HUTONG_TRY(const auto theirs, cmp::read_root_certificate(question));
  const x509::Certificate& newest = signing_->issuer().certificate();
  const bool known = std::ranges::any_of(
      signing_->issuers(), [&theirs](const auto& one) { return one.second->certificate() == theirs; });
  if (!known || !newest.is_self_issued()) {
    return Error{Errc::kNotFound, "cmp.information", "this CA has no such root"};
  }
  if (newest == theirs) {
    return cmp::TypedValue{cmp::oids::kRootKeyUpdate, {}};
  }
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto links, AuthorityRepository::links(reader));
  cmp::RootKeyUpdate update{octets_of(newest), std::nullopt, std::nullopt};
  for (const x509::Certificate& link : links) {
    if (same_key(link, newest) && theirs.public_key() && link.is_signed_by(*theirs.public_key())) {
      update.new_with_old = octets_of(link);
    } else if (same_key(link, theirs)) {
      update.old_with_new = octets_of(link);
    }
  }
  return cmp::root_key_update(update);
}

Result<cmp::TypedValue> CmpInformation::newer_lists(const cmp::TypedValue& question) const {
  HUTONG_TRY(const auto asked, cmp::read_crl_status_list(question));
  HUTONG_TRY(auto reader, database_->read());
  std::vector<Bytes> lists;
  for (const auto& [authority, issuer] : signing_->issuers()) {
    const std::uint32_t partitions = std::max(issuer->addresses().crl_partitions, 1U);
    for (std::uint32_t partition = 0; partition < partitions; ++partition) {
      const auto found = std::ranges::find_if(
          asked, [&, &of = *issuer](const cmp::CrlStatus& one) { return is_asked_for(one, of, partition); });
      if (found == asked.end()) {
        continue;
      }
      auto list = ListPublisher::find(reader, authority, partition, ListKind::kFull);
      if (list && (!found->this_update || list->this_update > *found->this_update)) {
        lists.push_back(std::move(list->der));
      }
    }
  }
  return lists.empty() ? cmp::TypedValue{cmp::oids::kCrls, {}} : cmp::crls_value(lists);
}

}  // namespace hutong::ca
