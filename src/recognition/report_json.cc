#include "recognition/report_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "base/encoding.h"
#include "base/time.h"
#include "recognition/internal/shown.h"
#include "recognition/mask.h"
#include "x509/identity.h"
#include "x509/oid_names.h"

namespace hutong::recognition {
namespace {

using Json = nlohmann::ordered_json;
using internal::shown;
using internal::shown_subject;

constexpr std::size_t kMostRevokedShown = 100;

/// Members that do not apply are left out, never null.
void put_next_update(Json& json, const std::optional<Time>& time) {
  if (time) {
    json["next_update"] = to_rfc3339(*time);
  }
}

std::string hex_of_sm3(ByteView der) { return to_hex(crypto::sm3(der)); }

/// The algorithm's name, or the OID when it is none of ours.
std::string algorithm_name(const Result<crypto::SignatureAlgorithm>& algorithm, ByteView der) {
  if (algorithm) {
    return algorithm->name();
  }
  asn1::Reader reader(der);
  auto sequence = reader.enter_sequence();
  const auto oid = sequence ? sequence->read_oid() : Result<asn1::Oid>(sequence.error());
  return oid ? x509::oid_text(*oid) : "unknown";
}

std::string key_name(const x509::Certificate& certificate) {
  const auto& key = certificate.public_key();
  return key ? std::string(key->name()) : x509::oid_text(certificate.key_algorithm());
}

Json subject_attributes(const x509::Certificate& certificate) {
  Json list = Json::array();
  for (const auto& attribute : certificate.subject().attributes()) {
    const auto* known = x509::attribute_name(attribute.type);
    const std::string oid = attribute.type.to_string();
    list.push_back(Json{{"oid", oid},
                        {"name_zh", known != nullptr ? std::string(known->zh) : oid},
                        {"name_en", known != nullptr ? std::string(known->en) : oid},
                        {"short", known != nullptr ? std::string(known->short_name) : oid},
                        {"value", mask_personal_numbers(certificate, attribute.text())}});
  }
  return list;
}

Json identities(const x509::Certificate& certificate) {
  Json list = Json::array();
  for (const auto& identity : internal::shown_identities(certificate)) {
    list.push_back(
        Json{{"name_zh", identity.name_zh}, {"name_en", identity.name_en}, {"value", identity.value}});
  }
  return list;
}

Json key_usage(const x509::Certificate& certificate) {
  Json list = Json::array();
  if (const auto& usage = certificate.extensions().key_usage) {
    for (const auto name : usage->names()) {
      list.push_back(name);
    }
  }
  return list;
}

Json extended_key_usage(const x509::Certificate& certificate) {
  Json list = Json::array();
  if (const auto& usage = certificate.extensions().extended_key_usage) {
    for (const auto& purpose : usage->purposes) {
      list.push_back(x509::oid_text(purpose));
    }
  }
  return list;
}

Json json_of(const ChainElement& element) {
  const x509::Certificate& certificate = element.certificate;
  Json json = {{"role", to_string(element.role)},
               {"subject", shown_subject(certificate)},
               {"issuer", shown(certificate.issuer())},
               {"subject_attributes", subject_attributes(certificate)},
               {"serial", certificate.serial().to_hex()},
               {"not_before", to_rfc3339(certificate.not_before())},
               {"not_after", to_rfc3339(certificate.not_after())},
               {"public_key", key_name(certificate)},
               {"signature_algorithm",
                algorithm_name(certificate.signature_algorithm(), certificate.signature_algorithm_der())},
               {"key_usage", key_usage(certificate)},
               {"extended_key_usage", extended_key_usage(certificate)},
               {"is_ca", certificate.is_ca()},
               {"identity", identities(certificate)},
               {"status", x509::to_string(element.revocation.status)}};
  if (element.revocation.revoked_at) {
    json["revoked_at"] = to_rfc3339(*element.revocation.revoked_at);
    json["revocation_reason"] =
        x509::to_string(element.revocation.reason.value_or(x509::CrlReason::kUnspecified));
  }
  if (element.vendor) {
    json["vendor"] = Json{{"name_zh", element.vendor->zh}, {"name_en", element.vendor->en}};
  }
  json["sha256"] = to_hex(certificate.fingerprint(crypto::DigestAlgorithm::kSha256));
  json["sm3"] = to_hex(certificate.sm3());
  json["der"] = to_base64(certificate.der());
  return json;
}

Json json_of(const x509::Finding& finding) { return to_json(finding); }

template <typename Item>
Json list_of(const std::vector<Item>& items, Json (*write)(const Item&)) {
  Json list = Json::array();
  for (const Item& item : items) {
    list.push_back(write(item));
  }
  return list;
}

std::string_view type_name(RevocationUsed::Type type) {
  switch (type) {
    case RevocationUsed::Type::kOcsp:
      return "ocsp";
    case RevocationUsed::Type::kDeltaCrl:
      return "delta_crl";
    case RevocationUsed::Type::kCrl:
      break;
  }
  return "crl";
}

Json json_of(const RevocationUsed& used) {
  Json json = {
      {"kind", type_name(used.type)}, {"issuer", used.issuer}, {"this_update", to_rfc3339(used.this_update)}};
  put_next_update(json, used.next_update);
  if (!used.number.empty()) {
    json["number"] = used.number;
  }
  json["sm3"] = to_hex(used.sm3);
  json["used_for"] = used.used_for;
  return json;
}

Json json_of(const TrustListFacts& list) {
  return Json{{"number", list.number},
              {"sm3", to_hex(list.sm3)},
              {"issued_at", to_rfc3339(list.issued_at)},
              {"next_update", to_rfc3339(list.next_update)},
              {"operator_zh", list.operator_zh},
              {"operator_en", list.operator_en}};
}

Json revoked_sample(const x509::Crl& crl) {
  Json list = Json::array();
  crl.for_each([&list](const x509::CrlEntry& entry, const x509::Name& /*issuer*/) {
    const auto serial = x509::Serial::from_content(entry.serial);
    list.push_back(Json{{"serial", serial ? serial->to_hex() : to_hex(entry.serial)},
                        {"revoked_at", to_rfc3339(entry.revoked_at)},
                        {"reason", x509::to_string(entry.reason.value_or(x509::CrlReason::kUnspecified))}});
    return list.size() < kMostRevokedShown;
  });
  return list;
}

Json distribution_points(const x509::Crl& crl) {
  Json list = Json::array();
  if (const auto& point = crl.issuing_point(); point && point->name) {
    for (const auto& name : point->name->full_name) {
      list.push_back(name.to_string());
    }
  }
  return list;
}

Json json_of(const x509::Crl& crl) {
  Json json = {{"issuer", shown(crl.issuer())}, {"this_update", to_rfc3339(crl.this_update())}};
  put_next_update(json, crl.next_update());
  if (crl.number()) {
    json["number"] = crl.number()->to_hex();
  }
  json["entries"] = crl.entry_count();
  json["is_delta"] = crl.is_delta();
  json["distribution_points"] = distribution_points(crl);
  json["revoked_sample"] = revoked_sample(crl);
  return json;
}

/// The extensions asked for by name; of anything else (a password, a temporary key) only the size.
std::string shown(const x509::CertificateRequest& request, const x509::RequestAttribute& attribute) {
  std::string text;
  if (attribute.type == asn1::oids::kExtensionRequest) {
    for (const auto& extension : request.extensions().all) {
      text += (text.empty() ? "" : ", ") + x509::oid_text(extension.oid);
    }
    return text;
  }
  std::size_t octets = 0;
  for (const ByteView value : attribute.values) {
    octets += value.size();
  }
  return std::to_string(octets) + " B";
}

Json json_of(const x509::CertificateRequest& request) {
  Json attributes = Json::array();
  for (const auto& attribute : request.attributes()) {
    attributes.push_back(Json{{"oid", attribute.type.to_string()},
                              {"name_zh", x509::oid_text_zh(attribute.type)},
                              {"name_en", x509::oid_text(attribute.type)},
                              {"value", shown(request, attribute)}});
  }
  return Json{{"subject", shown(request.subject())},
              {"public_key", request.public_key() ? std::string(request.public_key()->name()) : "unknown"},
              {"signature_ok", request.is_signed_by_own_key()},
              {"attributes", std::move(attributes)}};
}

Json json_of(const StampFacts& stamp) {
  return Json{{"time", to_rfc3339(stamp.time)},
              {"accuracy_ms", stamp.accuracy_ms},
              {"serial", stamp.serial},
              {"policy", stamp.policy},
              {"imprint_algorithm", stamp.imprint_algorithm},
              {"imprint_matches", stamp.imprint_matches ? Json(*stamp.imprint_matches) : Json(nullptr)},
              {"tsa", stamp.authority},
              {"indication", x509::to_string(stamp.indication)}};
}

std::string shown_signer(const SignerFacts& signer) {
  return signer.chain.empty() ? mask_personal_numbers(signer.subject)
                              : mask_personal_numbers(signer.chain.front().certificate, signer.subject);
}

Json json_of(const SignerFacts& signer) {
  Json json = {{"indication", x509::to_string(signer.indication)},
               {"subject", shown_signer(signer)},
               {"digest", signer.digest}};
  if (signer.signing_time) {
    json["signing_time"] = to_rfc3339(*signer.signing_time);
  }
  if (signer.timestamp) {
    json["timestamp"] = json_of(*signer.timestamp);
  }
  json["chain"] = list_of(signer.chain, json_of);
  json["findings"] = list_of(signer.findings, json_of);
  return json;
}

Json json_of(const Recipient& recipient) {
  return Json{{"issuer", recipient.issuer}, {"serial", recipient.serial}, {"algorithm", recipient.algorithm}};
}

Json json_of(const MessageFacts& message) {
  Json json = {{"type", message.type},
               {"content_size", message.content_size},
               {"content_sm3", to_hex(message.content_sm3)},
               {"detached", message.detached}};
  if (!message.recipients.empty()) {
    json["recipients"] = list_of(message.recipients, json_of);
  }
  json["certificates"] = message.certificates;
  return json;
}

Json json_of(const FileFacts& file) {
  return Json{{"name", mask_personal_numbers(file.name)},
              {"size", file.size},
              {"sm3", to_hex(file.sm3)},
              {"encoding", to_string(file.encoding)}};
}

void drop_personal_octets(Json& chain, const std::vector<ChainElement>& elements) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (is_personal(elements[i].certificate)) {
      chain[i].erase("der");
    }
  }
}

