#include "platform/rights.h"

#include <array>
#include <utility>
#include <vector>

#include "base/file.h"
#include "x509/input.h"

namespace hutong::platform {
namespace {

using enum operators::Role;
using operators::Right;

using operators::ForMachines;
using operators::Reach;

constexpr std::size_t kMostAuthorities = 4 << 20;

constexpr operators::RoleSet kEverybody{kSuperAdministrator, kAuditAdministrator, kBusinessAdministrator,
                                        kBusinessOperator, kAuditor};

constexpr std::array kRights{
    Right{kReadVendors, "查看CA厂商", "See the vendors", kEverybody, {}},
    Right{kManageVendors,
          "登记厂商、办理准入",
          "Enter vendors, take or propose steps",
          {},
          {kBusinessOperator}},
    Right{kReleaseVendors,
          "复核厂商准入",
          "Release what another one proposed",
          {kBusinessAdministrator},
          {kBusinessOperator}},
    Right{kReadTrust, "查看信任列表草案", "See drafts of the trust list", kEverybody, {}},
    Right{kManageTrust,
          "编制信任列表",
          "Propose a trust list",
          {},
          {kBusinessOperator},
          ForMachines::kNo,
          Reach::kWhole},
    Right{kReleaseTrust,
          "复核并发布信任列表",
          "Release a trust list that another one proposed",
          {kBusinessAdministrator},
          {kBusinessOperator},
          ForMachines::kNo,
          Reach::kWhole},
    Right{kReadSubjects, "查看主体", "See the subjects", {kBusinessAdministrator, kBusinessOperator}, {}},
    Right{kManageSubjects,
          "登记主体、设定角色",
          "Enter subjects, say which roles they have",
          {},
          {kBusinessOperator}},
    Right{kReadSystems, "查看业务系统", "See the business systems", kEverybody, {}},
    Right{kManageSystems,
          "登记业务系统",
          "Propose business systems, end them",
          {},
          {kBusinessOperator},
          ForMachines::kNo,
          Reach::kWhole},
    Right{kReleaseSystems,
          "复核业务系统接入",
          "Release a business system that another one proposed",
          {kBusinessAdministrator},
          {kBusinessOperator},
          ForMachines::kNo,
          Reach::kWhole},
};

}  // namespace

std::span<const Right> rights() { return kRights; }

Result<operators::CertificateAuthority> operator_authority(const std::filesystem::path& authorities) {
  HUTONG_TRY(const Bytes content, read_file(authorities, kMostAuthorities));
  HUTONG_TRY(const auto file, x509::read_certificates(content));
  std::vector<x509::TrustAnchor> anchors;
  for (const x509::Certificate& certificate : file.certificates) {
    HUTONG_TRY(auto anchor, x509::TrustAnchor::of(certificate));
    anchors.push_back(std::move(anchor));
  }
  return operators::CertificateAuthority{.anchors = [anchors = std::move(anchors)] { return anchors; },
                                         .status = [](const x509::Certificate& /*certificate*/,
                                                      Time /*now*/) -> Result<operators::CertificateStatus> {
                                           return operators::CertificateStatus::kGood;
                                         }};
}

}  // namespace hutong::platform
