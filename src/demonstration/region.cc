#include "demonstration/region.h"

#include <utility>

#include "asn1/oids.h"
#include "x509/extension_builder.h"
#include "x509/identity.h"

namespace hutong::demonstration {
namespace {

namespace oids = asn1::oids;
using x509::KeyUsageBit;
namespace extension = x509::extension;

constexpr std::chrono::hours kYear{24 * 365};
constexpr std::string_view kAgencyCode = "91150102MA0DEMX34";

std::string list_uri(std::string_view name) {
  return "http://crl.demo.example/" + std::string(name) + ".crl";
}

Subject participant(const std::string& organization) {
  return {.organization = organization, .common_name = organization, .locality = "呼和浩特市"};
}

Result<Identity> make_list_signer(Time now) {
  HUTONG_TRY(auto authority, Authority::root({.organization = "演示区域公共资源交易监管局",
                                              .common_name = "演示区域信任列表签发者"},
                                             years(now, -3, 10), list_uri("operator")));
  return authority.issue(
      {.subject = {.organization = "演示区域公共资源交易监管局", .common_name = "信任列表 1 号签名证书"},
       .validity = years(now, -3, 5),
       .extensions = {extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation})}});
}

Result<Identity> make_stamp_authority(const Authority& ca, Time now) {
  return ca.issue(
      {.subject = {.organization = "演示CA乙", .common_name = "演示CA乙时间戳服务"},
       .validity = years(now, -2, 5),
       .extensions = {extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation}),
                      extension::extended_key_usage({oids::kTimeStamping}, true)}});
}

Result<Identity> make_report_signer(const Authority& ca, Time now) {
  return ca.issue(
      {.subject = {.organization = "演示区域公共资源交易监管局", .common_name = "识别报告签名证书"},
       .validity = years(now, -2, 5),
       .extensions = {extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation})}});
}

Status add_list(Region& region, const std::string& name, const Authority& authority,
                std::vector<x509::RevokedCertificate> entries) {
  const Validity validity{region.now - std::chrono::hours(1), region.now + 30 * kDay};
  HUTONG_TRY(const auto list, authority.list(std::move(entries), 1, validity));
  region.lists[name] = to_bytes(list.view());
  return ok();
}

Status add_lists(Region& region) {
  const x509::RevokedCertificate revoked{.serial = region.agency_revoked.certificate.serial(),
                                         .revoked_at = region.now - 10 * kDay,
                                         .reason = x509::CrlReason::kKeyCompromise,
                                         .invalidity_date = std::nullopt,
                                         .certificate_issuer = std::nullopt};
  HUTONG_CHECK(add_list(region, "root-a.crl", region.root_a, {}));
  HUTONG_CHECK(add_list(region, "ca-a.crl", region.ca_a, {revoked}));
  HUTONG_CHECK(add_list(region, "root-b.crl", region.root_b, {}));
  return add_list(region, "ca-b.crl", region.ca_b, {});
}

recognition::Service service(std::string id, std::string zh, std::string en, recognition::ServiceKind kind,
                             const x509::Certificate& certificate, Time since) {
  const bool is_a = id.ends_with("-a");
  return {.id = std::move(id),
          .name_zh = std::move(zh),
          .name_en = std::move(en),
          .vendor_zh = is_a ? "演示CA甲" : "演示CA乙",
          .vendor_en = is_a ? "Demonstration CA A" : "Demonstration CA B",
          .kind = kind,
          .certificate = certificate,
          .periods = {{.status = recognition::ServiceStatus::kGranted, .since = since}},
          .quirks = {}};
}

}  // namespace

Validity years(Time now, int from, int until) { return {now + from * kYear, now + until * kYear}; }

std::string credit_code(std::string_view body) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  for (const char check : kAlphabet) {
    if (std::string code = std::string(body) + check; x509::is_unified_social_credit_code(code)) {
      return code;
    }
  }
  return std::string(body);
}

std::vector<x509::ExtensionValue> signing_extensions(std::string_view credit_code) {
  return {extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation}),
          extension::identity(oids::kOrganizationCode, credit_code)};
}

