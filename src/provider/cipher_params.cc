#include "provider/cipher_params.h"

#include <algorithm>

#include "crypto/sm4.h"
#include "provider/params.h"

namespace hutong::provider {

bool answer_traits(OSSL_PARAM* params, const CipherTraits& traits) {
  const std::size_t aead = is_aead(traits) ? 1 : 0;
  return answer_size(params, OSSL_CIPHER_PARAM_MODE, static_cast<std::size_t>(traits.mode)) &&
         answer_size(params, OSSL_CIPHER_PARAM_KEYLEN, crypto::kSm4KeySize) &&
         answer_size(params, OSSL_CIPHER_PARAM_IVLEN, traits.iv_size) &&
         answer_size(params, OSSL_CIPHER_PARAM_BLOCK_SIZE, traits.block_size) &&
         answer_size(params, OSSL_CIPHER_PARAM_AEAD, aead) &&
         answer_size(params, OSSL_CIPHER_PARAM_CUSTOM_IV, aead) &&
         answer_size(params, OSSL_CIPHER_PARAM_CTS, 0) &&
         answer_size(params, OSSL_CIPHER_PARAM_TLS1_MULTIBLOCK, 0) &&
         answer_size(params, OSSL_CIPHER_PARAM_HAS_RAND_KEY, 0);
}

const OSSL_PARAM* gettable_traits(void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_uint(OSSL_CIPHER_PARAM_MODE, nullptr),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, nullptr),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_BLOCK_SIZE, nullptr),
      OSSL_PARAM_int(OSSL_CIPHER_PARAM_AEAD, nullptr),
      OSSL_PARAM_int(OSSL_CIPHER_PARAM_CUSTOM_IV, nullptr),
      OSSL_PARAM_int(OSSL_CIPHER_PARAM_CTS, nullptr),
      OSSL_PARAM_int(OSSL_CIPHER_PARAM_TLS1_MULTIBLOCK, nullptr),
      OSSL_PARAM_int(OSSL_CIPHER_PARAM_HAS_RAND_KEY, nullptr),
      OSSL_PARAM_END,
  };
  return list;
}

const OSSL_PARAM* gettable_cipher_context(void* /*context*/, void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, nullptr),
      OSSL_PARAM_uint(OSSL_CIPHER_PARAM_PADDING, nullptr),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_IV, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_UPDATED_IV, nullptr, 0),
      OSSL_PARAM_END,
  };
  return list;
}

const OSSL_PARAM* settable_cipher_context(void* /*context*/, void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
      OSSL_PARAM_uint(OSSL_CIPHER_PARAM_PADDING, nullptr),
      OSSL_PARAM_END,
  };
  return list;
}

const OSSL_PARAM* gettable_aead_context(void* /*context*/, void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, nullptr),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_TAGLEN, nullptr),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_IV, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_UPDATED_IV, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, nullptr, 0),
      OSSL_PARAM_END,
  };
  return list;
}

const OSSL_PARAM* settable_aead_context(void* /*context*/, void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, nullptr),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, nullptr, 0),
      OSSL_PARAM_END,
  };
  return list;
}

bool Output::put(ByteView result) const {
  if (result.size() > memory().size()) {
    return false;
  }
  std::ranges::copy(result, octets);
  *size = result.size();
  return true;
}

}  // namespace hutong::provider
