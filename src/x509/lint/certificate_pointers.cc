#include <algorithm>
#include <array>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "x509/extensions.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"
#include "x509/lint/scopes.h"

/// Extensions that point elsewhere: alternative names, distribution points, access descriptions.
namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;
using View = CertificateView;

constexpr Scope<View> kWithAltName{"含主体替换名称的证书", "certificates with subjectAltName",
                                   carries<oids::kSubjectAltName>};
constexpr Scope<View> kWithPoints{"含 CRL 分发点的证书", "certificates with cRLDistributionPoints",
                                  carries<oids::kCrlDistributionPoints>};
constexpr Scope<View> kWithFreshest{"含最新 CRL 的证书", "certificates with freshestCRL",
                                    carries<oids::kFreshestCrl>};
constexpr Scope<View> kWithAccess{"含机构信息访问的证书", "certificates with authorityInfoAccess",
                                  carries<oids::kAuthorityInfoAccess>};
constexpr Scope<View> kWithSubjectAccess{"含主体信息访问的证书", "certificates with subjectInfoAccess",
                                         carries<oids::kSubjectInfoAccess>};

std::vector<GeneralName> alternative_names(const View& view) {
  QuirkRecorder quirks(QuirkPolicy::everything());
  auto names = parse_alternative_names(view.extension(oids::kSubjectAltName)->value, quirks);
  return names ? *std::move(names) : std::vector<GeneralName>{};
}

template <typename Wrong>
Lapse first_alternative_name(const View& view, GeneralNameKind kind, Wrong wrong) {
  for (const auto& name : alternative_names(view)) {
    if (name.kind == kind && wrong(name)) {
      return name.to_string();
    }
  }
  return std::nullopt;
}

Lapse alt_names_empty(const View& view) {
  auto outer = asn1::Reader(view.extension(oids::kSubjectAltName)->value);
  auto list = outer.enter_sequence();
  return list && list->at_end() ? Lapse("3000") : std::nullopt;
}

bool is_dns_label(std::string_view label) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, fits);
}

/// Letters, digits and hyphens, a "*" as the whole leftmost label.
bool is_dns_name(std::string_view name) {
  if (name.starts_with("*.")) {
    name.remove_prefix(2);
  }
  if (name.empty() || name.size() > 253) {
    return false;
  }
  for (std::size_t start = 0; start <= name.size();) {
    const auto end = std::min(name.find('.', start), name.size());
    if (!is_dns_label(name.substr(start, end - start))) {
      return false;
    }
    start = end + 1;
  }
  return true;
}

Lapse dns_name_odd(const View& view) {
  return first_alternative_name(view, GeneralNameKind::kDnsName,
                                [](const GeneralName& name) { return !is_dns_name(name.text()); });
}

/// Read plainly: parse_alternative_names refuses what is looked for here.
Lapse ip_address_odd(const View& view) {
  auto outer = asn1::Reader(view.extension(oids::kSubjectAltName)->value);
  auto list = outer.enter_sequence();
  while (list && !list->at_end()) {
    auto name = list->read_any();
    if (!name) {
      break;
    }
    const auto size = name->content.size();
    if (name->tag == asn1::context(7) && size != 4 && size != 16) {
      return to_hex(name->content);
    }
  }
  return std::nullopt;
}

Lapse email_odd(const View& view) {
  return first_alternative_name(view, GeneralNameKind::kRfc822Name, [](const GeneralName& name) {
    const auto text = name.text();
    const auto at = text.find('@');
    const bool one_at =
        at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.rfind('@') == at;
    return !one_at || !is_ascii(text) || text.find(' ') != std::string_view::npos;
  });
}

Lapse alt_uri_odd(const View& view) {
  return first_alternative_name(view, GeneralNameKind::kUri, [](const GeneralName& name) {
    const auto text = name.text();
    const auto colon = text.find(':');
    const bool clean = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
    return colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() || !clean;
  });
}

Lapse alt_name_critical_beside_subject(const View& view) {
  const bool beside = view.extension(oids::kSubjectAltName)->critical && !view.subject.empty();
  return beside ? Lapse("") : std::nullopt;
}

Lapse no_revocation_pointer(const View& view) {
  const bool any = view.extension(oids::kCrlDistributionPoints) != nullptr ||
                   view.extension(oids::kAuthorityInfoAccess) != nullptr ||
                   view.extension(oids::kOcspNoCheck) != nullptr;
  return any ? std::nullopt : Lapse("");
}

