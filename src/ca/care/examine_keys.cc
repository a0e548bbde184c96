#include <array>
#include <string_view>

#include "ca/care/examination.h"
#include "ca/signing/authority_repository.h"
#include "ca/signing/service_key_repository.h"
#include "operators/operator_repository.h"

namespace hutong::ca::care {
namespace {

/// How long before its end a certificate is spoken of.
constexpr std::chrono::days kAuthorityNotice{400};
constexpr std::chrono::days kServiceNotice{30};
constexpr std::chrono::days kOperatorNotice{30};
constexpr std::size_t kPage = 1'000;

struct Kept {
  std::string name_zh;
  std::string name_en;
  std::string code;
  std::string remedy_zh;
  std::string remedy_en;
  std::chrono::days notice;
};

void examine_end(const Kept& what, const x509::Certificate& certificate, Time now, Findings& out) {
  const std::string end = to_rfc3339(certificate.not_after());
  if (now > certificate.not_after()) {
    out.push_back(bad(what.code + ".expired", what.name_zh + "证书已于 " + end + " 过期：" + what.remedy_zh,
                      what.name_en + ": the certificate ended on " + end + ": " + what.remedy_en));
  } else if (now + what.notice > certificate.not_after()) {
    out.push_back(warning(what.code + ".expiring",
                          what.name_zh + "证书将于 " + end + " 到期：" + what.remedy_zh,
                          what.name_en + ": the certificate ends on " + end + ": " + what.remedy_en));
  } else {
    out.push_back(good(what.code, what.name_zh + "证书有效至 " + end,
                       what.name_en + ": the certificate lasts until " + end));
  }
}

bool examine_key(const Kept& what, const crypto::KeyStore& keys, const std::string& label,
                 const x509::Certificate& certificate, Findings& out) {
  const auto signer = keys.signer(label);
  if (!signer) {
    out.push_back(bad(what.code + ".key", what.name_zh + "的密钥 " + label + " 不在密钥库中：请从备份恢复",
                      what.name_en + ": the key " + label + " is not in the key store: restore it"));
    return false;
  }
  if (!equal((*signer)->public_key().to_spki(), certificate.spki())) {
    out.push_back(
        bad(what.code + ".key", what.name_zh + "的密钥 " + label + " 与证书不符：请检查密钥目录",
            what.name_en + ": the key " + label + " does not fit the certificate: look at the key folder"));
    return false;
  }
  return true;
}

Kept authority_text(const Authority& authority) {
  const std::string id = authority.certificate.subject().to_string();
  return {.name_zh = "CA " + id,
          .name_en = "CA " + id,
          .code = "authority",
          .remedy_zh = "请运行 hutong-ca rollover 更新 CA 密钥",
          .remedy_en = "renew the CA's key with `hutong-ca rollover`",
          .notice = kAuthorityNotice};
}

struct ServiceName {
  std::string_view purpose;
  std::string_view zh;
  std::string_view en;
};
constexpr std::array kServiceNames{ServiceName{kOcspPurpose, "OCSP 服务", "OCSP responder"},
                                   ServiceName{kTimestampPurpose, "时间戳服务", "time-stamping authority"},
                                   ServiceName{kCmpPurpose, "平台接口服务", "interface for platforms"}};

Kept service_text(const ServiceName& name) {
  return {.name_zh = std::string(name.zh),
          .name_en = std::string(name.en),
          .code = "service." + std::string(name.purpose),
          .remedy_zh = "请运行 hutong-ca renew-services",
          .remedy_en = "run `hutong-ca renew-services`",
          .notice = kServiceNotice};
}

}  // namespace

Status examine_keys(storage::Reader& reader, const crypto::KeyStore& keys, Time now, Findings& out) {
  HUTONG_TRY(const auto authorities, AuthorityRepository::all(reader));
  std::string active;
  for (const Authority& authority : authorities) {
    const Kept text = authority_text(authority);
    if (examine_key(text, keys, authority.key_label, authority.certificate, out) &&
        authority.state == AuthorityState::kActive) {
      examine_end(text, authority.certificate, now, out);
    }
    active = authority.state == AuthorityState::kActive ? authority.id : active;
  }
  for (const ServiceName& name : kServiceNames) {
    const Kept text = service_text(name);
    HUTONG_TRY(const auto services, ServiceKeyRepository::all(reader, name.purpose));
    bool serves_active = false;
    for (const ServiceKey& service : services) {
      if (examine_key(text, keys, service.key_label, service.certificate, out)) {
        examine_end(text, service.certificate, now, out);
      }
      serves_active = serves_active || service.authority == active;
    }
    if (!serves_active) {
      out.push_back(bad(text.code + ".missing", text.name_zh + "没有证书：" + text.remedy_zh,
                        text.name_en + ": there is no certificate: " + text.remedy_en));
    }
  }
  return ok();
}

Status examine_operators(storage::Reader& reader, Time now, Findings& out) {
  HUTONG_TRY(const auto people, operators::OperatorRepository::search(
                                    reader, {.state = operators::State::kActive, .limit = kPage}));
  std::size_t lasting = 0;
  for (const operators::Operator& person : people) {
    if (now + kOperatorNotice < person.certificate.not_after()) {
      ++lasting;
      continue;
    }
    examine_end({.name_zh = person.display_name + " 的",
                 .name_en = person.display_name,
                 .code = "operator",
                 .remedy_zh = "请管理员为其更换证书",
                 .remedy_en = "have an administrator replace it",
                 .notice = kOperatorNotice},
                person.certificate, now, out);
  }
  out.push_back(good("operators", std::to_string(lasting) + " 名操作员的证书在有效期内",
                     std::to_string(lasting) + " operators' certificates last"));
  return ok();
}

}  // namespace hutong::ca::care
