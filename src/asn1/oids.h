#pragma once

#include "asn1/oid.h"

/// The object identifiers that Hutong knows, by the names of the norms. Norm sheets: GB/T 33560 for the
/// Chinese algorithms, GM/T 0010 for message types, GM/T 0015 for the identity extensions, RFC 5280 for the
/// rest.
namespace hutong::asn1::oids {

inline constexpr Oid kEcPublicKey("1.2.840.10045.2.1");
inline constexpr Oid kSm2Curve("1.2.156.10197.1.301");
inline constexpr Oid kSm2Sign("1.2.156.10197.1.301.1");
inline constexpr Oid kSm2KeyExchange("1.2.156.10197.1.301.2");
inline constexpr Oid kSm2Encrypt("1.2.156.10197.1.301.3");
inline constexpr Oid kSm3("1.2.156.10197.1.401");
inline constexpr Oid kHmacSm3("1.2.156.10197.1.401.2");
inline constexpr Oid kHmacSm3OpenSsl("1.2.156.10197.1.401.3.1");
inline constexpr Oid kSm2WithSm3("1.2.156.10197.1.501");
inline constexpr Oid kRsaWithSm3("1.2.156.10197.1.504");
inline constexpr Oid kSm4("1.2.156.10197.1.104");
inline constexpr Oid kSm4Ecb("1.2.156.10197.1.104.1");
inline constexpr Oid kSm4Cbc("1.2.156.10197.1.104.2");
inline constexpr Oid kSm4Ctr("1.2.156.10197.1.104.7");
inline constexpr Oid kSm4Gcm("1.2.156.10197.1.104.8");
inline constexpr Oid kSm4Ccm("1.2.156.10197.1.104.9");

inline constexpr Oid kRsaEncryption("1.2.840.113549.1.1.1");
inline constexpr Oid kMd5WithRsa("1.2.840.113549.1.1.4");
inline constexpr Oid kSha1WithRsa("1.2.840.113549.1.1.5");
inline constexpr Oid kRsaOaep("1.2.840.113549.1.1.7");
inline constexpr Oid kMgf1("1.2.840.113549.1.1.8");
inline constexpr Oid kRsaPss("1.2.840.113549.1.1.10");
inline constexpr Oid kSha256WithRsa("1.2.840.113549.1.1.11");
inline constexpr Oid kSha384WithRsa("1.2.840.113549.1.1.12");
inline constexpr Oid kSha512WithRsa("1.2.840.113549.1.1.13");
inline constexpr Oid kSha224WithRsa("1.2.840.113549.1.1.14");
inline constexpr Oid kEcdsaWithSha1("1.2.840.10045.4.1");
inline constexpr Oid kEcdsaWithSha224("1.2.840.10045.4.3.1");
inline constexpr Oid kEcdsaWithSha256("1.2.840.10045.4.3.2");
inline constexpr Oid kEcdsaWithSha384("1.2.840.10045.4.3.3");
inline constexpr Oid kEcdsaWithSha512("1.2.840.10045.4.3.4");
inline constexpr Oid kP256("1.2.840.10045.3.1.7");
inline constexpr Oid kP384("1.3.132.0.34");
inline constexpr Oid kP521("1.3.132.0.35");
inline constexpr Oid kPrimeField("1.2.840.10045.1.1");
inline constexpr Oid kEd25519("1.3.101.112");
inline constexpr Oid kDsa("1.2.840.10040.4.1");
inline constexpr Oid kDsaWithSha1("1.2.840.10040.4.3");
inline constexpr Oid kMd5("1.2.840.113549.2.5");
inline constexpr Oid kSha1("1.3.14.3.2.26");
inline constexpr Oid kSha224("2.16.840.1.101.3.4.2.4");
inline constexpr Oid kSha256("2.16.840.1.101.3.4.2.1");
inline constexpr Oid kSha384("2.16.840.1.101.3.4.2.2");
inline constexpr Oid kSha512("2.16.840.1.101.3.4.2.3");
inline constexpr Oid kHmacSha1("1.2.840.113549.2.7");
inline constexpr Oid kHmacSha256("1.2.840.113549.2.9");
inline constexpr Oid kHmacSha512("1.2.840.113549.2.11");
inline constexpr Oid kPbkdf2("1.2.840.113549.1.5.12");
inline constexpr Oid kPbes2("1.2.840.113549.1.5.13");
inline constexpr Oid kAes128Cbc("2.16.840.1.101.3.4.1.2");
inline constexpr Oid kAes192Cbc("2.16.840.1.101.3.4.1.22");
inline constexpr Oid kAes256Cbc("2.16.840.1.101.3.4.1.42");
inline constexpr Oid kDesEde3Cbc("1.2.840.113549.3.7");

inline constexpr Oid kGmData("1.2.156.10197.6.1.4.2.1");
inline constexpr Oid kGmSignedData("1.2.156.10197.6.1.4.2.2");
inline constexpr Oid kGmEnvelopedData("1.2.156.10197.6.1.4.2.3");
inline constexpr Oid kGmSignedAndEnvelopedData("1.2.156.10197.6.1.4.2.4");
inline constexpr Oid kGmEncryptedData("1.2.156.10197.6.1.4.2.5");
inline constexpr Oid kData("1.2.840.113549.1.7.1");
inline constexpr Oid kSignedData("1.2.840.113549.1.7.2");
inline constexpr Oid kEnvelopedData("1.2.840.113549.1.7.3");
inline constexpr Oid kContentType("1.2.840.113549.1.9.3");
inline constexpr Oid kMessageDigest("1.2.840.113549.1.9.4");
inline constexpr Oid kSigningTime("1.2.840.113549.1.9.5");
inline constexpr Oid kTstInfo("1.2.840.113549.1.9.16.1.4");
inline constexpr Oid kSigningCertificate("1.2.840.113549.1.9.16.2.12");
inline constexpr Oid kSigningCertificateV2("1.2.840.113549.1.9.16.2.47");
inline constexpr Oid kSignatureTimeStampToken("1.2.840.113549.1.9.16.2.14");
inline constexpr Oid kEmailAddress("1.2.840.113549.1.9.1");
inline constexpr Oid kChallengePassword("1.2.840.113549.1.9.7");
inline constexpr Oid kGmChallengePassword("1.2.156.10197.6.1.4.1.10.3");
inline constexpr Oid kExtensionRequest("1.2.840.113549.1.9.14");
inline constexpr Oid kTemporaryPublicKey("1.2.840.113549.1.9.63");

inline constexpr Oid kCommonName("2.5.4.3");
inline constexpr Oid kSurname("2.5.4.4");
inline constexpr Oid kSerialNumber("2.5.4.5");
inline constexpr Oid kCountry("2.5.4.6");
inline constexpr Oid kLocality("2.5.4.7");
inline constexpr Oid kStateOrProvince("2.5.4.8");
inline constexpr Oid kStreet("2.5.4.9");
inline constexpr Oid kOrganization("2.5.4.10");
inline constexpr Oid kOrganizationalUnit("2.5.4.11");
inline constexpr Oid kTitle("2.5.4.12");
inline constexpr Oid kPostalAddress("2.5.4.16");
inline constexpr Oid kPostalCode("2.5.4.17");
inline constexpr Oid kGivenName("2.5.4.42");
inline constexpr Oid kInitials("2.5.4.43");
inline constexpr Oid kGenerationQualifier("2.5.4.44");
inline constexpr Oid kUniqueIdentifier("2.5.4.45");
inline constexpr Oid kDnQualifier("2.5.4.46");
inline constexpr Oid kPseudonym("2.5.4.65");
inline constexpr Oid kOrganizationIdentifier("2.5.4.97");
inline constexpr Oid kDomainComponent("0.9.2342.19200300.100.1.25");
inline constexpr Oid kUserId("0.9.2342.19200300.100.1.1");

inline constexpr Oid kSubjectDirectoryAttributes("2.5.29.9");
inline constexpr Oid kSubjectKeyIdentifier("2.5.29.14");
inline constexpr Oid kKeyUsage("2.5.29.15");
inline constexpr Oid kPrivateKeyUsagePeriod("2.5.29.16");
inline constexpr Oid kSubjectAltName("2.5.29.17");
inline constexpr Oid kIssuerAltName("2.5.29.18");
inline constexpr Oid kBasicConstraints("2.5.29.19");
inline constexpr Oid kCrlNumber("2.5.29.20");
inline constexpr Oid kReasonCode("2.5.29.21");
inline constexpr Oid kHoldInstruction("2.5.29.23");
inline constexpr Oid kInvalidityDate("2.5.29.24");
inline constexpr Oid kDeltaCrlIndicator("2.5.29.27");
inline constexpr Oid kIssuingDistributionPoint("2.5.29.28");
inline constexpr Oid kCertificateIssuer("2.5.29.29");
inline constexpr Oid kNameConstraints("2.5.29.30");
inline constexpr Oid kCrlDistributionPoints("2.5.29.31");
inline constexpr Oid kCertificatePolicies("2.5.29.32");
inline constexpr Oid kAnyPolicy("2.5.29.32.0");
inline constexpr Oid kPolicyMappings("2.5.29.33");
inline constexpr Oid kAuthorityKeyIdentifier("2.5.29.35");
inline constexpr Oid kPolicyConstraints("2.5.29.36");
inline constexpr Oid kExtendedKeyUsage("2.5.29.37");
inline constexpr Oid kAnyExtendedKeyUsage("2.5.29.37.0");
inline constexpr Oid kFreshestCrl("2.5.29.46");
inline constexpr Oid kInhibitAnyPolicy("2.5.29.54");
inline constexpr Oid kAuthorityInfoAccess("1.3.6.1.5.5.7.1.1");
inline constexpr Oid kSubjectInfoAccess("1.3.6.1.5.5.7.1.11");
inline constexpr Oid kAccessOcsp("1.3.6.1.5.5.7.48.1");
inline constexpr Oid kAccessCaIssuers("1.3.6.1.5.5.7.48.2");
inline constexpr Oid kOcspBasic("1.3.6.1.5.5.7.48.1.1");
inline constexpr Oid kOcspNonce("1.3.6.1.5.5.7.48.1.2");
inline constexpr Oid kOcspNoCheck("1.3.6.1.5.5.7.48.1.5");
inline constexpr Oid kServerAuth("1.3.6.1.5.5.7.3.1");
inline constexpr Oid kClientAuth("1.3.6.1.5.5.7.3.2");
inline constexpr Oid kCodeSigning("1.3.6.1.5.5.7.3.3");
inline constexpr Oid kEmailProtection("1.3.6.1.5.5.7.3.4");
inline constexpr Oid kTimeStamping("1.3.6.1.5.5.7.3.8");
inline constexpr Oid kOcspSigning("1.3.6.1.5.5.7.3.9");
inline constexpr Oid kCpsQualifier("1.3.6.1.5.5.7.2.1");
inline constexpr Oid kUserNoticeQualifier("1.3.6.1.5.5.7.2.2");

inline constexpr Oid kIdentityCode("1.2.156.10260.4.1.1");
inline constexpr Oid kInsuranceNumber("1.2.156.10260.4.1.2");
inline constexpr Oid kIcRegistrationNumber("1.2.156.10260.4.1.3");
inline constexpr Oid kOrganizationCode("1.2.156.10260.4.1.4");
inline constexpr Oid kTaxationNumber("1.2.156.10260.4.1.5");
inline constexpr Oid kResidentIdentityCard2023("1.2.156.10260.4.1.1.1");
inline constexpr Oid kPassport2023("1.2.156.10260.4.1.1.2");

}  // namespace hutong::asn1::oids