std::vector<DistributionPoint> distribution_points(const View& view, const asn1::Oid& oid) {
  QuirkRecorder quirks(QuirkPolicy::everything());
  auto points = parse_distribution_points(view.extension(oid)->value, quirks);
  return points ? *std::move(points) : std::vector<DistributionPoint>{};
}

template <const asn1::Oid& kOid>
Lapse point_uri_odd(const View& view) {
  for (const auto& point : distribution_points(view, kOid)) {
    for (const auto& name : point.name ? point.name->full_name : std::vector<GeneralName>{}) {
      if (name.kind == GeneralNameKind::kUri && !is_network_uri(name.text())) {
        return name.to_string();
      }
    }
  }
  return std::nullopt;
}

Lapse point_of_reasons_only(const View& view) {
  const auto points = distribution_points(view, oids::kCrlDistributionPoints);
  const bool bare = std::ranges::any_of(
      points, [](const DistributionPoint& point) { return !point.name && point.crl_issuer.empty(); });
  return bare ? Lapse("") : std::nullopt;
}

/// Every reason must be covered by some point.
Lapse reasons_incomplete(const View& view) {
  const auto points = distribution_points(view, oids::kCrlDistributionPoints);
  const bool complete = points.empty() || std::ranges::any_of(points, [](const DistributionPoint& point) {
                          return !point.reasons || (*point.reasons & kAllReasons) == kAllReasons;
                        });
  return complete ? std::nullopt : Lapse("");
}

std::vector<AccessDescription> accesses(const View& view, const asn1::Oid& oid) {
  QuirkRecorder quirks(QuirkPolicy::everything());
  auto list = parse_access_descriptions(view.extension(oid)->value, quirks);
  return list ? *std::move(list) : std::vector<AccessDescription>{};
}

Lapse access_uri_odd(const View& view) {
  for (const auto& access : accesses(view, oids::kAuthorityInfoAccess)) {
    const bool uri = access.location.kind == GeneralNameKind::kUri;
    if (uri && !is_network_uri(access.location.text())) {
      return access.location.to_string();
    }
  }
  return std::nullopt;
}

Lapse ocsp_location_odd(const View& view) {
  for (const auto& access : accesses(view, oids::kAuthorityInfoAccess)) {
    const bool http =
        access.location.kind == GeneralNameKind::kUri && access.location.text().starts_with("http");
    if (access.method == oids::kAccessOcsp && !http) {
      return access.location.to_string();
    }
  }
  return std::nullopt;
}

