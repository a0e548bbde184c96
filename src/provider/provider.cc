#include <openssl/core_dispatch.h>

#include <memory>

#include "crypto/kernel_random.h"
#include "crypto/self_test.h"
#include "provider/c_boundary.h"
#include "provider/core.h"
#include "provider/functions.h"
#include "provider/names.h"
#include "provider/params.h"

namespace hutong::provider {
namespace {

constexpr const char* kProperties = "provider=hutong-gm";

OSSL_ALGORITHM algorithm(const char* names, const OSSL_DISPATCH* functions, const char* description) {
  return {names, kProperties, functions, description};
}
constexpr OSSL_ALGORITHM kEndOfAlgorithms{nullptr, nullptr, nullptr, nullptr};

const OSSL_ALGORITHM* digests() {
  static const OSSL_ALGORITHM list[] = {
      algorithm(kSm3Names, sm3_digest_functions(), "Hutong SM3"),
      kEndOfAlgorithms,
  };
  return list;
}

const OSSL_ALGORITHM* ciphers() {
  static const OSSL_ALGORITHM list[] = {
      algorithm(kSm4EcbNames, sm4_ecb_functions(), "Hutong SM4-ECB"),
      algorithm(kSm4CbcNames, sm4_cbc_functions(), "Hutong SM4-CBC"),
      algorithm(kSm4CtrNames, sm4_ctr_functions(), "Hutong SM4-CTR"),
      algorithm(kSm4GcmNames, sm4_gcm_functions(), "Hutong SM4-GCM"),
      algorithm(kSm4CcmNames, sm4_ccm_functions(), "Hutong SM4-CCM"),
      kEndOfAlgorithms,
  };
  return list;
}

/// By its own name, not as "HMAC": whoever fetched that one with another digest would get ours in vain.
const OSSL_ALGORITHM* macs() {
  static const OSSL_ALGORITHM list[] = {
      algorithm(kHmacSm3Names, hmac_sm3_functions(), "Hutong HMAC-SM3"),
      kEndOfAlgorithms,
  };
  return list;
}

const OSSL_ALGORITHM* key_managements() {
  static const OSSL_ALGORITHM list[] = {
      algorithm(kSm2Names, sm2_key_management_functions(), "Hutong SM2 keys"),
      kEndOfAlgorithms,
  };
  return list;
}

const OSSL_ALGORITHM* signatures() {
  static const OSSL_ALGORITHM list[] = {
      algorithm(kSm2Names, sm2_signature_functions(), "Hutong SM2 signature"),
      kEndOfAlgorithms,
  };
  return list;
}

const OSSL_ALGORITHM* asymmetric_ciphers() {
  static const OSSL_ALGORITHM list[] = {
      algorithm(kSm2Names, sm2_encryption_functions(), "Hutong SM2 encryption"),
      kEndOfAlgorithms,
  };
  return list;
}

const OSSL_ALGORITHM* query(void* /*core*/, int operation, int* no_cache) {
  *no_cache = 0;
  switch (operation) {
    case OSSL_OP_DIGEST:
      return digests();
    case OSSL_OP_CIPHER:
      return ciphers();
    case OSSL_OP_MAC:
      return macs();
    case OSSL_OP_KEYMGMT:
      return key_managements();
    case OSSL_OP_SIGNATURE:
      return signatures();
    case OSSL_OP_ASYM_CIPHER:
      return asymmetric_ciphers();
    default:
      return nullptr;
  }
}

const OSSL_PARAM* gettable_params(void* /*core*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_NAME, nullptr, 0),
      OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_VERSION, nullptr, 0),
      OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_BUILDINFO, nullptr, 0),
      OSSL_PARAM_int(OSSL_PROV_PARAM_STATUS, nullptr),
      OSSL_PARAM_END,
  };
  return list;
}

int get_params(void* /*core*/, OSSL_PARAM* params) {
  return guarded([params] {
    return answer_text(params, OSSL_PROV_PARAM_NAME, "Hutong SM2, SM3 and SM4") &&
           answer_text(params, OSSL_PROV_PARAM_VERSION, HUTONG_VERSION) &&
           answer_text(params, OSSL_PROV_PARAM_BUILDINFO, "hutong-gm " HUTONG_VERSION) &&
           answer_size(params, OSSL_PROV_PARAM_STATUS, 1);
  });
}

const OSSL_ITEM* reason_strings(void* /*core*/) { return Core::reason_strings(); }

/// The known-answer tests of crypto run once in a process; a failure is told to whoever loads the provider.
bool is_self_tested(const Core& core) {
  static const Status status = crypto::require_self_test(crypto::kernel_random());
  return core.check(status);
}

/// OSSL_PROVIDER_self_test(): runs them again.
int self_test(void* core) {
  return guarded([core] { return core_of(core).check(crypto::require_self_test(crypto::kernel_random())); });
}

const OSSL_DISPATCH* provider_functions() {
  static const OSSL_DISPATCH functions[] = {
      entry<OSSL_FUNC_provider_teardown_fn>(OSSL_FUNC_PROVIDER_TEARDOWN, drop_context<Core>),
      entry<OSSL_FUNC_provider_gettable_params_fn>(OSSL_FUNC_PROVIDER_GETTABLE_PARAMS, gettable_params),
      entry<OSSL_FUNC_provider_get_params_fn>(OSSL_FUNC_PROVIDER_GET_PARAMS, get_params),
      entry<OSSL_FUNC_provider_query_operation_fn>(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
      entry<OSSL_FUNC_provider_get_reason_strings_fn>(OSSL_FUNC_PROVIDER_GET_REASON_STRINGS, reason_strings),
      entry<OSSL_FUNC_provider_self_test_fn>(OSSL_FUNC_PROVIDER_SELF_TEST, self_test),
      kEndOfDispatch,
  };
  return functions;
}

}  // namespace
}  // namespace hutong::provider

/// What OpenSSL looks for in the library: the only symbol that it exports. The provider does not load when
/// the self tests fail.
extern "C" int OSSL_provider_init(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* in,
                                  const OSSL_DISPATCH** out, void** provider_context) {
  using hutong::provider::Core;
  return hutong::provider::guarded([&] {
    auto core = std::make_unique<Core>(handle, in);
    if (!hutong::provider::is_self_tested(*core)) {
      return false;
    }
    *provider_context = core.release();
    *out = hutong::provider::provider_functions();
    return true;
  });
}
