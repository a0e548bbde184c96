#pragma once

#include "crypto/internal/ghash.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_lanes.h"
#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/sm3_lanes.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/self_test.h"

namespace hutong::crypto::internal {

/// The implementations under test; a test hands in broken ones.
struct KernelSet {
  const Sm2Kernel& sm2;
  const Sm3Kernel& sm3;
  Sm3LanesFunction sm3_lanes;  ///< may be null
  const Sm4Kernel& sm4;
  const GhashKernel& ghash;
  const Sm2LanesKernel* sm2_lanes = nullptr;  ///< may be null
};
/// Those chosen for this processor.
KernelSet chosen_kernels();

/// Known answers of each kernel by itself.
SelfTestReport test_kernels(const KernelSet& kernels);
/// Known answers of what is built on the chosen kernels.
SelfTestReport test_symmetric_functions();
SelfTestReport test_sm2_functions(RandomSource& random);

}  // namespace hutong::crypto::internal
