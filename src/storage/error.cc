#include "storage/error.h"

#include "storage/internal/constraint.h"

namespace hutong::storage {
namespace {
constexpr std::string_view kBefore = "the row violates ";
}

std::string constraint_detail(std::string_view name) { return std::string(kBefore).append(name); }

std::string_view violated_constraint(const Error& error) {
  const std::string_view detail = error.detail;
  if (error.reason != reason::kConstraint || !detail.starts_with(kBefore)) {
    return {};
  }
  return detail.substr(kBefore.size());
}

bool is_transient(const Error& error) {
  return error.reason == reason::kBusy || error.reason == reason::kUnavailable;
}

}  // namespace hutong::storage
