#include <openssl/core_dispatch.h>

#include <algorithm>

#include "crypto/sm3.h"
#include "provider/c_boundary.h"
#include "provider/functions.h"
#include "provider/params.h"

namespace hutong::provider {
namespace {

using crypto::Sm3;

constexpr std::size_t kBlockSize = 64;

void* make(void* /*provider_context*/) { return make_context<Sm3>(); }

int init(void* context, const OSSL_PARAM* /*params*/) {
  *static_cast<Sm3*>(context) = Sm3();
  return 1;
}

int update(void* context, const unsigned char* in, std::size_t size) {
  static_cast<Sm3*>(context)->update({in, size});
  return 1;
}

int finish(void* context, unsigned char* out, std::size_t* out_size, std::size_t capacity) {
  if (capacity < crypto::kSm3DigestSize) {
    return 0;
  }
  std::ranges::copy(static_cast<Sm3*>(context)->finish(), out);
  *out_size = crypto::kSm3DigestSize;
  return 1;
}

const OSSL_PARAM* gettable_params(void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_size_t(OSSL_DIGEST_PARAM_BLOCK_SIZE, nullptr),
      OSSL_PARAM_size_t(OSSL_DIGEST_PARAM_SIZE, nullptr),
      OSSL_PARAM_int(OSSL_DIGEST_PARAM_XOF, nullptr),
      OSSL_PARAM_int(OSSL_DIGEST_PARAM_ALGID_ABSENT, nullptr),
      OSSL_PARAM_END,
  };
  return list;
}

int get_params(OSSL_PARAM* params) {
  return guarded([params] {
    return answer_size(params, OSSL_DIGEST_PARAM_BLOCK_SIZE, kBlockSize) &&
           answer_size(params, OSSL_DIGEST_PARAM_SIZE, crypto::kSm3DigestSize) &&
           answer_size(params, OSSL_DIGEST_PARAM_XOF, 0) &&
           answer_size(params, OSSL_DIGEST_PARAM_ALGID_ABSENT, 0);
  });
}

}  // namespace

const OSSL_DISPATCH* sm3_digest_functions() {
  static const OSSL_DISPATCH functions[] = {
      entry<OSSL_FUNC_digest_newctx_fn>(OSSL_FUNC_DIGEST_NEWCTX, make),
      entry<OSSL_FUNC_digest_init_fn>(OSSL_FUNC_DIGEST_INIT, init),
      entry<OSSL_FUNC_digest_update_fn>(OSSL_FUNC_DIGEST_UPDATE, update),
      entry<OSSL_FUNC_digest_final_fn>(OSSL_FUNC_DIGEST_FINAL, finish),
      entry<OSSL_FUNC_digest_freectx_fn>(OSSL_FUNC_DIGEST_FREECTX, drop_context<Sm3>),
      entry<OSSL_FUNC_digest_dupctx_fn>(OSSL_FUNC_DIGEST_DUPCTX, copy_context<Sm3>),
      entry<OSSL_FUNC_digest_get_params_fn>(OSSL_FUNC_DIGEST_GET_PARAMS, get_params),
      entry<OSSL_FUNC_digest_gettable_params_fn>(OSSL_FUNC_DIGEST_GETTABLE_PARAMS, gettable_params),
      kEndOfDispatch,
  };
  return functions;
}

}  // namespace hutong::provider
