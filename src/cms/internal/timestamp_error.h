#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace hutong::cms::internal {

inline Error broken_timestamp(std::string detail) {
  return {Errc::kMalformed, "timestamp.structure", std::move(detail)};
}

}  // namespace hutong::cms::internal
