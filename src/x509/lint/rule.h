#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "x509/lint/view.h"
#include "x509/report.h"

namespace hutong::x509::lint {

/// Nothing when the rule is kept; else what was found instead, in data rather than words (a value, a number,
/// an object identifier), because it is shown in both languages.
using Lapse = std::optional<std::string>;

inline constexpr auto kError = Severity::kError;
inline constexpr auto kWarning = Severity::kWarning;
inline constexpr auto kInfo = Severity::kInfo;

/// The objects that a rule is about.
template <typename View>
struct Scope {
  std::string_view zh;
  std::string_view en;
  bool (*covers)(const View&);
};

/// One row of the lint tables: the rule in words, whom it binds, and the function that looks.
template <typename View>
struct Rule {
  FindingKind kind;
  std::string_view where;
  const Scope<View>* scope;
  Lapse (*check)(const View&);
};
using CertificateRule = Rule<CertificateView>;
using CrlRule = Rule<CrlView>;
using RequestRule = Rule<RequestView>;

/// A rule about each entry of a list. All of them run in one pass over the entries; the first entry that
/// breaks a rule is reported by its serial number.
struct CrlEntryRule {
  FindingKind kind;
  bool (*breaks)(const CrlView&, const CrlEntryView&);
};
inline constexpr std::string_view kCrlEntries = "revokedCertificates";
inline constexpr Scope<CrlView> kWithEntries{"有撤销条目的 CRL", "CRLs with entries",
                                             [](const CrlView& view) { return !view.revoked.empty(); }};

std::span<const CertificateRule> certificate_field_rules();
std::span<const CertificateRule> certificate_name_rules();
std::span<const CertificateRule> certificate_extension_rules();
std::span<const CertificateRule> certificate_usage_rules();
std::span<const CertificateRule> certificate_pointer_rules();
std::span<const CertificateRule> certificate_identity_rules();
std::span<const CrlRule> crl_rules();
std::span<const CrlEntryRule> crl_entry_rules();
std::span<const RequestRule> request_rules();

}  // namespace hutong::x509::lint
