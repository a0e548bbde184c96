#include "x509/oid_names.h"

#include <algorithm>
#include <array>

#include "asn1/oids.h"
#include "x509/identity.h"
#include "x509/name.h"

namespace hutong::x509 {
namespace {

using asn1::Oid;
namespace oids = asn1::oids;

/// Attribute types and identity extensions have tables of their own (name.h, identity.h).
constexpr std::array kOidNames{
    OidName{oids::kSubjectDirectoryAttributes, "subjectDirectoryAttributes", "主体目录属性"},
    OidName{oids::kSubjectKeyIdentifier, "subjectKeyIdentifier", "主体密钥标识符"},
    OidName{oids::kKeyUsage, "keyUsage", "密钥用法"},
    OidName{oids::kPrivateKeyUsagePeriod, "privateKeyUsagePeriod", "私钥使用期"},
    OidName{oids::kSubjectAltName, "subjectAltName", "主体可选替换名称"},
    OidName{oids::kIssuerAltName, "issuerAltName", "颁发者可选替换名称"},
    OidName{oids::kBasicConstraints, "basicConstraints", "基本限制"},
    OidName{oids::kCrlNumber, "cRLNumber", "CRL 编号"},
    OidName{oids::kReasonCode, "reasonCode", "吊销原因"},
    OidName{oids::kHoldInstruction, "holdInstructionCode", "冻结指令"},
    OidName{oids::kInvalidityDate, "invalidityDate", "失效日期"},
    OidName{oids::kDeltaCrlIndicator, "deltaCRLIndicator", "增量 CRL 指示"},
    OidName{oids::kIssuingDistributionPoint, "issuingDistributionPoint", "CRL 发布点"},
    OidName{oids::kCertificateIssuer, "certificateIssuer", "证书颁发者"},
    OidName{oids::kNameConstraints, "nameConstraints", "名称限制"},
    OidName{oids::kCrlDistributionPoints, "cRLDistributionPoints", "CRL 分发点"},
    OidName{oids::kCertificatePolicies, "certificatePolicies", "证书策略"},
    OidName{oids::kAnyPolicy, "anyPolicy", "任意策略"},
    OidName{oids::kPolicyMappings, "policyMappings", "策略映射"},
    OidName{oids::kAuthorityKeyIdentifier, "authorityKeyIdentifier", "颁发机构密钥标识符"},
    OidName{oids::kPolicyConstraints, "policyConstraints", "策略限制"},
    OidName{oids::kExtendedKeyUsage, "extKeyUsage", "扩展密钥用法"},
    OidName{oids::kAnyExtendedKeyUsage, "anyExtendedKeyUsage", "任意用途"},
    OidName{oids::kFreshestCrl, "freshestCRL", "最新 CRL"},
    OidName{oids::kInhibitAnyPolicy, "inhibitAnyPolicy", "限制所有策略"},
    OidName{oids::kAuthorityInfoAccess, "authorityInfoAccess", "机构信息访问"},
    OidName{oids::kSubjectInfoAccess, "subjectInfoAccess", "主体信息访问"},
    OidName{oids::kAccessOcsp, "ocsp", "在线证书状态查询"},
    OidName{oids::kAccessCaIssuers, "caIssuers", "颁发者证书"},
    OidName{oids::kOcspBasic, "ocspBasic", "OCSP 基本响应"},
    OidName{oids::kOcspNonce, "ocspNonce", "OCSP 随机数"},
    OidName{oids::kOcspNoCheck, "ocspNoCheck", "OCSP 免检查"},
    OidName{oids::kServerAuth, "serverAuth", "服务器身份验证"},
    OidName{oids::kClientAuth, "clientAuth", "客户端身份验证"},
    OidName{oids::kCodeSigning, "codeSigning", "代码签名"},
    OidName{oids::kEmailProtection, "emailProtection", "安全电子邮件"},
    OidName{oids::kTimeStamping, "timeStamping", "时间戳"},
    OidName{oids::kOcspSigning, "OCSPSigning", "OCSP 签名"},
    OidName{oids::kCpsQualifier, "cps", "认证业务声明"},
    OidName{oids::kUserNoticeQualifier, "unotice", "用户通知"},
    OidName{Oid("1.2.840.113549.1.9.15"), "smimeCapabilities", "S/MIME 能力"},
    OidName{Oid("2.16.840.1.113730.1.1"), "netscapeCertType", "Netscape 证书类型"},
    OidName{Oid("2.16.840.1.113730.1.13"), "netscapeComment", "Netscape 备注"},
    OidName{Oid("1.3.6.1.4.1.11129.2.4.2"), "signedCertificateTimestamps", "证书透明度时间戳"},

    OidName{oids::kEcPublicKey, "ecPublicKey", "椭圆曲线公钥"},
    OidName{oids::kSm2Curve, "sm2p256v1", "SM2 椭圆曲线"},
    OidName{oids::kSm2Sign, "sm2sign", "SM2 签名"},
    OidName{oids::kSm2KeyExchange, "sm2keyExchange", "SM2 密钥交换"},
    OidName{oids::kSm2Encrypt, "sm2encrypt", "SM2 加密"},
    OidName{oids::kSm2WithSm3, "sm2-with-sm3", "SM2-SM3 签名"},
    OidName{oids::kRsaWithSm3, "rsa-with-sm3", "RSA-SM3 签名"},
    OidName{oids::kSm3, "sm3", "SM3 杂凑"},
    OidName{oids::kSm4, "sm4", "SM4 分组密码"},
    OidName{oids::kSm4Ecb, "sm4-ecb", "SM4-ECB"},
    OidName{oids::kSm4Cbc, "sm4-cbc", "SM4-CBC"},
    OidName{oids::kSm4Gcm, "sm4-gcm", "SM4-GCM"},
    OidName{oids::kRsaEncryption, "rsaEncryption", "RSA 公钥"},
    OidName{oids::kMd5WithRsa, "md5WithRSAEncryption", "MD5-RSA 签名"},
    OidName{oids::kSha1WithRsa, "sha1WithRSAEncryption", "SHA1-RSA 签名"},
    OidName{Oid("1.2.840.113549.1.1.10"), "rsassaPss", "RSA-PSS 签名"},
    OidName{Oid("1.2.840.113549.1.1.11"), "sha256WithRSAEncryption", "SHA256-RSA 签名"},
    OidName{Oid("1.2.840.113549.1.1.12"), "sha384WithRSAEncryption", "SHA384-RSA 签名"},
    OidName{Oid("1.2.840.113549.1.1.13"), "sha512WithRSAEncryption", "SHA512-RSA 签名"},
    OidName{Oid("1.2.840.10045.4.1"), "ecdsa-with-SHA1", "ECDSA-SHA1 签名"},
    OidName{Oid("1.2.840.10045.4.3.2"), "ecdsa-with-SHA256", "ECDSA-SHA256 签名"},
    OidName{Oid("1.2.840.10045.4.3.3"), "ecdsa-with-SHA384", "ECDSA-SHA384 签名"},
    OidName{Oid("1.2.840.10045.4.3.4"), "ecdsa-with-SHA512", "ECDSA-SHA512 签名"},
    OidName{Oid("1.2.840.10045.3.1.7"), "prime256v1", "P-256 曲线"},
    OidName{Oid("1.3.132.0.34"), "secp384r1", "P-384 曲线"},

    OidName{oids::kGmData, "gm-data", "国密数据"},
    OidName{oids::kGmSignedData, "gm-signedData", "国密签名数据"},
    OidName{oids::kGmEnvelopedData, "gm-envelopedData", "国密数字信封"},
    OidName{oids::kGmSignedAndEnvelopedData, "gm-signedAndEnvelopedData", "国密签名及数字信封"},
    OidName{oids::kGmEncryptedData, "gm-encryptedData", "国密加密数据"},
    OidName{oids::kData, "data", "数据"},
    OidName{oids::kSignedData, "signedData", "签名数据"},
    OidName{oids::kEnvelopedData, "envelopedData", "数字信封"},
    OidName{oids::kContentType, "contentType", "内容类型"},
    OidName{oids::kMessageDigest, "messageDigest", "消息摘要"},
    OidName{oids::kSigningTime, "signingTime", "签名时间"},
    OidName{oids::kTstInfo, "tSTInfo", "时间戳信息"},
    OidName{oids::kSigningCertificate, "signingCertificate", "签名证书"},
    OidName{oids::kSigningCertificateV2, "signingCertificateV2", "签名证书 v2"},
    OidName{oids::kChallengePassword, "challengePassword", "挑战口令"},
    OidName{oids::kGmChallengePassword, "gm-challengePassword", "国密挑战口令"},
    OidName{oids::kExtensionRequest, "extensionRequest", "扩展请求"},
    OidName{oids::kTemporaryPublicKey, "temporaryPublicKey", "临时公钥"},
};

}  // namespace

std::optional<OidName> find_oid_name(const Oid& oid) {
  const auto* found = std::ranges::find(kOidNames, oid, &OidName::oid);
  if (found != kOidNames.end()) {
    return *found;
  }
  if (const AttributeName* attribute = attribute_name(oid); attribute != nullptr) {
    return OidName{oid, attribute->en, attribute->zh};
  }
  if (const IdentityArc* arc = find_identity_arc(oid); arc != nullptr) {
    return OidName{oid, arc->en, arc->zh};
  }
  return std::nullopt;
}

std::string oid_text(const Oid& oid) {
  const auto name = find_oid_name(oid);
  return name ? std::string(name->en) : oid.to_string();
}

std::string oid_text_zh(const Oid& oid) {
  const auto name = find_oid_name(oid);
  return name ? std::string(name->zh) : oid.to_string();
}

}  // namespace hutong::x509
