#include "cms/cms_findings.h"

#include <array>

namespace hutong::cms::findings {
namespace {

constexpr std::array<const FindingKind*, 54> kTable{&kMalformed,
                                                    &kNotSignedContent,
                                                    &kTooLarge,
                                                    &kMissingContent,
                                                    &kContentDiffers,
                                                    &kNoSigner,
                                                    &kBerEncoding,
                                                    &kMixedForms,
                                                    &kDigestNotAnnounced,
                                                    &kOtherCertificates,
                                                    &kCertificateMalformed,
                                                    &kCrlMalformed,
                                                    &kSignerCertificateMissing,
                                                    &kSignerKeyUnsupported,
                                                    &kSignerKeyUsage,
                                                    &kAlgorithmUnsupported,
                                                    &kAlgorithmMismatch,
                                                    &kAlgorithmName,
                                                    &kWeakDigest,
                                                    &kDigestMismatch,
                                                    &kDigestLength,
                                                    &kSignatureInvalid,
                                                    &kAttributeMissing,
                                                    &kAttributeMalformed,
                                                    &kAttributesUnsorted,
                                                    &kAttributesRequired,
                                                    &kContentIsAttributes,
                                                    &kContentTypeMismatch,
                                                    &kContentTypeAlias,
                                                    &kSigningCertificateMismatch,
                                                    &kClaimedOutsideValidity,
                                                    &kTimestampUsed,
                                                    &kTimestampNotUsed,
                                                    &kPathNotChecked,
                                                    &kPathInvalid,
                                                    &kPathIndeterminate,
                                                    &kPlainSm4,
                                                    &kRawCipher,
                                                    &kStampMalformed,
                                                    &kStampRefused,
                                                    &kStampContent,
                                                    &kStampImprint,
                                                    &kStampDigest,
                                                    &kStampNonce,
                                                    &kStampPolicy,
                                                    &kStampSigners,
                                                    &kStampPurpose,
                                                    &kStampPurposeForm,
                                                    &kStampSigningCertificate,
                                                    &kStampAuthority,
                                                    &kStampFuture,
                                                    &kStampAccuracy,
                                                    &kStampExtension,
                                                    &kStampAuthorityRevoked};

}  // namespace

std::span<const FindingKind* const> table() { return kTable; }

}  // namespace hutong::cms::findings
