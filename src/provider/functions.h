#pragma once

#include <openssl/core.h>

namespace hutong::provider {

/// The implementations that provider.cc offers, as tables of functions (openssl/core_dispatch.h). They live
/// as long as the library.
const OSSL_DISPATCH* sm3_digest_functions();
const OSSL_DISPATCH* hmac_sm3_functions();
const OSSL_DISPATCH* sm4_ecb_functions();
const OSSL_DISPATCH* sm4_cbc_functions();
const OSSL_DISPATCH* sm4_ctr_functions();
const OSSL_DISPATCH* sm4_gcm_functions();
const OSSL_DISPATCH* sm4_ccm_functions();
const OSSL_DISPATCH* sm2_key_management_functions();
const OSSL_DISPATCH* sm2_signature_functions();
const OSSL_DISPATCH* sm2_encryption_functions();

}  // namespace hutong::provider