Json json_of(const Service& service, Time now) {
  const auto status = service.status_at(now);
  return Json{{"id", service.id},
              {"name_zh", service.name_zh},
              {"name_en", service.name_en},
              {"vendor_zh", service.vendor_zh},
              {"vendor_en", service.vendor_en},
              {"kind", to_string(service.kind)},
              {"status", status ? Json(to_string(*status)) : Json(nullptr)},
              {"subject", shown(service.certificate.subject())},
              {"not_after", to_rfc3339(service.certificate.not_after())},
              {"sm3", hex_of_sm3(service.certificate.der())}};
}

}  // namespace

Json to_json(const x509::Finding& finding) {
  return Json{{"code", finding.code()},
              {"severity", x509::to_string(finding.severity())},
              {"where", finding.where()},
              {"clause", finding.clause()},
              {"message_zh", mask_personal_numbers(finding.message_zh())},
              {"message_en", mask_personal_numbers(finding.message_en())}};
}

Json to_json(const RecognitionReport& report) {
  Json json = {{"kind", to_string(report.kind)},
               {"indication", x509::to_string(report.indication)},
               {"at", to_rfc3339(report.at)},
               {"file", json_of(report.file)},
               {"findings", list_of(report.findings, json_of)},
               {"chain", list_of(report.chain, json_of)},
               {"revocation", list_of(report.revocation, json_of)},
               {"trust_list", report.trust_list ? json_of(*report.trust_list) : Json(nullptr)}};
  if (report.crl) {
    json["crl"] = json_of(*report.crl);
  }
  if (report.request) {
    json["request"] = json_of(*report.request);
  }
  if (!report.signers.empty()) {
    json["signers"] = list_of(report.signers, json_of);
  }
  if (report.message) {
    json["message"] = json_of(*report.message);
  }
  if (report.timestamp) {
    json["timestamp"] = json_of(*report.timestamp);
  }
  return json;
}

