#include "demonstration/subscribers.h"

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "x509/certificate_request.h"

namespace hutong::demonstration {
namespace {

constexpr std::size_t kMostRequest = std::size_t{64} << 10;

struct Subscriber {
  std::string_view name;
  const Authority& authority;
  std::string organization;
  std::string_view code_body;
  Validity validity;
  std::optional<x509::CrlReason> revoked = std::nullopt;
};

Result<x509::Certificate> certify_request(const Subscriber& subscriber, const Bytes& der) {
  HUTONG_TRY(const auto request, x509::CertificateRequest::parse(der));
  if (!request.is_signed_by_own_key()) {
    return Error{Errc::kPolicy, "demonstration.request", "the request is not signed by its own key"};
  }
  HUTONG_TRY(const auto key, request.public_key());
  const auto tbs = subscriber.authority.draft(
      {.subject = {.organization = subscriber.organization, .common_name = subscriber.organization},
       .validity = subscriber.validity,
       .extensions = signing_extensions(credit_code(subscriber.code_body))},
      key);
  HUTONG_TRY(const auto certificate, x509::sign(tbs, subscriber.authority.key()));
  return x509::Certificate::parse(certificate.view());
}

x509::RevokedCertificate revoked_entry(const x509::Certificate& certificate, x509::CrlReason reason,
                                       Time now) {
  return {.serial = certificate.serial(),
          .revoked_at = now - 10 * kDay,
          .reason = reason,
          .invalidity_date = std::nullopt,
          .certificate_issuer = std::nullopt};
}

std::vector<Subscriber> cast_of(const Region& region, const Authority& nobody) {
  using enum x509::CrlReason;
  const Validity present = years(region.now, -1, 2);
  return {{"supplier", region.ca_a, "演示中小企业有限公司", "91150104MA0DEMX21", present},
          {"purchaser", region.ca_b, "演示采购单位", "12150000MB0DEMX22", present},
          {"revoked", region.ca_a, "演示已吊销证书单位", "91150104MA0DEMX23", present, kKeyCompromise},
          {"on-hold", region.ca_a, "演示已冻结证书单位", "91150104MA0DEMX24", present, kCertificateHold},
          {"expired",
           region.ca_a,
           "演示已过期证书单位",
           "91150104MA0DEMX25",
           {region.now - 730 * kDay, region.now - 30 * kDay}},
          {"unaccredited", region.outsider, "演示未互认厂商用户", "91150104MA0DEMX26", present},
          {"unknown", nobody, "演示来历不明用户", "91150104MA0DEMX27", present}};
}

}  // namespace

Status write_subscribers(const std::filesystem::path& folder, Region& region) {
  HUTONG_TRY(const auto nobody,
             Authority::root({.organization = "来历不明", .common_name = "来历不明"},
                             years(region.now, -1, 5), "http://crl.demo.example/nobody.crl"));
  std::vector<x509::RevokedCertificate> revoked{
      revoked_entry(region.agency_revoked.certificate, x509::CrlReason::kKeyCompromise, region.now)};
  for (const Subscriber& subscriber : cast_of(region, nobody)) {
    const auto request = folder / (std::string(subscriber.name) + ".csr");
    if (!std::filesystem::exists(request)) {
      continue;
    }
    HUTONG_TRY(const Bytes der, read_file(request, kMostRequest));
    HUTONG_TRY(const auto certificate, certify_request(subscriber, der));
    if (subscriber.revoked) {
      revoked.push_back(revoked_entry(certificate, *subscriber.revoked, region.now));
    }
    HUTONG_CHECK(write_file(folder / (std::string(subscriber.name) + ".cer"), certificate.der()));
  }
  HUTONG_TRY(const auto list, region.ca_a.list(std::move(revoked), 2,
                                               {region.now - std::chrono::hours(1), region.now + 30 * kDay}));
  region.lists["ca-a.crl"] = to_bytes(list.view());
  return ok();
}

}  // namespace hutong::demonstration
