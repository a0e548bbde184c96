#include <algorithm>
#include <array>
#include <vector>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "x509/extensions.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"
#include "x509/lint/scopes.h"

/// Certificate revocation lists as a whole (RFC 5280 5.1, 5.2; GM/T 0015 5.3).
namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;

constexpr Scope<CrlView> kEveryCrl{"所有 CRL", "every CRL", [](const CrlView&) { return true; }};
constexpr Scope<CrlView> kDelta{"增量 CRL", "delta CRLs", carries<oids::kDeltaCrlIndicator>};
constexpr Scope<CrlView> kWithPoint{"含颁发分发点的 CRL", "CRLs with issuingDistributionPoint",
                                    carries<oids::kIssuingDistributionPoint>};
constexpr Scope<CrlView> kWithNumber{"含 CRL 序号的 CRL", "CRLs with cRLNumber", carries<oids::kCrlNumber>};
constexpr Scope<CrlView> kCrlWithAki{"含颁发机构密钥标识符的 CRL", "CRLs with authorityKeyIdentifier",
                                     carries<oids::kAuthorityKeyIdentifier>};

template <Lapse (*kCheck)(const Name&)>
Lapse of_issuer(const CrlView& view) {
  return kCheck(view.issuer);
}

template <const asn1::Oid& kOid>
Lapse absent(const CrlView& view) {
  return view.extension(kOid) == nullptr ? Lapse("") : std::nullopt;
}

template <const asn1::Oid& kOid>
Lapse not_critical(const CrlView& view) {
  return view.extension(kOid)->critical ? std::nullopt : Lapse("");
}

Lapse version_not_2(const CrlView& view) {
  const bool v2 = view.version && *view.version == 1;
  return v2 ? std::nullopt : Lapse(view.version ? std::to_string(*view.version + 1) : "1");
}

Lapse times_form(const CrlView& view) {
  const auto lapse = time_form_odd(view.this_update);
  return lapse || !view.next_update ? lapse : time_form_odd(*view.next_update);
}

Lapse times_choice(const CrlView& view) {
  const auto lapse = time_choice_wrong(view.this_update);
  return lapse || !view.next_update ? lapse : time_choice_wrong(*view.next_update);
}

Lapse no_next_update(const CrlView& view) { return view.next_update ? std::nullopt : Lapse(""); }

Lapse times_backwards(const CrlView& view) {
  const auto from = view.this_update.time();
  const auto to = view.next_update ? view.next_update->time() : std::nullopt;
  return from && to && *from >= *to ? Lapse(to_rfc3339(*from) + " ≥ " + to_rfc3339(*to)) : std::nullopt;
}

Lapse revoked_list_empty(const CrlView& view) {
  return view.has_revoked && view.revoked.empty() ? Lapse("3000") : std::nullopt;
}

Lapse unknown_critical(const CrlView& view) {
  static constexpr std::array kKnown{
      oids::kAuthorityKeyIdentifier, oids::kIssuerAltName, oids::kCrlNumber,
      oids::kDeltaCrlIndicator,      oids::kFreshestCrl,   oids::kIssuingDistributionPoint,
      oids::kAuthorityInfoAccess};
  const auto found = std::ranges::find_if(view.extensions, [](const ExtensionView& extension) {
    return extension.critical && std::ranges::find(kKnown, extension.oid) == kKnown.end();
  });
  return found == view.extensions.end() ? std::nullopt : Lapse(found->oid.to_string());
}

std::optional<Serial> number_in(const CrlView& view, const asn1::Oid& oid) {
  const auto* extension = view.extension(oid);
  auto number = extension != nullptr ? parse_crl_number(extension->value) : Result<Serial>(Serial());
  return extension != nullptr && number ? std::optional(*number) : std::nullopt;
}

Lapse number_long(const CrlView& view) {
  const auto number = number_in(view, oids::kCrlNumber);
  return number && number->content().size() > 20 ? Lapse(std::to_string(number->content().size()))
                                                 : std::nullopt;
}

Lapse number_negative(const CrlView& view) {
  const auto number = number_in(view, oids::kCrlNumber);
  return number && number->is_negative() ? Lapse(number->to_hex()) : std::nullopt;
}

Lapse number_zero(const CrlView& view) {
  const auto number = number_in(view, oids::kCrlNumber);
  return number && number->is_zero() ? Lapse("0") : std::nullopt;
}

