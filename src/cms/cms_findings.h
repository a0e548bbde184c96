#pragma once

#include <array>
#include <span>

#include "x509/report.h"

/// Everything that judging a signed message or a time stamp may find. Codes are public and stable.
namespace hutong::cms::findings {

using x509::FindingKind;
using x509::Severity;

inline constexpr FindingKind kMalformed{"cms.malformed", Severity::kError, "GM/T 0010 clause 8; RFC 5652 5",
                                        "消息结构错误：{0}", "the message is broken: {0}"};
inline constexpr FindingKind kNotSignedContent{"cms.not_signed_content", Severity::kError,
                                               "GM/T 0010 clause 8", "不是签名消息：{0}",
                                               "this is not a signed message: {0}"};
inline constexpr FindingKind kTooLarge{"cms.too_large", Severity::kUndecided, "", "消息超出处理上限：{0}",
                                       "the message exceeds a limit: {0}"};
inline constexpr FindingKind kMissingContent{"cms.missing_content", Severity::kUndecided,
                                             "GM/T 0010 clause 8; RFC 5652 5.2", "签名与原文分离，未提供原文",
                                             "the signature is detached and the content was not given"};
inline constexpr FindingKind kContentDiffers{"cms.content_differs", Severity::kError, "",
                                             "所给原文与消息内的原文不一致",
                                             "the content given is not the content inside the message"};
inline constexpr FindingKind kNoSigner{"cms.no_signer", Severity::kError, "RFC 5652 5.1",
                                       "消息没有签名者（仅为证书包）",
                                       "nobody signed this message (it only carries certificates)"};
inline constexpr FindingKind kBerEncoding{"cms.ber_encoding", Severity::kInfo, "X.690 clause 10",
                                          "消息使用BER而非DER编码，已接受",
                                          "the message is BER rather than DER; accepted"};
inline constexpr FindingKind kMixedForms{
    "cms.mixed_forms", Severity::kInfo, "GM/T 0010 clause 7", "外层与内层对象标识符分属国密与RFC体系，已接受",
    "the outer and inner type identifiers belong to different norms; accepted"};
inline constexpr FindingKind kDigestNotAnnounced{
    "cms.digest_not_announced", Severity::kInfo, "RFC 5652 5.1", "签名者的杂凑算法未列入消息头，已接受",
    "the signer's digest algorithm is not listed at the head of the message; accepted"};
inline constexpr FindingKind kOtherCertificates{"cms.other_certificates", Severity::kInfo, "RFC 5652 10.2.2",
                                                "忽略了{0}个非X.509公钥证书",
                                                "{0} certificates of other kinds than X.509 were ignored"};
inline constexpr FindingKind kCertificateMalformed{
    "cms.certificate_malformed", Severity::kWarning, "RFC 5652 10.2.3", "消息携带的证书无法解析：{0}",
    "a certificate carried by the message cannot be read: {0}"};
inline constexpr FindingKind kCrlMalformed{"cms.crl_malformed", Severity::kWarning, "RFC 5652 10.2.1",
                                           "消息携带的CRL无法解析：{0}",
                                           "a revocation list carried by the message cannot be read: {0}"};

inline constexpr FindingKind kSignerCertificateMissing{"cms.signer_certificate_missing", Severity::kUndecided,
                                                       "RFC 5652 5.3", "找不到签名者证书：{0}",
                                                       "the certificate of the signer was not found: {0}"};
inline constexpr FindingKind kSignerKeyUnsupported{"cms.signer_key_unsupported", Severity::kUndecided, "",
                                                   "不支持签名者的公钥：{0}",
                                                   "the public key of the signer is not supported: {0}"};
inline constexpr FindingKind kSignerKeyUsage{
    "cms.signer_key_usage", Severity::kError, "GB/T 20518 5.2.4.2.3; RFC 5280 4.2.1.3",
    "签名者证书的密钥用法不允许签名", "the key usage of the signer's certificate does not allow signing"};
inline constexpr FindingKind kAlgorithmUnsupported{"cms.algorithm_unsupported", Severity::kUndecided,
                                                   "GB/T 33560", "不支持的签名或杂凑算法：{0}",
                                                   "a signature or digest algorithm is not supported: {0}"};
inline constexpr FindingKind kAlgorithmMismatch{
    "cms.algorithm_mismatch", Severity::kError, "GM/T 0010 clause 8; RFC 5652 5.3",
    "签名算法、杂凑算法与签名者公钥不相符：{0}",
    "signature algorithm, digest algorithm and key of the signer do not fit together: {0}"};
inline constexpr FindingKind kAlgorithmName{"cms.algorithm_name", Severity::kInfo, "GM/T 0010 clause 6",
                                            "SM2签名算法标识写作{0}，已接受",
                                            "the SM2 signature algorithm is named {0}; accepted"};
inline constexpr FindingKind kWeakDigest{"cms.weak_digest", Severity::kUndecided, "GB/T 33560",
                                         "签名使用了已不安全的杂凑算法{0}",
                                         "the signature rests on the broken digest {0}"};
inline constexpr FindingKind kDigestMismatch{
    "cms.digest_mismatch", Severity::kError, "GM/T 0010 clause 8; RFC 5652 5.6",
    "原文已被改动：杂凑值与签名属性中的不一致", "the content was changed: its digest is not the signed one"};
inline constexpr FindingKind kDigestLength{"cms.digest_length", Severity::kError, "RFC 5652 11.2",
                                           "messageDigest属性长度错误",
                                           "the messageDigest attribute has the wrong length"};
inline constexpr FindingKind kSignatureInvalid{"cms.signature_invalid", Severity::kError,
                                               "GM/T 0010 clause 8; GB/T 32918.2; RFC 5652 5.6",
                                               "签名验证不通过", "the signature does not verify"};
inline constexpr FindingKind kAttributeMissing{"cms.attribute_missing", Severity::kError,
                                               "RFC 5652 5.3, 11.1, 11.2", "缺少签名属性{0}",
                                               "the signed attribute {0} is missing"};
inline constexpr FindingKind kAttributeMalformed{"cms.attribute_malformed", Severity::kError, "RFC 5652 11",
                                                 "属性{0}错误或重复",
                                                 "the attribute {0} is broken or there twice"};
inline constexpr FindingKind kAttributesUnsorted{
    "cms.attributes_unsorted", Severity::kWarning, "X.690 11.6; RFC 5652 5.4",
    "签名属性未按DER排序，按排序后的编码验证",
    "the signed attributes are not in DER order; the signature was made over the sorted form"};
inline constexpr FindingKind kAttributesRequired{
    "cms.attributes_required", Severity::kWarning, "RFC 2315 9.2; RFC 5652 5.3",
    "内容不是数据类型却没有签名属性", "the content is not plain data, yet there are no signed attributes"};
inline constexpr FindingKind kContentIsAttributes{
    "cms.content_is_attributes", Severity::kError, "RFC 5652 5.4", "原文本身是另一签名的属性集，疑似伪造",
    "the content is itself a set of signed attributes: the signature may have been made for another message"};
inline constexpr FindingKind kContentTypeMismatch{
    "cms.content_type_mismatch", Severity::kError, "RFC 5652 11.1", "contentType属性{0}与内容类型不一致",
    "the contentType attribute {0} is not the type of the content"};
inline constexpr FindingKind kContentTypeAlias{
    "cms.content_type_alias", Severity::kInfo, "GM/T 0010 clause 7; RFC 5652 11.1",
    "contentType属性与内容类型分属国密与RFC体系，已接受",
    "contentType attribute and content type name data by different norms; accepted"};
inline constexpr FindingKind kSigningCertificateMismatch{
    "cms.signing_certificate_mismatch", Severity::kError, "RFC 5035 5.4.1",
    "签名属性中的证书标识与签名者证书不一致",
    "the signed certificate identifier is not that of the signer's certificate"};
inline constexpr FindingKind kClaimedOutsideValidity{
    "cms.claimed_outside_validity", Severity::kWarning, "RFC 5652 11.3", "声称的签名时间{0}不在证书有效期内",
    "the claimed signing time {0} is outside the validity of the certificate"};
inline constexpr FindingKind kTimestampUsed{
    "cms.timestamp_used", Severity::kInfo, "RFC 5126 6.1.1; GM/T 0033",
    "签名带有效时间戳{0}，按该时间验证证书",
    "the signature bears a valid time stamp of {0}: the certificate is judged at that time"};
inline constexpr FindingKind kTimestampNotUsed{
    "cms.timestamp_not_used", Severity::kWarning, "RFC 5126 6.1.1; GM/T 0033",
    "签名上的时间戳未通过验证，不予采用", "a time stamp on the signature was not accepted and is not used"};
inline constexpr FindingKind kPathNotChecked{"cms.path_not_checked", Severity::kUndecided, "RFC 5280 6",
                                             "未验证签名者证书的信任链",
                                             "the certification path of the signer was not checked"};
inline constexpr FindingKind kPathInvalid{"cms.path_invalid", Severity::kError, "RFC 5280 6",
                                          "签名者证书验证不通过",
                                          "the certificate of the signer is not valid"};
inline constexpr FindingKind kPathIndeterminate{
    "cms.path_indeterminate", Severity::kUndecided, "RFC 5280 6", "无法确定签名者证书是否有效",
    "whether the certificate of the signer is valid cannot be decided"};

inline constexpr FindingKind kPlainSm4{"cms.plain_sm4", Severity::kInfo, "GB/T 33560; GM/T 0010 clause 6",
                                       "内容加密算法标识写作SM4而非SM4-CBC，已接受",
                                       "the content cipher is named SM4 instead of SM4-CBC; accepted"};
inline constexpr FindingKind kRawCipher{"cms.raw_cipher", Severity::kInfo,
                                        "GM/T 0009 7.2; GM/T 0010 clause 9",
                                        "会话密钥密文未按SM2Cipher编码，已接受",
                                        "the encrypted content key is not encoded as SM2Cipher; accepted"};

inline constexpr FindingKind kStampMalformed{"timestamp.malformed", Severity::kError,
                                             "GM/T 0033 7.2; RFC 3161 2.4.2", "时间戳结构错误：{0}",
                                             "the time stamp is broken: {0}"};
inline constexpr FindingKind kStampRefused{"timestamp.refused", Severity::kError,
                                           "GM/T 0033 7.2; RFC 3161 2.4.2", "时间戳服务机构拒绝了请求：{0}",
                                           "the time-stamping authority refused: {0}"};
inline constexpr FindingKind kStampContent{"timestamp.content_type", Severity::kError,
                                           "GM/T 0033 7.2; RFC 3161 2.4.2", "签名内容不是时间戳信息：{0}",
                                           "the signed content is not a time stamp: {0}"};
inline constexpr FindingKind kStampImprint{"timestamp.imprint_mismatch", Severity::kError,
                                           "GM/T 0033 7.2; RFC 3161 2.4.2", "时间戳不是为该数据签发的",
                                           "the time stamp is not for this data"};
inline constexpr FindingKind kStampDigest{"timestamp.digest_refused", Severity::kError, "GM/T 0033 7.1",
                                          "时间戳使用了不允许的杂凑算法{0}",
                                          "the time stamp uses a digest that is not allowed: {0}"};
inline constexpr FindingKind kStampNonce{"timestamp.nonce_mismatch", Severity::kError,
                                         "GM/T 0033 7.2; RFC 3161 2.4.2", "时间戳的随机数与请求不一致",
                                         "the nonce of the time stamp is not that of the request"};
inline constexpr FindingKind kStampPolicy{"timestamp.policy_mismatch", Severity::kError,
                                          "GM/T 0033 7.2; RFC 3161 2.4.2", "时间戳策略{0}不是所请求的策略",
                                          "the policy {0} of the time stamp is not the one asked for"};
inline constexpr FindingKind kStampSigners{"timestamp.signers", Severity::kError,
                                           "GM/T 0033 7.2; RFC 3161 2.4.2", "时间戳必须恰好有一个签名",
                                           "a time stamp has exactly one signature"};
inline constexpr FindingKind kStampPurpose{"timestamp.extended_key_usage", Severity::kError, "RFC 3161 2.3",
                                           "证书没有时间戳扩展密钥用途",
                                           "the certificate is not for time stamping"};
inline constexpr FindingKind kStampPurposeForm{
    "timestamp.extended_key_usage_form", Severity::kWarning, "RFC 3161 2.3",
    "时间戳扩展密钥用途应为关键且唯一", "the time stamping purpose should be critical and the only one"};
inline constexpr FindingKind kStampSigningCertificate{
    "timestamp.signing_certificate_missing", Severity::kError, "GM/T 0033 7.2; RFC 5816 2.2.1",
    "时间戳缺少签名证书标识属性", "the time stamp does not identify its signing certificate"};
inline constexpr FindingKind kStampAuthority{
    "timestamp.tsa_mismatch", Severity::kWarning, "GM/T 0033 7.2; RFC 3161 2.4.2",
    "时间戳中的机构名称与证书主体不一致",
    "the authority named in the time stamp is not the subject of its certificate"};
inline constexpr FindingKind kStampFuture{"timestamp.future", Severity::kUndecided, "RFC 3161 2.4.2",
                                          "时间戳时间{0}晚于验证时间",
                                          "the time stamp {0} is later than the time of validation"};
inline constexpr FindingKind kStampAccuracy{"timestamp.accuracy_untagged", Severity::kInfo, "GM/T 0033 7.2",
                                            "精度的毫秒字段没有标签，已接受",
                                            "the milliseconds of the accuracy have no tag; accepted"};
inline constexpr FindingKind kStampExtension{"timestamp.unknown_extension", Severity::kError,
                                             "RFC 3161 2.4.2", "时间戳含未知的关键扩展{0}",
                                             "the time stamp has an unknown critical extension {0}"};

inline constexpr FindingKind kStampAuthorityRevoked{
    "timestamp.authority_revoked", Severity::kError, "RFC 3161 4",
    "时间戳机构证书已于{0}吊销，吊销原因使此前的时间戳失效",
    "the certificate of the authority was revoked at {0} for a reason that spoils earlier stamps too"};

/// All kinds, for documentation and for tests.
std::span<const FindingKind* const> table();

/// The deviations of messages that are tolerated: quirks, by their codes, as x509/quirks.h has them for
/// certificates. A trust list may refuse them for one vendor.
inline constexpr std::array kTolerated{&kBerEncoding,   &kMixedForms,       &kDigestNotAnnounced,
                                       &kAlgorithmName, &kContentTypeAlias, &kPlainSm4,
                                       &kRawCipher,     &kStampAccuracy};

}  // namespace hutong::cms::findings
