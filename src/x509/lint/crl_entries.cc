#include <algorithm>
#include <array>
#include <vector>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "x509/extensions.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"
#include "x509/lint/scopes.h"

/// The entries of revocation lists (RFC 5280 5.1.2.6, 5.3). Entries are decoded again for each rule, so that
/// a list of a million entries needs no memory besides its DER.
namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;
constexpr auto kError = Severity::kError;
constexpr auto kWarning = Severity::kWarning;
using View = CrlView;

constexpr Scope<View> kWithEntries{"有撤销条目的 CRL", "CRLs with entries",
                                   [](const View& view) { return !view.revoked.empty(); }};

/// The serial of the first entry that `wrong` dislikes.
template <typename Wrong>
Lapse first_entry(const View& view, Wrong wrong) {
  for (const auto& encoded : view.revoked) {
    auto entry = read_crl_entry(encoded);
    if (entry && wrong(*entry)) {
      return to_hex(entry->serial);
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> reason_of(const CrlEntryView& entry) {
  const auto* extension = find_extension(entry.extensions, oids::kReasonCode);
  if (extension == nullptr) {
    return std::nullopt;
  }
  auto reason = asn1::Reader(extension->value).read_enumerated();
  return reason ? std::optional(*reason) : std::nullopt;
}

Lapse serial_odd(const View& view) {
  return first_entry(view,
                     [](const CrlEntryView& entry) { return serial_not_positive(entry.serial).has_value(); });
}

Lapse serial_twice(const View& view) {
  const bool indirect = std::ranges::any_of(view.revoked, [](const ByteView& encoded) {
    auto entry = read_crl_entry(encoded);
    return entry && find_extension(entry->extensions, oids::kCertificateIssuer) != nullptr;
  });
  if (indirect) {
    return std::nullopt;  // the same number may belong to two issuers
  }
  std::vector<ByteView> serials;
  serials.reserve(view.revoked.size());
  for (const auto& encoded : view.revoked) {
    auto entry = read_crl_entry(encoded);
    serials.push_back(entry ? entry->serial : ByteView{});
  }
  std::ranges::sort(serials, less);
  const auto twice = std::ranges::adjacent_find(serials, equal);
  return twice == serials.end() ? std::nullopt : Lapse(to_hex(*twice));
}

Lapse time_odd(const View& view) {
  return first_entry(view, [](const CrlEntryView& entry) {
    return time_form_odd(entry.revoked_at) || time_choice_wrong(entry.revoked_at);
  });
}

Lapse revoked_in_the_future(const View& view) {
  const auto made = view.this_update.time();
  return first_entry(view, [&](const CrlEntryView& entry) {
    const auto revoked = entry.revoked_at.time();
    return made && revoked && *revoked > *made;
  });
}

Lapse entry_extensions_empty(const View& view) {
  return first_entry(
      view, [](const CrlEntryView& entry) { return entry.has_extensions && entry.extensions.empty(); });
}

Lapse entry_extension_twice(const View& view) {
  return first_entry(view,
                     [](const CrlEntryView& entry) { return extension_twice(entry.extensions).has_value(); });
}

Lapse reason_odd(const View& view) {
  return first_entry(view, [](const CrlEntryView& entry) {
    const bool present = find_extension(entry.extensions, oids::kReasonCode) != nullptr;
    const auto reason = reason_of(entry);
    return present && (!reason || !crl_reason_from(*reason));
  });
}

Lapse reason_unspecified(const View& view) {
  return first_entry(view, [](const CrlEntryView& entry) { return reason_of(entry) == 0U; });
}

Lapse reason_critical(const View& view) {
  return first_entry(view, [](const CrlEntryView& entry) {
    const auto* extension = find_extension(entry.extensions, oids::kReasonCode);
    return extension != nullptr && extension->critical;
  });
}

Lapse removed_in_full_list(const View& view) {
  constexpr auto kRemove = static_cast<std::uint64_t>(CrlReason::kRemoveFromCrl);
  const bool delta = view.extension(oids::kDeltaCrlIndicator) != nullptr;
  return first_entry(view, [&](const CrlEntryView& entry) { return !delta && reason_of(entry) == kRemove; });
}

Lapse invalidity_date_odd(const View& view) {
  return first_entry(view, [](const CrlEntryView& entry) {
    const auto* extension = find_extension(entry.extensions, oids::kInvalidityDate);
    if (extension == nullptr) {
      return false;
    }
    auto reader = asn1::Reader(extension->value);
    auto content = reader.read(asn1::Tag::kGeneralizedTime);
    return !content || !reader.at_end() || !asn1::generalized_time_from(*content);
  });
}

Lapse certificate_issuer_odd(const View& view) {
  const auto* extension = view.extension(oids::kIssuingDistributionPoint);
  QuirkRecorder quirks(QuirkPolicy::everything());
  auto point = extension != nullptr ? parse_issuing_distribution_point(extension->value, quirks)
                                    : Result<IssuingDistributionPoint>(IssuingDistributionPoint{});
  const bool indirect = point && point->indirect;
  return first_entry(view, [&](const CrlEntryView& entry) {
    const auto* issuer = find_extension(entry.extensions, oids::kCertificateIssuer);
    return issuer != nullptr && (!issuer->critical || !indirect);
  });
}

constexpr std::string_view kEntries = "revokedCertificates";

constexpr std::array kRules{
    CrlRule{{"lint.crl.entry_serial", kWarning, "RFC 5280 4.1.2.2, 5.1.2.6", "条目的序列号宜为正整数：{0}",
             "The serial number of an entry should be positive: {0}"},
            kEntries,
            &kWithEntries,
            serial_odd},
    CrlRule{{"lint.crl.entry_unique", kError, "RFC 5280 5.1.2.6", "同一证书只应列出一次：{0}",
             "A certificate shall be listed only once: {0}"},
            kEntries,
            &kWithEntries,
            serial_twice},
    CrlRule{{"lint.crl.entry_time", kError, "RFC 5280 5.1.2.6",
             "撤销时间的写法应与更新时间相同（2049 年以前 UTCTime、到秒、以 Z 结尾），条目 {0}",
             "A revocation time shall be written like the update times (UTCTime until 2049, seconds, Z); "
             "entry {0}"},
            kEntries,
            &kWithEntries,
            time_odd},
    CrlRule{{"lint.crl.entry_not_future", kWarning, "RFC 5280 5.1.2.6", "撤销时间不宜晚于本次更新，条目 {0}",
             "A revocation time should not be after thisUpdate; entry {0}"},
            kEntries,
            &kWithEntries,
            revoked_in_the_future},
    CrlRule{{"lint.crl.entry_extensions_not_empty", kError, "RFC 5280 5.1.2.6, 4.1.2.9",
             "条目的扩展项列表不应为空，条目 {0}",
             "The list of extensions of an entry shall not be empty; entry {0}"},
            kEntries,
            &kWithEntries,
            entry_extensions_empty},
    CrlRule{
        {"lint.crl.entry_extensions_unique", kError, "RFC 5280 5.3", "条目的同一扩展项只应出现一次，条目 {0}",
         "An extension of an entry shall appear only once; entry {0}"},
        kEntries,
        &kWithEntries,
        entry_extension_twice},
    CrlRule{{"lint.crl.reason_known", kError, "RFC 5280 5.3.1", "撤销原因应为标准所列（0–6、8–10），条目 {0}",
             "The reason shall be one of the norm (0–6, 8–10); entry {0}"},
            kEntries,
            &kWithEntries,
            reason_odd},
    CrlRule{{"lint.crl.reason_unspecified", kWarning, "RFC 5280 5.3.1", "原因“未指明”宜省略，条目 {0}",
             "The reason “unspecified” should be left out; entry {0}"},
            kEntries,
            &kWithEntries,
            reason_unspecified},
    CrlRule{{"lint.crl.reason_not_critical", kError, "RFC 5280 5.3.1", "撤销原因不应为关键扩展，条目 {0}",
             "The reason shall not be critical; entry {0}"},
            kEntries,
            &kWithEntries,
            reason_critical},
    CrlRule{
        {"lint.crl.reason_remove", kError, "RFC 5280 5.3.1", "原因“从 CRL 移除”只应出现在增量 CRL，条目 {0}",
         "The reason removeFromCRL shall appear in delta CRLs only; entry {0}"},
        kEntries,
        &kWithEntries,
        removed_in_full_list},
    CrlRule{{"lint.crl.invalidity_date", kError, "RFC 5280 5.3.2",
             "失效时间应为写到秒的 GeneralizedTime，条目 {0}",
             "The invalidity date shall be a GeneralizedTime with seconds; entry {0}"},
            kEntries,
            &kWithEntries,
            invalidity_date_odd},
    CrlRule{{"lint.crl.certificate_issuer", kError, "RFC 5280 5.3.3",
             "证书颁发者只应作为关键扩展出现在间接 CRL，条目 {0}",
             "certificateIssuer shall be critical and appear in indirect CRLs only; entry {0}"},
            kEntries,
            &kWithEntries,
            certificate_issuer_odd},
};

}  // namespace

std::span<const CrlRule> crl_entry_rules() { return kRules; }

}  // namespace hutong::x509::lint
