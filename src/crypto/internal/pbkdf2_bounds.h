#pragma once

#include "crypto/pbkdf2.h"

namespace hutong::crypto::internal {

/// The refusals of pbkdf2.h.
Status check_pbkdf2(ByteView password, ByteView salt, std::uint64_t rounds, std::size_t size);

}  // namespace hutong::crypto::internal
