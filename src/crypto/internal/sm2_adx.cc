#include "crypto/internal/sm2_field_adx.h"
#include "crypto/internal/sm2_group.h"

namespace hutong::crypto::internal {

const Sm2Kernel kSm2Adx = make_sm2_kernel<AdxArithmetic>("adx");

}  // namespace hutong::crypto::internal
