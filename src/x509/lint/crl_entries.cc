#include <array>

#include "asn1/oids.h"
#include "x509/extensions.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"

/// The entries of revocation lists (RFC 5280 5.1.2.6, 5.3).
namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;

const ExtensionView* extension_of(const CrlEntryView& entry, const asn1::Oid& oid) {
  return find_extension(entry.extensions, oid);
}

std::optional<std::uint64_t> reason_of(const CrlEntryView& entry) {
  const auto* extension = extension_of(entry, oids::kReasonCode);
  if (extension == nullptr) {
    return std::nullopt;
  }
  auto reason = asn1::Reader(extension->value).read_enumerated();
  return reason ? std::optional(*reason) : std::nullopt;
}

bool serial_odd(const CrlView&, const CrlEntryView& entry) {
  return serial_not_positive(entry.serial).has_value();
}

bool time_odd(const CrlView&, const CrlEntryView& entry) {
  return time_form_odd(entry.revoked_at) || time_choice_wrong(entry.revoked_at);
}

bool revoked_in_the_future(const CrlView& view, const CrlEntryView& entry) {
  const auto made = view.this_update.time();
  const auto revoked = entry.revoked_at.time();
  return made && revoked && *revoked > *made;
}

bool extensions_empty(const CrlView&, const CrlEntryView& entry) {
  return entry.has_extensions && entry.extensions.empty();
}

bool extension_repeated(const CrlView&, const CrlEntryView& entry) {
  return entry.extensions.size() > 1 && extension_twice(entry.extensions).has_value();
}

bool reason_odd(const CrlView&, const CrlEntryView& entry) {
  const bool present = extension_of(entry, oids::kReasonCode) != nullptr;
  const auto reason = reason_of(entry);
  return present && (!reason || !crl_reason_from(*reason));
}

bool reason_unspecified(const CrlView&, const CrlEntryView& entry) { return reason_of(entry) == 0U; }

bool reason_critical(const CrlView&, const CrlEntryView& entry) {
  const auto* extension = extension_of(entry, oids::kReasonCode);
  return extension != nullptr && extension->critical;
}

bool removed_in_full_list(const CrlView& view, const CrlEntryView& entry) {
  return !view.delta && reason_of(entry) == static_cast<std::uint64_t>(CrlReason::kRemoveFromCrl);
}

bool invalidity_date_odd(const CrlView&, const CrlEntryView& entry) {
  const auto* extension = extension_of(entry, oids::kInvalidityDate);
  if (extension == nullptr) {
    return false;
  }
  auto reader = asn1::Reader(extension->value);
  auto content = reader.read(asn1::Tag::kGeneralizedTime);
  return !content || !reader.at_end() || !asn1::generalized_time_from(*content);
}

bool certificate_issuer_odd(const CrlView& view, const CrlEntryView& entry) {
  const auto* issuer = extension_of(entry, oids::kCertificateIssuer);
  return issuer != nullptr && (!issuer->critical || !view.indirect);
}

constexpr std::array kCrlEntryRules{
    CrlEntryRule{{"lint.crl.entry_serial", kWarning, "RFC 5280 4.1.2.2, 5.1.2.6",
                  "条目的序列号宜为正整数：{0}", "The serial number of an entry should be positive: {0}"},
                 serial_odd},
    CrlEntryRule{
        {"lint.crl.entry_time", kError, "RFC 5280 5.1.2.6",
         "撤销时间的写法应与更新时间相同（2049 年以前 UTCTime、到秒、以 Z 结尾），条目 {0}",
         "A revocation time shall be written like the update times (UTCTime until 2049, seconds, Z); "
         "entry {0}"},
        time_odd},
    CrlEntryRule{
        {"lint.crl.entry_not_future", kWarning, "RFC 5280 5.1.2.6", "撤销时间不宜晚于本次更新，条目 {0}",
         "A revocation time should not be after thisUpdate; entry {0}"},
        revoked_in_the_future},
    CrlEntryRule{{"lint.crl.entry_extensions_not_empty", kError, "RFC 5280 5.1.2.6, 4.1.2.9",
                  "条目的扩展项列表不应为空，条目 {0}",
                  "The list of extensions of an entry shall not be empty; entry {0}"},
                 extensions_empty},
    CrlEntryRule{
        {"lint.crl.entry_extensions_unique", kError, "RFC 5280 5.3", "条目的同一扩展项只应出现一次，条目 {0}",
         "An extension of an entry shall appear only once; entry {0}"},
        extension_repeated},
    CrlEntryRule{
        {"lint.crl.reason_known", kError, "RFC 5280 5.3.1", "撤销原因应为标准所列（0–6、8–10），条目 {0}",
         "The reason shall be one of the norm (0–6, 8–10); entry {0}"},
        reason_odd},
    CrlEntryRule{{"lint.crl.reason_unspecified", kWarning, "RFC 5280 5.3.1", "原因“未指明”宜省略，条目 {0}",
                  "The reason “unspecified” should be left out; entry {0}"},
                 reason_unspecified},
    CrlEntryRule{{"lint.crl.reason_not_critical", kError, "RFC 5280 5.3.1",
                  "撤销原因不应为关键扩展，条目 {0}", "The reason shall not be critical; entry {0}"},
                 reason_critical},
    CrlEntryRule{
        {"lint.crl.reason_remove", kError, "RFC 5280 5.3.1", "原因“从 CRL 移除”只应出现在增量 CRL，条目 {0}",
         "The reason removeFromCRL shall appear in delta CRLs only; entry {0}"},
        removed_in_full_list},
    CrlEntryRule{{"lint.crl.invalidity_date", kError, "RFC 5280 5.3.2",
                  "失效时间应为写到秒的 GeneralizedTime，条目 {0}",
                  "The invalidity date shall be a GeneralizedTime with seconds; entry {0}"},
                 invalidity_date_odd},
    CrlEntryRule{{"lint.crl.certificate_issuer", kError, "RFC 5280 5.3.3",
                  "证书颁发者只应作为关键扩展出现在间接 CRL，条目 {0}",
                  "certificateIssuer shall be critical and appear in indirect CRLs only; entry {0}"},
                 certificate_issuer_odd},
};

}  // namespace

std::span<const CrlEntryRule> crl_entry_rules() { return kCrlEntryRules; }

}  // namespace hutong::x509::lint