Lapse number_critical(const CrlView& view) {
  return view.extension(oids::kCrlNumber)->critical ? Lapse("") : std::nullopt;
}

Lapse aki_without_key_identifier(const CrlView& view) {
  QuirkRecorder quirks(QuirkPolicy::everything());
  auto aki = parse_authority_key_identifier(view.extension(oids::kAuthorityKeyIdentifier)->value, quirks);
  return aki && !aki->key_identifier ? Lapse("") : std::nullopt;
}

Lapse base_not_older(const CrlView& view) {
  const auto base = number_in(view, oids::kDeltaCrlIndicator);
  const auto number = number_in(view, oids::kCrlNumber);
  if (!base || !number || base->is_negative() || number->is_negative()) {
    return std::nullopt;
  }
  const auto a = base->content();
  const auto b = number->content();
  const bool older = a.size() != b.size() ? a.size() < b.size() : less(a, b);
  return older ? std::nullopt : Lapse(base->to_hex() + " ≥ " + number->to_hex());
}

Lapse delta_points_to_delta(const CrlView& view) {
  return view.extension(oids::kFreshestCrl) != nullptr ? Lapse("") : std::nullopt;
}

std::optional<IssuingDistributionPoint> issuing_point(const CrlView& view) {
  QuirkRecorder quirks(QuirkPolicy::everything());
  auto point =
      parse_issuing_distribution_point(view.extension(oids::kIssuingDistributionPoint)->value, quirks);
  return point ? std::optional(*std::move(point)) : std::nullopt;
}

Lapse point_empty(const CrlView& view) {
  return view.extension(oids::kIssuingDistributionPoint)->value.size() == 2 ? Lapse("3000") : std::nullopt;
}

Lapse point_with_two_scopes(const CrlView& view) {
  const auto point = issuing_point(view);
  const int scopes =
      point ? point->only_user_certificates + point->only_ca_certificates + point->only_attribute_certificates
            : 0;
  return scopes > 1 ? Lapse(std::to_string(scopes)) : std::nullopt;
}

/// In an indirect list the same number may belong to certificates of several issuers.
Lapse serial_twice(const CrlView& view) {
  if (view.indirect) {
    return std::nullopt;
  }
  std::vector<ByteView> serials;
  serials.reserve(view.revoked.size());
  for (const auto& encoded : view.revoked) {
    const auto entry = read_crl_entry(encoded);
    serials.push_back(entry ? entry->serial : ByteView{});
  }
  std::ranges::sort(serials, less);
  const auto twice = std::ranges::adjacent_find(serials, equal);
  return twice == serials.end() ? std::nullopt : Lapse(to_hex(*twice));
}

