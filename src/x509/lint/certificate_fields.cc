#include <array>

#include "asn1/oids.h"
#include "crypto/public_key.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"
#include "x509/lint/scopes.h"

/// The basic fields (RFC 5280 4.1, GM/T 0015 5.2).
namespace hutong::x509::lint {
namespace {

using View = CertificateView;

constexpr std::chrono::years kLongestEndEntity{5};
constexpr std::chrono::years kLongestCa{30};
constexpr std::size_t kUnguessableSerial = 8;
constexpr unsigned kLeastRsaBits = 2048;

constexpr Scope<View> kRsaKey{"RSA 公钥的证书", "certificates with an RSA key", [](const View& view) {
                                auto key = crypto::PublicKey::from_spki(view.spki);
                                return key && key->type() == crypto::KeyType::kRsa;
                              }};

Lapse version_not_3(const View& view) {
  return view.version == 2 ? std::nullopt : Lapse(std::to_string(view.version + 1));
}

Lapse version_default_written(const View& view) {
  return view.version_written && view.version == 0 ? Lapse("v1") : std::nullopt;
}

Lapse serial_short(const View& view) {
  return view.serial.size() < kUnguessableSerial ? Lapse(std::to_string(view.serial.size())) : std::nullopt;
}

Lapse validity_form(const View& view) {
  const auto lapse = time_form_odd(view.not_before);
  return lapse ? lapse : time_form_odd(view.not_after);
}

Lapse validity_choice(const View& view) {
  const auto lapse = time_choice_wrong(view.not_before);
  return lapse ? lapse : time_choice_wrong(view.not_after);
}

Lapse validity_backwards(const View& view) {
  const auto from = view.not_before.time();
  const auto to = view.not_after.time();
  return from && to && *from > *to ? Lapse(to_rfc3339(*from) + " > " + to_rfc3339(*to)) : std::nullopt;
}

/// Whole calendar years and a month of grace (renewal adds what was left).
Lapse validity_longer_than(const View& view, std::chrono::years most) {
  const auto from = view.not_before.time();
  const auto to = view.not_after.time();
  const bool longer = from && to && *to - *from > most + std::chrono::months(1);
  return longer ? Lapse(to_rfc3339(*from) + " – " + to_rfc3339(*to)) : std::nullopt;
}

Lapse rsa_key_short(const View& view) {
  auto key = crypto::PublicKey::from_spki(view.spki);
  return key && key->bits() < kLeastRsaBits ? Lapse(key->name()) : std::nullopt;
}

Lapse extension_list_empty(const View& view) {
  return view.has_extensions && view.extensions.empty() ? Lapse("3000") : std::nullopt;
}

constexpr std::array kFieldRules{
    CertificateRule{{"lint.cert.version_3", kError, "RFC 5280 4.1.2.1; GM/T 0015-2012 5.2",
                     "版本应为 v3，实际为 v{0}", "The version shall be 3; it is {0}"},
                    "version",
                    &kEveryCertificate,
                    version_not_3},
    CertificateRule{{"lint.cert.version_default", kError, "X.690 11.5", "版本为默认值 v1 时不应编码：{0}",
                     "The default version 1 shall not be encoded: {0}"},
                    "version",
                    &kEveryCertificate,
                    version_default_written},
    CertificateRule{{"lint.cert.serial_positive", kError, "RFC 5280 4.1.2.2; GM/T 0015-2012 5.2",
                     "序列号应为正整数：{0}", "The serial number shall be positive: {0}"},
                    "serialNumber",
                    &kEveryCertificate,
                    [](const View& view) { return serial_not_positive(view.serial); }},
    CertificateRule{{"lint.cert.serial_length", kError, "RFC 5280 4.1.2.2; GM/T 0015-2012 5.2",
                     "序列号不应超过 20 个字节，实际 {0} 个",
                     "The serial number shall have at most 20 octets; it has {0}"},
                    "serialNumber",
                    &kEveryCertificate,
                    [](const View& view) { return serial_too_long(view.serial); }},
    CertificateRule{
        {"lint.cert.serial_unpredictable", kInfo, "CA/B Forum BR 7.1",
         "序列号宜至少 8 个字节，使其不可预测，实际 {0} 个",
         "The serial number usually has 8 octets or more, so that nobody can guess it; it has {0}"},
        "serialNumber",
        &kEveryCertificate,
        serial_short},
    CertificateRule{{"lint.cert.algorithm_match", kError, "RFC 5280 4.1.1.2",
                     "签名算法域应与证书体中的算法逐字节相同：{0}",
                     "The outer and the inner signature algorithm shall be equal: {0}"},
                    "signatureAlgorithm",
                    &kSignedCertificate,
                    [](const View& view) { return algorithms_differ(view.algorithm, view.outer_algorithm); }},
    CertificateRule{{"lint.cert.algorithm_sm2_sm3", kWarning, "GM/T 0015-2012 5.2; GB/T 33560-2017",
                     "签名算法宜为 SM2-with-SM3：{0}", "The signature algorithm should be SM2-with-SM3: {0}"},
                    "signature",
                    &kEveryCertificate,
                    [](const View& view) { return not_sm2_with_sm3(view.algorithm); }},
    CertificateRule{{"lint.cert.algorithm_parameters", kError, "GB/T 33560-2017; GM/T 0092-2020 6.2",
                     "SM2-with-SM3 不应带参数：{0}", "SM2-with-SM3 shall have no parameters: {0}"},
                    "signature",
                    &kEveryCertificate,
                    [](const View& view) { return sm2_parameters_odd(view.algorithm); }},
    CertificateRule{
        {"lint.cert.algorithm_null", kInfo, "GM/T 0092-2020 6.2", "SM2-with-SM3 的参数宜省略而不是写为 {0}",
         "The parameters of SM2-with-SM3 are better left out than written as {0}"},
        "signature",
        &kEveryCertificate,
        [](const View& view) { return sm2_parameters_written(view.algorithm); }},
    CertificateRule{{"lint.cert.algorithm_hash", kError, "RFC 6194; GB/T 20518-2018",
                     "不应使用 MD5 或 SHA-1 签名：{0}", "No signature with MD5 or SHA-1: {0}"},
                    "signature",
                    &kEveryCertificate,
                    [](const View& view) { return weak_hash(view.algorithm); }},
    CertificateRule{{"lint.cert.signature_encoding", kError, "GM/T 0009-2012 7.3",
                     "签名值应为整字节 BIT STRING，SM2 时其内容为 DER 编码的 r、s：{0}",
                     "The signature shall be whole octets, for SM2 the DER of r and s: {0}"},
                    "signatureValue",
                    &kSignedCertificate,
                    [](const View& view) { return signature_odd(view.outer_algorithm, view.signature); }},
    CertificateRule{{"lint.cert.validity_form", kError, "RFC 5280 4.1.2.5.1, 4.1.2.5.2",
                     "时间应写到秒、以 Z 结尾、没有小数：{0}",
                     "Times shall have seconds, end in Z and have no fraction: {0}"},
                    "validity",
                    &kEveryCertificate,
                    validity_form},
    CertificateRule{{"lint.cert.validity_encoding", kError, "RFC 5280 4.1.2.5; GM/T 0015-2012 5.2",
                     "2049 年以前用 UTCTime，2050 年起用 GeneralizedTime：{0}",
                     "UTCTime until 2049, GeneralizedTime from 2050 on: {0}"},
                    "validity",
                    &kEveryCertificate,
                    validity_choice},
    CertificateRule{{"lint.cert.validity_order", kError, "RFC 5280 4.1.2.5", "有效期的起始不应晚于终止：{0}",
                     "The validity shall not end before it begins: {0}"},
                    "validity",
                    &kEveryCertificate,
                    validity_backwards},
    CertificateRule{{"lint.cert.validity_end_entity", kInfo, "practice of the accredited CAs",
                     "用户证书的有效期通常不超过 5 年：{0}",
                     "End-entity certificates are usually valid for at most 5 years: {0}"},
                    "validity",
                    &kEndEntity,
                    [](const View& view) { return validity_longer_than(view, kLongestEndEntity); }},
    CertificateRule{{"lint.cert.validity_ca", kInfo, "practice of the national root",
                     "CA 证书的有效期通常不超过 30 年：{0}",
                     "CA certificates are usually valid for at most 30 years: {0}"},
                    "validity",
                    &kCa,
                    [](const View& view) { return validity_longer_than(view, kLongestCa); }},
    CertificateRule{
        {"lint.cert.unique_ids", kError, "RFC 5280 4.1.2.8; GM/T 0015-2012 5.2",
         "不应使用颁发者和主体唯一标识符", "Issuer and subject unique identifiers shall not be used"},
        "issuerUniqueID",
        &kEveryCertificate,
        [](const View& view) { return view.has_unique_ids ? Lapse("") : std::nullopt; }},
    CertificateRule{{"lint.cert.key_sm2", kWarning, "GM/T 0015-2012 5.2", "主体公钥宜为 SM2 公钥：{0}",
                     "The subject's key should be an SM2 key: {0}"},
                    "subjectPublicKeyInfo",
                    &kEveryCertificate,
                    [](const View& view) { return key_not_sm2(view.spki); }},
    CertificateRule{{"lint.cert.key_form", kError, "GM/T 0009-2012 7.1; RFC 5480 2.1.1",
                     "SM2 公钥应写为 id-ecPublicKey 与命名曲线：{0}",
                     "An SM2 key shall be written as id-ecPublicKey with the named curve: {0}"},
                    "subjectPublicKeyInfo",
                    &kEveryCertificate,
                    [](const View& view) { return key_form_odd(view.spki); }},
    CertificateRule{
        {"lint.cert.key_valid", kError, "GB/T 32918.1-2016 6.2; RFC 5480 2.2",
         "公钥应是受支持算法的有效公钥（SM2 为曲线上未压缩的点）：{0}",
         "The key shall be a valid key of a supported algorithm (SM2: an uncompressed point of the "
         "curve): {0}"},
        "subjectPublicKeyInfo",
        &kEveryCertificate,
        [](const View& view) { return key_unreadable(view.spki); }},
    CertificateRule{{"lint.cert.key_rsa_size", kError, "NIST SP 800-131A", "RSA 模数应至少 2048 位：{0}",
                     "An RSA modulus shall have 2048 bits or more: {0}"},
                    "subjectPublicKeyInfo",
                    &kRsaKey,
                    rsa_key_short},
    CertificateRule{{"lint.cert.extensions_not_empty", kError, "RFC 5280 4.1.2.9", "扩展项列表不应为空：{0}",
                     "The list of extensions shall not be empty: {0}"},
                    "extensions",
                    &kEveryCertificate,
                    extension_list_empty},
    CertificateRule{{"lint.cert.extensions_unique", kError, "RFC 5280 4.2; GM/T 0015-2012 5.2",
                     "同一扩展项只应出现一次：{0}", "An extension shall appear only once: {0}"},
                    "extensions",
                    &kEveryCertificate,
                    [](const View& view) { return extension_twice(view.extensions); }},
    CertificateRule{
        {"lint.cert.extension_default", kError, "X.690 11.5", "critical 为默认值 FALSE 时不应编码：{0}",
         "The default critical FALSE shall not be encoded: {0}"},
        "extensions",
        &kEveryCertificate,
        [](const View& view) { return extension_default_written(view.extensions); }},
    CertificateRule{{"lint.cert.extension_syntax", kError, "RFC 5280 4.2.1", "扩展项的值应符合其语法：{0}",
                     "The value of an extension shall have the right syntax: {0}"},
                    "extensions",
                    &kEveryCertificate,
                    [](const View& view) { return extension_broken(view.extensions); }},
};

}  // namespace

std::span<const CertificateRule> certificate_field_rules() { return kFieldRules; }

}  // namespace hutong::x509::lint
