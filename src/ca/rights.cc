#include "ca/rights.h"

#include <array>

namespace hutong::ca {
namespace {

using enum operators::Role;
using operators::ForMachines;
using operators::Right;

constexpr std::array kRights{
    Right{right::kEnterOrder,
          "录入与修改业务单",
          "enter and change orders",
          {},
          {kBusinessOperator},
          ForMachines::kYes},
    Right{right::kReviewOrder, "审核业务单", "review orders", {}, {kBusinessOperator}},
    Right{right::kOrderAutomatically,
          "免审核办理（仅限平台）",
          "orders without review (platforms only)",
          {},
          {},
          ForMachines::kYes},
    Right{right::kMakeCertificates, "制证", "make certificates", {}, {kBusinessOperator}, ForMachines::kYes},
    Right{
        right::kDeliverOrder, "发放证书", "deliver certificates", {}, {kBusinessOperator}, ForMachines::kYes},
    Right{right::kQueryOrders,
          "查询业务单",
          "look up orders",
          {kBusinessAdministrator},
          {kBusinessOperator},
          ForMachines::kYes},
    Right{right::kSeePersonalData, "查看个人信息全文", "see personal data in full", {}, {kBusinessOperator}},
    Right{right::kQueryCertificates,
          "查询证书",
          "look up certificates",
          {kBusinessAdministrator},
          {kBusinessOperator},
          ForMachines::kYes},
    Right{right::kManageTemplates,
          "管理证书模板",
          "manage certificate templates",
          {kSuperAdministrator},
          {kBusinessAdministrator}},
    Right{right::kSynchroniseTemplates,
          "同步证书模板",
          "synchronise templates",
          {kBusinessAdministrator},
          {kBusinessOperator}},
    Right{right::kPublishLists,
          "立即签发 CRL",
          "publish revocation lists now",
          {kBusinessAdministrator},
          {kBusinessOperator}},
};

}  // namespace

std::span<const operators::Right> rights() { return kRights; }

}  // namespace hutong::ca
