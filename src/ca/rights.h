#pragma once

#include <span>
#include <string_view>

#include "operators/rights.h"

namespace hutong::ca {

/// What operators of a CA may be allowed to do, beside what src/operators has of its own; docs/api/ca.yaml
/// names the right that each operation needs.
namespace right {
inline constexpr std::string_view kEnterOrder = "order.enter";
inline constexpr std::string_view kReviewOrder = "order.review";
inline constexpr std::string_view kDeliverOrder = "order.deliver";
inline constexpr std::string_view kQueryOrders = "order.query";
inline constexpr std::string_view kSeePersonalData = "order.personal";
/// Orders of a platform that need no review here, because its own is trusted.
inline constexpr std::string_view kOrderAutomatically = "order.automatic";
inline constexpr std::string_view kMakeCertificates = "certificate.make";
inline constexpr std::string_view kQueryCertificates = "certificate.query";
inline constexpr std::string_view kManageTemplates = "template.manage";
inline constexpr std::string_view kSynchroniseTemplates = "template.synchronise";
inline constexpr std::string_view kPublishLists = "list.publish";
}  // namespace right

/// For operators::OperatorSystem.
std::span<const operators::Right> rights();

}  // namespace hutong::ca
