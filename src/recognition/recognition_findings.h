#pragma once

#include "x509/report.h"

/// What recognition itself can find, beyond path validation (x509/path_findings.h), quirks (x509/quirks.h)
/// and messages (cms/cms_findings.h). Codes are stable.
namespace hutong::recognition::findings {

using x509::FindingKind;
using x509::Severity;

inline constexpr FindingKind kListMissing{"trust_list.missing", Severity::kUndecided,
                                          "GB/T 20518; ETSI TS 119 612", "没有信任列表，无法判定任何证书有效",
                                          "there is no trust list: nothing can be called valid"};
inline constexpr FindingKind kListExpired{"trust_list.expired", Severity::kUndecided,
                                          "ETSI TS 119 612 5.3.15",
                                          "信任列表已于 {0} 过期，无法判定任何证书有效",
                                          "the trust list expired at {0}: nothing can be called valid"};
inline constexpr FindingKind kListBadSignature{
    "trust_list.bad_signature", Severity::kUndecided, "GM/T 0010 clause 8",
    "信任列表签名无效，无法判定任何证书有效",
    "the trust list's signature is not good: nothing can be called valid"};
inline constexpr FindingKind kListMalformed{"trust_list.malformed", Severity::kUndecided,
                                            "hutong-trust-list/1", "信任列表格式错误，无法判定任何证书有效",
                                            "the trust list is malformed: nothing can be called valid"};
inline constexpr FindingKind kServiceSuspended{
    "trust_list.service_suspended", Severity::kUndecided, "ETSI TS 119 612 5.5.4",
    "在验证时间，认证服务“{0}”的互认资格被暂停", "the service “{0}” was suspended at the time of validation"};
inline constexpr FindingKind kServiceWithdrawn{"trust_list.service_withdrawn", Severity::kError,
                                               "ETSI TS 119 612 5.5.4",
                                               "在验证时间，认证服务“{0}”的互认资格已被撤销",
                                               "the service “{0}” had lost its accreditation at that time"};
inline constexpr FindingKind kServiceNotYet{
    "trust_list.service_not_yet", Severity::kUndecided, "ETSI TS 119 612 5.5.5",
    "在验证时间，认证服务“{0}”尚未取得互认资格", "the service “{0}” was not yet accredited at that time"};

inline constexpr FindingKind kQuirkRefused{"trust_list.quirk_refused", Severity::kError,
                                           "hutong-trust-list/1",
                                           "信任列表不允许认证服务“{0}”的数据出现偏差 {1}",
                                           "the trust list refuses the deviation {1} for the service “{0}”"};

inline constexpr FindingKind kInputUnknown{
    "input.unknown", Severity::kError, "X.690; RFC 7468",
    "无法识别该文件：它不是证书、吊销列表、签名消息或时间戳",
    "the file is no certificate, list, message or time stamp that we know"};
inline constexpr FindingKind kInputUnreadable{"input.unreadable", Severity::kError, "RFC 5280; X.690",
                                              "文件结构错误，无法读取：{0}（{1}）",
                                              "the object is malformed and cannot be read: {0} ({1})"};
inline constexpr FindingKind kPrivateKey{"input.private_key", Severity::kWarning, "GB/T 25056",
                                         "文件中含有私钥，请勿上传私钥；私钥未被读取或保存",
                                         "the file holds a private key, which nobody should hand out; it was "
                                         "neither read nor kept"};
inline constexpr FindingKind kCompanionUnreadable{"input.companion_unreadable", Severity::kWarning,
                                                  "RFC 5280", "附带的第 {0} 个文件无法读取：{1}",
                                                  "the accompanying file no. {0} cannot be read: {1}"};
inline constexpr FindingKind kInputIgnored{"input.ignored", Severity::kInfo, "",
                                           "文件中另有 {0} 个对象未被使用",
                                           "{0} more objects in the file were not used"};

inline constexpr FindingKind kCrlNoIssuer{"crl.no_issuer", Severity::kUndecided, "RFC 5280 6.3.3 (f)",
                                          "找不到该吊销列表的签发者“{0}”的证书",
                                          "no certificate of the list's issuer “{0}” is known"};
inline constexpr FindingKind kCrlSignature{"crl.signature_invalid", Severity::kError, "RFC 5280 6.3.3 (g)",
                                           "吊销列表的签名与签发者“{0}”的公钥不符",
                                           "the list's signature does not verify with the key of “{0}”"};
inline constexpr FindingKind kCrlKeyUsage{"crl.key_usage", Severity::kError, "RFC 5280 4.2.1.3",
                                          "签发者证书未授权签发吊销列表（缺少 cRLSign）",
                                          "the issuer's certificate does not allow signing lists (cRLSign)"};
inline constexpr FindingKind kCrlStale{"crl.stale", Severity::kUndecided, "RFC 5280 5.1.2.5",
                                       "吊销列表已过期，应于 {0} 前更新", "a newer list was due at {0}"};
inline constexpr FindingKind kCrlFuture{"crl.future", Severity::kUndecided, "RFC 5280 5.1.2.4",
                                        "吊销列表自 {0} 起才生效", "the list is not in force before {0}"};
inline constexpr FindingKind kCrlCritical{"crl.unknown_critical", Severity::kUndecided, "RFC 5280 5.2",
                                          "吊销列表含有无法识别的关键扩展",
                                          "the list has a critical extension that is not understood"};

inline constexpr FindingKind kRequestSignature{"request.signature_invalid", Severity::kError, "RFC 2986 3",
                                               "证书申请的签名与其公钥不符，不能证明持有私钥",
                                               "the request is not signed with the key it is for"};
inline constexpr FindingKind kRequestKey{"request.key_unsupported", Severity::kUndecided, "RFC 2986 4.1",
                                         "证书申请的公钥算法不受支持：{0}",
                                         "the request's key is of a kind that is not supported: {0}"};

inline constexpr FindingKind kOcspStatus{"ocsp.not_successful", Severity::kUndecided, "RFC 6960 4.2.1",
                                         "OCSP 响应未给出结果（responseStatus {0}）",
                                         "the responder gave no answer (responseStatus {0})"};
inline constexpr FindingKind kOcspNoResponder{"ocsp.no_responder", Severity::kUndecided, "RFC 6960 4.2.2.2",
                                              "找不到 OCSP 响应者的证书",
                                              "no certificate of the responder is known"};
inline constexpr FindingKind kOcspSignature{"ocsp.signature_invalid", Severity::kError, "RFC 6960 3.2",
                                            "OCSP 响应的签名与响应者“{0}”的公钥不符",
                                            "the response does not verify with the key of “{0}”"};
inline constexpr FindingKind kOcspPurpose{"ocsp.purpose", Severity::kError, "RFC 6960 4.2.2.2",
                                          "响应者证书既非 CA 证书，也未授权 OCSP 签名",
                                          "the responder is neither a CA nor allowed to sign responses"};
inline constexpr FindingKind kOcspStale{"ocsp.stale", Severity::kUndecided, "RFC 6960 4.2.2.1",
                                        "OCSP 响应已过期，应于 {0} 前更新",
                                        "a newer response was due at {0}"};
inline constexpr FindingKind kOcspFuture{"ocsp.future", Severity::kUndecided, "RFC 6960 4.2.2.1",
                                         "OCSP 响应自 {0} 起才生效",
                                         "the response is not in force before {0}"};
inline constexpr FindingKind kOcspAnswer{"ocsp.answer", Severity::kInfo, "RFC 6960 2.2",
                                         "证书序列号 {0} 的状态为 {1}", "certificate {0} is {1}"};

inline constexpr FindingKind kEnvelope{
    "envelope.not_opened", Severity::kUndecided, "GM/T 0010 clause 9; RFC 5652 6",
    "数字信封未打开：只有接收者能解密，信封本身不能证明发送者身份",
    "the envelope was not opened: only a recipient can, and it says nothing "
    "about its sender"};

inline constexpr FindingKind kStampContent{"timestamp.content_not_given", Severity::kInfo, "RFC 3161 2.4.2",
                                           "未提供原文，只验证了时间戳本身",
                                           "without the stamped content only the stamp itself was checked"};

}  // namespace hutong::recognition::findings
