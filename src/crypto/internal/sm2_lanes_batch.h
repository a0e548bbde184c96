#pragma once

#include <span>
#include <vector>

#include "crypto/internal/sm2_lanes.h"
#include "crypto/sm2_many.h"

namespace hutong::crypto::internal {

/// sm2_verify_many() with one implementation, and without any.
std::vector<bool> sm2_verify_in_lanes(const Sm2LanesKernel& kernel, std::span<const Sm2VerificationJob> jobs);
std::vector<bool> sm2_verify_singly(std::span<const Sm2VerificationJob> jobs);

}  // namespace hutong::crypto::internal