constexpr std::array kCrlRules{
    CrlRule{{"lint.crl.version_2", kError, "RFC 5280 5.1.2.1; GM/T 0015-2012 5.3",
             "CRL 版本应为 v2，实际为 v{0}", "The version shall be 2; it is {0}"},
            "version",
            &kEveryCrl,
            version_not_2},
    CrlRule{{"lint.crl.algorithm_match", kError, "RFC 5280 5.1.1.2",
             "签名算法域应与列表体中的算法逐字节相同：{0}",
             "The outer and the inner signature algorithm shall be equal: {0}"},
            "signatureAlgorithm",
            &kEveryCrl,
            [](const CrlView& view) { return algorithms_differ(view.algorithm, view.outer_algorithm); }},
    CrlRule{{"lint.crl.algorithm_sm2_sm3", kWarning, "GM/T 0015-2012 5.3; GB/T 33560-2017",
             "签名算法宜为 SM2-with-SM3：{0}", "The signature algorithm should be SM2-with-SM3: {0}"},
            "signature",
            &kEveryCrl,
            [](const CrlView& view) { return not_sm2_with_sm3(view.algorithm); }},
    CrlRule{{"lint.crl.algorithm_parameters", kError, "GB/T 33560-2017; GM/T 0092-2020 6.2",
             "SM2-with-SM3 不应带参数：{0}", "SM2-with-SM3 shall have no parameters: {0}"},
            "signature",
            &kEveryCrl,
            [](const CrlView& view) { return sm2_parameters_odd(view.algorithm); }},
    CrlRule{
        {"lint.crl.algorithm_null", kInfo, "GM/T 0092-2020 6.2", "SM2-with-SM3 的参数宜省略而不是写为 {0}",
         "The parameters of SM2-with-SM3 are better left out than written as {0}"},
        "signature",
        &kEveryCrl,
        [](const CrlView& view) { return sm2_parameters_written(view.algorithm); }},
    CrlRule{{"lint.crl.signature_encoding", kError, "GM/T 0009-2012 7.3",
             "签名值应为整字节 BIT STRING，SM2 时其内容为 DER 编码的 r、s：{0}",
             "The signature shall be whole octets, for SM2 the DER of r and s: {0}"},
            "signatureValue",
            &kEveryCrl,
            [](const CrlView& view) { return signature_odd(view.outer_algorithm, view.signature); }},
    CrlRule{{"lint.crl.issuer_present", kError, "RFC 5280 5.1.2.3", "颁发者名称不应为空",
             "The issuer's name shall not be empty"},
            "issuer",
            &kEveryCrl,
            [](const CrlView& view) { return view.issuer.empty() ? Lapse("") : std::nullopt; }},
    CrlRule{{"lint.crl.issuer_country_type", kError, "RFC 5280 A.1; GM/T 0015-2012 5.3",
             "国家代码应为 PrintableString：{0}", "A country code shall be a PrintableString: {0}"},
            "issuer",
            &kEveryCrl,
            of_issuer<country_not_printable>},
    CrlRule{{"lint.crl.issuer_characters", kError, "X.680 41", "属性值的字符应属于其字符串类型：{0}",
             "The characters of an attribute shall be of its string type: {0}"},
            "issuer",
            &kEveryCrl,
            of_issuer<characters_outside_type>},
    CrlRule{{"lint.crl.update_form", kError, "RFC 5280 5.1.2.4, 5.1.2.5",
             "更新时间应写到秒、以 Z 结尾、没有小数：{0}",
             "Times shall have seconds, end in Z and have no fraction: {0}"},
            "thisUpdate",
            &kEveryCrl,
            times_form},
    CrlRule{{"lint.crl.update_encoding", kError, "RFC 5280 5.1.2.4, 5.1.2.5; GM/T 0015-2012 5.3",
             "2049 年以前用 UTCTime，2050 年起用 GeneralizedTime：{0}",
             "UTCTime until 2049, GeneralizedTime from 2050 on: {0}"},
            "thisUpdate",
            &kEveryCrl,
            times_choice},
    CrlRule{{"lint.crl.next_update", kError, "RFC 5280 5.1.2.5", "应写明下次更新时间",
             "nextUpdate shall be present"},
            "nextUpdate",
            &kEveryCrl,
            no_next_update},
    CrlRule{{"lint.crl.update_order", kError, "RFC 5280 5.1.2.5", "下次更新应晚于本次更新：{0}",
             "nextUpdate shall be after thisUpdate: {0}"},
            "nextUpdate",
            &kEveryCrl,
            times_backwards},
    CrlRule{{"lint.crl.revoked_not_empty", kError, "RFC 5280 5.1.2.6",
             "没有撤销条目时应省略 revokedCertificates：{0}",
             "revokedCertificates shall be left out when there is none: {0}"},
            "revokedCertificates",
            &kEveryCrl,
            revoked_list_empty},
    CrlRule{{"lint.crl.extensions_unique", kError, "RFC 5280 5.2", "同一扩展项只应出现一次：{0}",
             "An extension shall appear only once: {0}"},
            "crlExtensions",
            &kEveryCrl,
            [](const CrlView& view) { return extension_twice(view.extensions); }},
    CrlRule{{"lint.crl.extension_default", kError, "X.690 11.5", "critical 为默认值 FALSE 时不应编码：{0}",
             "The default critical FALSE shall not be encoded: {0}"},
            "crlExtensions",
            &kEveryCrl,
            [](const CrlView& view) { return extension_default_written(view.extensions); }},
    CrlRule{{"lint.crl.extension_syntax", kError, "RFC 5280 5.2", "扩展项的值应符合其语法：{0}",
             "The value of an extension shall have the right syntax: {0}"},
            "crlExtensions",
            &kEveryCrl,
            [](const CrlView& view) { return extension_broken(view.extensions); }},
    CrlRule{
        {"lint.crl.critical_known", kWarning, "RFC 5280 5.2", "关键扩展项宜限于标准所列，别的系统会拒绝：{0}",
         "Critical extensions should be those of the norm, others make systems refuse: {0}"},
        "crlExtensions",
        &kEveryCrl,
        unknown_critical},
    CrlRule{{"lint.crl.aki_present", kError, "RFC 5280 5.2.1; GM/T 0015-2012 table C.5",
             "应含颁发机构密钥标识符", "authorityKeyIdentifier shall be present"},
            "authorityKeyIdentifier",
            &kEveryCrl,
            absent<oids::kAuthorityKeyIdentifier>},
    CrlRule{{"lint.crl.aki_key_identifier", kError, "RFC 5280 5.2.1", "颁发机构密钥标识符应含 keyIdentifier",
             "authorityKeyIdentifier shall have keyIdentifier"},
            "authorityKeyIdentifier",
            &kCrlWithAki,
            aki_without_key_identifier},
    CrlRule{{"lint.crl.number_present", kError, "RFC 5280 5.2.3; GM/T 0015-2012 table C.5", "应含 CRL 序号",
             "cRLNumber shall be present"},
            "cRLNumber",
            &kEveryCrl,
            absent<oids::kCrlNumber>},
    CrlRule{{"lint.crl.number_not_critical", kError, "RFC 5280 5.2.3", "CRL 序号不应为关键扩展",
             "cRLNumber shall not be critical"},
            "cRLNumber",
            &kWithNumber,
            number_critical},
    CrlRule{{"lint.crl.number_not_negative", kError, "RFC 5280 5.2.3", "CRL 序号不应为负数：{0}",
             "cRLNumber shall not be negative: {0}"},
            "cRLNumber",
            &kWithNumber,
            number_negative},
    CrlRule{{"lint.crl.number_length", kError, "RFC 5280 5.2.3", "CRL 序号不应超过 20 个字节，实际 {0} 个",
             "cRLNumber shall have at most 20 octets; it has {0}"},
            "cRLNumber",
            &kWithNumber,
            number_long},
    CrlRule{
        {"lint.crl.number_counts", kInfo, "RFC 5280 5.2.3", "CRL 序号宜逐次递增；为 {0} 的序号通常从不变化",
         "cRLNumber should grow with every issue; {0} usually never changes"},
        "cRLNumber",
        &kWithNumber,
        number_zero},
    CrlRule{{"lint.crl.delta_critical", kError, "RFC 5280 5.2.4", "增量 CRL 指示应为关键扩展",
             "deltaCRLIndicator shall be critical"},
            "deltaCRLIndicator",
            &kDelta,
            not_critical<oids::kDeltaCrlIndicator>},
    CrlRule{{"lint.crl.delta_base", kError, "RFC 5280 5.2.4", "增量 CRL 的基准序号应小于本列表序号：{0}",
             "The base of a delta CRL shall be older than the CRL itself: {0}"},
            "deltaCRLIndicator",
            &kDelta,
            base_not_older},
    CrlRule{{"lint.crl.delta_freshest", kError, "RFC 5280 5.2.6", "增量 CRL 不应再指向增量 CRL",
             "A delta CRL shall not have freshestCRL"},
            "freshestCRL",
            &kDelta,
            delta_points_to_delta},
    CrlRule{{"lint.crl.point_critical", kError, "RFC 5280 5.2.5; GM/T 0015-2012 5.3",
             "颁发分发点应为关键扩展", "issuingDistributionPoint shall be critical"},
            "issuingDistributionPoint",
            &kWithPoint,
            not_critical<oids::kIssuingDistributionPoint>},
    CrlRule{{"lint.crl.point_not_empty", kError, "RFC 5280 5.2.5", "颁发分发点不应为空：{0}",
             "issuingDistributionPoint shall not be empty: {0}"},
            "issuingDistributionPoint",
            &kWithPoint,
            point_empty},
    CrlRule{
        {"lint.crl.point_one_scope", kError, "RFC 5280 5.2.5", "颁发分发点的“仅限”范围至多一个，实际 {0} 个",
         "issuingDistributionPoint shall have at most one “only” scope; it has {0}"},
        "issuingDistributionPoint",
        &kWithPoint,
        point_with_two_scopes},
    CrlRule{{"lint.crl.entry_unique", kError, "RFC 5280 5.1.2.6", "同一证书只应列出一次：{0}",
             "A certificate shall be listed only once: {0}"},
            kCrlEntries,
            &kWithEntries,
            serial_twice},
};

}  // namespace

std::span<const CrlRule> crl_rules() { return kCrlRules; }

}  // namespace hutong::x509::lint
