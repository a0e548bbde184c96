#include "demonstration/people.h"

#include <array>
#include <string>

#include "base/file.h"
#include "crypto/key_file.h"
#include "demonstration/region.h"
#include "x509/extension_builder.h"

namespace hutong::demonstration {
namespace {

struct DemonstrationPerson {
  std::string_view file;
  std::string_view name;
};
constexpr std::array kPeople{DemonstrationPerson{"system-administrator", "系统管理员"},
                             DemonstrationPerson{"security-administrator", "安全管理员"},
                             DemonstrationPerson{"audit-administrator", "审计管理员"},
                             DemonstrationPerson{"clerk", "经办员"},
                             DemonstrationPerson{"reviewer", "复核员"},
                             DemonstrationPerson{"auditor", "审计员"}};
constexpr std::string_view kRunsTheRegion = "演示区域公共资源交易监管局";

}  // namespace

Status write_key_file(const std::filesystem::path& file, const Identity& identity,
                      std::string_view password) {
  HUTONG_TRY(const Bytes pkcs12,
             crypto::write_pkcs12(identity.key.key(), {to_bytes(identity.certificate.der())}, password,
                                  file.stem().string()));
  return write_file(file, pkcs12, FileMode::kPrivate);
}

Status write_people(const std::filesystem::path& folder, std::string_view password, Time now) {
  HUTONG_TRY(const auto authority,
             Authority::root(
                 {.organization = std::string(kRunsTheRegion), .common_name = "演示区域操作员证书签发者"},
                 years(now, -1, 10), "http://crl.demo.example/operators.crl"));
  for (const DemonstrationPerson& person : kPeople) {
    HUTONG_TRY(
        const Identity identity,
        authority.issue({.subject = {.organization = std::string(kRunsTheRegion),
                                     .common_name = std::string(person.name)},
                         .validity = years(now, -1, 5),
                         .extensions = {x509::extension::key_usage(
                             {x509::KeyUsageBit::kDigitalSignature, x509::KeyUsageBit::kNonRepudiation})}}));
    const std::string name(person.file);
    HUTONG_CHECK(write_key_file(folder / (name + ".p12"), identity, password));
    HUTONG_CHECK(write_file(folder / (name + ".cer"), identity.certificate.der()));
  }
  return write_file(folder / "authority.cer", authority.certificate().der());
}

}  // namespace hutong::demonstration
