#pragma once

#include "asn1/oids.h"
#include "x509/extensions.h"
#include "x509/lint/rule.h"

/// Whom the rules about certificates bind.
namespace hutong::x509::lint {

/// Bits of KeyUsage, or 0 when the extension is missing or broken.
inline std::uint16_t usage_bits(const CertificateView& view) {
  std::uint16_t bits = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    if (view.uses(i)) {
      bits = static_cast<std::uint16_t>(bits | (1U << i));
    }
  }
  return bits;
}
inline bool has_usage(const CertificateView& view, KeyUsageBit bit) {
  return (usage_bits(view) & static_cast<std::uint16_t>(bit)) != 0;
}

inline constexpr std::uint16_t kSigningBits = 0x003;     ///< digitalSignature, nonRepudiation
inline constexpr std::uint16_t kEncryptionBits = 0x01C;  ///< keyEncipherment, dataEncipherment, keyAgreement

inline constexpr Scope<CertificateView> kEveryCertificate{"所有证书", "every certificate",
                                                          [](const CertificateView&) { return true; }};
inline constexpr Scope<CertificateView> kSignedCertificate{
    "已签名的证书", "signed certificates", [](const CertificateView& view) { return !view.to_be_signed; }};
inline constexpr Scope<CertificateView> kCa{"CA 证书", "CA certificates",
                                            [](const CertificateView& view) { return view.ca; }};
inline constexpr Scope<CertificateView> kNotSelfIssued{
    "非自签发证书", "certificates that are not self-issued",
    [](const CertificateView& view) { return !view.self_issued(); }};
inline constexpr Scope<CertificateView> kEndEntity{"终端实体证书", "end-entity certificates",
                                                   [](const CertificateView& view) { return !view.ca; }};
inline constexpr Scope<CertificateView> kSigningOnly{
    "签名证书", "signing certificates of end entities", [](const CertificateView& view) {
      const auto bits = usage_bits(view);
      return !view.ca && (bits & kSigningBits) != 0 && (bits & kEncryptionBits) == 0;
    }};
inline constexpr Scope<CertificateView> kEncryptionOnly{
    "加密证书", "encryption certificates of end entities", [](const CertificateView& view) {
      const auto bits = usage_bits(view);
      return !view.ca && (bits & kEncryptionBits) != 0 && (bits & kSigningBits) == 0;
    }};
inline constexpr Scope<CertificateView> kTimeStamper{
    "时间戳服务证书", "certificates of timestamp authorities",
    [](const CertificateView& view) { return !view.ca && view.has_purpose(asn1::oids::kTimeStamping); }};
inline constexpr Scope<CertificateView> kOcspResponder{
    "OCSP 响应者证书", "certificates of OCSP responders",
    [](const CertificateView& view) { return !view.ca && view.has_purpose(asn1::oids::kOcspSigning); }};
inline constexpr Scope<CertificateView> kServer{
    "服务器证书", "server certificates",
    [](const CertificateView& view) { return !view.ca && view.has_purpose(asn1::oids::kServerAuth); }};

/// Certificates (or other objects) that carry this extension.
template <const asn1::Oid& kOid, typename View>
bool carries(const View& view) {
  return view.extension(kOid) != nullptr;
}

}  // namespace hutong::x509::lint