constexpr std::array kPointerRules{
    CertificateRule{{"lint.cert.alt_name_not_empty", kError, "RFC 5280 4.2.1.6", "主体替换名称不应为空：{0}",
                     "subjectAltName shall not be empty: {0}"},
                    "subjectAltName",
                    &kWithAltName,
                    alt_names_empty},
    CertificateRule{{"lint.cert.alt_name_not_critical", kWarning, "RFC 5280 4.2.1.6",
                     "有主体名称时，主体替换名称不宜为关键扩展",
                     "subjectAltName should not be critical beside a subject name"},
                    "subjectAltName",
                    &kWithAltName,
                    alt_name_critical_beside_subject},
    CertificateRule{{"lint.cert.alt_name_dns", kError, "RFC 5280 4.2.1.6; RFC 1034 3.5",
                     "域名应由字母、数字和连字符组成：{0}",
                     "A DNS name shall consist of letters, digits and hyphens: {0}"},
                    "subjectAltName",
                    &kWithAltName,
                    dns_name_odd},
    CertificateRule{{"lint.cert.alt_name_ip", kError, "RFC 5280 4.2.1.6", "IP 地址应为 4 或 16 字节：{0}",
                     "An IP address shall have 4 or 16 octets: {0}"},
                    "subjectAltName",
                    &kWithAltName,
                    ip_address_odd},
    CertificateRule{{"lint.cert.alt_name_email", kError, "RFC 5280 4.2.1.6; RFC 2821 4.1.2",
                     "电子邮件地址应为 ASCII 的“本地部分@域名”：{0}",
                     "An e-mail address shall be local-part@domain in ASCII: {0}"},
                    "subjectAltName",
                    &kWithAltName,
                    email_odd},
    CertificateRule{{"lint.cert.alt_name_uri", kError, "RFC 5280 4.2.1.6; RFC 3986 4.3",
                     "URI 应为含方案的绝对 URI：{0}", "A URI shall be absolute, with a scheme: {0}"},
                    "subjectAltName",
                    &kWithAltName,
                    alt_uri_odd},
    CertificateRule{{"lint.cert.revocation_pointer", kWarning, "GM/T 0015-2012 annex C; RFC 5280 4.2.1.13",
                     "宜写明撤销信息的位置（CRL 分发点或 OCSP）",
                     "A certificate should say where its revocation status is (CRL or OCSP)"},
                    "cRLDistributionPoints",
                    &kNotSelfIssued,
                    no_revocation_pointer},
    CertificateRule{{"lint.cert.crl_point_not_critical", kWarning, "RFC 5280 4.2.1.13",
                     "CRL 分发点不宜为关键扩展", "cRLDistributionPoints should not be critical"},
                    "cRLDistributionPoints",
                    &kWithPoints,
                    critical<oids::kCrlDistributionPoints>},
    CertificateRule{{"lint.cert.crl_point_uri", kError, "RFC 5280 4.2.1.13; RFC 3986 4.3",
                     "CRL 分发点的网址应为 http 或 ldap 的绝对 URI：{0}",
                     "The URI of a CRL shall be absolute, http or ldap: {0}"},
                    "cRLDistributionPoints",
                    &kWithPoints,
                    point_uri_odd<oids::kCrlDistributionPoints>},
    CertificateRule{{"lint.cert.crl_point_name", kError, "RFC 5280 4.2.1.13", "CRL 分发点不应只有撤销原因",
                     "A distribution point shall not consist of reasons only"},
                    "cRLDistributionPoints",
                    &kWithPoints,
                    point_of_reasons_only},
    CertificateRule{
        {"lint.cert.crl_point_reasons", kError, "RFC 5280 4.2.1.13", "至少一个 CRL 分发点应覆盖全部撤销原因",
         "At least one distribution point shall cover all reasons"},
        "cRLDistributionPoints",
        &kWithPoints,
        reasons_incomplete},
    CertificateRule{{"lint.cert.freshest_crl_not_critical", kError, "RFC 5280 4.2.1.15",
                     "最新 CRL 不应为关键扩展", "freshestCRL shall not be critical"},
                    "freshestCRL",
                    &kWithFreshest,
                    critical<oids::kFreshestCrl>},
    CertificateRule{{"lint.cert.freshest_crl_uri", kError, "RFC 5280 4.2.1.15; RFC 3986 4.3",
                     "最新 CRL 的网址应为 http 或 ldap 的绝对 URI：{0}",
                     "The URI of a delta CRL shall be absolute, http or ldap: {0}"},
                    "freshestCRL",
                    &kWithFreshest,
                    point_uri_odd<oids::kFreshestCrl>},
    CertificateRule{{"lint.cert.access_not_critical", kError, "RFC 5280 4.2.2.1",
                     "机构信息访问不应为关键扩展", "authorityInfoAccess shall not be critical"},
                    "authorityInfoAccess",
                    &kWithAccess,
                    critical<oids::kAuthorityInfoAccess>},
    CertificateRule{{"lint.cert.access_uri", kError, "RFC 5280 4.2.2.1; RFC 3986 4.3",
                     "机构信息访问的网址应为 http 或 ldap 的绝对 URI：{0}",
                     "The URIs of authorityInfoAccess shall be absolute, http or ldap: {0}"},
                    "authorityInfoAccess",
                    &kWithAccess,
                    access_uri_odd},
    CertificateRule{{"lint.cert.access_ocsp_http", kWarning, "RFC 6960 A.1", "OCSP 地址宜为 http 网址：{0}",
                     "The location of OCSP should be an http URI: {0}"},
                    "authorityInfoAccess",
                    &kWithAccess,
                    ocsp_location_odd},
    CertificateRule{{"lint.cert.subject_access_not_critical", kError, "RFC 5280 4.2.2.2",
                     "主体信息访问不应为关键扩展", "subjectInfoAccess shall not be critical"},
                    "subjectInfoAccess",
                    &kWithSubjectAccess,
                    critical<oids::kSubjectInfoAccess>},
};

}  // namespace

std::span<const CertificateRule> certificate_pointer_rules() { return kPointerRules; }

}  // namespace hutong::x509::lint