std::vector<x509::ExtensionValue> encryption_extensions(std::string_view credit_code) {
  return {extension::key_usage(
              {KeyUsageBit::kKeyEncipherment, KeyUsageBit::kDataEncipherment, KeyUsageBit::kKeyAgreement}),
          extension::identity(oids::kOrganizationCode, credit_code)};
}

Result<Region> make_region(Time now) {
  const auto subject = [](std::string_view vendor, std::string_view what) {
    return Subject{.organization = std::string(vendor),
                   .common_name = std::string(vendor) + std::string(what)};
  };
  HUTONG_TRY(auto root_a,
             Authority::root(subject("演示CA甲", "根证书"), years(now, -3, 20), list_uri("root-a")));
  HUTONG_TRY(auto ca_a,
             root_a.subordinate(subject("演示CA甲", "签发中心"), years(now, -3, 10), list_uri("ca-a")));
  HUTONG_TRY(auto root_b,
             Authority::root(subject("演示CA乙", "根证书"), years(now, -3, 20), list_uri("root-b")));
  HUTONG_TRY(auto ca_b,
             root_b.subordinate(subject("演示CA乙", "签发中心"), years(now, -3, 10), list_uri("ca-b")));
  HUTONG_TRY(auto outsider,
             Authority::root(subject("未互认CA", "根证书"), years(now, -3, 20), list_uri("outsider")));
  HUTONG_TRY(auto list_signer, make_list_signer(now));
  HUTONG_TRY(auto report_signer, make_report_signer(ca_b, now));
  const std::string supplier_code = credit_code("91150100MA0DEMX12");
  const Subject supplier_name = participant("演示供应商有限公司");
  const Validity present = years(now, -1, 2);
  HUTONG_TRY(auto supplier, ca_a.issue({supplier_name, present, signing_extensions(supplier_code)}));
  HUTONG_TRY(auto supplier_encryption,
             ca_a.issue({supplier_name, present, encryption_extensions(supplier_code)}));
  HUTONG_TRY(auto purchaser, ca_b.issue({participant("演示采购人单位"), present,
                                         signing_extensions(credit_code("12150000MB0DEMX56"))}));
  HUTONG_TRY(auto agency, ca_a.issue({participant("演示招标代理有限公司"), present,
                                      signing_extensions(credit_code(kAgencyCode))}));
  HUTONG_TRY(auto stamp_authority, make_stamp_authority(ca_b, now));
  Region region{.now = now,
                .root_a = std::move(root_a),
                .ca_a = std::move(ca_a),
                .root_b = std::move(root_b),
                .ca_b = std::move(ca_b),
                .outsider = std::move(outsider),
                .list_signer = std::move(list_signer),
                .report_signer = std::move(report_signer),
                .supplier = std::move(supplier),
                .supplier_encryption = std::move(supplier_encryption),
                .purchaser = std::move(purchaser),
                .agency_revoked = std::move(agency),
                .stamp_authority = std::move(stamp_authority),
                .lists = {}};
  HUTONG_CHECK(add_lists(region));
  return region;
}

Result<Bytes> make_trust_list(const Region& region, std::vector<recognition::Service> more) {
  using recognition::ServiceKind;
  const Time since = region.now - 3 * kYear;
  recognition::TrustListContent content;
  content.number = 1;
  content.issued_at = region.now;
  content.next_update = region.now + 180 * kDay;
  content.operator_zh = "演示区域公共资源交易监管局";
  content.operator_en = "Demonstration Region Authority";
  content.services = {
      service("root-a", "演示CA甲根证书", "Root of CA A", ServiceKind::kRoot, region.root_a.certificate(),
              since),
      service("ca-a", "演示CA甲签发中心", "Issuing CA A", ServiceKind::kCa, region.ca_a.certificate(), since),
      service("root-b", "演示CA乙根证书", "Root of CA B", ServiceKind::kRoot, region.root_b.certificate(),
              since),
      service("ca-b", "演示CA乙签发中心", "Issuing CA B", ServiceKind::kCa, region.ca_b.certificate(), since),
      service("tsa-b", "演示CA乙时间戳服务", "Time stamping of CA B", ServiceKind::kTsa,
              region.stamp_authority.certificate, since)};
  for (auto& extra : more) {
    content.services.push_back(std::move(extra));
  }
  return recognition::write_trust_list(content, region.list_signer.key, region.list_signer.certificate);
}

}  // namespace hutong::demonstration
