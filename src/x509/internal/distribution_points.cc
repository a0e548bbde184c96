#include "x509/internal/distribution_points.h"

#include <algorithm>
#include <optional>

#include "asn1/oids.h"

namespace hutong::x509 {
namespace {

bool same_name(const GeneralName& a, const GeneralName& b) {
  if (a.kind != b.kind) {
    return false;
  }
  return a.kind == GeneralNameKind::kDirectoryName ? a.directory == b.directory
                                                   : a.oid == b.oid && equal(a.value, b.value);
}

bool share_a_name(const std::vector<GeneralName>& a, const std::vector<GeneralName>& b) {
  return std::ranges::any_of(a, [&b](const GeneralName& name) {
    return std::ranges::any_of(b, [&name](const GeneralName& other) { return same_name(name, other); });
  });
}

GeneralName directory(const Name& name) {
  GeneralName general;
  general.kind = GeneralNameKind::kDirectoryName;
  general.directory = name;
  return general;
}

bool names(const std::vector<GeneralName>& general_names, const Name& name) {
  return share_a_name(general_names, {directory(name)});
}

/// The full names; a relative name is completed with `base`.
std::vector<GeneralName> full_names(const DistributionPointName& name, const Name& base) {
  if (!name.relative_name) {
    return name.full_name;
  }
  const auto full = base.with_rdn(*name.relative_name);
  return full ? std::vector<GeneralName>{directory(*full)} : std::vector<GeneralName>{};
}

const Name& list_issuer(const DistributionPoint& point, const Certificate& certificate) {
  for (const auto& name : point.crl_issuer) {
    if (name.directory) {
      return *name.directory;
    }
  }
  return certificate.issuer();
}

bool is_at_point(const IssuingDistributionPoint& issuing, const Crl& crl, const DistributionPoint& point,
                 const Certificate& certificate) {
  if (!issuing.name) {
    return true;
  }
  const auto published = full_names(*issuing.name, crl.issuer());
  return point.name ? share_a_name(published, full_names(*point.name, list_issuer(point, certificate)))
                    : share_a_name(published, point.crl_issuer);
}

const Extension* issuing_extension(const Crl& crl) {
  return find_extension(crl.extensions(), asn1::oids::kIssuingDistributionPoint);
}

bool same_extension(const Crl& a, const Crl& b, const asn1::Oid& oid) {
  const Extension* of_a = find_extension(a.extensions(), oid);
  const Extension* of_b = find_extension(b.extensions(), oid);
  if (of_a == nullptr || of_b == nullptr) {
    return of_a == of_b;
  }
  return equal(of_a->value, of_b->value);
}

bool number_less(const Serial& a, const Serial& b) {
  const ByteView x = a.content();
  const ByteView y = b.content();
  return x.size() != y.size() ? x.size() < y.size() : less(x, y);
}

}  // namespace

std::vector<DistributionPoint> points_of(const Certificate& certificate) {
  std::vector<DistributionPoint> points;
  if (const auto& stated = certificate.extensions().crl_distribution_points) {
    points = *stated;
  }
  DistributionPoint implied;
  implied.name = DistributionPointName{{directory(certificate.issuer())}, std::nullopt};
  points.push_back(std::move(implied));
  return points;
}

bool is_in_scope(const Crl& crl, const DistributionPoint& point, const Certificate& certificate) {
  const bool by_other = !point.crl_issuer.empty();
  if (by_other ? !(crl.is_indirect() && names(point.crl_issuer, crl.issuer()))
               : crl.issuer() != certificate.issuer()) {
    return false;
  }
  const auto& issuing = crl.issuing_point();
  if (!issuing) {
    return issuing_extension(crl) == nullptr;
  }
  return !(issuing->only_user_certificates && certificate.is_ca()) &&
         !(issuing->only_ca_certificates && !certificate.is_ca()) && !issuing->only_attribute_certificates &&
         is_at_point(*issuing, crl, point, certificate);
}

std::uint16_t covered_reasons(const Crl& crl, const DistributionPoint& point) {
  const auto& issuing = crl.issuing_point();
  const std::uint16_t of_list = issuing ? issuing->only_some_reasons.value_or(kAllReasons) : kAllReasons;
  return static_cast<std::uint16_t>(of_list & point.reasons.value_or(kAllReasons) & kAllReasons);
}

bool is_delta_of(const Crl& delta, const Crl& complete) {
  if (!delta.is_delta() || complete.is_delta() || !delta.number() || !complete.number()) {
    return false;
  }
  return delta.issuer() == complete.issuer() &&
         same_extension(delta, complete, asn1::oids::kIssuingDistributionPoint) &&
         same_extension(delta, complete, asn1::oids::kAuthorityKeyIdentifier) &&
         !number_less(*complete.number(), *delta.base_number()) &&
         number_less(*complete.number(), *delta.number());
}

}  // namespace hutong::x509
