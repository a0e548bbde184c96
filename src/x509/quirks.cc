#include "x509/quirks.h"

#include <algorithm>
#include <array>

namespace hutong::x509 {
namespace {

constexpr bool kAccepted = true;
constexpr bool kRefused = false;

constexpr QuirkInfo row(Quirk quirk, bool accepted, std::string_view id, std::string_view clause,
                        std::string_view zh, std::string_view en, std::string_view seen_in) {
  return {quirk, accepted, {id, Severity::kInfo, clause, zh, en}, seen_in};
}

constexpr std::array kTable{
    row(Quirk::kSm2NullParameters, kAccepted, "cert.sm2_null_parameters", "GM/T 0092 6.2",
        "SM2 签名算法标识带有 NULL 参数，规范要求无参数",
        "The SM2 signature algorithm carries NULL parameters; the norm wants none", "roots/nrcac_rootca.der"),
    row(Quirk::kAlgorithmMismatch, kRefused, "cert.algorithm_mismatch", "RFC 5280 4.1.1.2",
        "签名算法标识内外不一致", "The inner and outer signature algorithms differ",
        "certificates sheet, section 11"),
    row(Quirk::kTrailingOctets, kRefused, "cert.trailing_octets", "X.690 8.1; RFC 5280 4.1",
        "证书结构之后还有多余字节", "Octets follow the end of the structure",
        "certificates sheet, section 11"),
    row(Quirk::kSignatureUnusedBits, kAccepted, "cert.signature_unused_bits", "X.690 8.6; RFC 5280 4.1.1.3",
        "签名值的 BIT STRING 含有未用位，这样的签名不会通过验证",
        "The signature's BIT STRING has unused bits; such a signature never verifies",
        "pkits/certs/BadSignedCACert.crt"),
    row(Quirk::kVersion1, kAccepted, "cert.version_1", "GB/T 20518; RFC 5280 4.1.2.1", "证书版本不是 v3",
        "The certificate is not of version 3", ""),
    row(Quirk::kExplicitVersion1, kAccepted, "cert.explicit_version_1", "X.690 11.5",
        "版本号的缺省值 v1 被显式写出", "The default version v1 is written out", ""),
    row(Quirk::kExtensionsBeforeVersion3, kRefused, "cert.extensions_before_v3", "RFC 5280 4.1.2.9",
        "非 v3 证书含有扩展项或唯一标识符", "A certificate below version 3 has extensions", ""),
    row(Quirk::kSerialZero, kAccepted, "cert.serial_zero", "RFC 5280 4.1.2.2", "证书序列号为 0",
        "The serial number is 0", "pairs/tongsuo_root_ca.der"),
    row(Quirk::kSerialNegative, kAccepted, "cert.serial_negative", "RFC 5280 4.1.2.2", "证书序列号为负数",
        "The serial number is negative", "certificates sheet, section 11"),
    row(Quirk::kSerialTooLong, kAccepted, "cert.serial_too_long", "RFC 5280 4.1.2.2",
        "证书序列号超过 20 字节", "The serial number is longer than 20 octets",
        "certificates sheet, section 11"),
    row(Quirk::kGeneralizedTimeBefore2050, kAccepted, "cert.generalized_time_before_2050",
        "RFC 5280 4.1.2.5; GB/T 20518", "2050 年之前的日期使用了 GeneralizedTime，应为 UTCTime",
        "A date before 2050 is written as GeneralizedTime instead of UTCTime",
        "odd/gmssl_middle_generalizedtime.der"),
    row(Quirk::kEmptyIssuer, kRefused, "cert.empty_issuer", "RFC 5280 4.1.2.4", "颁发者名称为空",
        "The issuer name is empty", ""),
    row(Quirk::kEmptySubject, kAccepted, "cert.empty_subject", "RFC 5280 4.1.2.6", "主体名称为空",
        "The subject name is empty", "certificates sheet, section 11"),
    row(Quirk::kExplicitCurve, kAccepted, "cert.explicit_curve", "RFC 5480 2.1.1; GM/T 0009 7.1",
        "公钥以显式参数而非命名曲线给出椭圆曲线",
        "The public key spells out the curve's parameters instead of naming the curve",
        "odd/explicit_curve_selfsigned.der"),
    row(Quirk::kSm2SpkiAlgorithmOid, kAccepted, "cert.spki_sm2_oid", "GM/T 0009 7.1; GB/T 33560",
        "公钥算法标识直接使用 SM2 曲线的 OID 1.2.156.10197.1.301",
        "The public key algorithm is 1.2.156.10197.1.301 itself instead of id-ecPublicKey",
        "odd/openssl_sm2_spki_alg.der"),
    row(Quirk::kExplicitFalseCritical, kAccepted, "cert.explicit_false_default", "X.690 11.5; RFC 5280 4.2",
        "扩展项的 critical 缺省值 FALSE 被显式写出", "An extension writes out the default critical FALSE",
        "cas/uca_sm2_test_root.der"),
    row(Quirk::kDuplicateExtension, kRefused, "cert.duplicate_extension", "RFC 5280 4.2",
        "同一扩展项出现多次", "An extension occurs more than once", ""),
    row(Quirk::kEmptyExtensions, kAccepted, "cert.empty_extensions", "RFC 5280 4.1", "扩展项列表为空",
        "The list of extensions is present but empty", ""),
    row(Quirk::kMalformedExtension, kRefused, "cert.malformed_extension", "RFC 5280 4.2",
        "已知扩展项的内容无法解析", "The value of a known extension does not parse", ""),
    row(Quirk::kKeyUsageUnusedBits, kAccepted, "cert.key_usage_unused_bits", "X.690 11.2.2",
        "密钥用法的未用位数不符合 DER", "keyUsage has another count of unused bits than DER wants",
        "ee/cegn_class2_sealmaker.der"),
    row(Quirk::kKeyUsageEmpty, kAccepted, "cert.key_usage_empty", "RFC 5280 4.2.1.3", "密钥用法没有置任何位",
        "keyUsage has no bit set", ""),
    row(Quirk::kBasicConstraintsEmpty, kAccepted, "cert.basic_constraints_empty", "RFC 5280 4.2.1.9",
        "终端实体证书含有空的基本限制扩展", "An end entity certificate has an empty basicConstraints",
        "ee/cegn_seal.der"),
    row(Quirk::kBasicConstraintsExplicitFalse, kAccepted, "cert.basic_constraints_explicit_false",
        "X.690 11.5; RFC 5280 4.2.1.9", "基本限制的缺省值 cA FALSE 被显式写出",
        "basicConstraints writes out the default cA FALSE", "ee/cegn_class2_sealmaker.der"),
    row(Quirk::kBasicConstraintsNotCritical, kAccepted, "cert.ca_basic_constraints_not_critical",
        "RFC 5280 4.2.1.9; GB/T 20518", "CA 证书的基本限制不是关键扩展",
        "basicConstraints of a CA certificate is not critical", "roots/nrcac_rootca.der"),
    row(Quirk::kKeyUsageNotCritical, kAccepted, "cert.key_usage_not_critical", "RFC 5280 4.2.1.3; GM/T 0015",
        "密钥用法不是关键扩展", "keyUsage is not critical", "roots/nrcac_rootca.der"),
    row(Quirk::kRawTextExtension, kAccepted, "cert.raw_text_extension", "RFC 5280 4.2; X.690 8.1",
        "扩展项的值是裸文本而不是 DER 编码", "The value of an extension is bare text, not DER",
        "ee/ynca_org_seal.der"),
    row(Quirk::kIdentityUtf8, kAccepted, "cert.identity_string_type", "GM/T 0015",
        "标识扩展的字符串类型不是 PrintableString",
        "An identity extension uses another string type than PrintableString", "ee/tax_seal_jiangsu.der"),
    row(Quirk::kIdentityWithoutChoice, kAccepted, "cert.identity_without_choice", "GM/T 0015",
        "个人身份标识码缺少证件类型标记", "An identity code lacks the tag of its CHOICE",
        "certificates sheet, section 4"),
    row(Quirk::kIdentityNull, kAccepted, "cert.identity_null", "GM/T 0015", "标识扩展的值为 NULL",
        "The value of an identity extension is NULL", "certificates sheet, section 4"),
    row(Quirk::kNameWithoutCommonName, kAccepted, "name.no_common_name", "GB/T 20518", "名称中没有 CN",
        "A name has no CN", "ee/boc_tlcp_server_sign.der"),
    row(Quirk::kNameReversed, kAccepted, "name.reversed_order", "GB/T 20518",
        "名称的编码顺序颠倒（CN 在前，C 在后）", "A name is encoded in reverse (CN first, C last)",
        "odd/explicit_curve_selfsigned.der"),
    row(Quirk::kNameIa5NotAscii, kAccepted, "name.ia5_not_ascii", "X.680 41; RFC 5280 4.1.2.4",
        "IA5String 中含有非 ASCII 字符", "An IA5String holds octets that are not ASCII",
        "ee/ynca_org_seal.der"),
    row(Quirk::kNameUniqueIdentifierText, kAccepted, "name.unique_identifier_text", "X.520 6.2.7",
        "x500UniqueIdentifier 不是 BIT STRING 而是字符串",
        "x500UniqueIdentifier is a string instead of a BIT STRING", "ee/cegn_seal.der"),
    row(Quirk::kNameLowerCaseCountry, kAccepted, "name.lower_case_country", "GB/T 20518; ISO 3166-1",
        "国家代码使用了小写字母", "The country code is in lower case", "certificates sheet, section 3"),
    row(Quirk::kNamePrintableCharacters, kAccepted, "name.printable_characters", "X.680 41.4",
        "PrintableString 中含有不允许的字符", "A PrintableString holds characters outside its set", ""),
    row(Quirk::kNameLegacyString, kAccepted, "name.legacy_string", "RFC 5280 4.1.2.4",
        "名称使用了旧的字符串类型（BMPString、T61String 等）",
        "A name uses an old string type (BMPString, T61String …)", "certificates sheet, section 3"),
    row(Quirk::kNameInvalidUtf8, kAccepted, "name.invalid_text", "X.680 41; RFC 3629",
        "名称中的字符串不是合法编码", "The octets of a string in a name are not valid in its type", ""),
    row(Quirk::kNameOddValue, kAccepted, "name.odd_value", "RFC 5280 4.1.2.4", "名称属性的值不是字符串",
        "The value of a name attribute is not a string", ""),
    row(Quirk::kNameSetOrder, kAccepted, "name.set_order", "X.690 11.6", "多值 RDN 未按 DER 排序",
        "The attributes of a multi-valued RDN are not in DER order", ""),
    row(Quirk::kNameEmptyRdn, kRefused, "name.empty_rdn", "RFC 5280 4.1.2.4", "名称中含有空的 RDN",
        "A name holds an RDN without attributes", ""),
    row(Quirk::kGeneralNameNotAscii, kAccepted, "ext.general_name_not_ascii", "RFC 5280 4.2.1.6",
        "通用名称中的 IA5String 含有非 ASCII 字符", "A general name holds octets that are not ASCII", ""),
    row(Quirk::kDnsNameCharacters, kAccepted, "ext.dns_name_characters", "RFC 5280 4.2.1.6; RFC 1034 3.5",
        "dNSName 含有域名不允许的字符", "A dNSName holds characters that no host name has",
        "pairs/gmsslcn_client_sign.der"),
    row(Quirk::kPemLabel, kAccepted, "file.pem_label", "RFC 7468 5", "PEM 标签与内容不符",
        "The PEM label is not the standard one for its content", "certificates sheet, section 11"),
    row(Quirk::kPemWithoutArmour, kAccepted, "file.bare_base64", "RFC 7468", "Base64 文本没有 PEM 首尾行",
        "base64 without the lines of PEM around it", ""),
    row(Quirk::kTrustedCertificate, kAccepted, "file.trusted_certificate", "RFC 7468 5",
        "OpenSSL 的 TRUSTED CERTIFICATE 格式，附加的信任设置被忽略",
        "OpenSSL's TRUSTED CERTIFICATE form; its trust settings are ignored",
        "certificates sheet, section 11"),
    row(Quirk::kPkcs7Bundle, kAccepted, "file.pkcs7_bundle", "GM/T 0010 6",
        "SM2 证书包使用了 RSA PKCS#7 的 OID", "A bundle of SM2 certificates uses the PKCS#7 OIDs of RSA",
        "p7b/sheca_sm2_chain.p7b"),
    row(Quirk::kRequestWithoutAttributes, kAccepted, "request.no_attributes", "GM/T 0092 6.1",
        "证书请求缺少属性字段 [0]", "The request lacks the attributes field [0]",
        "certificates sheet, section 9"),
    row(Quirk::kRequestAttributeWithoutSet, kAccepted, "request.attribute_without_set", "GM/T 0092 6.1",
        "证书请求属性的值没有 SET 封装", "A request attribute has its value without the SET around it",
        "certificate request sheet, section 5"),
    row(Quirk::kRequestPkcs9Password, kAccepted, "request.pkcs9_password", "GM/T 0092 7",
        "挑战口令使用了 PKCS#9 的 OID", "The challenge password uses the OID of PKCS#9",
        "certificates sheet, section 9"),
    row(Quirk::kRequestPasswordNotPrintable, kRefused, "request.password_type", "GM/T 0092 7",
        "挑战口令不是 PrintableString", "The challenge password is not a PrintableString",
        "certificate request sheet, section 6"),
    row(Quirk::kCrlVersion1, kAccepted, "crl.version_1", "RFC 5280 5.1.2.1; GB/T 20518", "CRL 版本不是 v2",
        "The list is not of version 2", ""),
    row(Quirk::kCrlEmptyEntries, kAccepted, "crl.empty_entries", "RFC 5280 5.1.2.6",
        "空的吊销列表仍写出了 revokedCertificates",
        "An empty list writes out revokedCertificates instead of leaving it out",
        "certificates sheet, section 7"),
    row(Quirk::kCrlWithoutNextUpdate, kAccepted, "crl.no_next_update", "RFC 5280 5.1.2.5",
        "CRL 没有下次更新时间", "The list has no nextUpdate", ""),
    row(Quirk::kIssuingPointExplicitFalse, kAccepted, "crl.issuing_point_explicit_false", "X.690 11.5",
        "发布点扩展的缺省值 FALSE 被显式写出", "issuingDistributionPoint writes out a default FALSE", ""),
    row(Quirk::kOcspRawNonce, kAccepted, "ocsp.raw_nonce", "RFC 6960 4.4.1; RFC 8954",
        "nonce 扩展没有内层 OCTET STRING", "The nonce lacks its inner OCTET STRING",
        "messages sheet, section 6"),
    row(Quirk::kOcspSm3KeyHash, kAccepted, "ocsp.sm3_key_hash", "RFC 6960 4.2.1",
        "响应者标识的密钥摘要不是 SHA-1", "The responder's key hash is not SHA-1",
        "certificates sheet, section 8"),
};

static_assert(kTable.size() == static_cast<std::size_t>(Quirk::kCount));
constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].quirk) != i) {
      return false;
    }
  }
  return true;
}
static_assert(in_order(), "the table is indexed by the quirk's number");

