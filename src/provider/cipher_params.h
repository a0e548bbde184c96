#pragma once

#include <openssl/core.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace hutong::provider {

/// What OpenSSL asks about a cipher before there is a context.
struct CipherTraits {
  enum class Mode : std::uint8_t { kEcb = 1, kCbc = 2, kCtr = 5, kGcm = 6, kCcm = 7 };  ///< EVP_CIPH_..._MODE
  Mode mode;
  std::size_t block_size;  ///< 1 for modes that take any length
  std::size_t iv_size;
};
inline bool is_aead(const CipherTraits& traits) { return traits.mode >= CipherTraits::Mode::kGcm; }

bool answer_traits(OSSL_PARAM* params, const CipherTraits& traits);
const OSSL_PARAM* gettable_traits(void* provider_context);

/// The lists of what contexts of ECB, CBC, CTR and of GCM, CCM tell and take.
const OSSL_PARAM* gettable_cipher_context(void* context, void* provider_context);
const OSSL_PARAM* settable_cipher_context(void* context, void* provider_context);
const OSSL_PARAM* gettable_aead_context(void* context, void* provider_context);
const OSSL_PARAM* settable_aead_context(void* context, void* provider_context);

/// The memory that OpenSSL offers for the output of one call.
struct Output {
  unsigned char* octets;
  std::size_t* size;
  std::size_t capacity;
  /// False when the result does not fit.
  bool put(ByteView result) const;
  std::span<std::uint8_t> memory() const { return {octets, octets == nullptr ? 0 : capacity}; }
};

}  // namespace hutong::provider
