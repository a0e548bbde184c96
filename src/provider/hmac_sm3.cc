#include <openssl/core_dispatch.h>

#include <algorithm>
#include <optional>

#include "crypto/sm3.h"
#include "provider/c_boundary.h"
#include "provider/core.h"
#include "provider/functions.h"
#include "provider/names.h"
#include "provider/params.h"

namespace hutong::provider {
namespace {

constexpr std::size_t kBlockSize = 64;

struct Context {
  explicit Context(const Core& lent) : core(&lent) {}
  const Core* core;
  std::optional<crypto::HmacSm3> keyed = std::nullopt;  ///< as the key left it, for the next message
  std::optional<crypto::HmacSm3> mac = std::nullopt;
};

Context& context_of(void* context) { return *static_cast<Context*>(context); }

void* make(void* provider_context) { return make_context<Context>(core_of(provider_context)); }

void set_key(Context& context, ByteView key) {
  context.keyed.emplace(key);
  context.mac = context.keyed;
}

Status apply(Context& context, const OSSL_PARAM* params) {
  if (const OSSL_PARAM* digest = find(params, OSSL_MAC_PARAM_DIGEST)) {
    HUTONG_CHECK(check_digest_name(read_text(*digest)));
  }
  if (const OSSL_PARAM* key = find(params, OSSL_MAC_PARAM_KEY)) {
    const auto octets = read_octets(*key);
    if (!octets) {
      return Error{Errc::kMalformed, "mac.key", "a key is a string of octets"};
    }
    set_key(context, *octets);
  }
  return ok();
}

int set_context_params(void* context, const OSSL_PARAM* params) {
  return guarded([&] { return context_of(context).core->check(apply(context_of(context), params)); });
}

int init(void* opaque, const unsigned char* key, std::size_t key_size, const OSSL_PARAM* params) {
  return guarded([&] {
    Context& context = context_of(opaque);
    if (!context.core->check(apply(context, params))) {
      return false;
    }
    if (key != nullptr) {
      set_key(context, {key, key_size});
    }
    if (!context.keyed) {
      context.core->raise({Errc::kInternal, "mac.key", "no key is set"});
      return false;
    }
    context.mac = context.keyed;
    return true;
  });
}

int update(void* opaque, const unsigned char* in, std::size_t size) {
  return guarded([&] {
    Context& context = context_of(opaque);
    if (context.mac) {
      context.mac->update({in, size});
    }
    return context.mac.has_value();
  });
}

int finish(void* opaque, unsigned char* out, std::size_t* out_size, std::size_t capacity) {
  return guarded([&] {
    Context& context = context_of(opaque);
    if (!context.mac || capacity < crypto::kSm3DigestSize) {
      return false;
    }
    std::ranges::copy(context.mac->finish(), out);
    *out_size = crypto::kSm3DigestSize;
    return true;
  });
}

int get_params(OSSL_PARAM* params) {
  return guarded([params] {
    return answer_size(params, OSSL_MAC_PARAM_SIZE, crypto::kSm3DigestSize) &&
           answer_size(params, OSSL_MAC_PARAM_BLOCK_SIZE, kBlockSize);
  });
}

int get_context_params(void* /*context*/, OSSL_PARAM* params) { return get_params(params); }

const OSSL_PARAM kGettable[] = {
    OSSL_PARAM_size_t(OSSL_MAC_PARAM_SIZE, nullptr),
    OSSL_PARAM_size_t(OSSL_MAC_PARAM_BLOCK_SIZE, nullptr),
    OSSL_PARAM_END,
};
const OSSL_PARAM* gettable_params(void* /*provider_context*/) { return kGettable; }
const OSSL_PARAM* gettable_context_params(void* /*context*/, void* /*provider_context*/) { return kGettable; }

const OSSL_PARAM* settable_context_params(void* /*context*/, void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_MAC_PARAM_KEY, nullptr, 0),
      OSSL_PARAM_END,
  };
  return list;
}

}  // namespace

const OSSL_DISPATCH* hmac_sm3_functions() {
  static const OSSL_DISPATCH functions[] = {
      entry<OSSL_FUNC_mac_newctx_fn>(OSSL_FUNC_MAC_NEWCTX, make),
      entry<OSSL_FUNC_mac_dupctx_fn>(OSSL_FUNC_MAC_DUPCTX, copy_context<Context>),
      entry<OSSL_FUNC_mac_freectx_fn>(OSSL_FUNC_MAC_FREECTX, drop_context<Context>),
      entry<OSSL_FUNC_mac_init_fn>(OSSL_FUNC_MAC_INIT, init),
      entry<OSSL_FUNC_mac_update_fn>(OSSL_FUNC_MAC_UPDATE, update),
      entry<OSSL_FUNC_mac_final_fn>(OSSL_FUNC_MAC_FINAL, finish),
      entry<OSSL_FUNC_mac_get_params_fn>(OSSL_FUNC_MAC_GET_PARAMS, get_params),
      entry<OSSL_FUNC_mac_gettable_params_fn>(OSSL_FUNC_MAC_GETTABLE_PARAMS, gettable_params),
      entry<OSSL_FUNC_mac_get_ctx_params_fn>(OSSL_FUNC_MAC_GET_CTX_PARAMS, get_context_params),
      entry<OSSL_FUNC_mac_gettable_ctx_params_fn>(OSSL_FUNC_MAC_GETTABLE_CTX_PARAMS, gettable_context_params),
      entry<OSSL_FUNC_mac_set_ctx_params_fn>(OSSL_FUNC_MAC_SET_CTX_PARAMS, set_context_params),
      entry<OSSL_FUNC_mac_settable_ctx_params_fn>(OSSL_FUNC_MAC_SETTABLE_CTX_PARAMS, settable_context_params),
      kEndOfDispatch,
  };
  return functions;
}

}  // namespace hutong::provider
