#include <algorithm>
#include <array>
#include <set>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"
#include "x509/lint/scopes.h"

/// What a key may be used for: the two certificates of a subject (GM/T 0015 tables C.3 and C.4), CA keys, and
/// the extended purposes (RFC 5280 4.2.1.3, 4.2.1.12).
namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;
using View = CertificateView;

constexpr std::uint16_t kCaBits = 0x060;  ///< keyCertSign, cRLSign
constexpr Scope<View> kWithUsage{"含密钥用法的证书", "certificates with keyUsage", carries<oids::kKeyUsage>};
constexpr Scope<View> kWithPurposes{"含扩展密钥用法的证书", "certificates with extKeyUsage",
                                    carries<oids::kExtendedKeyUsage>};

std::string names_of(std::uint16_t bits) {
  std::string text;
  for (const auto name : KeyUsage{bits}.names()) {
    text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text;
}
std::string names_of(const View& view) { return names_of(usage_bits(view)); }

/// The bits of `wanted` that are not set, by name.
Lapse lacks(const View& view, std::uint16_t wanted) {
  const auto missing = static_cast<std::uint16_t>(wanted & ~usage_bits(view));
  return missing != 0 ? Lapse(names_of(missing)) : std::nullopt;
}

Lapse usage_absent(const View& view) {
  return view.extension(oids::kKeyUsage) == nullptr ? Lapse("") : std::nullopt;
}

Lapse usage_not_critical(const View& view) {
  return view.extension(oids::kKeyUsage)->critical ? std::nullopt : Lapse("");
}

Lapse usage_empty(const View& view) {
  return view.key_usage && usage_bits(view) == 0 ? Lapse(to_hex(view.extension(oids::kKeyUsage)->value))
                                                 : std::nullopt;
}

/// A named bit list ends with its last one bit (X.690 11.2.2).
Lapse usage_trailing_zeros(const View& view) {
  if (!view.key_usage || view.key_usage->octets.empty()) {
    return std::nullopt;
  }
  const unsigned unused = view.key_usage->unused_bits;
  const bool last_bit_set = (view.key_usage->octets.back() & (1U << unused)) != 0;
  const bool rest_zero = (view.key_usage->octets.back() & ((1U << unused) - 1)) == 0;
  return last_bit_set && rest_zero ? std::nullopt : Lapse(to_hex(view.extension(oids::kKeyUsage)->value));
}

Lapse ca_uses_more(const View& view) {
  const auto more = static_cast<std::uint16_t>(usage_bits(view) & ~kCaBits);
  return more != 0 ? Lapse(names_of(more)) : std::nullopt;
}

Lapse signs_and_encrypts(const View& view) {
  const auto bits = usage_bits(view);
  return (bits & kSigningBits) != 0 && (bits & kEncryptionBits) != 0 ? Lapse(names_of(view)) : std::nullopt;
}

Lapse end_entity_signs_crls(const View& view) {
  return has_usage(view, KeyUsageBit::kCrlSign) ? Lapse(names_of(view)) : std::nullopt;
}

Lapse only_flag_without_agreement(const View& view) {
  const bool only =
      has_usage(view, KeyUsageBit::kEncipherOnly) || has_usage(view, KeyUsageBit::kDecipherOnly);
  return only && !has_usage(view, KeyUsageBit::kKeyAgreement) ? Lapse(names_of(view)) : std::nullopt;
}

Lapse purpose_twice(const View& view) {
  std::set<asn1::Oid> seen;
  for (const auto& purpose : view.purposes) {
    if (!seen.insert(purpose).second) {
      return purpose.to_string();
    }
  }
  return std::nullopt;
}

Lapse any_purpose_critical(const View& view) {
  const bool critical = view.extension(oids::kExtendedKeyUsage)->critical;
  return critical && view.has_purpose(oids::kAnyExtendedKeyUsage)
             ? Lapse(oids::kAnyExtendedKeyUsage.to_string())
             : std::nullopt;
}

/// The key usages of which a purpose needs at least one (RFC 5280 4.2.1.12).
struct PurposeNeeds {
  asn1::Oid purpose;
  std::uint16_t one_of;
};
constexpr std::array kNeeds{
    PurposeNeeds{oids::kServerAuth, 0x015},       // digitalSignature, keyEncipherment, keyAgreement
    PurposeNeeds{oids::kClientAuth, 0x011},       // digitalSignature, keyAgreement
    PurposeNeeds{oids::kCodeSigning, 0x001},      // digitalSignature
    PurposeNeeds{oids::kEmailProtection, 0x017},  // and nonRepudiation, keyEncipherment, keyAgreement
    PurposeNeeds{oids::kTimeStamping, 0x003},     // digitalSignature, nonRepudiation
    PurposeNeeds{oids::kOcspSigning, 0x003},
};

Lapse purpose_without_usage(const View& view) {
  const auto bits = usage_bits(view);
  const auto contradicts = [&](const PurposeNeeds& needs) {
    return view.key_usage && view.has_purpose(needs.purpose) && (bits & needs.one_of) == 0;
  };
  const auto found = std::ranges::find_if(kNeeds, contradicts);
  return found == kNeeds.end() ? std::nullopt : Lapse(found->purpose.to_string() + " / " + names_of(view));
}

Lapse time_stamping_with_others(const View& view) {
  return view.purposes.size() > 1 ? Lapse(std::to_string(view.purposes.size())) : std::nullopt;
}

Lapse purposes_not_critical(const View& view) {
  return view.extension(oids::kExtendedKeyUsage)->critical ? std::nullopt : Lapse("");
}

Lapse time_stamper_encrypts(const View& view) {
  const auto more = static_cast<std::uint16_t>(usage_bits(view) & ~kSigningBits);
  return more != 0 ? Lapse(names_of(more)) : std::nullopt;
}

Lapse no_check_absent(const View& view) {
  return view.extension(oids::kOcspNoCheck) == nullptr ? Lapse("") : std::nullopt;
}

Lapse server_without_names(const View& view) {
  return view.extension(oids::kSubjectAltName) == nullptr ? Lapse("") : std::nullopt;
}

constexpr std::array kUsageRules{
    CertificateRule{{"lint.cert.key_usage_present", kError, "GM/T 0015-2012 annex C; RFC 5280 4.2.1.3",
                     "应含密钥用法", "keyUsage shall be present"},
                    "keyUsage",
                    &kEveryCertificate,
                    usage_absent},
    CertificateRule{{"lint.cert.key_usage_critical", kWarning, "GM/T 0015-2012 5.2; RFC 5280 4.2.1.3",
                     "密钥用法宜为关键扩展", "keyUsage should be critical"},
                    "keyUsage",
                    &kWithUsage,
                    usage_not_critical},
    CertificateRule{{"lint.cert.key_usage_not_empty", kError, "RFC 5280 4.2.1.3", "密钥用法至少应有一位：{0}",
                     "keyUsage shall have at least one bit: {0}"},
                    "keyUsage",
                    &kWithUsage,
                    usage_empty},
    CertificateRule{
        {"lint.cert.key_usage_encoding", kError, "X.690 11.2.2", "密钥用法的位串末尾不应留有 0 位：{0}",
         "The bit string of keyUsage shall end with its last one bit: {0}"},
        "keyUsage",
        &kWithUsage,
        usage_trailing_zeros},
    CertificateRule{{"lint.cert.key_usage_ca", kError, "RFC 5280 4.2.1.3; GM/T 0015-2012 tables C.1, C.2",
                     "CA 证书的密钥用法应含：{0}", "keyUsage of a CA certificate shall have: {0}"},
                    "keyUsage",
                    &kCa,
                    [](const View& view) { return lacks(view, 0x020); }},
    CertificateRule{{"lint.cert.key_usage_ca_crl", kWarning, "GM/T 0015-2012 tables C.1, C.2",
                     "CA 证书的密钥用法宜含：{0}", "keyUsage of a CA certificate should have: {0}"},
                    "keyUsage",
                    &kCa,
                    [](const View& view) { return lacks(view, 0x040); }},
    CertificateRule{{"lint.cert.key_usage_ca_only", kWarning, "GM/T 0015-2012 tables C.1, C.2",
                     "CA 密钥宜只用于签发证书和 CRL，不宜有：{0}",
                     "A CA key should only sign certificates and CRLs, not: {0}"},
                    "keyUsage",
                    &kCa,
                    ca_uses_more},
    CertificateRule{{"lint.cert.key_usage_end_entity_crl", kWarning, "GM/T 0015-2012 tables C.3, C.4",
                     "用户证书不宜用于签发 CRL：{0}", "An end-entity key should not sign CRLs: {0}"},
                    "keyUsage",
                    &kEndEntity,
                    end_entity_signs_crls},
    CertificateRule{{"lint.cert.key_usage_dual", kWarning, "GM/T 0015-2012 tables C.3, C.4",
                     "双证书制度下，签名与加密宜用两张证书：{0}",
                     "Signing and encryption should be in two certificates: {0}"},
                    "keyUsage",
                    &kEndEntity,
                    signs_and_encrypts},
    CertificateRule{{"lint.cert.key_usage_signing", kWarning, "GM/T 0015-2012 table C.3",
                     "签名证书的密钥用法宜含：{0}", "keyUsage of a signing certificate should have: {0}"},
                    "keyUsage",
                    &kSigningOnly,
                    [](const View& view) { return lacks(view, kSigningBits); }},
    CertificateRule{{"lint.cert.key_usage_encryption", kWarning, "GM/T 0015-2012 table C.4",
                     "加密证书的密钥用法宜含：{0}", "keyUsage of an encryption certificate should have: {0}"},
                    "keyUsage",
                    &kEncryptionOnly,
                    [](const View& view) { return lacks(view, 0x00C); }},
    CertificateRule{
        {"lint.cert.key_usage_agreement", kInfo, "GM/T 0015-2012 table C.4; GB/T 38636-2020",
         "加密证书的密钥用法通常含：{0}", "keyUsage of an encryption certificate usually has: {0}"},
        "keyUsage",
        &kEncryptionOnly,
        [](const View& view) { return lacks(view, 0x010); }},
    CertificateRule{{"lint.cert.key_usage_only_flags", kWarning, "RFC 5280 4.2.1.3",
                     "encipherOnly、decipherOnly 只在有 keyAgreement 时有意义：{0}",
                     "encipherOnly and decipherOnly mean nothing without keyAgreement: {0}"},
                    "keyUsage",
                    &kWithUsage,
                    only_flag_without_agreement},
    CertificateRule{{"lint.cert.purpose_unique", kWarning, "RFC 5280 4.2.1.12", "扩展密钥用法不宜重复：{0}",
                     "An extended key usage should not be repeated: {0}"},
                    "extKeyUsage",
                    &kWithPurposes,
                    purpose_twice},
    CertificateRule{{"lint.cert.purpose_any_not_critical", kWarning, "RFC 5280 4.2.1.12",
                     "含任意用途时，扩展密钥用法不宜为关键扩展：{0}",
                     "extKeyUsage with anyExtendedKeyUsage should not be critical: {0}"},
                    "extKeyUsage",
                    &kWithPurposes,
                    any_purpose_critical},
    CertificateRule{{"lint.cert.purpose_key_usage", kError, "RFC 5280 4.2.1.12",
                     "扩展密钥用法应与密钥用法一致：{0}", "extKeyUsage shall agree with keyUsage: {0}"},
                    "extKeyUsage",
                    &kWithPurposes,
                    purpose_without_usage},
    CertificateRule{{"lint.cert.tsa_purpose_only", kError, "RFC 3161 2.3; GM/T 0033-2014",
                     "时间戳证书应只有时间戳用途，实际有 {0} 个用途",
                     "A timestamp certificate shall have no other purpose; it has {0}"},
                    "extKeyUsage",
                    &kTimeStamper,
                    time_stamping_with_others},
    CertificateRule{
        {"lint.cert.tsa_purpose_critical", kError, "RFC 3161 2.3; GM/T 0033-2014",
         "时间戳证书的扩展密钥用法应为关键扩展", "extKeyUsage of a timestamp certificate shall be critical"},
        "extKeyUsage",
        &kTimeStamper,
        purposes_not_critical},
    CertificateRule{{"lint.cert.tsa_key_usage", kWarning, "RFC 5280 4.2.1.12; RFC 3161 2.3",
                     "时间戳密钥宜只用于签名，不宜有：{0}", "A timestamp key should only sign, not: {0}"},
                    "keyUsage",
                    &kTimeStamper,
                    time_stamper_encrypts},
    CertificateRule{
        {"lint.cert.ocsp_no_check", kWarning, "RFC 6960 4.2.2.2.1", "OCSP 响应者证书宜含 ocsp-nocheck",
         "An OCSP responder's certificate should have ocsp-nocheck"},
        "ocspNoCheck",
        &kOcspResponder,
        no_check_absent},
    CertificateRule{{"lint.cert.server_alt_name", kWarning, "RFC 9525 6; RFC 5280 4.2.1.6",
                     "服务器证书宜含主体替换名称", "A server certificate should have subjectAltName"},
                    "subjectAltName",
                    &kServer,
                    server_without_names},
};

}  // namespace

std::span<const CertificateRule> certificate_usage_rules() { return kUsageRules; }

}  // namespace hutong::x509::lint
