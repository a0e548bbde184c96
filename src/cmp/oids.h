#pragma once

#include "asn1/oid.h"

/// The object identifiers of CMP and CRMF (RFC 4210, 4211, 9480), beside those of asn1/oids.h.
namespace hutong::cmp::oids {

using asn1::Oid;

inline constexpr Oid kPasswordBasedMac("1.2.840.113533.7.66.13");
inline constexpr Oid kHmacSha1Pkix("1.3.6.1.5.5.8.1.2");  ///< the older identifier of HMAC-SHA-1
inline constexpr Oid kHmacSha384("1.2.840.113549.2.10");

inline constexpr Oid kSigningKeyTypes("1.3.6.1.5.5.7.4.2");
inline constexpr Oid kEncryptionKeyTypes("1.3.6.1.5.5.7.4.3");
inline constexpr Oid kPreferredSymmetricAlgorithm("1.3.6.1.5.5.7.4.4");
inline constexpr Oid kCurrentCrl("1.3.6.1.5.5.7.4.6");
inline constexpr Oid kImplicitConfirm("1.3.6.1.5.5.7.4.13");
inline constexpr Oid kConfirmWaitTime("1.3.6.1.5.5.7.4.14");
inline constexpr Oid kCaCertificates("1.3.6.1.5.5.7.4.17");
inline constexpr Oid kRootKeyUpdate("1.3.6.1.5.5.7.4.18");
inline constexpr Oid kRootCertificate("1.3.6.1.5.5.7.4.20");
inline constexpr Oid kCertificateProfile("1.3.6.1.5.5.7.4.21");
inline constexpr Oid kCrlStatusList("1.3.6.1.5.5.7.4.22");
inline constexpr Oid kCrls("1.3.6.1.5.5.7.4.23");
inline constexpr Oid kOldCertificateId("1.3.6.1.5.5.7.5.1.5");

}  // namespace hutong::cmp::oids
