#pragma once

#include "x509/report.h"

/// What path validation can find. Codes are stable; where a code exists twice, the request's mode
/// (revocation, profile) decides which severity applies.
namespace hutong::x509::findings {

inline constexpr FindingKind kNoIssuer{"path.no_issuer", Severity::kUndecided, "RFC 5280 6.1",
                                       "找不到颁发者“{0}”的证书",
                                       "no certificate of the issuer “{0}” is known"};
inline constexpr FindingKind kUntrustedRoot{"path.untrusted_root", Severity::kUndecided, "RFC 5280 6.1.1 (d)",
                                            "证书链止于不受信任的自签名证书“{0}”",
                                            "the chain ends in the self-signed “{0}”, which is not trusted"};
inline constexpr FindingKind kAnchorWindow{"path.anchor_window", Severity::kUndecided, "RFC 5280 6.1.1 (d)",
                                           "在验证时间 {1}，信任锚“{0}”不受信任",
                                           "the trust anchor “{0}” was not trusted at {1}"};
inline constexpr FindingKind kBudget{"path.budget", Severity::kUndecided, "Hutong",
                                     "已达到工作量上限（{0}），未能得出结论",
                                     "the work limit ({0}) was reached before a conclusion"};
inline constexpr FindingKind kExpired{"path.expired", Severity::kError, "RFC 5280 6.1.3 (a)(2)",
                                      "证书已于 {0} 过期", "the certificate expired at {0}"};
inline constexpr FindingKind kNotYetValid{"path.not_yet_valid", Severity::kError, "RFC 5280 6.1.3 (a)(2)",
                                          "证书自 {0} 起才生效", "the certificate is not valid before {0}"};
inline constexpr FindingKind kSignatureInvalid{"path.signature_invalid", Severity::kError,
                                               "RFC 5280 6.1.3 (a)(1)", "证书签名与颁发者“{0}”的公钥不符",
                                               "the signature does not verify with the key of “{0}”"};
inline constexpr FindingKind kAlgorithmRefused{"path.algorithm_refused", Severity::kError, "GB/T 20518",
                                               "签名算法 {0} 不被接受",
                                               "the signature algorithm {0} is not accepted"};
inline constexpr FindingKind kKeyRefused{"path.key_refused", Severity::kError, "GB/T 20518",
                                         "公钥 {0} 不被接受", "the public key {0} is not accepted"};
inline constexpr FindingKind kNotACa{"path.not_a_ca", Severity::kError, "RFC 5280 6.1.4 (k)",
                                     "颁发者证书不是 CA 证书（基本约束）",
                                     "the issuing certificate is no CA certificate (basicConstraints)"};
inline constexpr FindingKind kPathLength{
    "path.path_length", Severity::kError, "RFC 5280 6.1.4 (l) (m)", "证书链长度超过“{0}”的路径长度约束",
    "the chain is longer than the path length constraint of “{0}” allows"};
inline constexpr FindingKind kTooManyIntermediates{"path.too_long", Severity::kError, "RFC 5280 6.1.1",
                                                   "中间证书数 {0} 超过所允许的 {1}",
                                                   "{0} intermediates, {1} are allowed"};
inline constexpr FindingKind kCaKeyUsage{"path.key_usage", Severity::kError, "RFC 5280 6.1.4 (n)",
                                         "CA 证书的密钥用法不含证书签名（keyCertSign）",
                                         "the key usage of the CA certificate lacks keyCertSign"};
inline constexpr FindingKind kLeafKeyUsage{"path.key_usage", Severity::kError, "RFC 5280 4.2.1.3",
                                           "密钥用法（{0}）不允许此用途",
                                           "the key usage ({0}) does not allow this purpose"};
inline constexpr FindingKind kPurpose{"path.extended_key_usage", Severity::kError, "RFC 5280 4.2.1.12",
                                      "扩展密钥用法不含所需用途 {0}",
                                      "the extended key usage lacks the purpose {0}"};
inline constexpr FindingKind kNameConstraints{"path.name_constraints", Severity::kError,
                                              "RFC 5280 6.1.3 (b) (c)", "名称“{0}”违反上级 CA 的名称约束",
                                              "the name “{0}” violates the name constraints of a CA above"};
inline constexpr FindingKind kNameConstraintsMalformed{"path.name_constraints_malformed", Severity::kError,
                                                       "RFC 5280 4.2.1.10", "名称约束“{0}”无法处理",
                                                       "the name constraint “{0}” cannot be processed"};
inline constexpr FindingKind kPolicyRequired{"path.policy_required", Severity::kError,
                                             "RFC 5280 6.1.3 (f), 6.1.5 (g)", "证书链没有可接受的证书策略",
                                             "no acceptable certificate policy holds for the chain"};
inline constexpr FindingKind kPolicyMapping{"path.policy_mapping", Severity::kError, "RFC 5280 6.1.4 (a)",
                                            "策略映射中出现 anyPolicy", "a policy mapping names anyPolicy"};
inline constexpr FindingKind kUnknownCritical{"path.unknown_critical", Severity::kError, "RFC 5280 4.2",
                                              "无法识别的关键扩展 {0}",
                                              "unrecognised critical extension {0}"};
inline constexpr FindingKind kMalformedExtension{"path.malformed_extension", Severity::kError, "RFC 5280 4.2",
                                                 "扩展 {0} 无法解析", "the extension {0} cannot be read"};
inline constexpr FindingKind kPeerName{"path.peer_name", Severity::kError, "RFC 9525 6",
                                       "证书不含所期望的名称“{0}”",
                                       "the certificate is not for the expected name “{0}”"};

inline constexpr FindingKind kRevoked{"revocation.revoked", Severity::kError, "RFC 5280 6.3.3",
                                      "证书已于 {0} 被吊销（{1}）",
                                      "the certificate was revoked at {0} ({1})"};
inline constexpr FindingKind kOnHold{"revocation.on_hold", Severity::kUndecided, "RFC 5280 5.3.1",
                                     "证书自 {0} 起被冻结", "the certificate is on hold since {0}"};
inline constexpr FindingKind kRevokedLater{"revocation.revoked_later", Severity::kInfo, "RFC 5280 5.1.2.6",
                                           "证书在验证时间之后的 {0} 被吊销（{1}）",
                                           "the certificate was revoked later, at {0} ({1})"};
inline constexpr FindingKind kFuture{"revocation.future", Severity::kInfo, "RFC 5280 6.3.3",
                                     "吊销数据（{0}）晚于验证时间",
                                     "the revocation data ({0}) is newer than the time of validation"};
inline constexpr FindingKind kResponderUnchecked{
    "revocation.responder_unchecked", Severity::kWarning, "RFC 6960 4.2.2.2.1",
    "未能查验 OCSP 响应者证书自身的状态", "the status of the OCSP responder's certificate is not known"};

/// Findings that are undecided with RevocationMode::kRequire and warnings with kPrefer.
struct ModalKind {
  FindingKind required;
  FindingKind preferred;
};
constexpr ModalKind modal(std::string_view code, std::string_view clause, std::string_view zh,
                          std::string_view en) {
  return {{code, Severity::kUndecided, clause, zh, en}, {code, Severity::kWarning, clause, zh, en}};
}
inline constexpr ModalKind kNoData =
    modal("revocation.no_data", "RFC 5280 6.3.3", "没有适用于该证书的吊销数据",
          "no revocation data speaks about this certificate");
inline constexpr ModalKind kPartialReasons =
    modal("revocation.partial_reasons", "RFC 5280 6.3.3 (e)", "吊销数据未涵盖全部吊销原因",
          "the revocation data does not cover all reasons");
inline constexpr ModalKind kStale =
    modal("revocation.stale", "RFC 5280 5.1.2.5", "吊销数据已过期（下次更新 {0}）",
          "the revocation data is out of date (next update {0})");
inline constexpr ModalKind kAfterExpiry =
    modal("revocation.after_expiry", "RFC 5280 5", "吊销数据（{0}）晚于证书到期，可能已不含该证书",
          "the revocation data ({0}) is younger than the expired certificate and may have dropped it");
inline constexpr ModalKind kOcspUnknown =
    modal("revocation.ocsp_unknown", "RFC 6960 2.2", "OCSP 响应者不认识该证书",
          "the OCSP responder does not know the certificate");

/// Data that should count and cannot be believed; undecided in either mode when nothing else decides.
inline constexpr FindingKind kCrlSignature{"revocation.crl_signature", Severity::kUndecided,
                                           "RFC 5280 6.3.3 (g)", "吊销列表签名无效",
                                           "the signature of the revocation list is wrong"};
inline constexpr FindingKind kCrlIssuer{
    "revocation.crl_issuer", Severity::kUndecided, "RFC 5280 6.3.3 (f)",
    "吊销列表的签发者无权签发或其证书链无效",
    "the issuer of the revocation list may not issue it or has no valid path"};
inline constexpr FindingKind kCrlUnusable{"revocation.crl_unusable", Severity::kUndecided,
                                          "RFC 5280 5.2, 5.3", "吊销列表含无法识别的关键扩展",
                                          "the revocation list has unrecognised critical extensions"};
inline constexpr FindingKind kCrlProfile{"revocation.crl_profile", Severity::kUndecided, "RFC 5280 5.2.3",
                                         "吊销列表的 CRL 编号缺失或被标为关键",
                                         "the CRL number of the revocation list is missing or critical"};
inline constexpr FindingKind kOcspSignature{"revocation.ocsp_signature", Severity::kUndecided, "RFC 6960 3.2",
                                            "OCSP 响应签名无效",
                                            "the signature of the OCSP response is wrong"};
inline constexpr FindingKind kOcspResponder{"revocation.ocsp_responder", Severity::kUndecided,
                                            "RFC 6960 4.2.2.2", "OCSP 响应者未获颁发者授权",
                                            "the OCSP responder is not authorised by the issuer"};

/// Profile rules of RFC 5280 section 4; see Profile.
struct ProfileKind {
  FindingKind strict;
  FindingKind tolerant;
};
constexpr ProfileKind rule(std::string_view code, std::string_view clause, std::string_view zh,
                           std::string_view en) {
  return {{code, Severity::kError, clause, zh, en}, {code, Severity::kWarning, clause, zh, en}};
}
inline constexpr ProfileKind kMissingAki =
    rule("profile.authority_key_identifier", "RFC 5280 4.2.1.1", "缺少颁发机构密钥标识符",
         "authorityKeyIdentifier is missing");
inline constexpr ProfileKind kMissingSki =
    rule("profile.subject_key_identifier", "RFC 5280 4.2.1.2", "CA 证书缺少主体密钥标识符",
         "subjectKeyIdentifier is missing in a CA certificate");
inline constexpr ProfileKind kCriticality =
    rule("profile.criticality", "RFC 5280 4.2", "扩展 {0} 的关键性标志不符合规定",
         "the extension {0} has the wrong criticality");
inline constexpr ProfileKind kCaNames =
    rule("profile.empty_name", "RFC 5280 4.1.2.4, 4.1.2.6", "颁发者名称或 CA 的主体名称为空",
         "the issuer name, or the subject name of a CA, is empty");
inline constexpr ProfileKind kSerialNumber =
    rule("profile.serial_number", "RFC 5280 4.1.2.2", "序列号不是 1 至 20 个八位组的正整数",
         "the serial number is not positive or longer than 20 octets");
inline constexpr ProfileKind kInconsistentCa =
    rule("profile.ca_bits", "RFC 5280 4.2.1.3, 4.2.1.9", "基本约束与密钥用法互相矛盾",
         "basicConstraints and keyUsage contradict each other");
inline constexpr ProfileKind kNotInEndEntity =
    rule("profile.name_constraints", "RFC 5280 4.2.1.10", "名称约束只允许出现在 CA 证书中",
         "nameConstraints are for CA certificates only");
inline constexpr ProfileKind kDnsSyntax = rule("profile.dns_name", "RFC 5280 4.2.1.6", "域名“{0}”写法不规范",
                                               "the DNS name “{0}” is not in preferred syntax");
inline constexpr ProfileKind kEmptyPurposes =
    rule("profile.extended_key_usage", "RFC 5280 4.2.1.12", "扩展密钥用法为空", "extendedKeyUsage is empty");

}  // namespace hutong::x509::findings
