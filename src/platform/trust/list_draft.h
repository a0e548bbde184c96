#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/sm3.h"
#include "platform/vendors/vendor.h"
#include "recognition/trust_list.h"

/// What the next trust list will say: the list before it, brought up to what the desk of vendors decided.
namespace hutong::platform {

enum class DraftChangeKind : std::uint8_t { kAdded, kStatus, kDetails };
std::string_view to_string(DraftChangeKind kind);  ///< "added", "status", "details"

/// One difference between the list before and the draft.
struct DraftChange {
  DraftChangeKind kind = DraftChangeKind::kAdded;
  std::string service;  ///< its id on the draft
  std::string name_zh;
  std::string name_en;
  std::string vendor_zh;
  std::string vendor_en;
  std::string from;  ///< status on the list before; empty when it was not on it
  std::string to;    ///< status on the draft
};

/// The services of the next list. Those of accredited vendors are granted, those of suspended and withdrawn
/// ones keep their place with that status, and a service that its vendor no longer names is withdrawn: what
/// was ever on a list stays, with its history, because old reports rest on it. Services on the list before
/// that are of no vendor here stay as they are. A status that changes does so at `at`. Errors: kPolicy
/// "trust_list.service_twice" (two vendors name one certificate), kInternal for what was stored otherwise
/// than it was let in.
Result<std::vector<recognition::Service>> draft_services(const recognition::TrustListContent* before,
                                                         std::span<const Vendor> vendors, Time at);

std::vector<DraftChange> differences(const recognition::TrustListContent* before,
                                     const std::vector<recognition::Service>& draft);

/// What a proposal names: the draft whatever the time. Two drafts with the same one say the same.
crypto::Sm3Digest draft_digest(const recognition::TrustListContent* before,
                               const std::vector<recognition::Service>& timeless);
/// The time that draft_services is given for draft_digest.
inline constexpr Time kTimeless{};

}  // namespace hutong::platform
