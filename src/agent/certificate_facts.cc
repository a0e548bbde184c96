#include "agent/certificate_facts.h"

#include <array>
#include <cctype>
#include <string>
#include <utility>

#include "asn1/reader.h"
#include "base/encoding.h"
#include "base/time.h"
#include "x509/oid_names.h"

namespace hutong::agent {
namespace {

using net::Json;

Json fields_of(const x509::Name& name) {
  Json list = Json::array();
  for (const x509::NameAttribute& attribute : name.attributes()) {
    const auto* known = x509::attribute_name(attribute.type);
    list.push_back(
        Json{{"type", known != nullptr && !known->short_name.empty() ? std::string(known->short_name)
                                                                     : attribute.type.to_string()},
             {"value", attribute.text()}});
  }
  return list;
}

/// "digitalSignature" is "digital_signature" on the wire; "cRLSign" is "crl_sign".
std::string snake_case(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool is_upper = std::isupper(static_cast<unsigned char>(name[i])) != 0;
    const bool after_lower = i > 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    const bool before_lower =
        i + 1 < name.size() && std::islower(static_cast<unsigned char>(name[i + 1])) != 0;
    if (is_upper && i > 1 && (after_lower || before_lower)) {
      out.push_back('_');
    }
    out.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(name[i]))));
  }
  return out;
}

Json usage_of(const x509::Certificate& certificate) {
  Json list = Json::array();
  if (const auto& usage = certificate.extensions().key_usage) {
    for (const std::string_view name : usage->names()) {
      list.push_back(snake_case(name));
    }
  }
  return list;
}

std::string algorithm_of(const x509::Certificate& certificate) {
  if (const auto& algorithm = certificate.signature_algorithm()) {
    return algorithm->name();
  }
  asn1::Reader reader(certificate.signature_algorithm_der());
  auto sequence = reader.enter_sequence();
  const auto oid = sequence ? sequence->read_oid() : Result<asn1::Oid>(sequence.error());
  return oid ? x509::oid_text(*oid) : "unknown";
}

/// The text of a value that is one string; null for everything else.
Json text_of(ByteView value) {
  for (const asn1::Tag tag : {asn1::Tag::kUtf8String, asn1::Tag::kPrintableString, asn1::Tag::kIa5String}) {
    asn1::Reader reader(value);
    const auto text = reader.read(tag);
    if (text && reader.finish() && is_utf8(as_text(*text))) {
      return std::string(as_text(*text));
    }
  }
  return nullptr;
}

}  // namespace

net::Json certificate_facts(const x509::Certificate& certificate) {
  return {{"version", certificate.version()},
          {"serial_number", certificate.serial().to_hex()},
          {"subject", certificate.subject().to_string()},
          {"issuer", certificate.issuer().to_string()},
          {"subject_fields", fields_of(certificate.subject())},
          {"issuer_fields", fields_of(certificate.issuer())},
          {"not_before", to_rfc3339(certificate.not_before())},
          {"not_after", to_rfc3339(certificate.not_after())},
          {"algorithm", algorithm_of(certificate)},
          {"public_key", to_base64(certificate.spki())},
          {"key_usage", usage_of(certificate)},
          {"fingerprint_sm3", to_hex(certificate.sm3())}};
}

net::Json extension_list(const x509::Certificate& certificate) {
  Json list = Json::array();
  for (const x509::Extension& extension : certificate.extensions().all) {
    list.push_back(Json{{"oid", extension.oid.to_string()},
                        {"critical", extension.critical},
                        {"value", to_base64(extension.value)},
                        {"text", text_of(extension.value)}});
  }
  return list;
}

net::Json finding_list(const std::vector<x509::Finding>& findings) {
  Json list = Json::array();
  for (const x509::Finding& finding : findings) {
    list.push_back(recognition::to_json(finding));
  }
  return list;
}

}  // namespace hutong::agent
