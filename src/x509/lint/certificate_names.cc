#include <array>

#include "asn1/oids.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"
#include "x509/lint/scopes.h"

/// Issuer and subject (RFC 5280 4.1.2.4, 4.1.2.6; X.520; the DN habits of the region's CAs).
namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;
using View = CertificateView;

constexpr std::string_view kBoth = "issuer, subject";

/// One check over the issuer, then the subject.
template <Lapse (*kCheck)(const Name&)>
Lapse of_names(const View& view) {
  if (auto lapse = kCheck(view.issuer)) {
    return "issuer " + *lapse;
  }
  if (auto lapse = kCheck(view.subject)) {
    return "subject " + *lapse;
  }
  return std::nullopt;
}

Lapse issuer_empty(const View& view) { return view.issuer.empty() ? Lapse("") : std::nullopt; }

Lapse subject_empty(const View& view) {
  const auto* names = view.extension(oids::kSubjectAltName);
  const bool excused = !view.ca && names != nullptr && names->critical;
  return view.subject.empty() && !excused ? Lapse("") : std::nullopt;
}

Lapse missing(const Name& name, const asn1::Oid& type) {
  return !name.empty() && name.find(type) == nullptr ? Lapse(name.to_string()) : std::nullopt;
}

constexpr std::array kNameRules{
    CertificateRule{{"lint.cert.issuer_present", kError, "RFC 5280 4.1.2.4", "颁发者名称不应为空",
                     "The issuer's name shall not be empty"},
                    "issuer",
                    &kEveryCertificate,
                    issuer_empty},
    CertificateRule{{"lint.cert.subject_present", kError, "RFC 5280 4.1.2.6",
                     "主体名称不应为空（除非有关键的主体替换名称）",
                     "The subject's name shall not be empty (unless a critical subjectAltName stands in)"},
                    "subject",
                    &kEveryCertificate,
                    subject_empty},
    CertificateRule{{"lint.cert.subject_country", kWarning, "GM/T 0015-2012 annex C",
                     "主体名称宜含国家 C：{0}", "The subject's name should have a country: {0}"},
                    "subject",
                    &kEveryCertificate,
                    [](const View& view) { return missing(view.subject, oids::kCountry); }},
    CertificateRule{{"lint.cert.subject_common_name", kWarning, "GM/T 0015-2012 annex C",
                     "主体名称宜含通用名 CN：{0}", "The subject's name should have a common name: {0}"},
                    "subject",
                    &kEveryCertificate,
                    [](const View& view) { return missing(view.subject, oids::kCommonName); }},
    CertificateRule{{"lint.cert.name_one_attribute_per_rdn", kWarning, "GM/T 0015-2012 5.2",
                     "每个 RDN 宜只含一个属性：{0}", "Each RDN should hold one attribute: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<rdn_with_several_attributes>},
    CertificateRule{{"lint.cert.name_order", kInfo, "practice of the accredited CAs",
                     "名称通常以 C 开头、以 CN 结尾：{0}", "Names usually begin with C and end with CN: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<name_order_unusual>},
    CertificateRule{{"lint.cert.name_country_code", kError, "RFC 5280 A.1; GB/T 2659",
                     "国家代码应为两个字母：{0}", "A country code shall be two letters: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<country_not_two_letters>},
    CertificateRule{{"lint.cert.name_country_upper_case", kWarning, "ISO 3166-1; GB/T 2659",
                     "国家代码宜用大写字母：{0}", "A country code should be in upper case: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<country_not_upper_case>},
    CertificateRule{{"lint.cert.name_country_type", kError, "RFC 5280 A.1; GM/T 0015-2012 5.2",
                     "国家代码应为 PrintableString：{0}", "A country code shall be a PrintableString: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<country_not_printable>},
    CertificateRule{{"lint.cert.name_legacy_string", kError, "RFC 5280 4.1.2.4; GM/T 0015-2012 5.2",
                     "不应使用 T61String、BMPString、UniversalString：{0}",
                     "T61String, BMPString and UniversalString shall not be used: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<legacy_string>},
    CertificateRule{{"lint.cert.name_utf8", kInfo, "GM/T 0015-2012 5.2; RFC 5280 4.1.2.4",
                     "除国家等固定类型外，属性通常用 UTF8String：{0}",
                     "Attributes of no fixed type are usually UTF8String: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<printable_instead_of_utf8>},
    CertificateRule{{"lint.cert.name_email_type", kError, "RFC 5280 4.1.2.6; RFC 2985 5.2.1",
                     "电子邮件属性应为只含 ASCII 的 IA5String：{0}",
                     "An e-mail attribute shall be an IA5String in ASCII: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<email_not_ia5>},
    CertificateRule{{"lint.cert.name_serial_number_type", kError, "RFC 5280 A.1; X.520 6.2.9",
                     "名称中的序列号属性应为 PrintableString：{0}",
                     "A serialNumber attribute shall be a PrintableString: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<serial_number_not_printable>},
    CertificateRule{{"lint.cert.name_domain_component_type", kError, "RFC 4519 2.4; RFC 5280 A.1",
                     "域名组件属性应为 IA5String：{0}", "A domainComponent shall be an IA5String: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<domain_component_not_ia5>},
    CertificateRule{{"lint.cert.name_unique_identifier_type", kError, "X.520 6.2.7",
                     "唯一标识符属性 (2.5.4.45) 应为 BIT STRING：{0}",
                     "A unique identifier attribute (2.5.4.45) shall be a BIT STRING: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<unique_identifier_not_bits>},
    CertificateRule{{"lint.cert.name_value_string", kError, "RFC 5280 A.1", "属性值应为字符串：{0}",
                     "The value of an attribute shall be a string: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<attribute_value_not_string>},
    CertificateRule{{"lint.cert.name_characters", kError, "X.680 41", "属性值的字符应属于其字符串类型：{0}",
                     "The characters of an attribute shall be of its string type: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<characters_outside_type>},
    CertificateRule{{"lint.cert.name_upper_bound", kError, "RFC 5280 A.1",
                     "属性值不应超过上限（CN、O、OU 64 个字符等）：{0}",
                     "An attribute shall keep its upper bound (64 characters for CN, O, OU …): {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<longer_than_upper_bound>},
    CertificateRule{{"lint.cert.name_blank", kWarning, "RFC 5280 7.1; X.520",
                     "属性值不宜为空，也不宜以空格开头或结尾：{0}",
                     "An attribute should not be empty nor begin or end with a blank: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<blank_at_border>},
    CertificateRule{{"lint.cert.name_control_character", kWarning, "X.520", "属性值不宜含控制字符：{0}",
                     "An attribute should not hold control characters: {0}"},
                    kBoth,
                    &kEveryCertificate,
                    of_names<control_character>},
    CertificateRule{
        {"lint.cert.name_repetition", kWarning, "X.501 9", "名称中不宜重复同一属性，国家只宜出现一次：{0}",
         "A name should not repeat an attribute, nor name two countries: {0}"},
        kBoth,
        &kEveryCertificate,
        of_names<attribute_twice>},
};

}  // namespace

std::span<const CertificateRule> certificate_name_rules() { return kNameRules; }

}  // namespace hutong::x509::lint
