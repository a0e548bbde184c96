#include "crypto/internal/sm2_lanes_avx2.h"

#include "crypto/internal/sm2_lanes.h"
#include "crypto/internal/sm2_lanes_digits.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_SM2_LANES_TARGET [[gnu::target("avx2")]]

using Lanes = LanesAvx2;

#include "crypto/internal/sm2_lanes_group.h"

#undef HUTONG_SM2_LANES_TARGET

}  // namespace

const Sm2LanesKernel kSm2LanesAvx2 = {"avx2", Lanes::kLanes, 3, has_x};

}  // namespace hutong::crypto::internal
