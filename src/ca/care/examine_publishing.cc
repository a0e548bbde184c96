#include <optional>

#include "ca/care/examination.h"
#include "ca/signing/authority_repository.h"
#include "ca/signing/service_key_repository.h"
#include "net/client.h"
#include "x509/crl.h"
#include "x509/ocsp.h"

namespace hutong::ca::care {
namespace {

constexpr std::chrono::milliseconds kPatience{5'000};
/// A job that runs every few seconds is late after this.
constexpr std::chrono::minutes kLate{5};
constexpr std::size_t kMostList = std::size_t{512} << 20;
constexpr std::string_view kPlainHttp = "http://";

struct NamedList {
  std::string authority;
  std::uint32_t partition;
  ListKind kind;
  std::string text() const {
    return authority + "/" + std::to_string(partition) + (kind == ListKind::kDelta ? "-delta" : "");
  }
};

std::vector<NamedList> named_lists(const Patient& patient, const std::vector<Authority>& authorities) {
  std::vector<NamedList> lists;
  for (const Authority& authority : authorities) {
    for (std::uint32_t partition = 0; partition < patient.addresses.crl_partitions; ++partition) {
      lists.push_back({authority.id, partition, ListKind::kFull});
      if (!patient.addresses.delta_crl.empty()) {
        lists.push_back({authority.id, partition, ListKind::kDelta});
      }
    }
  }
  return lists;
}

Diagnosis unreachable(const std::string& code, const std::string& address, const std::string& why) {
  return bad(code, "发布地址 " + address + " 无法使用（" + why + "）：请检查服务、反向代理与防火墙",
             "the address " + address + " does not work (" + why +
                 "): look at the service, the reverse proxy and the firewall");
}

std::optional<std::string> fetch_file(const std::string& code, const std::string& address, Findings& out,
                                      net::ClientRequest request = {}) {
  if (!address.starts_with(kPlainHttp)) {
    out.push_back(warning(code, "发布地址 " + address + " 不是 http：未检查",
                          "the address " + address + " is not plain HTTP: not looked at"));
    return std::nullopt;
  }
  const auto answer =
      net::fetch(address, std::move(request), {.connect_timeout = kPatience, .answer_limit = kMostList});
  if (!answer) {
    out.push_back(unreachable(code, address, std::string(answer.error().reason)));
    return std::nullopt;
  }
  if (answer->status != 200) {
    out.push_back(unreachable(code, address, "HTTP " + std::to_string(answer->status)));
    return std::nullopt;
  }
  return answer->body;
}

/// The address gives the list that the database holds, or a newer one.
void examine_list_address(const std::string& address, const PublishedList& kept, Findings& out) {
  const auto body = fetch_file("publishing.list", address, out);
  if (!body) {
    return;
  }
  const auto list = x509::Crl::parse(as_bytes(*body));
  if (!list) {
    out.push_back(unreachable("publishing.list", address, "no CRL"));
  } else if (list->this_update() < kept.this_update) {
    out.push_back(warning(
        "publishing.list", "地址 " + address + " 给出的 CRL 比最新的旧：请检查缓存与文件同步",
        "the address " + address + " gives an older list than the latest: look at caches and copied files"));
  } else {
    out.push_back(
        good("publishing.list", "CRL 地址可用：" + address, "the address of a list works: " + address));
  }
}

void examine_certificate_address(const std::string& address, const x509::Certificate& certificate,
                                 Findings& out) {
  const auto body = fetch_file("publishing.certificate", address, out);
  if (!body) {
    return;
  }
  if (!equal(as_bytes(*body), certificate.der())) {
    out.push_back(unreachable("publishing.certificate", address, "another certificate"));
    return;
  }
  out.push_back(good("publishing.certificate", "CA 证书地址可用：" + address,
                     "the address of the CA's certificate works: " + address));
}

/// Asks for the status of the responder's own certificate, which this CA issued.
void examine_ocsp_address(const std::string& address, const Authority& authority,
                          const x509::Certificate& responder, Findings& out) {
  const x509::OcspRequest question{.certificates = {x509::OcspCertId::of(responder, authority.certificate)}};
  const Bytes der = question.to_der();
  const auto body = fetch_file("publishing.ocsp", address, out,
                               {.method = net::Method::kPost,
                                .headers = {{"Content-Type", "application/ocsp-request"}},
                                .body = std::string(as_text(der))});
  if (!body) {
    return;
  }
  const auto answer = x509::OcspResponse::parse(as_bytes(*body));
  if (!answer || answer->status() != x509::OcspResponseStatus::kSuccessful ||
      answer->find(responder, authority.certificate) == nullptr) {
    out.push_back(unreachable("publishing.ocsp", address, "no OCSP answer"));
    return;
  }
  out.push_back(
      good("publishing.ocsp", "OCSP 地址可用：" + address, "the address of OCSP works: " + address));
}

Status examine_addresses(storage::Reader& reader, const Patient& patient, const Authority& authority,
                         Findings& out) {
  const PublishingAddresses addresses = patient.addresses.for_authority(authority.id);
  for (const ListKind kind : {ListKind::kFull, ListKind::kDelta}) {
    const std::string& address = kind == ListKind::kFull ? addresses.crl : addresses.delta_crl;
    const auto kept = ListPublisher::find(reader, authority.id, 0, kind);
    if (!address.empty() && kept) {
      examine_list_address(partition_address(address, 0), *kept, out);
    }
  }
  if (!addresses.ca_certificate.empty()) {
    examine_certificate_address(addresses.ca_certificate, authority.certificate, out);
  }
  HUTONG_TRY(const auto responders, ServiceKeyRepository::all(reader, kOcspPurpose));
  for (const ServiceKey& responder : responders) {
    if (!addresses.ocsp.empty() && responder.authority == authority.id) {
      examine_ocsp_address(addresses.ocsp, authority, responder.certificate, out);
    }
  }
  return ok();
}

Diagnosis list_diagnosis(const NamedList& named, const Result<PublishedList>& list, const ListPolicy& policy,
                         Time now) {
  const std::string name = named.text();
  if (!list) {
    return bad("list.missing", "CRL " + name + " 尚未签发：请启动 hutong-ca",
               "the list " + name + " was never published: start hutong-ca");
  }
  const auto interval = named.kind == ListKind::kFull ? policy.full_interval : policy.delta_interval;
  if (now > list->next_update) {
    return bad("list.expired",
               "CRL " + name + " 已于 " + to_rfc3339(list->next_update) +
                   " 过期，验证方会拒绝证书：请启动 hutong-ca 并查看日志",
               "the list " + name + " ended on " + to_rfc3339(list->next_update) +
                   " and verifiers refuse certificates: start hutong-ca and read its log");
  }
  if (now > list->this_update + interval + kLate) {
    return warning("list.overdue", "CRL " + name + " 应已更新：请查看 hutong-ca 是否在运行",
                   "the list " + name + " should have been renewed: see whether hutong-ca runs");
  }
  return good("list", "CRL " + name + " 第 " + std::to_string(list->number) + " 号有效",
              "the list " + name + " no. " + std::to_string(list->number) + " is current");
}

}  // namespace

Status examine_lists(storage::Reader& reader, const Patient& patient, Time now, Findings& out) {
  HUTONG_TRY(const auto authorities, AuthorityRepository::all(reader));
  for (const NamedList& named : named_lists(patient, authorities)) {
    const auto list = ListPublisher::find(reader, named.authority, named.partition, named.kind);
    if (!list && list.error().code != Errc::kNotFound) {
      return list.error();
    }
    out.push_back(list_diagnosis(named, list, patient.lists, now));
  }
  return ok();
}

Status examine_publishing_points(storage::Reader& reader, const Patient& patient, Findings& out) {
  HUTONG_TRY(const auto authorities, AuthorityRepository::all(reader));
  for (const Authority& authority : authorities) {
    HUTONG_CHECK(examine_addresses(reader, patient, authority, out));
  }
  return ok();
}

}  // namespace hutong::ca::care
