#include "platform/svs/certificate_item.h"

#include <algorithm>
#include <array>

#include "asn1/oids.h"
#include "platform/svs/svs_message.h"

namespace hutong::platform::svs {
namespace {

namespace oids = asn1::oids;
using x509::Certificate;

constexpr asn1::Oid kNetscapeType("2.16.840.1.113730.1.1");

Bytes bytes_of(const std::string& text) { return to_bytes(as_bytes(text)); }

std::string validity(const Certificate& certificate) {
  return write_svs_time(certificate.not_before()) + "-" + write_svs_time(certificate.not_after());
}

/// One line for each: the identifier, and whether it is critical.
std::string extension_lines(const Certificate& certificate) {
  std::string lines;
  for (const auto& one : certificate.extensions().all) {
    lines += (lines.empty() ? "" : "\n") + one.oid.to_string() + (one.critical ? " critical" : "");
  }
  return lines;
}

std::string key_usage(const Certificate& certificate) {
  std::string names;
  if (const auto& usage = certificate.extensions().key_usage) {
    for (const auto name : usage->names()) {
      names += (names.empty() ? "" : ",") + std::string(name);
    }
  }
  return names;
}

/// The identity extensions of GM/T 0015 and of the vendors, one line for each: identifier=value.
std::string private_lines(const Certificate& certificate) {
  std::string lines;
  for (const auto& one : certificate.identities()) {
    lines += (lines.empty() ? "" : "\n") + one.oid.to_string() + "=" + one.text;
  }
  return lines;
}

struct TextItem {
  std::uint8_t number;
  std::string (*read)(const Certificate&);
};
constexpr std::array kTexts{
    TextItem{0x01, [](const Certificate& one) { return std::to_string(one.version()); }},
    TextItem{0x02, [](const Certificate& one) { return one.serial().to_hex(); }},
    TextItem{0x05, [](const Certificate& one) { return one.issuer().to_string(); }},
    TextItem{0x06, validity},
    TextItem{0x07, [](const Certificate& one) { return one.subject().to_string(); }},
    TextItem{0x09, extension_lines},
    TextItem{0x13, key_usage},
    TextItem{0x1C, private_lines},
    TextItem{0x21, [](const Certificate& one) { return one.issuer().text_of(oids::kCommonName); }},
    TextItem{0x22, [](const Certificate& one) { return one.issuer().text_of(oids::kOrganization); }},
    TextItem{0x23, [](const Certificate& one) { return one.issuer().text_of(oids::kOrganizationalUnit); }},
    TextItem{0x31, [](const Certificate& one) { return one.subject().text_of(oids::kCommonName); }},
    TextItem{0x32, [](const Certificate& one) { return one.subject().text_of(oids::kOrganization); }},
    TextItem{0x33, [](const Certificate& one) { return one.subject().text_of(oids::kOrganizationalUnit); }},
    TextItem{0x34, [](const Certificate& one) { return one.subject().text_of(oids::kEmailAddress); }},
    TextItem{0x35, [](const Certificate& one) { return write_svs_time(one.not_before()); }},
    TextItem{0x36, [](const Certificate& one) { return write_svs_time(one.not_after()); }},
};

struct ExtensionItem {
  std::uint8_t number;
  asn1::Oid oid;
};
constexpr std::array kExtensions{
    ExtensionItem{0x11, oids::kAuthorityKeyIdentifier}, ExtensionItem{0x12, oids::kSubjectKeyIdentifier},
    ExtensionItem{0x14, oids::kPrivateKeyUsagePeriod},  ExtensionItem{0x15, oids::kCertificatePolicies},
    ExtensionItem{0x16, oids::kPolicyMappings},         ExtensionItem{0x17, oids::kBasicConstraints},
    ExtensionItem{0x18, oids::kPolicyConstraints},      ExtensionItem{0x19, oids::kExtendedKeyUsage},
    ExtensionItem{0x1A, oids::kCrlDistributionPoints},  ExtensionItem{0x1B, kNetscapeType},
};
constexpr std::uint8_t kPublicKeyItem = 0x08;

}  // namespace

std::optional<Bytes> certificate_item(const Certificate& certificate, std::uint64_t number) {
  if (number == kPublicKeyItem) {
    return to_bytes(certificate.spki());
  }
  if (const auto* text = std::ranges::find(kTexts, number, &TextItem::number); text != kTexts.end()) {
    return bytes_of(text->read(certificate));
  }
  const auto* found = std::ranges::find(kExtensions, number, &ExtensionItem::number);
  if (found == kExtensions.end()) {
    return std::nullopt;
  }
  const auto* extension = certificate.extensions().find(found->oid);
  return extension == nullptr ? Bytes() : to_bytes(extension->value);
}

}  // namespace hutong::platform::svs
