#include "cli/object_view.h"

#include <string>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "cli/style.h"
#include "recognition/mask.h"
#include "x509/identity.h"
#include "x509/oid_names.h"

namespace hutong::cli {
namespace {

namespace oids = asn1::oids;

constexpr std::size_t kObjectLabelColumns = 16;
constexpr std::size_t kMostHexOctets = 32;

void print_attribute(const Context& context, const Text& label, const std::string& value) {
  context.out << "  " << paint(context, Tone::kDim, padded(context.text(label), kObjectLabelColumns)) << value
              << "\n";
}

std::string oid_name(const Context& context, const asn1::Oid& oid) {
  return context.language == Language::kZh ? x509::oid_text_zh(oid) : x509::oid_text(oid);
}

void print_name(const Context& context, const x509::Name& name) {
  for (const auto& attribute : name.attributes()) {
    const auto* known = x509::attribute_name(attribute.type);
    const std::string label = known == nullptr                    ? attribute.type.to_string()
                              : context.language == Language::kZh ? std::string(known->zh)
                                                                  : std::string(known->en);
    context.out << "  " << paint(context, Tone::kDim, padded(label, kObjectLabelColumns))
                << recognition::mask_resident_numbers(attribute.text()) << "\n";
  }
}

std::string key_name(const Result<crypto::PublicKey>& key) {
  return key ? std::string(key->name()) : std::string("? ") + std::string(key.error().reason);
}

std::string algorithm_name(const Result<crypto::SignatureAlgorithm>& algorithm) {
  return algorithm ? algorithm->name() : std::string("? ") + std::string(algorithm.error().reason);
}

std::string short_hex(ByteView octets) {
  const bool whole = octets.size() <= kMostHexOctets;
  return to_hex(whole ? octets : octets.first(kMostHexOctets)) + (whole ? "" : "…");
}

template <typename Items, typename Show>
std::string joined(const Items& items, Show show) {
  std::string text;
  for (const auto& item : items) {
    text += (text.empty() ? "" : ", ") + std::string(show(item));
  }
  return text;
}

std::string names_text(const std::vector<x509::GeneralName>& names) {
  return joined(names, [](const auto& name) { return recognition::mask_resident_numbers(name.to_string()); });
}

std::string points_text(const std::vector<x509::DistributionPoint>& points) {
  return joined(points,
                [](const auto& point) { return point.name ? names_text(point.name->full_name) : ""; });
}

std::string access_text(const Context& context, const std::vector<x509::AccessDescription>& accesses) {
  return joined(accesses, [&](const auto& access) {
    return oid_name(context, access.method) + " " + access.location.to_string();
  });
}

std::string constraints_text(const x509::BasicConstraints& constraints) {
  std::string text = constraints.ca ? "CA" : "-";
  return constraints.path_length ? text + ", pathLen " + std::to_string(*constraints.path_length) : text;
}

/// The decoded value, or hexadecimal of extensions that have none.
std::string extension_text(const Context& context, const x509::CertificateExtensions& all,
                           const x509::Extension& extension) {
  const auto& oid = extension.oid;
  if (oid == oids::kKeyUsage && all.key_usage) {
    return joined(all.key_usage->names(), [](std::string_view name) { return name; });
  }
  if (oid == oids::kBasicConstraints && all.basic_constraints) {
    return constraints_text(*all.basic_constraints);
  }
  if (oid == oids::kExtendedKeyUsage && all.extended_key_usage) {
    return joined(all.extended_key_usage->purposes,
                  [&](const auto& purpose) { return oid_name(context, purpose); });
  }
  if (oid == oids::kSubjectKeyIdentifier && all.subject_key_identifier) {
    return to_hex(*all.subject_key_identifier);
  }
  if (oid == oids::kAuthorityKeyIdentifier && all.authority_key_identifier) {
    const auto& identifier = all.authority_key_identifier->key_identifier;
    return identifier ? to_hex(*identifier) : names_text(all.authority_key_identifier->issuer);
  }
  if (oid == oids::kSubjectAltName && all.subject_alt_name) {
    return names_text(*all.subject_alt_name);
  }
  if (oid == oids::kCrlDistributionPoints && all.crl_distribution_points) {
    return points_text(*all.crl_distribution_points);
  }
  if (oid == oids::kFreshestCrl && all.freshest_crl) {
    return points_text(*all.freshest_crl);
  }
  if (oid == oids::kAuthorityInfoAccess && all.authority_info_access) {
    return access_text(context, *all.authority_info_access);
  }
  if (oid == oids::kCertificatePolicies && all.policies) {
    return joined(*all.policies, [](const auto& information) {
      const auto note =
          joined(information.qualifiers, [](const auto& qualifier) { return qualifier.text(); });
      return information.policy.to_string() + (note.empty() ? "" : " (" + note + ")");
    });
  }
  return short_hex(extension.value);
}

/// Identity extensions are shown by their meaning, numbers of persons masked.
std::string identity_text(const x509::Extension& extension) {
  x509::QuirkRecorder quirks(x509::QuirkPolicy::everything());
  const auto value = x509::read_identity(extension, quirks);
  return recognition::is_personal(value.kind) ? recognition::mask(value.text)
                                              : recognition::mask_resident_numbers(value.text);
}

void print_extensions(const Context& context, const x509::CertificateExtensions& extensions) {
  if (extensions.all.empty()) {
    return;
  }
  print_heading(context, {"扩展项", "Extensions"});
  for (const auto& extension : extensions.all) {
    const auto* arc = x509::find_identity_arc(extension.oid);
    const std::string_view arc_name = arc == nullptr                      ? ""
                                      : context.language == Language::kZh ? arc->zh
                                                                          : arc->en;
    const std::string name = arc_name.empty() ? oid_name(context, extension.oid) : std::string(arc_name);
    context.out << "  " << paint(context, Tone::kStrong, name)
                << (extension.critical ? paint(context, Tone::kUnsure, context.text({" 关键", " critical"}))
                                       : "")
                << "\n      "
                << (arc != nullptr ? identity_text(extension)
                                   : extension_text(context, extensions, extension))
                << "\n";
  }
}

void print_quirks(const Context& context, x509::QuirkSet quirks) {
  const auto findings = x509::quirk_findings(quirks, "");
  if (findings.empty()) {
    return;
  }
  print_heading(context, {"与标准不同之处", "Deviations from the norm"});
  for (const auto& finding : findings) {
    context.out << "  · " << (context.language == Language::kZh ? finding.message_zh() : finding.message_en())
                << "  " << paint(context, Tone::kDim, finding.code()) << "\n";
  }
}

void print_reason(const Context& context, const std::optional<x509::CrlReason>& reason) {
  const auto value = reason.value_or(x509::CrlReason::kUnspecified);
  context.out << (context.language == Language::kZh ? x509::to_string_zh(value) : x509::to_string(value));
}

}  // namespace

void print_certificate(const Context& context, const x509::Certificate& certificate) {
  context.out << paint(context, Tone::kStrong,
                       recognition::mask_resident_numbers(certificate.subject().display()))
              << "\n";
  print_heading(context, {"主体", "Subject"});
  print_name(context, certificate.subject());
  print_heading(context, {"颁发者", "Issuer"});
  print_name(context, certificate.issuer());
  print_heading(context, {"内容", "Content"});
  print_attribute(context, {"版本", "version"}, "v" + std::to_string(certificate.version()));
  print_attribute(context, {"序列号", "serial number"}, certificate.serial().to_hex());
  print_attribute(context, {"有效期", "validity"},
                  shown(certificate.not_before()) + " – " + shown(certificate.not_after()));
  print_attribute(context, {"公钥", "public key"}, key_name(certificate.public_key()));
  print_attribute(context, {"签名算法", "signature"}, algorithm_name(certificate.signature_algorithm()));
  print_attribute(context, {"公钥内容", "key octets"}, short_hex(certificate.key_octets()));
  print_extensions(context, certificate.extensions());
  print_heading(context, {"指纹", "Fingerprints"});
  print_attribute(context, {"SM3", "SM3"}, to_hex(certificate.sm3()));
  print_attribute(context, {"SHA-256", "SHA-256"},
                  to_hex(certificate.fingerprint(crypto::DigestAlgorithm::kSha256)));
  print_attribute(context, {"SHA-1", "SHA-1"},
                  to_hex(certificate.fingerprint(crypto::DigestAlgorithm::kSha1)));
  print_quirks(context, certificate.quirks());
}

void print_crl_content(const Context& context, const x509::Crl& crl, std::size_t most_entries) {
  context.out << paint(context, Tone::kStrong, crl.issuer().display()) << "\n";
  print_heading(context, {"颁发者", "Issuer"});
  print_name(context, crl.issuer());
  print_heading(context, {"内容", "Content"});
  print_attribute(context, {"版本", "version"}, "v" + std::to_string(crl.version()));
  print_attribute(context, {"本次更新", "this update"}, shown(crl.this_update()));
  print_attribute(context, {"下次更新", "next update"}, crl.next_update() ? shown(*crl.next_update()) : "-");
  print_attribute(context, {"CRL 序号", "number"}, crl.number() ? crl.number()->to_hex() : "-");
  if (crl.is_delta()) {
    print_attribute(context, {"增量基准", "delta of"}, crl.base_number()->to_hex());
  }
  print_attribute(context, {"签名算法", "signature"}, algorithm_name(crl.signature_algorithm()));
  print_attribute(context, {"撤销条目", "entries"}, shown_count(crl.entry_count()));
  std::size_t shown_entries = 0;
  crl.for_each([&](const x509::CrlEntry& entry, const x509::Name&) {
    if (shown_entries == most_entries) {
      return false;
    }
    if (shown_entries++ == 0) {
      print_heading(context, {"已撤销", "Revoked"});
    }
    context.out << "  " << to_hex(entry.serial) << "  " << shown(entry.revoked_at) << "  ";
    print_reason(context, entry.reason);
    context.out << "\n";
    return true;
  });
  if (crl.entry_count() > shown_entries) {
    context.out << "  … " << shown_count(crl.entry_count() - shown_entries) << "\n";
  }
  print_quirks(context, crl.quirks());
}

void print_request(const Context& context, const x509::CertificateRequest& request) {
  context.out << paint(context, Tone::kStrong,
                       recognition::mask_resident_numbers(request.subject().display()))
              << "\n";
  print_heading(context, {"申请主体", "Subject"});
  print_name(context, request.subject());
  print_heading(context, {"内容", "Content"});
  print_attribute(context, {"公钥", "public key"}, key_name(request.public_key()));
  print_attribute(context, {"公钥内容", "key octets"}, short_hex(request.key_octets()));
  print_attribute(context, {"签名算法", "signature"}, algorithm_name(request.signature_algorithm()));
  const bool proven = request.is_signed_by_own_key();
  print_attribute(context, {"持有私钥", "possession"},
                  paint(context, proven ? Tone::kGood : Tone::kBad,
                        context.text(proven ? Text{"✔ 签名正确", "✔ the signature verifies"}
                                            : Text{"✘ 签名不正确", "✘ the signature does not verify"})));
  for (const auto& attribute : request.attributes()) {
    print_attribute(context, {"属性", "attribute"}, oid_name(context, attribute.type));
  }
  print_extensions(context, request.extensions());
  print_quirks(context, request.quirks());
}

}  // namespace hutong::cli