QuirkPolicy policy_of(bool accepted, bool refused) {
  QuirkPolicy policy;
  for (const QuirkInfo& info : kTable) {
    if (info.accepted ? accepted : refused) {
      policy = policy.with(info.quirk);
    }
  }
  return policy;
}

}  // namespace

std::span<const QuirkInfo> quirk_table() { return kTable; }

const QuirkInfo& quirk_info(Quirk quirk) { return kTable.at(static_cast<std::size_t>(quirk)); }

const QuirkInfo* find_quirk(std::string_view id) {
  const auto* found = std::ranges::find(kTable, id, [](const QuirkInfo& info) { return info.finding.code; });
  return found == kTable.end() ? nullptr : found;
}

std::vector<Quirk> QuirkSet::list() const {
  std::vector<Quirk> quirks;
  for (const QuirkInfo& info : kTable) {
    if (contains(info.quirk)) {
      quirks.push_back(info.quirk);
    }
  }
  return quirks;
}

std::vector<Finding> quirk_findings(QuirkSet quirks, const std::string& where) {
  std::vector<Finding> findings;
  for (const Quirk quirk : quirks.list()) {
    findings.emplace_back(quirk_info(quirk).finding, where);
  }
  return findings;
}

const QuirkPolicy& QuirkPolicy::standard() {
  static const QuirkPolicy policy = policy_of(true, false);
  return policy;
}

const QuirkPolicy& QuirkPolicy::strict() {
  static const QuirkPolicy policy;
  return policy;
}

const QuirkPolicy& QuirkPolicy::everything() {
  static const QuirkPolicy policy = policy_of(true, true);
  return policy;
}

QuirkPolicy QuirkPolicy::with(Quirk quirk) const {
  QuirkPolicy changed = *this;
  changed.allowed_.add(quirk);
  return changed;
}

QuirkPolicy QuirkPolicy::without(Quirk quirk) const {
  QuirkPolicy changed = *this;
  changed.allowed_.remove(quirk);
  return changed;
}

Status QuirkRecorder::meet(Quirk quirk, std::string_view detail) {
  const QuirkInfo& info = quirk_info(quirk);
  if (!policy_->allows(quirk)) {
    std::string text(info.finding.en);
    if (!detail.empty()) {
      text += ": " + std::string(detail);
    }
    return Error{Errc::kMalformed, info.finding.code, std::move(text)};
  }
  seen_.add(quirk);
  return ok();
}

}  // namespace hutong::x509
