#include "crypto/internal/sm2_group.h"

namespace hutong::crypto::internal {

const Sm2Kernel kSm2Portable = make_sm2_kernel<PortableArithmetic>("portable");

}  // namespace hutong::crypto::internal
