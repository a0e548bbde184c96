#include "kmc/rights.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "base/file.h"
#include "crypto/pem.h"

namespace hutong::kmc {
namespace {

using operators::Right;
using operators::Role;
using operators::RoleSet;

constexpr std::size_t kMostOperatorAuthorities = 4 << 20;

constexpr RoleSet kEverybody{Role::kSuperAdministrator, Role::kAuditAdministrator,
                             Role::kBusinessAdministrator, Role::kBusinessOperator, Role::kAuditor};
constexpr RoleSet kOperators{Role::kBusinessOperator};
constexpr RoleSet kBusiness{Role::kBusinessAdministrator};

constexpr std::array kRights{
    Right{kReadPolicy, "查看策略", "See the policy", kEverybody, {}},
    Right{kSetPolicy, "设定策略", "Set the policy", {Role::kSuperAdministrator}, {}},
    Right{kReadAuthorities, "查看接入的CA", "See the CAs served", kEverybody, {}},
    Right{kManageAuthorities, "管理接入的CA", "Register and suspend CAs", kBusiness, kOperators},
    Right{kReadKeys, "密钥查询统计", "Search keys, statistics", kEverybody, {}},
    Right{kMakeKeys, "密钥生成", "Make keys ahead", {}, kOperators},
    Right{kReadRecoveries, "查看恢复案卷", "See recovery cases", kEverybody, {}},
    Right{kRecoverKeys, "密钥恢复", "Open recovery cases", {}, kOperators},
    Right{kCustody, "分量保管", "Custodian of a share of the master key", {}, kOperators},
    Right{kManageOfficers, "登记司法取证人员", "Register judicial officers", kBusiness, {}}};

Status add_authorities(const std::filesystem::path& file, std::vector<x509::TrustAnchor>& anchors) {
  HUTONG_TRY(const Bytes content, read_file(file, kMostOperatorAuthorities));
  HUTONG_TRY(const auto blocks, crypto::read_pem(as_text(content)));
  for (const crypto::PemBlock& block : blocks) {
    HUTONG_TRY(const auto certificate, x509::Certificate::parse(block.der));
    HUTONG_TRY(auto anchor, x509::TrustAnchor::of(certificate));
    anchors.push_back(std::move(anchor));
  }
  return ok();
}

}  // namespace

std::span<const operators::Right> rights() { return kRights; }

Result<operators::CertificateAuthority> operator_authority(const Config& config,
                                                           const x509::Certificate& centre) {
  std::vector<x509::TrustAnchor> anchors;
  if (centre.is_ca()) {
    HUTONG_TRY(auto anchor, x509::TrustAnchor::of(centre));
    anchors.push_back(std::move(anchor));
  }
  if (!config.operator_authorities.empty()) {
    HUTONG_CHECK(add_authorities(config.operator_authorities, anchors));
  }
  return operators::CertificateAuthority{.anchors = [anchors = std::move(anchors)] { return anchors; },
                                         .status = [](const x509::Certificate& /*certificate*/,
                                                      Time /*now*/) -> Result<operators::CertificateStatus> {
                                           return operators::CertificateStatus::kGood;
                                         }};
}

}  // namespace hutong::kmc
