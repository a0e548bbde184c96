#include "crypto/sm2_many.h"

#include "crypto/internal/sm2_lanes_batch.h"

namespace hutong::crypto {

std::vector<bool> sm2_verify_many(std::span<const Sm2VerificationJob> jobs) {
  const auto kernels = internal::sm2_lanes_kernels();
  return kernels.empty() ? internal::sm2_verify_singly(jobs)
                         : internal::sm2_verify_in_lanes(*kernels.front(), jobs);
}

}  // namespace hutong::crypto