bool has_personal_octets(const RecognitionReport& report) {
  const auto is_personal_chain = [](const std::vector<ChainElement>& chain) {
    return std::ranges::any_of(chain, [](const auto& element) { return is_personal(element.certificate); });
  };
  return is_personal_chain(report.chain) || std::ranges::any_of(report.signers, [&](const auto& signer) {
           return is_personal_chain(signer.chain);
         });
}

Json to_json_to_keep(const RecognitionReport& report) {
  Json json = to_json(report);
  drop_personal_octets(json["chain"], report.chain);
  for (std::size_t i = 0; i < report.signers.size(); ++i) {
    drop_personal_octets(json["signers"][i]["chain"], report.signers[i].chain);
  }
  return json;
}

Json to_json(const LoadedTrustList& list, Time now) {
  Json json = {{"state", to_string(list.state(now))}};
  if (list.list == nullptr) {
    json["reason"] = list.reason;
    json["detail"] = list.detail;
    json["services"] = Json::array();
    return json;
  }
  const TrustListContent& content = list.list->content();
  json["number"] = content.number;
  json["sm3"] = to_hex(list.list->sm3());
  json["previous_sm3"] = content.previous_sm3 ? Json(to_hex(*content.previous_sm3)) : Json(nullptr);
  json["issued_at"] = to_rfc3339(content.issued_at);
  json["next_update"] = to_rfc3339(content.next_update);
  json["operator_zh"] = content.operator_zh;
  json["operator_en"] = content.operator_en;
  json["services"] = Json::array();
  for (const Service& service : content.services) {
    json["services"].push_back(json_of(service, now));
  }
  return json;
}

}  // namespace hutong::recognition
