#include <array>
#include <bit>
#include <cstring>

#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_SM3_TARGET
#include "crypto/internal/sm3_words.h"
#undef HUTONG_SM3_TARGET

}  // namespace

const Sm3Kernel kSm3Portable = {"portable", compress};

}  // namespace hutong::crypto::internal
